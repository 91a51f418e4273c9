"""An evening in the packing room: the board, labels on paper, a gun that types, a network that drops out, the door."""

import pytest
from chalicelib.domain.actor import device
from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.domain.packing.codes import code_of
from playwright.sync_api import Route, expect

from tests.browser.helpers.packer import Hire, Sell, bench_of, cancel, loaded, packed_in_two, parcels, print_labels
from tests.browser.helpers.shopper import SIZES, Size
from tests.conftest import RunningShop

SKU = "spicy-cabbage-500g"
WET = 56
"""CSS pixels that a wet hand needs."""
TOO_LOW = """(least) => ["button", "select", "input", "summary"]
  .flatMap((name) => [...document.querySelectorAll(`.packing ${name}`)])
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < least)
  .map((element) => element.outerHTML.slice(0, 90))"""


def test_two_scans_a_parcel_and_no_tap_pack_three_with_their_numbers(hire: Hire, sell: Sell, shop: RunningShop) -> None:
    orders = [sell(2), sell(), sell()]
    packer = hire()
    packer.open("bench")
    packer.part("carrier").select_option("sf")
    packer.page.evaluate("""() => { window.taps = window.scans = 0;
      addEventListener("pointerdown", () => window.taps++, true);
      addEventListener("keydown", ({ key }) => { if (key === "Enter") window.scans++; }, true); }""")
    for order in orders:
        packer.scan(order)
        expect(packer.part("verdict")).to_have_text(packer.say("scripts.packing.done.pack", order=order.number[-6:]))
        packer.saw("good")
        if order is orders[0]:
            goods = packer.part("contents")
            expect(goods).to_contain_text(packer.visitor.units(2, SKU))
            assert goods.locator("img").evaluate("picture => picture.decode().then(() => picture.naturalWidth > 0)")
        expect(packer.part("next-scan")).to_have_text(packer.say("scripts.packing.next.number"))
        packer.shoot(f"SF{order.number[-13:]}")
        expect(packer.part("verdict")).to_contain_text(f"SF{order.number[-13:]}")
        packer.saw("good")
    assert packer.page.evaluate("[window.taps, window.scans]") == [0, 2 * len(orders)]
    for order in orders:
        after = loaded(shop, order.number)
        assert after and after.state is State.PACKED
        assert [(one.carrier, one.tracking) for one in after.parcels] == [("sf", f"SF{order.number[-13:]}")]


def test_orders_for_one_door_are_packed_in_one_go_with_one_number_and_another_door_s_is_red(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    door = {"name": "周大海", "phone": "13912345678", "street": "胜利路 20 号"}
    print_labels(shop)
    one, other, elsewhere = sell(2, to=door), sell(1, to=door), sell()
    packer = hire()
    labels = packer.print_until(one, other)
    expect(labels.last.locator('[data-part="label-door"]')).to_have_text(
        packer.say("scripts.packing.door_of", place=2, count=2)
    )
    packer.open("bench")
    packer.part("carrier").select_option("sf")
    packer.scan(one)
    expect(packer.part("because")).to_contain_text(other.number[-6:])
    packer.scan(other)
    expect(packer.part("because")).to_have_text(packer.say("scripts.packing.one_box", orders=2))
    number = f"SF{one.number[-13:]}"
    packer.shoot(number)
    expect(packer.part("scans").locator("li").filter(has_text=number)).to_have_count(2)
    for order, units in ((one, 2), (other, 1)):
        after = loaded(shop, order.number)
        assert after and [(each.tracking, each.units) for each in after.parcels] == [(number, units)]
    packer.visitor.watch.expect("409 (Conflict)")
    packer.scan(elsewhere)
    expect(packer.part("next-scan")).to_have_text(packer.say("scripts.packing.next.number"))
    packer.shoot(number)
    packer.saw("bad")
    expect(packer.part("because")).to_have_text(packer.say("scripts.problems.reasons.number-taken"))


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
    expect(second.part("because")).to_contain_text("by 小王")
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


def test_a_scan_is_heard_wherever_the_focus_is_presses_nothing_and_a_page_that_hears_none_says_so(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    order, other = sell(), sell()
    packer = hire()
    packer.open("bench")
    packer.part("carrier").focus()
    packer.scan(order)
    expect(packer.part("verdict")).to_contain_text(order.number[-6:])
    packer.saw("good")
    expect(packer.part("carrier")).to_have_value("")
    packer.part("beeps").focus()
    packer.scan(other)
    expect(packer.part("verdict")).to_contain_text(other.number[-6:])
    packer.saw("good")
    expect(packer.part("beeps")).to_have_attribute("aria-pressed", "true")
    expect(packer.part("unheard")).to_be_hidden()
    packer.page.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))")
    expect(packer.part("unheard")).to_be_visible()
    packer.page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")
    expect(packer.part("unheard")).to_be_hidden()
    assert parcels(shop, order) == parcels(shop, other) == [ParcelState.PACKED]


def test_a_cancel_after_printing_is_a_stop_sign_and_its_label_is_red(hire: Hire, sell: Sell, shop: RunningShop) -> None:
    order = sell()
    packer = hire()
    packer.visitor.watch.expect("409 (Conflict)")
    bench_of(shop).wave([order.number], "wave", device("0badcafe"))
    cancel(shop, order.number)
    packer.scan(order)
    packer.saw("bad")
    expect(packer.part("because")).to_have_text(packer.say("scripts.problems.reasons.cancelled"))
    assert parcels(shop, order) == []
    packer.come_back()
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


def test_a_scan_whose_answer_is_lost_hands_over_its_own_parcel_and_no_other(
    hire: Hire, sell: Sell, shop: RunningShop
) -> None:
    order = sell(2)
    packed_in_two(shop, order)
    packer = hire()
    packer.visitor.watch.expect("net::ERR")
    packer.open("door")
    packer.part("carrier").select_option("sf")

    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort()

    packer.page.route("**/handover", lose, times=1)
    packer.scan(order)
    packer.saw("wait")
    packer.saw("good")
    assert parcels(shop, order) == [ParcelState.SHIPPED, ParcelState.PACKED]
    packer.scan(order)
    expect(packer.part("handed-list").locator("li").filter(has_text=f"{order.number[-6:]}-2")).to_be_visible()
    assert parcels(shop, order) == [ParcelState.SHIPPED] * 2


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


@pytest.mark.parametrize(
    ("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["tablet"]), ("zh", SIZES["desktop"])], ids=[*SIZES]
)
def test_every_step_is_fit_for_wet_hands_on_every_screen(hire: Hire, sell: Sell, lang: str, size: Size) -> None:
    sell()
    packer = hire(lang=lang, size=size)
    expect(packer.part("waves").get_by_role("button").first).to_be_visible()
    for view in ("board", "bench", "door", "fixing"):
        packer.open(view)
        packer.visitor.look_over()
        assert packer.page.evaluate(TOO_LOW, WET) == []
