"""The whole stack on this machine: emulator, template, site, batches, mailbox, and one origin in front of them."""

import json
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiohttp import web

from cunbo.core.background import Background
from cunbo.core.cloud import Cloud, Credentials
from cunbo.core.content import read
from cunbo.core.locks import folder_lock, is_locked
from cunbo.core.mailbox import mailbox
from cunbo.core.paths import Paths
from cunbo.core.private import make_folder, make_private, write
from cunbo.core.progress import step
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret, site
from cunbo.deploy.live import LiveShop, find_live, site_bucket
from cunbo.deploy.package import LOCAL, Package, package
from cunbo.deploy.pay import SANDBOX, PaymentSettings
from cunbo.deploy.site_bucket import upload
from cunbo.deploy.stack import Outputs, Stack
from cunbo.deploy.track import NOBODY
from cunbo.edge import config
from cunbo.edge.config import Origin
from cunbo.edge.front import UPLOADS, EdgeProxy
from cunbo.edge.gateway import GatewayResponses
from cunbo.local.ministack import MiniStack, ministack, stop_leftover
from cunbo.operations.shop import ShopOperations
from cunbo.operations.voices import spoken

if TYPE_CHECKING:
    from chalicelib.catalog import Catalog

HOST = "127.0.0.1"
SENDER = "shop@example.com"
MANAGER = "manager@example.com"
KEPT = ("aws", "s3", "mail", "tmp")
"""The folders of what it remembers: the emulator's, the letters, and what functions were unpacked to."""


@dataclass(frozen=True)
class Ports:
    """Where the shop, the emulator and the mailbox listen."""

    shop: int
    aws: int
    mail: int

    @classmethod
    def beside(cls, shop: int) -> Self:
        """Return the shop's port and the two after it."""
        return cls(shop, shop + 1, shop + 2)

    def check(self) -> None:
        """Raise Refusal where one of them is taken."""
        for name, port in asdict(self).items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError:
                    use = {"shop": "the shop", "aws": "the emulator of AWS", "mail": "the mailbox"}[name]
                    remedy = "stop what listens there, or choose another by PORT=8100 make up"
                    raise Refusal(f"port {port}, for {use}, is taken: {remedy}") from None


class LocalStack:
    """The stack, from `with` to the end of its block; what it keeps lies in `paths.state`.

    Without `auth` no permission is checked: for the bench alone, whose floor needs none. `payments` are what it is paid
    by, and its attribute `track` by whom its parcels are followed; the settings of either go into its secrets.
    Where its attribute `pages` is false it serves the API alone, for tests that open no page.
    """

    def __init__(
        self,
        paths: Paths,
        ports: Ports,
        hold_seconds: int = 900,
        auth: bool = True,
        payments: PaymentSettings = SANDBOX,
    ) -> None:
        self.paths = paths
        self.ports = ports
        self.hold_seconds = hold_seconds
        self.auth = auth
        self.payments, self.track, self.pages = payments, NOBODY, True
        self.url = f"http://{HOST}:{ports.shop}"
        self.cloud: Cloud
        self.outputs: Outputs
        self.catalog: Catalog
        self.emulator: MiniStack
        self.gateway_responses: GatewayResponses
        self._earlier: LiveShop | None = None
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as exits:  # undoes what was begun where a later step fails
            make_folder(self.paths.state)
            exits.enter_context(folder_lock(self.paths.state))
            self.paths.running.unlink(missing_ok=True)
            stop_leftover(self.paths)
            _make_private(self.paths)
            self.ports.check()
            self.emulator = exits.enter_context(ministack(self.paths, self.ports.aws, self.auth))
            self.cloud = Cloud(self.emulator.url, self.emulator.keys.credentials)
            made = self._build()
            background = exits.enter_context(Background())
            background.serve(mailbox(self.paths.mail, HOST, self.ports.mail))
            self.gateway_responses = GatewayResponses(json.loads(made.template.read_text()))
            self._deploy(made)
            self._fill()
            with step("opening the shop"):
                background.serve(serve(self.front(self.outputs["RestAPIId"]), self.ports.shop))
                self._ask()
            _make_private(self.paths)  # what was copied from the build came as it is there
            exits.callback(self.paths.running.unlink, missing_ok=True)
            write(self.paths.running, json.dumps({"shop": self.url, "aws": asdict(self.cloud)}))
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._exits.close()

    def _build(self) -> Package:
        """Make site and package for this stack, copied from build/, which other stacks of the project use as well."""
        with step("reading the content"):
            self.catalog, published = read(self.paths.content)
        with folder_lock(self.paths.build, wait=True):
            if self.pages:
                self._build_site()
            with step("packaging the functions"):
                return _for_the_emulator(package(self.paths, LOCAL, published), self.paths.state)

    def _build_site(self, voices: bytes = b"{}") -> None:
        with step("building the site"):
            site.build(self.paths, self.url, voices)
            shutil.rmtree(self._site, ignore_errors=True)
            shutil.copytree(self.paths.site, self._site)

    @property
    def _site(self) -> Path:
        return self.paths.state / "site"

    def _deploy(self, made: Package) -> None:
        with step("starting MiniStack"):
            self.emulator.wait()
        stack = Stack(self.cloud, LOCAL)
        self._earlier = find_live(self.cloud, stack)
        with step("deploying the stack"):
            stack.deploy(
                made,
                {
                    "Stage": LOCAL,
                    "ShopUrl": self.url,
                    "UploadsUrl": f"{self.url}{UPLOADS.rstrip('/')}",
                    "HoldSeconds": str(self.hold_seconds),
                    "MailFrom": SENDER,
                    "SmsBy": "sandbox",
                    "ManagerMail": MANAGER,
                    **self.payments.parameters,
                    **self.track.parameters,
                },
            )
            self.outputs = stack.outputs()
            secret.set_smtp(self.cloud, self.outputs["MailSecretId"], f"smtp://{HOST}:{self.ports.mail}")
            self.payments.keep(self.cloud, self.outputs)
            self.track.keep(self.cloud, self.outputs)

    def _fill(self) -> None:
        if self.pages:
            self._publish()
        with step("planning the batches"):
            self.operations.keep_shown(self.catalog)
            self.operations.plan(self.catalog)

    def _publish(self) -> None:
        voices = spoken(self.operations.store, self.catalog)
        if voices != b"{}":  # of an earlier day: the table is there only now
            with folder_lock(self.paths.build, wait=True):
                self._build_site(voices)
        with step("uploading the site"):
            upload(self._site, site_bucket(self.cloud, self.outputs), self._earlier.keep if self._earlier else len)

    @property
    def operations(self) -> ShopOperations:
        """Return the operator's side of the shop."""
        return ShopOperations(self.cloud.client("dynamodb"), self.outputs["TableName"])

    def front(self, api: str) -> EdgeProxy:
        """Return a proxy for the REST API of this id, configured as the deployed distribution."""
        found = config.read(
            self.cloud.client("cloudfront"),
            self.outputs["DistributionId"],
            self.outputs["DistributionDomain"],
            f"{api}.execute-api.localhost:{self.ports.aws}",
        )
        found = replace(found, uploads=Origin(self.outputs["UploadsHost"]))
        return EdgeProxy(found, self.emulator.url, self.gateway_responses, proof=self.emulator.proof)

    def _ask(self) -> None:
        """Start the functions' first process, and raise Refusal unless the shop takes orders."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/health", timeout=60):  # noqa: S310
                pass
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise Refusal(f"the shop does not open: /api/health says {said}; {self.emulator.log} may say why") from None


@asynccontextmanager
async def serve(front: EdgeProxy, port: int) -> AsyncIterator[None]:
    """Serve `front` at the port until the block ends."""
    runner = web.AppRunner(front.application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield
    finally:
        await runner.cleanup()


def reset(paths: Paths) -> None:
    """Remove what the local stack keeps: orders, stock, letters."""
    with folder_lock(paths.state):
        for name in KEPT:
            shutil.rmtree(paths.state / name, ignore_errors=True)


def _make_private(paths: Paths) -> None:
    """Take all that the stack keeps from everybody but its owner; what is installed beside it is no secret."""
    for path in paths.state.iterdir():
        if path.name in (*KEPT, "site") or path.is_file():
            make_private(path)


@dataclass(frozen=True)
class Running:
    """A stack that runs in another process: its shop's address, and clients of its emulator."""

    shop: str
    cloud: Cloud


def running(paths: Paths) -> Running:
    """Return the stack that runs on this machine; raises Refusal where none does."""
    if not is_locked(paths.state):
        raise Refusal("the local stack is not running: start it with `make up`, or name another by --stage")
    try:
        found = json.loads(paths.running.read_text())
    except FileNotFoundError:
        raise Refusal("the local stack is still starting: wait for its pages to open") from None
    return Running(found["shop"], Cloud(found["aws"]["endpoint"], Credentials(*found["aws"]["credentials"])))


def _for_the_emulator(made: Package, folder: Path) -> Package:
    """Copy the package to `folder`, with what must differ here, and return it.

    MiniStack gives a record that fails up only when it is too old, and repeats it every second until then; and
    functions reach it without TLS, which the bucket of photographs refuses.
    """
    template = json.loads(made.template.read_text())
    del template["Resources"]["UploadsPolicy"]
    for consumer in ("Outbox", "Figures"):
        stream = template["Resources"][consumer]["Properties"]["Events"][f"{consumer}DynamodbEventSource"]
        stream["Properties"]["MaximumRecordAgeInSeconds"] = 60
    here = Package(folder / "template.json", folder / "functions.zip")
    here.template.write_text(json.dumps(template))
    shutil.copyfile(made.code, here.code)
    return here
