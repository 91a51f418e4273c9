"""Publishing to a stage whose S3 is moto's: in which order things happen, what a failure leaves, what can come back."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from unittest.mock import MagicMock

import msgspec
import pytest
from chalicelib.catalog import Catalog
from cunbo.core.cloud import Cloud
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy import releases
from cunbo.deploy.code_bucket import CodeBucket
from cunbo.deploy.live import read_live
from cunbo.deploy.package import catalogue_of, program_here, program_of, with_catalogue
from cunbo.publishing import publish
from cunbo.publishing.publish import BuiltSource, FaultyContent, HalfPublished, Publication, Publisher
from moto import mock_aws
from storefront.check import content
from storefront.read import messages

from tests.functions.helpers.world import ROOT

SITE = "site"
OLD = {"index.html": "old home", "old/index.html": "old page", "assets/0123456789ab/a.css": "old sheet", "a.jpg": "1"}
NEW = {"index.html": "new home", "new/index.html": "new page", "assets/0123456789cd/a.css": "new sheet", "a.jpg": "2"}
KEYS = {*NEW, "new/", "new", "assets/0123456789ab/a.css"}


def zipped(catalogue: bytes, program: str = "shop = 1") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("app.py", program)
        packed.writestr("chalicelib/catalog.json", catalogue)
        packed.writestr("chalicelib/__pycache__/app.pyc", b"compiled")
        packed.writestr("library/catalog.json", b"another")
    return made.getvalue()


class Deployed(NamedTuple):
    """The stack of a stage, as a publisher knows it: which code it runs, and what was switched when."""

    stage: str
    code: list[str]
    seen: list[str]

    def parameters(self) -> dict[str, str]:
        return {"CodeKey": self.code[-1], "ShopUrl": "https://shop.example"}

    def outputs(self) -> dict[str, str]:
        return {"SiteBucket": SITE, "DistributionId": "D"}

    def set_code(self, key: str) -> None:
        self.code.append(key)
        self.seen.append("functions")


class OneClient(Cloud):
    """An account whose clients are made once: to make one takes longer than all that it is asked here."""

    made: ClassVar[dict[str, Any]] = {}

    def client(self, service: str, config: Any = None) -> Any:
        if service not in self.made:
            self.made[service] = super().client(service, config)
        return self.made[service]


class AtMoto(Publisher):
    """A publisher whose table is nobody's: what is entered in the trail is kept by a mock."""

    @cached_property
    def _operations(self) -> Any:
        operations = MagicMock()
        operations.amended.return_value = []
        return operations


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return content.read(ROOT / "content")


@pytest.fixture
def publisher(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtMoto]:
    """A publisher of a house with a program of one line, to a stage where OLD is live."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions/app.py").write_text("shop = 1")
    (tmp_path / "content").symlink_to(ROOT / "content")
    with mock_aws():
        OneClient.made.clear()
        cloud = OneClient()
        bucket = CodeBucket(cloud)
        bucket.prepare(kept=None)
        stack = Deployed("sandbox", [bucket.put("functions", ".zip", zipped(msgspec.json.encode(catalog)))], [])
        cloud.client("s3").create_bucket(Bucket=SITE)
        monkeypatch.setattr(publish, "refresh_edge", lambda *_: stack.seen.append("edge"))
        found = AtMoto(Paths(root=tmp_path, state=tmp_path / "state"), cloud, stack, "en")  # type: ignore[arg-type]
        for key, path in BuiltSource(b"", site(tmp_path, OLD), MagicMock()).found.items():
            cloud.client("s3").put_object(Bucket=SITE, Key=key, Body=path.read_bytes())
        yield found


def site(root: Path, files: dict[str, str]) -> Path:
    """A built site of these files."""
    folder = root / "build/site"
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def priced(catalog: Catalog, fen: int) -> Catalog:
    """The catalogue with another price of its first pack."""
    product = catalog.products[0]
    pack = msgspec.structs.replace(product.packs[0], price=fen)
    product = msgspec.structs.replace(product, packs=(pack, *product.packs[1:]))
    return msgspec.structs.replace(catalog, products=(product, *catalog.products[1:]))


def proposal(publisher: Publisher, catalog: Catalog, files: dict[str, str]) -> Publication:
    """What a build of these files would bring."""
    live = read_live(publisher.cloud, publisher.stack)
    source = BuiltSource(msgspec.json.encode(catalog), site(publisher.paths.root, files), live.site)
    return publisher._compared("publish", source, live)


def shown(publisher: Publisher) -> dict[str, str]:
    """What the bucket of the site holds."""
    s3 = publisher.cloud.client("s3")
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=SITE)["Contents"]]
    return {key: s3.get_object(Bucket=SITE, Key=key)["Body"].read().decode() for key in keys}


def price(publisher: Publisher) -> int:
    """What the checkout asks for the first pack."""
    sold = msgspec.json.decode(read_live(publisher.cloud, publisher.stack).catalogue)
    found: int = sold["products"][0]["packs"][0]["price"]
    return found


def outcomes(publisher: AtMoto) -> list[tuple[str, int]]:
    """Each act that the trail was told of, and what came of it."""
    trail = publisher._operations.store.trail
    return [(call.args[0].act, call.args[1].status) for call in trail.end.call_args_list]


def test_pictures_come_first_then_the_checkouts_prices_then_pages_and_then_the_edge_is_told(
    publisher: AtMoto, catalog: Catalog
) -> None:
    what = proposal(publisher, priced(catalog, 3190), NEW)
    assert [part.kind for part in what.parts] == ["prices", "pages", "pictures"]
    at: dict[str, dict[str, str]] = {}
    done = publisher.go(what, lambda step: at.update({step: shown(publisher)}))
    assert [*at] == ["keep", "assets", "functions", "pages", "edge", "enter"]
    assert "assets/0123456789cd/a.css" not in at["assets"]
    assert at["functions"] == shown_old() | {"assets/0123456789cd/a.css": "new sheet"}
    assert at["edge"] == shown(publisher)
    assert publisher.stack.seen == ["functions", "edge"]  # type: ignore[attr-defined]
    assert (set(shown(publisher)), shown(publisher)["new"], price(publisher)) == (KEYS, "new page", 3190)
    assert publisher.releases()[1] == done.release.id
    assert outcomes(publisher) == [("publish", 200)]
    assert publisher._operations.keep_shown.called and not publisher._operations.plan.called


def shown_old() -> dict[str, str]:
    return {**OLD, "old/": "old page", "old": "old page"}


def test_words_alone_leave_the_functions_as_they_are(publisher: AtMoto, catalog: Catalog) -> None:
    publisher.go(proposal(publisher, catalog, NEW), lambda _: None)
    assert publisher.stack.seen == ["edge"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("broken", ["assets", "functions", "pages", "gone", "edge"])
def test_a_failure_wherever_it_comes_leaves_the_earlier_release_whole(
    publisher: AtMoto, catalog: Catalog, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = proposal(publisher, priced(catalog, 3190), NEW)
    steps: list[str] = []
    left, remove = [1], what.live.site.remove

    def fail(key: str) -> None:
        raise Refusal(f"the network is gone at {key}")

    def tell(step: str) -> None:
        steps.append(step)
        if step == broken and step in ("assets", "pages"):
            monkeypatch.setattr(what.source, "put", fail)
        if step == "pages" and broken == "gone":
            monkeypatch.setattr(what.live.site, "remove", lambda key: fail(key) if left and left.pop() else remove(key))

    if broken == "functions":
        monkeypatch.setattr(Deployed, "set_code", lambda *_: fail("functions"))
    if broken == "edge":
        monkeypatch.setattr(publish, "refresh_edge", lambda *_: fail("edge") if left and left.pop() else None)
    with pytest.raises(Refusal, match="the network is gone"):
        publisher.go(what, tell)
    assert {key: text for key, text in shown(publisher).items() if "cd/" not in key} == shown_old()
    assert price(publisher) == 2990
    assert outcomes(publisher) == [("publish", 409)]
    assert ("undo" in steps) == (broken != "assets")


def test_where_not_even_the_earlier_release_can_be_put_back_the_refusal_says_what_to_do(
    publisher: AtMoto, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = proposal(publisher, priced(catalog, 3190), NEW)

    def fail(*_: object) -> None:
        raise Refusal("the network is gone")

    monkeypatch.setattr(what.source, "put", fail)
    monkeypatch.setattr(what.live.site, "copy", fail)
    monkeypatch.setattr(what.live.site, "remove", fail)
    monkeypatch.setattr(publish, "refresh_edge", fail)
    with pytest.raises(Refusal, match="network"):
        publisher.go(what, lambda _: None)  # at the assets: nothing was touched
    monkeypatch.undo()
    monkeypatch.setattr(publish, "refresh_edge", fail)
    with pytest.raises(HalfPublished, match=f"cunbo publish --stage sandbox --back {what.live.release.id}"):
        publisher.go(what, lambda _: None)


def test_an_earlier_release_comes_back_as_it_was_with_its_prices(publisher: AtMoto, catalog: Catalog) -> None:
    first = read_live(publisher.cloud, publisher.stack).release
    publisher.go(proposal(publisher, priced(catalog, 3190), NEW), lambda _: None)
    back = publisher.propose_back("", lambda _: None)
    assert back.parts[0].lines == ("Spicy cabbage 500 g: ¥31.90 → ¥29.90",)
    assert publisher.go(back, lambda _: None).release.id == first.id
    assert {key: text for key, text in shown(publisher).items() if "cd/" not in key} == shown_old()
    assert price(publisher) == 2990
    assert outcomes(publisher) == [("publish", 200), ("bring_back", 200)]
    assert {"publish", "bring_back"} <= messages.of("en")["scripts"]["desk_trail"]["acts"].keys()
    assert publisher.propose_back(first.id[:6], lambda _: None).is_empty


def test_the_last_releases_are_kept_whole_and_nothing_of_those_before(
    publisher: AtMoto, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert releases.MOST == 10
    monkeypatch.setattr(releases, "MOST", few := 3)
    names = [read_live(publisher.cloud, publisher.stack).release.id]
    for fen in range(3001, 3001 + few + 2):
        files = {"index.html": f"home {fen}", "assets/0123456789cd/a.css": "sheet"}
        names.append(publisher.go(proposal(publisher, priced(catalog, fen), files), lambda _: None).release.id)
    kept, live = publisher.releases()
    assert [release.id for release in kept] == names[: -few - 2 : -1]
    assert live == names[-1]
    found = read_live(publisher.cloud, publisher.stack)
    assert [found.releases.lost(release, found.release.site) for release in kept] == [set()] * (few + 1)
    stored = publisher.cloud.client("s3").list_objects_v2(Bucket=found.code_bucket.name, Prefix="releases/")
    files = [entry["Key"] for entry in stored["Contents"] if "/files/" in entry["Key"]]
    assert len(files) == few  # one home page each
    publisher.go(publisher.propose_back(kept[-1].id, lambda _: None), lambda _: None)
    assert (shown(publisher)["index.html"], price(publisher)) == ("home 3002", 3002)


def test_what_was_not_shown_does_not_go_live(publisher: AtMoto, catalog: Catalog) -> None:
    what, other = proposal(publisher, catalog, NEW), proposal(publisher, priced(catalog, 3190), NEW)
    publisher.go(other, lambda _: None)
    with pytest.raises(Refusal, match="something else has gone live"):
        publisher.go(what, lambda _: None)
    again = proposal(publisher, catalog, NEW)
    site(publisher.paths.root, OLD)
    with pytest.raises(Refusal, match="built anew"):
        publisher.go(again, lambda _: None)
    assert price(publisher) == 3190


def test_a_release_of_another_program_and_one_that_is_unknown_are_refused(publisher: AtMoto, catalog: Catalog) -> None:
    with pytest.raises(Refusal, match="no earlier release"):
        publisher.propose_back("", lambda _: None)
    publisher.go(proposal(publisher, catalog, NEW), lambda _: None)
    with pytest.raises(Refusal, match="no release nothing"):
        publisher.propose_back("nothing", lambda _: None)
    bucket = CodeBucket(publisher.cloud)
    publisher.stack.set_code(bucket.put("functions", ".zip", zipped(msgspec.json.encode(catalog), "shop = 2")))
    with pytest.raises(Refusal, match="another program"):
        publisher.propose_back("", lambda _: None)
    with pytest.raises(Refusal, match="make deploy STAGE=sandbox"):
        publisher.propose(lambda _: None)


@pytest.mark.parametrize("code", [b"", b"no zip", None])
def test_where_it_cannot_be_told_what_is_live_the_refusal_says_to_deploy(
    publisher: AtMoto, catalog: Catalog, code: bytes | None
) -> None:
    key = "functions/gone.zip" if code is None else CodeBucket(publisher.cloud).put("functions", ".zip", code)
    publisher.stack.set_code(key)
    with pytest.raises(Refusal, match="make deploy STAGE=sandbox"):
        publisher.releases()


def test_faults_stop_it_before_anything_is_built(publisher: AtMoto) -> None:
    (publisher.paths.root / "content").unlink()
    shutil.copytree(ROOT / "content", publisher.paths.root / "content")
    broken = publisher.paths.root / "content/products/spicy-cabbage.md"
    broken.write_text(broken.read_text().replace("village: gaotaizi", "village: gaotaiz"))
    steps: list[str] = []
    with pytest.raises(FaultyContent) as error:
        publisher.propose(steps.append)
    assert [fault.file for fault in error.value.faults] == ["content/products/spicy-cabbage.md"]
    assert steps == ["check"]


def test_of_a_zip_the_catalogue_alone_is_replaced_and_the_program_is_told_without_it(
    tmp_path: Path, catalog: Catalog
) -> None:
    code = zipped(b"{}")
    new = with_catalogue(code, msgspec.json.encode(catalog))
    assert catalogue_of(new) == msgspec.json.encode(catalog)
    assert with_catalogue(new, b"{}") == with_catalogue(code, b"{}")
    assert program_of(new) == program_of(code) != program_of(zipped(b"{}", "shop = 2"))
    (tmp_path / "functions/chalicelib/__pycache__").mkdir(parents=True)
    (tmp_path / "functions/app.py").write_text("shop = 1")
    (tmp_path / "functions/chalicelib/__pycache__/x.pyc").write_text("compiled")
    assert program_here(Paths(root=tmp_path)) == program_of(code)
