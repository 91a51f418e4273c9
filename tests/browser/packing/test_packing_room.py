"""An evening in the packing room: the board, labels on paper, a gun that types, a network that drops out, the door."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
import zxingcpp
from chalicelib.domain.actor import device
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.domain.packing.codes import code_of, label_in
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing.bench import Bench
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import SIZES, Shopper, Size
from tests.browser.helpers.staff_device import enrolled
from tests.conftest import RunningShop
from tests.stack.helpers import call, eventually

if TYPE_CHECKING:
    from chalicelib.services.stage import Stage

SKU = "spicy-cabbage-500g"
WET = 56
"""CSS pixels that a wet hand needs."""
TOO_LOW = """(least) => ["button", "select", "input", "summary"]
  .flatMap((name) => [...document.querySelectorAll(`.packing ${name}`)])
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < least)
  .map((element) => element.outerHTML.slice(0, 90))"""
DOTS_PER_PIXEL = 203 / 96
"""Of a label printer."""
QUIETLY = "window.printed = 0; window.print = () => { window.printed += 1; };"
"""Printing without a dialog."""


class Packer:
    """Somebody with a gun, whose device is enrolled to pack."""

    def __init__(self, visitor: Shopper, shop: RunningShop, name: str = "小王") -> None:
        self.visitor, self.shop, self.page, self.part, self.say = visitor, shop, visitor.page, visitor.part, visitor.say
        self.page.add_init_script(QUIETLY)
        enrolled(visitor, shop, "packer", name)
        expect(self.part("countdown")).not_to_be_empty()

    def shoot(self, code: str) -> None:
        """Scans a code: the gun types it, wherever the focus is."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")

    def scan(self, order: Order) -> None:
        """Scans an order's label."""
        self.shoot(code_of(order.number, order.revision))

    def saw(self, mood: str) -> None:
        """Waits until the last scan is answered so."""
        expect(self.part("result")).to_have_attribute("data-mood", mood)

    def open(self, view: str) -> None:
        """Goes to another step."""
        self.page.locator(f'[data-open="{view}"]').click()

    def print_all(self) -> None:
        """Prints wave after wave until each order on the board has its label."""
        expect(self.part("waves").get_by_role("button").first).to_be_visible()
        while (left := self.part("waves").get_by_role("button")).count():
            before = left.count()
            left.first.click()
            expect(left).to_have_count(before - 1)


Hire = Callable[..., Packer]
Sell = Callable[..., Order]


@pytest.fixture
def hire(visit: Visit, shop: RunningShop) -> Hire:
    """Enrols somebody as a packer."""

    def packer(name: str = "小王", **visitor: object) -> Packer:
        return Packer(visit(**visitor), shop, name)

    return packer


@pytest.fixture
def sell(shop: RunningShop, shelf: Shelf) -> Iterator[Sell]:
    """Sells so many of the cabbage; whatever is not sent by the end of a test is cancelled, and stands on no board."""
    with ExitStack() as after:

        def sold(units: int = 1) -> Order:
            placed = shelf.buy(SKU, units)
            call_act(shop, placed["order"])
            order = eventually(lambda: loaded(shop, placed["order"], State.PAID), 15)
            assert order
            after.callback(done_with, shop, order.number)
            found: Order = order
            return found

        yield sold


def call_act(shop: RunningShop, number: str) -> None:
    """Pays an order at the sandbox."""
    assert call(shop, "POST", f"/payments/sandbox/{number}/act", {"act": "pay"})[0] == 204


def loaded(shop: RunningShop, number: str, state: State | None = None) -> Order | None:
    """The order as it is, where it is in this state."""
    order = shop.operations.store.orders.load(number)
    return order if order and state in (None, order.state) else None


def parcels(shop: RunningShop, order: Order) -> list[ParcelState]:
    found = loaded(shop, order.number)
    return [parcel.state for parcel in found.parcels] if found else []


def cancel(shop: RunningShop, number: str) -> None:
    cancel_by_seller(shop.operations.store, lambda: datetime.now(UTC), number)


def done_with(shop: RunningShop, number: str) -> None:
    """Leaves nothing of an order in the packing room."""
    stage = cast("Stage", SimpleNamespace(clock=lambda: datetime.now(UTC)))
    bench, by = Bench(stage, shop.operations.store), device("0badcafe")
    order = loaded(shop, number)
    for parcel in order.parcels if order else ():
        if parcel.state is ParcelState.PACKED:
            bench.unpack(f"{number}-{parcel.n}", by)
    if loaded(shop, number, State.PAID):
        cancel(shop, number)
    bench.pull(number, by)


def test_two_scans_a_parcel_and_no_tap_pack_it_with_its_number(hire: Hire, sell: Sell, shop: RunningShop) -> None:
    order = sell(2)
    packer = hire()
    packer.open("bench")
    packer.part("carrier").select_option("sf")
    clicks = packer.page.evaluate("document.addEventListener('click', () => { window.taps = (window.taps || 0) + 1 })")
    assert clicks is None
    packer.scan(order)
    packer.saw("good")
    goods = packer.part("contents")
    expect(goods).to_contain_text(packer.visitor.units(2, SKU))
    expect(goods.locator("img")).to_be_visible()
    assert goods.locator("img").evaluate("picture => picture.complete && picture.naturalWidth > 0")
    expect(packer.part("next-scan")).to_have_text(packer.say("scripts.packing.next.number"))
    packer.shoot(f"SF{order.number[-13:]}")
    expect(packer.part("verdict")).to_contain_text(f"SF{order.number[-13:]}")
    packer.saw("good")
    assert packer.page.evaluate("window.taps || 0") == 0
    after = loaded(shop, order.number)
    assert after and after.state is State.PACKED
    assert [(one.carrier, one.tracking, one.units) for one in after.parcels] == [("sf", f"SF{order.number[-13:]}", 2)]


def test_another_packers_label_an_old_one_half_a_scan_and_a_jar_are_red_and_nothing_is_written(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    order, other = sell(), sell()
    first, second = hire("小王"), hire("小李", lang="en")
    first.scan(order)
    first.saw("good")
    second.visitor.watch.expect("409 (Conflict)")
    second.scan(order)
    second.saw("bad")
    expect(second.part("because")).to_contain_text("Packed at")
    code = code_of(other.number, other.revision)
    for shot, why in [
        (code_of(other.number, other.revision + 1), "problems.reasons.old-label"),
        (code[:14], "packing.scan.half"),
        (code + code, "packing.scan.half"),
        ("6901234567892", "packing.scan.goods"),
    ]:
        second.shoot(shot)
        expect(second.part("because")).to_have_text(second.say(f"scripts.{why}"))
        second.saw("bad")
    second.part("carrier").select_option("sf")
    second.shoot("SF1234567890123")
    expect(second.part("because")).to_contain_text("SF1234567890123")
    second.saw("bad")
    assert parcels(shop, other) == []


def test_what_an_input_method_makes_of_a_scan_is_read_all_the_same(hire: Hire, sell: Sell, shop: RunningShop) -> None:
    order, other = sell(), sell()
    packer = hire()
    packer.open("bench")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code_of(order.number, order.revision))
    packer.part("keyboard").click()
    packer.page.keyboard.insert_text(wide)
    packer.page.keyboard.press("Enter")
    packer.saw("good")
    packer.page.evaluate(
        """(code) => {
          const press = (key, code) => document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key, code, isComposing: true, bubbles: true, cancelable: true }));
          for (const sign of code) press("Process", /[0-9]/.test(sign) ? `Digit${sign}` : `Key${sign}`);
          press("Process", "Enter");
        }""",
        code_of(other.number, other.revision),
    )
    expect(packer.part("verdict")).to_contain_text(other.number[-6:])
    packer.saw("good")
    assert parcels(shop, order) == parcels(shop, other) == [ParcelState.PACKED]


def test_a_cancel_after_printing_is_a_stop_sign_and_its_label_is_red(hire: Hire, sell: Sell, shop: RunningShop) -> None:
    order = sell()
    packer = hire()
    packer.visitor.watch.expect("409 (Conflict)")
    packer.print_all()
    cancel(shop, order.number)
    packer.scan(order)
    packer.saw("bad")
    expect(packer.part("because")).to_have_text(packer.say("scripts.problems.reasons.cancelled"))
    assert parcels(shop, order) == []
    stop = packer.part("stop-list").locator("li").filter(has_text=order.number[-6:])
    expect(stop).to_be_visible()
    stop.get_by_role("button").click()
    expect(stop.get_by_role("button")).to_have_text(packer.say("scripts.packing.sure"))
    stop.get_by_role("button").click(delay=450)
    expect(stop).to_have_count(0)


def test_without_a_network_a_scan_waits_is_never_green_and_is_packed_once_when_it_is_back(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    order = sell()
    packer = hire()
    packer.visitor.watch.expect("net::ERR_INTERNET_DISCONNECTED")
    packer.open("bench")
    packer.part("carrier").select_option("sf")
    moods = """() => { window.moods = []; new MutationObserver(() =>
      window.moods.push(document.querySelector('[data-part="result"]').dataset.mood)
    ).observe(document.querySelector('[data-part="result"]'), { attributes: true }); }"""
    packer.page.evaluate(moods)
    packer.page.context.set_offline(True)
    packer.scan(order)
    packer.shoot(f"SF{order.number[-13:]}")
    expect(packer.part("queue")).to_be_visible()
    expect(packer.part("verdict")).to_have_text(packer.say("scripts.packing.queued"))
    assert "good" not in packer.page.evaluate("window.moods")
    assert parcels(shop, order) == []
    packer.page.context.set_offline(False)
    packer.saw("good")
    expect(packer.part("queue")).to_be_hidden()
    after = loaded(shop, order.number)
    assert after and [(one.state, one.tracking) for one in after.parcels] == [
        (ParcelState.PACKED, f"SF{order.number[-13:]}")
    ]


def test_at_the_door_a_scan_hands_over_once_is_on_the_sheet_and_can_be_taken_back(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    order = sell()
    packer = hire()
    packer.scan(order)
    packer.saw("good")
    packer.open("door")
    packer.scan(order)
    expect(packer.part("because")).to_have_text(packer.say("scripts.packing.scan.carrier"))
    packer.part("carrier").select_option("zto")
    packer.scan(order)
    packer.saw("good")
    assert parcels(shop, order) == [ParcelState.SHIPPED]
    row = packer.part("handed-list").locator("li").filter(has_text=order.number[-6:])
    expect(row).to_be_visible()
    packer.part("print-sheet").click()
    packer.page.emulate_media(media="print")
    expect(packer.part("sheet")).to_contain_text(order.number)
    expect(packer.page.locator("button:visible, select:visible, input:visible")).to_have_count(0)
    packer.page.emulate_media(media="screen")
    row.get_by_role("button").click()
    row.get_by_role("button").click(delay=450)
    expect(row).to_have_count(0)
    assert parcels(shop, order) == [ParcelState.PACKED]


@pytest.mark.parametrize(("paper", "width", "height"), [("small", 76, 130), ("large", 100, 150)])
def test_labels_are_printed_in_their_paper_s_size_and_both_codes_are_read_back_at_203_dots(
    hire: Hire, sell: Sell, tmp_path: Path, paper: str, width: int, height: int
) -> None:
    sell()
    packer = hire()
    packer.part("paper").select_option(paper)
    packer.part("waves").get_by_role("button").first.click()
    label = packer.part("heap").locator(".pack-label").first
    expect(label).to_be_visible()
    assert packer.page.evaluate("window.printed") == 1
    labels = packer.part("heap").locator(".pack-label").count()
    (tmp_path / "labels.pdf").write_bytes(packer.page.pdf(prefer_css_page_size=True, print_background=True))
    written = (tmp_path / "labels.pdf").read_bytes()
    boxes = [box.split(b"]")[0].split() for box in written.split(b"/MediaBox [")[1:]]
    assert len(boxes) == labels
    for box in boxes:
        assert (float(box[2]) * 25.4 / 72, float(box[3]) * 25.4 / 72) == pytest.approx((width, height), abs=0.6)
    code = packer.part("label-code").first.inner_text()
    packer.page.emulate_media(media="print")
    area = label.bounding_box()
    assert area
    clip = {"clip": {**area, "scale": DOTS_PER_PIXEL}, "captureBeyondViewport": True}
    shot = packer.page.context.new_cdp_session(packer.page).send("Page.captureScreenshot", clip)
    (tmp_path / "label.png").write_bytes(base64.b64decode(shot["data"]))
    drawn = Image.open(tmp_path / "label.png").convert("L").point(lambda grey: 255 if grey > 127 else 0)
    found = {one.format: one.text for one in zxingcpp.read_barcodes(drawn)}
    assert found.keys() == {zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode}
    [read] = {label_in(text) for text in found.values()}
    assert read and read.order in code


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_every_step_is_fit_for_wet_hands_on_every_screen(hire: Hire, sell: Sell, lang: str, size: Size) -> None:
    sell()
    packer = hire(lang=lang, size=size)
    expect(packer.part("waves").get_by_role("button").first).to_be_visible()
    for view in ("board", "bench", "door"):
        packer.open(view)
        packer.visitor.look_over()
        assert packer.page.evaluate(TOO_LOW, WET) == []
