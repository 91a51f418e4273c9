"""What the shopper sees when something goes wrong: nothing typed is lost, nothing is bought twice or unasked."""

import json
from datetime import date, timedelta

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import Visit
from tests.browser.shelf import Shelf
from tests.browser.shopper import PHONE, PRODUCT, Shopper

BIG = "spicy-cabbage-1kg"
FIRST = date.today() + timedelta(days=5)
NEXT = FIRST + timedelta(days=1)


def test_two_taps_make_one_order(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    shopper.button("checkout.order").dblclick()
    shopper.expect_till()
    assert shelf.orders_for(shopper.name) == 1


def test_what_the_shop_refuses_stands_beside_its_field(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    shopper.watch.expect("422")
    shopper.go_to_checkout()
    shopper.field("name").fill(f"{shopper.name}\x85")  # a control character, which only the shop looks for
    shopper.button("checkout.order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.fault.name"))).to_be_visible()
    expect(shopper.field("name")).to_be_focused()
    expect(shopper.field("name")).to_have_attribute("aria-invalid", "true")
    expect(shopper.field("phone")).to_have_attribute("aria-invalid", "false")
    shopper.field("name").fill(shopper.name)
    shopper.place()
    assert shelf.orders_for(shopper.name) == 1


def test_a_form_that_lacks_something_names_it_before_the_shop_is_asked(visit: Visit) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.go_to_checkout()
    shopper.field("phone").fill("12345")
    shopper.field("province").select_option("")
    shopper.button("checkout.order").click()
    expect(shopper.field("phone")).to_be_focused()
    for name in ("phone", "region"):
        expect(shopper.page.get_by_text(shopper.say(f"scripts.checkout.fault.{name}"))).to_be_visible()
    shopper.look_over()


def test_fewer_left_than_wanted_are_offered(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    with shelf.holding(BIG, {FIRST: 5}):
        shopper.go_to_checkout(BIG, 3)
        shelf.put(BIG, {FIRST: 2})
        shopper.button("checkout.order").click()
        expect(shopper.part("refusal")).to_contain_text(
            shopper.say("scripts.checkout.line_left", name="辣白菜 1 公斤", left=2)
        )
        shopper.look_over()
        shopper.button("scripts.checkout.reduce", left=2).click()
        shopper.place()
        assert shopper.order()["lines"][0]["quantity"] == 2


def test_sold_out_can_be_taken_away_at_the_checkout(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en")
    shopper.watch.expect("409")
    with shelf.holding(BIG, {FIRST: 5}):
        shopper.go_to_checkout(BIG)
        shelf.put(BIG, {})
        shopper.button("checkout.order").click()
        name = "Spicy cabbage 1 kg"
        expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.line_none", name=name))
        shopper.button("scripts.checkout.remove", name=name).click()
        expect(shopper.part("empty")).to_be_visible()
        shopper.open(PRODUCT)
        shopper.page.get_by_role("radio", name="1 kg").check()
        expect(shopper.part("stock")).to_have_text(shopper.say("scripts.stock.none"))
        expect(shopper.button("product.now")).to_be_disabled()
        assert shelf.orders_for(shopper.name) == 0


def test_a_later_date_is_taken_only_when_the_shopper_agrees(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    with shelf.holding(BIG, {FIRST: 5, NEXT: 5}):
        shopper.go_to_checkout(BIG)
        shelf.put(BIG, {NEXT: 5})
        shopper.button("checkout.order").click()
        changed = shopper.say("scripts.checkout.changed_day", old=shopper.day(FIRST), new=shopper.day(NEXT))
        expect(shopper.part("refusal")).to_contain_text(changed)
        assert shelf.orders_for(shopper.name) == 0
        shopper.button("scripts.checkout.agree").click()
        shopper.expect_till()
        assert shopper.order()["ship_by"] == NEXT.isoformat()


def test_a_higher_price_is_taken_only_when_the_shopper_agrees(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.watch.expect("409")
    shopper.page.route("**/catalog.json", with_prices_of_yesterday)
    shopper.go_to_checkout()
    expect(shopper.part("pay-total")).to_have_text("¥24.90")
    shopper.page.unroute("**/catalog.json")
    shopper.button("checkout.order").click()
    changed = shopper.say("scripts.checkout.changed_total", old="¥24.90", new="¥29.90")
    expect(shopper.part("refusal")).to_contain_text(changed)
    assert shelf.orders_for(shopper.name) == 0
    shopper.button("scripts.checkout.agree").click()
    shopper.expect_till()
    assert shopper.order()["total"] == 2990


def with_prices_of_yesterday(route: Route) -> None:
    """Five yuan less for each pack."""
    catalogue = route.fetch().json()
    for pack in catalogue["products"][0]["packs"]:
        pack["price"] -= 500
    route.fulfill(body=json.dumps(catalogue), content_type="application/json")


@pytest.mark.parametrize("arrives", [False, True], ids=["the request is lost", "the answer is lost"])
def test_with_the_shop_away_nothing_is_lost_and_nothing_bought_twice(visit: Visit, shelf: Shelf, arrives: bool) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    keys = keys_of(shopper)
    shopper.go_to_checkout(quantity=2)
    shopper.page.route("**/api/checkout", lambda route: lose(route, arrives))
    shopper.button("checkout.order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.unsure"))).to_be_visible()
    shopper.page.unroute("**/api/checkout")
    shopper.page.reload()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.pending"))).to_be_visible()
    for name, typed in (("name", shopper.name), ("phone", "138 0013 8000"), ("district", "集安市")):
        expect(shopper.field(name)).to_have_value(typed)
    shopper.button("scripts.checkout.again").click()
    shopper.expect_till()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert shelf.orders_for(shopper.name) == 1


def lose(route: Route, arrives: bool) -> None:
    """The network breaks before the shop has the request, or after."""
    if arrives:
        assert route.fetch().status == 201
    route.abort()


def keys_of(shopper: Shopper) -> list[str]:
    """Gathers the Idempotency-Key of every checkout from now on."""
    keys: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/checkout"):
            keys.append(request.headers["idempotency-key"])

    shopper.page.on("request", note)
    return keys


def test_a_declined_payment_can_be_tried_again(visit: Visit) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.go_to_checkout()
    shopper.place()
    shopper.button("sandbox.decline").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.sandbox.declined"))).to_be_visible()
    shopper.link("sandbox.back").click()
    shopper.expect_state("awaiting_payment")
    shopper.look_over()
    shopper.part("pay").click()
    shopper.pay()


def test_a_paid_order_that_is_cancelled_ends_as_refunded(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    shopper.place()
    shopper.pay()
    shopper.button("order.cancel").click()
    shopper.look_over()
    shopper.button("order.really").click()
    shopper.expect_state("refunded")
    expect(shopper.part("refunds")).to_contain_text("¥29.90")


def test_the_order_page_says_when_the_time_to_pay_is_over_and_takes_the_payment_still(visit_hasty: Visit) -> None:
    shopper = visit_hasty()
    shopper.go_to_checkout()
    shopper.place()
    shopper.link("sandbox.back").click()
    expect(shopper.part("countdown")).to_have_text(shopper.say("scripts.order.over"))
    shopper.part("pay").click()
    expect(shopper.page.get_by_text(shopper.say("sandbox.late"))).to_be_visible()
    shopper.pay()


def test_a_link_with_a_wrong_key_opens_no_order(visit: Visit) -> None:
    shopper = visit(lang="en")
    shopper.watch.expect("401")
    shopper.go_to_checkout()
    shopper.place()
    number = shopper.page.url.partition("#")[2].split(".")[0]
    shopper.open(f"/order/#{number}.0123456789abcdef")
    expect(shopper.page.get_by_text(shopper.say("order.wrong"))).to_be_visible()
    expect(shopper.part("own-list")).to_contain_text(number)
