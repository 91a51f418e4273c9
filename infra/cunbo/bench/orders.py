"""Whole orders a second over HTTP, a checkout and its payment's event, against a pair of routes that do nothing.

The floor is a Chalice app on the same emulator, behind a front like the shop's, called by the same client with the
same requests, in turns with the shop. What the shop loses against it is what an order costs; the rest is what
emulator, gateway, front and client cost with any function behind them. The emulator checks no permissions here: it
would do so for every call to the table, which the floor has none of, and in AWS it is not this processor that does.
"""

import asyncio
import io
import multiprocessing
import os
import statistics
import tempfile
import time
import uuid
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import msgspec
from chalicelib.domain.keys import Keys
from chalicelib.payments.sandbox import Sandbox, SandboxEvent
from chalicelib.services.stage import utc_now

from cunbo.core.background import Background
from cunbo.core.cloud import REGION
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.deploy.package import LOCAL
from cunbo.load.surge import order_of
from cunbo.local.stack import LocalStack, Ports, serve
from cunbo.operations.stock import BatchCapacity, today

SKU = "spicy-cabbage-500g"
CHECKOUT, EVENTS = "/checkout", "/payments/sandbox/events"
WARM_UPS, TURNS = 2, 5
ORDERS = 160
"""Orders of one turn."""
PEER = "Vendure 3.7.3 with PostgreSQL on a machine of 2 cores, no cloud emulated: 11 orders a second"

FLOOR = f"""
import logging
from chalice import Chalice, Response
app = Chalice(app_name="floor")
app.log.setLevel(logging.INFO)

@app.route("{CHECKOUT}", methods=["POST"])
def checkout():
    app.log.info("a line, as the shop writes one")
    return Response({{"order": "0" * 20, "total": 100}}, status_code=201)

@app.route("{EVENTS}", methods=["POST"])
def event():
    app.log.info("a line, as the shop writes one")
    return Response("", status_code=204)
"""


@dataclass(frozen=True)
class Turn:
    """What ORDERS orders took: seconds, and processor seconds by whose they were."""

    seconds: float
    cpu: dict[str, float]


@dataclass(frozen=True)
class Buyers:
    """Buyers who order at `url`, `at_once` of them at a time, and pay by an event signed with the shop's own keys."""

    url: str
    keys: Keys
    at_once: int

    def turn(self) -> tuple[float, float]:
        """Place ORDERS orders, and return seconds and processor seconds; raises ValueError for an unexpected status."""
        return asyncio.run(self._turn())

    async def _turn(self) -> tuple[float, float]:
        keys = iter([f"orders-{uuid.uuid4().hex}" for _ in range(ORDERS)])
        sandbox = Sandbox(self.url, self.keys)
        async with aiohttp.ClientSession(self.url, connector=aiohttp.TCPConnector(limit=0)) as session:

            async def one_by_one() -> None:
                for key in keys:
                    await _order(session, sandbox, key)

            started, used = time.perf_counter(), time.process_time()
            await asyncio.gather(*[one_by_one() for _ in range(self.at_once)])
            return time.perf_counter() - started, time.process_time() - used


async def _order(session: aiohttp.ClientSession, sandbox: Sandbox, key: str) -> None:
    body, headers = order_of(SKU, buyer=key), {"Idempotency-Key": key}
    async with session.post(f"/api{CHECKOUT}", json=body, headers=headers) as response:
        _expect(201, response)
        order = await response.json()
    event = SandboxEvent(key, "paid", order["order"], f"bench-{key}", order["total"])
    headers, signed = sandbox.signed(event, utc_now())
    async with session.post(f"/api{EVENTS}", data=signed, headers=headers) as response:
        _expect(204, response)


def _expect(status: int, response: aiohttp.ClientResponse) -> None:
    if response.status != status:
        raise ValueError(f"{response.url} answers {response.status}, not {status}")


def orders(paths: Paths, port: int) -> None:
    """Print orders a second beside the floor's pairs, the ratio, and whose processor time went into both."""
    note("\nWhole orders a second: a checkout and its payment's event over HTTP, warm, in turns with the floor")
    with (
        tempfile.TemporaryDirectory() as state,
        LocalStack(Paths(paths.root, Path(state)), Ports.beside(port), auth=False) as stack,
        _floor(stack, port + 3) as floor,
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as client,
    ):
        stack.operations.set_batch(stack.catalog, BatchCapacity(SKU, today() + timedelta(days=2), 1_000_000))
        for at_once in (8, 16):
            both = [Buyers(url, keys_of(stack), at_once) for url in (floor, stack.url)]
            floors, shops = _in_turns(stack, client, both)
            pairs, whole = (ORDERS / statistics.median(turn.seconds for turn in turns) for turns in (floors, shops))
            ratio = f"{whole / pairs:.2f} of the floor's {pairs:.0f} pairs"
            note(f"  {at_once} at once: {whole:.0f} orders a second, {ratio}")
            note(f"    processor ms of a pair    {_spent(floors)}")
            note(f"    processor ms of an order  {_spent(shops)}")
    note(f"  beside: {PEER}")


def keys_of(stack: LocalStack) -> Keys:
    """Return the secret of the stack, by which a bench signs events as the sandbox does."""
    secret = stack.cloud.client("secretsmanager").get_secret_value(SecretId=stack.outputs["SecretId"])
    return msgspec.json.decode(secret["SecretString"], type=Keys)


def _in_turns(stack: LocalStack, client: ProcessPoolExecutor, both: list[Buyers]) -> list[list[Turn]]:
    emulator = stack.emulator.process.pid
    turns: list[list[Turn]] = [[] for _ in both]
    for _ in range(WARM_UPS + TURNS):
        for buyers, taken in zip(both, turns, strict=True):
            before = _used(emulator)
            seconds, used = client.submit(buyers.turn).result()
            cpu = {who: after - before[who] for who, after in _used(emulator).items()}
            taken.append(Turn(seconds, cpu | {"client": used}))
    return [taken[WARM_UPS:] for taken in turns]


def _spent(turns: list[Turn]) -> str:
    """Return the processor milliseconds of one order as text, in all and by whose they are."""
    spent = {who: statistics.median(turn.cpu[who] for turn in turns) / ORDERS * 1000 for who in turns[0].cpu}
    return f"{sum(spent.values()):5.1f}: " + ", ".join(f"{who} {ms:.1f}" for who, ms in spent.items())


def _used(emulator: int) -> dict[str, float]:
    """Return processor seconds until now of the emulator, the functions, and this process, which is the proxy."""
    processes = [_stat(path) for path in Path("/proc").glob("[0-9]*/stat")]  # none where the system is no Linux
    return {
        "emulator": sum(seconds for pid, _, seconds in processes if pid == emulator),
        "functions": sum(seconds for _, parent, seconds in processes if parent == emulator),
        "front": time.process_time(),
    }


def _stat(path: Path) -> tuple[int, int, float]:
    """Return a process, its parent, and its processor seconds; zeros where it has just ended."""
    try:
        text = path.read_text()
    except OSError:
        return 0, 0, 0.0
    fields = text.rpartition(")")[2].split()  # the name in brackets may hold anything
    return int(text.split()[0]), int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _floor(stack: LocalStack, port: int) -> Iterator[str]:
    """Serve the floor behind a proxy of its own, configured as the shop's, and yield its URL."""
    front = stack.front(_deploy(stack))
    with Background() as background:
        background.serve(serve(front, port))
        yield f"http://127.0.0.1:{port}"


def _deploy(stack: LocalStack) -> str:
    """Deploy the floor, and return the id of its REST API."""
    made = stack.cloud.client("lambda").create_function(
        FunctionName="floor",
        Runtime="python3.11",
        Role="arn:aws:iam::000000000000:role/floor",
        Handler="app.app",
        Code={"ZipFile": _zip(stack.paths.build / f"package-{LOCAL}" / "functions.zip")},
        Timeout=28,
        MemorySize=1024,
    )
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{made['FunctionArn']}/invocations"
    gateway = stack.cloud.client("apigateway")
    api: str = gateway.create_rest_api(name="floor")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    for path in (CHECKOUT, EVENTS):
        at = root
        for part in path.strip("/").split("/"):
            at = gateway.create_resource(restApiId=api, parentId=at, pathPart=part)["id"]
        route = {"restApiId": api, "resourceId": at, "httpMethod": "POST"}
        gateway.put_method(**route, authorizationType="NONE")
        gateway.put_integration(**route, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api, stageName="api")
    return api


def _zip(functions: Path) -> bytes:
    """Return a zip of the floor's code with the Chalice of the shop's own package."""
    file = io.BytesIO()
    with zipfile.ZipFile(functions) as packed, zipfile.ZipFile(file, "w") as made:
        for name in packed.namelist():
            if name.startswith("chalice/"):
                made.writestr(name, packed.read(name))
        made.writestr("app.py", FLOOR)
    return file.getvalue()
