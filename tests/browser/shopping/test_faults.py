"""What the shopper sees when something goes wrong: nothing typed is lost, nothing is bought twice or unasked."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from chalicelib.api.askers import COOKIE as BROWSER_COOKIE
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, PRODUCT, SIZES, Shopper
from tests.conftest import RunningShop
from tests.stack.helpers import age

BIG = "spicy-cabbage-1kg"
FIRST = date.today() + timedelta(days=5)
NEXT = FIRST + timedelta(days=1)
SMALL = "spicy-cabbage-500g"
NOODLES = "corn-noodles-500g"
FAR = "新疆维吾尔自治区"


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
    spoil = lambda route: route.continue_(post_data=route.request.post_data.replace(shopper.name, r"\u0007"))  # noqa: E731
    shopper.page.route("**/api/checkout", spoil, times=1)  # as a form of an older version would send it
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
    for name, invalid in (("province", "true"), ("city", "false"), ("district", "false"), ("other", "false")):
        expect(shopper.field(name)).to_have_attribute("aria-invalid", invalid)  # what cannot be filled is not at fault
    shopper.look_over()


def test_fewer_left_than_wanted_are_offered(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    with shelf.holding(BIG, {FIRST: 5}):
        shopper.go_to_checkout(BIG, 3)
        shelf.put(BIG, {FIRST: 2})
        shopper.button("checkout.order").click()
        expect(shopper.part("refusal")).to_contain_text(
            shopper.say("scripts.checkout.line_left", name="辣白菜 1 公斤", left="2 瓶")
        )
        shopper.look_over()
        shopper.button("scripts.checkout.reduce", left="2 瓶").click()
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
        with shelf.holding(SMALL, {}):
            shopper.open_until(PRODUCT, shopper.part("stock"), shopper.say("scripts.stock.none"))
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
    shopper.tell_of_packs(lambda pack: pack | {"price": pack["price"] - 500})
    shopper.go_to_checkout()
    expect(shopper.part("pay-total")).to_have_text("¥24.90")
    shopper.page.unroute_all()
    shopper.button("checkout.order").click()
    changed = shopper.say("scripts.checkout.changed_total", old="¥24.90", new="¥29.90")
    expect(shopper.part("refusal")).to_contain_text(changed)
    assert shelf.orders_for(shopper.name) == 0
    shopper.button("scripts.checkout.agree").click()
    shopper.expect_till()
    assert shopper.order()["total"] == 2990


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
    for name, typed in (("name", shopper.name), ("phone", shopper.phone), ("district", "集安市")):
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


def test_the_order_page_says_when_the_time_to_pay_is_over_and_takes_the_payment_still(
    visit: Visit, shop: RunningShop
) -> None:
    shopper = visit()
    shopper.go_to_checkout()
    shopper.place()
    order = shop.operations.store.orders.load(shopper.order()["order"])
    assert order
    age(shop, [order], by=order.pay_by - datetime.now(UTC))
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
    shopper.look_over()
    shopper.page.get_by_role("main").get_by_role("link", name=shopper.say("orders.title")).click()
    expect(shopper.part("list").get_by_role("link")).to_have_attribute("href", re.compile(number))


def sku_where(shopper: Shopper, fits: Callable[[dict[str, Any]], Any]) -> str:
    """A SKU of the shop whose pack is such."""
    return next(sku for sku, pack in shopper.packs().items() if fits(pack))


def refuses(pack: dict[str, Any]) -> list[str]:
    """The provinces that a pack does not go to, though the shop delivers there."""
    return [zone["province"] for zone in pack["zones"] if zone["refused"]]


def choose_province(shopper: Shopper, province: str) -> None:
    shopper.field("province").select_option(province)
    if shopper.field("city").input_value() == "":
        shopper.field("city").select_option(index=1)


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_postage_follows_the_province_and_is_part_of_what_is_agreed(visit: Visit, lang: str, size: str) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    shopper.carry({NOODLES: 1})
    expect(shopper.part("varies")).to_be_visible()
    shopper.fill_form()
    expect(shopper.part("postage")).to_have_text(shopper.say("free"))
    choose_province(shopper, FAR)
    expect(shopper.part("postage")).to_have_text("¥15.00")
    expect(shopper.part("pay-total")).to_have_text("¥30.90")
    shopper.day_in("ship-by")
    shopper.place()
    assert (shopper.order()["postage"], shopper.order()["total"]) == (1500, 3090)


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_what_does_not_go_to_a_province_is_named_before_it_is_ordered(visit: Visit, lang: str, size: str) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    sku = sku_where(shopper, refuses)
    pack = shopper.packs()[sku]
    here = {"name": pack["name"][lang], "province": refuses(pack)[0]}
    shopper.carry({NOODLES: 1, sku: 1})
    shopper.fill_form()
    choose_province(shopper, here["province"])
    beside = shopper.say("scripts.checkout.no_delivery", names=here["name"], province=here["province"])
    expect(shopper.part("no-delivery")).to_have_text(beside)
    expect(shopper.part("pay-day")).to_have_text(shopper.say("scripts.checkout.not_here", **here))
    expect(shopper.part("lines")).to_contain_text(shopper.say("scripts.checkout.line_not_here", **here))
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.no_delivery_of", **here))
    shopper.look_over()
    shopper.button("scripts.checkout.other_address").click()
    expect(shopper.field("province")).to_be_focused()
    shopper.button("checkout.order").click()
    shopper.button("scripts.checkout.remove", name=here["name"]).click()
    expect(shopper.part("no-delivery")).to_be_hidden()
    shopper.day_in("ship-by")
    shopper.place()
    assert [line["sku"] for line in shopper.order()["lines"]] == [NOODLES]


def test_a_province_that_has_just_been_closed_is_told_by_the_shop(visit: Visit) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    sku = sku_where(shopper, refuses)
    pack = shopper.packs()[sku]
    shopper.page.route("**/packs.json", lambda route: without(route, "zones", []))
    shopper.carry({sku: 1})
    shopper.fill_form()
    choose_province(shopper, refuses(pack)[0])
    shopper.day_in("ship-by")
    shopper.page.unroute("**/packs.json")
    shopper.button("checkout.order").click()
    told = shopper.say("scripts.checkout.no_delivery_of", name=pack["name"]["zh"], province=refuses(pack)[0])
    expect(shopper.part("refusal")).to_contain_text(told)
    expect(shopper.part("no-delivery")).to_be_visible()


def without(route: Route, name: str, value: Any) -> None:
    """The packs with another value of one field, as the page may still have them."""
    told = route.fetch().json()
    for pack in told["packs"].values():
        pack[name] = value
    route.fulfill(body=json.dumps(told), content_type="application/json")


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_what_cannot_come_back_needs_one_tick(visit: Visit, lang: str, size: str) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    sku = sku_where(shopper, lambda pack: pack["returns"] == "confirm")
    shopper.carry({SMALL: 1})
    expect(shopper.part("consent")).to_be_hidden()
    shopper.carry({SMALL: 1, sku: 1})
    shopper.fill_form()
    expect(shopper.part("consent-lines")).to_have_text(shopper.packs()[sku]["name"][lang])
    shopper.day_in("ship-by")
    shopper.button("checkout.order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.fault.no_return"))).to_be_visible()
    expect(shopper.field("consent_tick")).to_be_focused()
    shopper.look_over()
    shopper.field("consent_tick").check()
    shopper.place()
    assert len(shopper.order()["lines"]) == 2


def test_more_than_an_order_may_have_is_put_right_in_the_cart_and_at_the_checkout(visit: Visit) -> None:
    shopper = visit(lang="en")
    shopper.watch.expect("422")
    sku = sku_where(shopper, lambda pack: pack["per_order"] < 20)
    most, name = shopper.packs()[sku]["per_order"], shopper.packs()[sku]["name"]["en"]
    shopper.tell_of_packs(lambda pack: pack | {"per_order": 20})
    shopper.carry({sku: most + 1})
    shopper.fill_form()
    shopper.day_in("ship-by")
    if shopper.packs()[sku]["returns"] == "confirm":
        shopper.field("consent_tick").check()
    shopper.page.unroute_all()
    shopper.button("checkout.order").click()
    expect(shopper.part("changes")).to_have_text(
        shopper.say("scripts.cart.most", name=name, most=shopper.units(most, sku))
    )
    shopper.open("/cart/")
    expect(shopper.page.get_by_label(shopper.say("scripts.cart.quantity", name=name))).to_have_value(str(most))
    expect(shopper.part("limit").first).to_have_text(shopper.say("scripts.cart.limit", most=shopper.units(most, sku)))
    shopper.look_over()


def test_goods_that_are_no_longer_sold_are_named_and_leave_the_cart(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.open("/order/")
    line = {"sku": "gone-1kg", "quantity": 1, "price": 100, "name": "冻梨 1 公斤"}
    shopper.page.evaluate("line => localStorage.setItem('cunbo.cart', JSON.stringify([line]))", line)
    shopper.open("/cart/")
    expect(shopper.part("changes")).to_have_text(shopper.say("scripts.cart.gone", name=line["name"]))
    expect(shopper.part("empty")).to_be_visible()
    shopper.look_over()


def hold_three(shopper: Shopper) -> None:
    """Places as many orders as a phone may leave unpaid."""
    for _ in range(3):
        shopper.carry({SMALL: 1})
        shopper.fill_form()
        shopper.day_in("ship-by")
        shopper.place()


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_unpaid_orders_are_shown_at_the_checkout_and_can_be_cancelled_there(
    visit: Visit, shelf: Shelf, lang: str, size: str
) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    shopper.watch.expect("409")
    hold_three(shopper)
    shopper.carry({SMALL: 2})
    rows = shopper.part("unpaid-list").get_by_role("listitem")
    expect(rows).to_have_count(3)
    shopper.fill_form()
    shopper.day_in("ship-by")
    shopper.button("checkout.order").click()
    before = shopper.say("scripts.checkout.unpaid", time="|").split("|")[0]
    expect(shopper.part("refusal")).to_contain_text(before)
    expect(rows).to_have_count(3)
    shopper.look_over()
    rows.first.get_by_role("button", name=shopper.say("order.cancel")).click()
    rows.first.get_by_role("button", name=shopper.say("order.keep")).click()
    expect(rows).to_have_count(3)
    rows.first.get_by_role("button", name=shopper.say("order.cancel")).click()
    rows.first.get_by_role("button", name=shopper.say("order.really")).click()
    expect(rows).to_have_count(2)
    expect(shopper.part("unpaid-told")).to_be_visible()
    shopper.place()
    assert shopper.order()["lines"][0]["quantity"] == 2
    assert shelf.orders_for(shopper.name) == 4


def test_too_many_unpaid_orders_of_another_device_say_where_to_go(visit: Visit) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.watch.expect("409")
    hold_three(shopper)
    shopper.open("/order/")
    shopper.page.evaluate("localStorage.removeItem('cunbo.orders')")
    shopper.carry({SMALL: 1})
    shopper.fill_form()
    shopper.day_in("ship-by")
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.unpaid_elsewhere"))
    expect(shopper.part("unpaid")).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh"])
def test_where_a_network_holds_too_much_the_page_says_what_helps(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("429")
    told = {"type": "/problems/network", "title": "x", "status": 429, "detail": "x", "until": "2026-11-29T04:15:30Z"}
    shopper.page.route(
        "**/api/checkout",
        lambda route: route.fulfill(status=429, content_type="application/problem+json", body=json.dumps(told)),
    )
    shopper.carry({SMALL: 1})
    shopper.fill_form()
    shopper.day_in("ship-by")
    shopper.button("checkout.order").click()
    said = shopper.say("scripts.checkout.network", time="|").split("|")
    for part in said:
        expect(shopper.part("refusal")).to_contain_text(part)
    shopper.look_over()
    shopper.page.unroute("**/api/checkout")
    shopper.place()


def test_unpaid_orders_that_somebody_else_made_with_my_phone_do_not_keep_me_from_buying(visit: Visit) -> None:
    stranger, owner = visit(size=PHONE), visit(lang="en", size=PHONE)
    hold_three(stranger)
    owner.phone = stranger.phone
    owner.carry({SMALL: 1})
    owner.fill_form()
    owner.day_in("ship-by")
    owner.place()
    names = [
        one.get("value")
        for someone in (stranger, owner)
        for one in someone.page.context.cookies()
        if one.get("name") == BROWSER_COOKIE
    ]
    assert len({*names}) == 2


@pytest.mark.parametrize("lang", ["en"])
def test_with_the_shop_away_each_page_says_so_and_goes_on_when_it_is_back(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    shopper.go_to_checkout()
    shopper.page.route("**/packs.json", lambda route: route.abort())
    for path in ("/cart/", "/checkout/"):
        shopper.open(path)
        expect(shopper.part("away")).to_be_visible()
        shopper.look_over()
    shopper.page.unroute("**/packs.json")
    shopper.button("again").click()
    expect(shopper.field("name")).to_have_value(shopper.name)
    shopper.day_in("ship-by")
    shopper.place()
    address = shopper.page.url.partition("#")[2]
    shopper.page.route("**/api/**", lambda route: route.abort())
    shopper.button("sandbox.pay").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.sandbox.failed"))).to_be_visible()
    for path in (f"/order/#{address}", "/orders/", f"/pay/sandbox/#{address}"):
        shopper.open(path)
        expect(shopper.part("away")).to_be_visible()
        shopper.look_over()
    shopper.open("/orders/")
    expect(shopper.part("list").get_by_role("listitem")).to_have_count(1)
    shopper.page.get_by_label(shopper.say("orders.find_by"), exact=True).fill(shopper.phone)
    shopper.button("orders.find").click()
    expect(shopper.part("answer")).to_have_text(shopper.say("scripts.offline.shop"))
    shopper.page.unroute("**/api/**")
    shopper.button("again").click()
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.states.awaiting_payment"))


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_a_date_that_was_moved_later_stands_first_with_the_way_out(
    visit: Visit, shop: RunningShop, shelf: Shelf, lang: str, size: str
) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    with shelf.holding(BIG, {FIRST: 5, NEXT: 5}):
        shopper.go_to_checkout(BIG)
        shopper.place()
        shopper.pay()
        expect(shopper.part("later")).to_be_hidden()
        shop.operations.postpone(shopper.order()["order"], NEXT)
        shopper.page.reload()
        moved = shopper.say("scripts.order.later", old=shopper.day(FIRST), new=shopper.day(NEXT))
        expect(shopper.part("later-words")).to_have_text(moved)
        shopper.part("later-cancel").click()
        expect(shopper.part("confirm")).to_be_focused()
        shopper.look_over()
        shopper.button("order.really").click()
        shopper.expect_state("refunded")
        expect(shopper.part("later")).to_be_hidden()


@pytest.mark.parametrize(
    ("state", "meaning"),
    [("pending", "cancelled"), ("asked", "cancelled"), ("hand", "cancelled_hand"), ("failed", "cancelled_hand")],
)
def test_a_refund_says_how_far_it_is(visit: Visit, state: str, meaning: str) -> None:
    shopper = visit()
    shopper.go_to_checkout()
    shopper.place()
    order = shopper.order() | {"state": "cancelled"}
    order["refunds"] = [{"amount": 2990, "at": "2026-11-24T12:00:00Z", "state": state}]
    shopper.page.route("**/api/orders/*", lambda route: route.fulfill(json=order))
    shopper.link("sandbox.back").click()
    expect(shopper.part("refunds")).to_contain_text(shopper.say(f"scripts.refunds.state.{state}"))
    expect(shopper.part("meaning")).to_have_text(shopper.say(f"scripts.order.meaning.{meaning}"))
    order["refunds"][0]["state"] = "done"
    if meaning == "cancelled_hand":  # what needs a person is looked after less often
        shopper.page.reload()
    expect(shopper.part("refunds")).to_contain_text(shopper.say("scripts.refunds.state.done"))
    expect(shopper.part("meaning")).to_have_text(shopper.say("scripts.order.meaning.refunded"))


def test_a_refusal_that_no_page_foresees_says_whom_to_ask(visit: Visit) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.watch.expect("422")
    shopper.go_to_checkout()
    problem = {"type": "/problems/invalid", "title": "x", "status": 422, "errors": [{"pointer": "/x", "detail": "x"}]}
    shopper.page.route("**/api/checkout", lambda route: route.fulfill(status=422, json=problem))
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.refused", status=422))
    expect(shopper.part("refusal").get_by_role("link")).to_have_text(shopper.say("checkout.contact"))
    shopper.look_over()
