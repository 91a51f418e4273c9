"""A jar came broken: photographed by a phone, sent, shown to the manager without its place, and paid for."""

import io
import re
import uuid

from chalicelib.domain.actor import device
from chalicelib.domain.commands import BearNumber, PackParcel
from chalicelib.domain.orders.model import State
from PIL import Image
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.packer import bench_of, call_act, loaded
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop
from tests.functions.helpers.pictures import PLACE, exif, photo
from tests.stack.helpers import eventually

PACKER = device("0badcafe")


def file(name: str, data: bytes, kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def sent(shop: RunningShop, shelf: Shelf) -> tuple[str, str]:
    """The number of an order of two jars that the carrier has, and its token."""
    placed = shelf.buy("spicy-cabbage-500g", 2)
    number = placed["order"]
    call_act(shop, number)
    assert eventually(lambda: loaded(shop, number, State.PAID), 15)
    bench = bench_of(shop)
    bench.pack(number, PackParcel(1), f"browser-test-{uuid.uuid4()}", PACKER)
    bench.hand_over(f"{number}-1", BearNumber("sf", f"SF{number[:13]}"), PACKER)
    return number, placed["token"]


def test_a_broken_jar_is_photographed_shown_without_its_place_and_paid_for_in_five_taps(
    visit: Visit, shop: RunningShop, shelf: Shelf
) -> None:
    number, token = sent(shop, shelf)
    buyer = visit(size=PHONE)
    buyer.open(f"/order/#{number}.{token}")
    buyer.part("more").click()
    lines, page = buyer.part("claim-lines"), buyer.page
    lines.locator("select").first.select_option("broken")
    lines.locator("select").last.select_option("1")
    expect(buyer.part("claim-fault")).to_be_empty()
    buyer.part("claim-send").click()
    expect(buyer.part("claim-fault")).to_have_text(buyer.say("scripts.claim.photo"))

    # A large picture, held upright, with a place in it; one that no browser reads; one that the network loses at first.
    large = photo((4000, 3000), exif=exif(rotation=6), comment=PLACE, quality=95)
    chosen, rows = page.locator('input[type="file"]'), page.locator(".photos > li")
    sent_rows = page.locator(".photos > li[data-state=sent]")  # its words also begin those of one on its way
    chosen.set_input_files([file("jar.jpg", large), file("jar.heic", b"\0\0\0\x18ftypheic", "image/heic")])
    expect(sent_rows).to_have_count(1)
    expect(rows.last).to_contain_text("jar.heic")
    rows.last.get_by_role("button", name=buyer.say("scripts.photos.remove")).click()
    expect(rows).to_have_count(1)
    buyer.watch.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    chosen.set_input_files(file("label.jpg", photo((300, 200), exif=exif())))
    expect(rows.last).to_contain_text(buyer.say("scripts.photos.failed"))
    buyer.part("claim-send").click()
    expect(buyer.part("claim-fault")).to_have_text(buyer.say("scripts.claim.wait"))
    page.context.set_offline(False)
    expect(sent_rows).to_have_count(2)
    page.locator("#claim-words").fill("盖子裂了 <b>")
    buyer.part("claim-send").click()
    mine = buyer.part("claims").locator("li")
    expect(mine).to_have_count(1)
    expect(mine.locator("img").first).to_have_js_property("naturalWidth", 1200)
    assert len(shop.operations.store.orders.load(number).claims) == 1  # type: ignore[union-attr]

    manager = visit(size=PHONE)
    enrolled(manager, shop, "manager", "李书记")
    manager.open("/desk/")
    taps = 0

    def tap(what: object, **how: object) -> None:
        nonlocal taps
        what.click(**how)  # type: ignore[attr-defined]
        taps += 1

    tap(manager.page.locator('[data-desk="claims"]'))
    card = manager.part("claims").locator("li.claim-card").filter(has_text=f"…{number[-6:]}")
    expect(card).to_contain_text("盖子裂了 <b>")
    picture = card.locator("img").first
    expect(picture).to_have_js_property("naturalWidth", 1200)
    expect(picture).to_have_js_property("naturalHeight", 1600)
    answer = manager.page.request.get(str(picture.get_attribute("src")))
    data = answer.body()
    assert answer.headers["content-type"] == "image/jpeg" and len(data) <= 400_000
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert PLACE not in data and b"Exif" not in data and not Image.open(io.BytesIO(data)).getexif()
    plain = str(picture.get_attribute("src")).partition("?")[0]
    assert manager.page.request.get(plain).status == 403, "nobody is shown one without a signature"
    settle = card.locator('[data-part="settle"]')
    tap(settle)
    expect(settle).to_have_text(re.compile("再点一次"))
    tap(settle, delay=SLIP)
    expect(manager.part("said")).to_contain_text("¥")
    expect(manager.part("latest").locator("li.claim-card").filter(has_text=f"…{number[-6:]}")).to_have_count(1)
    assert taps <= 5
    order = shop.operations.store.orders.load(number)
    assert order and [one.reason for one in order.refunds] == ["claim"]
    page.reload()
    expect(mine).to_contain_text("已处理")
