"""Publishing to the running shop: a changed price is at the checkout and on the pages, and an earlier one comes back.

The site is not built here, which other tests do: its product's page is the live one with the new price in it.
"""

import shutil
import time
from pathlib import Path

import msgspec
import pytest
from chalicelib.domain.calendar import village_day
from chalicelib.domain.desk.trail import TrailQuery
from chalicelib.services.desk.trail import Trail
from chalicelib.services.stage import utc_now
from cunbo.core.paths import Paths
from cunbo.deploy.package import LOCAL
from cunbo.deploy.stack import Stack
from cunbo.load.surge import order_of
from cunbo.publishing import publish
from cunbo.publishing.publish import Publisher
from storefront.check.content import CheckedContent

from tests.conftest import RunningShop
from tests.functions.helpers.world import ROOT
from tests.stack.helpers import call

SKU, PAGE = "dried-ginseng-50g", "products/dried-ginseng/index.html"


def house(folder: Path) -> tuple[Paths, int, int]:
    """A house with another price of dried ginseng, and both prices."""
    shutil.copytree(ROOT / "content", folder / "content")
    (folder / "functions").symlink_to(ROOT / "functions")
    file = folder / "content/products/dried-ginseng.md"
    text = file.read_text(encoding="utf-8")
    price = int(text.partition("price: ")[2].splitlines()[0])
    file.write_text(text.replace(f"price: {price}", f"price: {price - 100}", 1), encoding="utf-8")
    return Paths(root=folder, state=folder / "state"), price, price - 100


def yuan(fen: int) -> str:
    return f"¥{fen // 100}.{fen % 100:02}"


def test_a_changed_price_goes_live_with_its_page_and_comes_back(
    shop: RunningShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, before, after = house(tmp_path)

    def build(paths: Paths, shop_url: str, voices: bytes, looked: CheckedContent) -> bool:
        shutil.copytree(shop.stack.paths.state / "site", paths.site)
        page = paths.site / PAGE
        page.write_text(page.read_text(encoding="utf-8").replace(yuan(before), yuan(after)), encoding="utf-8")
        assert (shop_url, bool(msgspec.json.decode(voices) is not None)) == (shop.url, True)
        return True

    def total(key: str) -> int:
        status, order = call(
            shop,
            "POST",
            "/checkout",
            order_of(SKU, buyer=key, no_return=[SKU]),
            Idempotency_Key=f"{key}-{time.time_ns()}",
        )
        assert status == 201, order
        found: int = order["lines"][0]["unit_price"]
        return found

    def page() -> str:
        found = shop.client("s3").get_object(Bucket=shop.stack.outputs["SiteBucket"], Key="products/dried-ginseng/")
        return str(found["Body"].read().decode())

    monkeypatch.setattr(publish.site, "build", build)
    publisher = Publisher(paths, shop.stack.cloud, Stack(shop.stack.cloud, LOCAL), "en")
    proposal = publisher.propose(lambda _: None)
    assert [part.kind for part in proposal.parts] == ["prices", "pages"]
    assert f"{yuan(before)} → {yuan(after)}" in proposal.parts[0].lines[0]
    assert total("publish-before") == before
    done = publisher.go(proposal, lambda _: None)
    try:
        assert total("publish-after") == after
        assert yuan(after) in page() and yuan(before) not in page()
    finally:
        publisher.go(publisher.propose_back("", lambda _: None), lambda _: None)
    assert total("publish-back") == before
    assert yuan(before) in page() and yuan(after) not in page()
    assert {release.id for release in publisher.releases()[0]} == {done.release.id, proposal.live.release.id}
    day = village_day(utc_now())
    trail = Trail(shop.operations.store.trail, utc_now).find(TrailQuery(day, day, by="people"))
    acts = [entry for entry in trail.entries if entry.act in ("publish", "bring_back")]
    assert [(one.act, one.outcome and one.outcome.status) for one in acts] == [("bring_back", 200), ("publish", 200)]
    assert acts[1].outcome and acts[1].outcome.facts == {"release": done.release.id, "changes": 2}
