"""An order whose answer was lost is found again: never doubled, and never in its own buyer's way."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, Shopper
from tests.browser.shopping.test_faults import FIRST, SMALL, keys_of, lose


def order_and_lose_the_answer(shopper: Shopper, arrives: bool = True) -> None:
    shopper.watch.expect("ERR_FAILED")
    shopper.page.route("**/api/checkout", lambda route: lose(route, arrives))
    shopper.part("order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.unsure"))).to_be_visible()
    shopper.page.unroute("**/api/checkout")


def correct(shopper: Shopper) -> Locator:
    """Puts the address right and orders again; answers what the page says of it."""
    shopper.field("street").fill(f"高台子村 {shopper.number} 号 2 单元")
    shopper.part("order").click()
    said = shopper.part("refusal")
    expect(said).to_contain_text(shopper.say("scripts.checkout.found"))
    expect(said).to_contain_text(f"高台子村 {shopper.number} 号")
    return said


def kept_attempts(shopper: Shopper) -> int:
    found: int = shopper.page.evaluate("(JSON.parse(localStorage.getItem('cunbo.attempt'))?.value ?? []).length")
    return found


@pytest.mark.parametrize("arrives", [True, False], ids=["the answer was lost", "the request was lost"])
def test_the_last_unit_is_not_sold_out_by_ones_own_order_when_the_address_is_corrected(
    visit: Visit, shelf: Shelf, arrives: bool
) -> None:
    shopper = visit(size=PHONE)
    with shelf.holding(SMALL, {FIRST: 1}):
        shopper.go_to_checkout()
        order_and_lose_the_answer(shopper, arrives)
        said = correct(shopper)
        expect(shopper.part("order")).to_be_hidden()
        shopper.look_over()
        assert shelf.orders_for(shopper.name) == 1
        said.get_by_role("button", name=shopper.say("scripts.checkout.found_anew")).click()
        shopper.expect_till()
        assert shopper.order()["ship_to"]["street"].endswith("2 单元")
        assert shelf.orders_for(shopper.name) == 2, "the first is cancelled"
        shopper.open("/orders/")
        rows = shopper.part("list").get_by_role("listitem")
        expect(rows).to_have_count(2)
        expect(rows.nth(1)).to_contain_text(shopper.say("scripts.states.cancelled"))


def test_the_found_order_can_be_paid_and_nothing_else_is_ordered(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en", size=PHONE)
    keys = keys_of(shopper)
    shopper.go_to_checkout()
    order_and_lose_the_answer(shopper)
    shopper.page.reload()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.pending"))).to_be_visible()
    said = correct(shopper)
    shopper.field("street").press("Enter")
    expect(said).to_contain_text(shopper.say("scripts.checkout.found"))
    said.get_by_role("link").click()
    shopper.pay()
    assert not shopper.order()["ship_to"]["street"].endswith("2 单元")
    assert (len(keys), len({*keys})) == (2, 1)
    assert shelf.orders_for(shopper.name) == 1
    expect(shopper.part("count")).to_be_hidden()


def test_several_lost_orders_are_all_found_also_by_another_tab_and_offline_loses_none(
    visit: Visit, shelf: Shelf
) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_INTERNET_DISCONNECTED")
    shopper.go_to_checkout()
    order_and_lose_the_answer(shopper, arrives=False)
    shopper.field("street").fill("高台子村 7 号")
    shopper.page.context.set_offline(True)
    shopper.part("order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.unsure"))).to_be_visible()
    assert kept_attempts(shopper) == 1, "while the first has no answer, no second is begun"
    shopper.page.context.set_offline(False)
    shopper.page.evaluate("""() => {
      const kept = JSON.parse(localStorage.getItem("cunbo.attempt"));
      const [one] = kept.value;
      const other = { ...one, key: "f".repeat(32), wish: one.wish.replace("高台子村", "高台村") };
      kept.value.push({ ...other, body: one.body.replace("高台子村", "高台村") });
      localStorage.setItem("cunbo.attempt", JSON.stringify(kept));
    }""")
    tab = Shopper(shopper.page.context.new_page(), shopper.watch, shopper.origin, shopper.lang)
    tab.name, tab.number = shopper.name, shopper.number
    tab.open("/checkout/")
    expect(tab.page.get_by_text(tab.say("scripts.checkout.pending_other"))).to_be_visible()
    tab.day_in("ship-by")
    tab.part("order").click()
    expect(tab.part("refusal")).to_contain_text("高台子村")
    expect(tab.part("refusal")).to_contain_text("高台村")
    assert (shelf.orders_for(shopper.name), kept_attempts(shopper)) == (2, 0)
    tab.button("scripts.checkout.found_anew").click()
    tab.expect_till()
    assert shelf.orders_for(shopper.name) == 3
    tab.open("/orders/")
    expect(tab.page.get_by_text(tab.say("scripts.states.cancelled"))).to_have_count(2)


def test_with_the_cart_gone_a_lost_order_is_still_led_to(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    order_and_lose_the_answer(shopper)
    shopper.page.evaluate("localStorage.removeItem('cunbo.cart')")
    shopper.open("/orders/")
    shopper.link("orders.to_answer").click()
    shopper.button("checkout.lost_ask").click()
    shopper.expect_till()
    assert shelf.orders_for(shopper.name) == 1
