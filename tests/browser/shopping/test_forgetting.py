"""What a browser keeps of a person ends by itself: a half-written address, and an order whose answer was lost."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, Shopper
from tests.browser.shopping.test_faults import keys_of, lose

later = pytest.mark.parametrize(
    ("hours", "kept"),
    [(23, True), (-0.5, True), (25, False), (24 * 400, False), (-2, False)],
    ids=["within a day", "a clock put back a little", "a day later", "a year later", "a clock that was far ahead"],
)


def let_pass(shopper: Shopper, hours: float) -> None:
    """Has the phone's clock show so many hours more."""
    shopper.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=hours))


def is_known(shopper: Shopper) -> bool:
    """Whether anything that the browser keeps says who the shopper is."""
    kept: str = shopper.page.evaluate("JSON.stringify(localStorage)")
    return any(word in kept for word in (shopper.name, shopper.phone, "高台子村"))


@later
def test_a_half_written_address_is_forgotten_after_a_day_by_whichever_page_comes_next(
    visit: Visit, hours: float, kept: bool
) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    assert is_known(shopper)
    let_pass(shopper, hours)
    shopper.open("/")
    expect(shopper.part("count")).to_have_text("1")
    assert is_known(shopper) == kept
    shopper.open("/checkout/")
    expect(shopper.field("province")).to_be_enabled()
    expect(shopper.field("name")).to_have_value(shopper.name if kept else "")


@later
def test_an_order_whose_answer_was_lost_is_found_within_the_day_and_then_forgotten(
    visit: Visit, shelf: Shelf, hours: float, kept: bool
) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    keys = keys_of(shopper)
    shopper.go_to_checkout()
    shopper.page.route("**/api/checkout", lambda route: lose(route, arrives=True))
    shopper.button("checkout.order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.unsure"))).to_be_visible()
    shopper.page.unroute("**/api/checkout")
    let_pass(shopper, hours)
    shopper.page.reload()
    pending = shopper.page.get_by_text(shopper.say("scripts.checkout.pending"))
    if not kept:
        expect(shopper.field("province")).to_be_enabled()
        expect(pending).to_be_hidden()
        assert not is_known(shopper)
        return
    expect(pending).to_be_visible()
    shopper.button("scripts.checkout.again").click()
    shopper.expect_till()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert shelf.orders_for(shopper.name) == 1
    assert not is_known(shopper), "an answer ends both"


DATED = ["cunbo.draft", "cunbo.attempt", "cunbo.taking", "cunbo.leaving", "cunbo.enrolling"]


@pytest.mark.parametrize("old", ['{"name": "李秀英"}', '{"at": "x", "value": "李秀英"}', '"李秀英"', "李秀英", "[]"])
def test_what_has_no_date_is_forgotten_too(visit: Visit, old: str) -> None:
    """As it was kept by older code, or by whatever else."""
    shopper = visit()
    shopper.open("/")
    shopper.page.evaluate("([names, old]) => names.forEach((name) => localStorage.setItem(name, old))", [DATED, old])
    shopper.page.reload()
    kept = shopper.page.evaluate("names => names.filter((name) => localStorage.getItem(name) !== null)", DATED)
    assert kept == []


def test_an_order_leaves_the_devices_list_after_a_year(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    shopper.place()
    number = shopper.page.url.partition("#")[2].partition(".")[0]
    for days, kept in ((364, True), (366, False)):
        let_pass(shopper, 24 * days)
        shopper.open("/orders/")
        expect(shopper.page.get_by_role("heading", level=1)).to_be_visible()
        assert (number in shopper.page.evaluate("localStorage.getItem('cunbo.orders')")) == kept
