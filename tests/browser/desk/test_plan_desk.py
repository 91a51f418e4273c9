"""A manager's phone: plan and goods are changed in few taps, each change says what it does, and pages follow."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from chalicelib.domain.calendar import village_day
from chalicelib.storage.keys import amendments_key
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, Shopper
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop

SKU, PRODUCT = "corn-noodles-500g", "/products/corn-noodles/"
MOST_TAPS = 5


class Desk:
    """A manager who counts the taps of each task."""

    def __init__(self, visitor: Shopper) -> None:
        self.visitor, self.page, self.part, self.say = visitor, visitor.page, visitor.part, visitor.say
        self.taps = 0

    def tap(self, where: Locator) -> None:
        where.click()
        self.taps += 1

    def type(self, where: Locator, text: str) -> None:
        where.fill(text)
        self.taps += 1

    def twice(self, button: Locator, asks: str) -> None:
        """Taps to be asked, in words that name what follows, and taps for yes."""
        self.tap(button)
        asking = self.page.locator("[data-asking]")
        expect(asking).to_contain_text(asks)
        asking.click(delay=SLIP)
        self.taps += 1

    def done(self, said: str) -> None:
        expect(self.part("said")).to_contain_text(said)
        assert self.taps <= MOST_TAPS, self.taps
        self.taps = 0


@pytest.fixture
def stocked(shelf: Shelf, shop: RunningShop) -> Iterator[Shelf]:
    first = village_day(datetime.now(UTC)) + timedelta(days=3)
    with shelf.holding(SKU, {first: 40, first + timedelta(days=1): 40}):
        yield shelf
    shop.operations.store.table.call("delete_item", Key=amendments_key(SKU))


def test_a_manager_changes_the_plan_and_the_goods_in_few_taps_and_the_product_page_follows(
    visit: Visit, stocked: Shelf, shop: RunningShop
) -> None:
    stocked.buy(SKU, 4)
    first = village_day(datetime.now(UTC)) + timedelta(days=3)
    manager, buyer = visit(size=PHONE), visit(size=PHONE)
    enrolled(manager, shop, "manager", "王姐")
    desk = Desk(manager)
    manager.open("/desk/plan/")
    batch = desk.page.locator(f'[data-batch="{SKU} {first}"]')
    expect(batch).to_contain_text("40")

    # Lower below what is promised: what breaks is said first
    desk.tap(batch)
    desk.type(desk.part("batch").locator("[name=units]"), "1")
    desk.tap(desk.part("batch").get_by_role("button"))
    expect(desk.part("effects")).to_contain_text("做不出来")
    desk.tap(desk.part("leave"))
    desk.type(desk.part("batch").locator("[name=units]"), "30")
    desk.taps = 2
    desk.tap(desk.part("batch").get_by_role("button"))
    expect(desk.part("effects")).to_contain_text("30")
    desk.tap(desk.part("really"))
    desk.done(desk.say("scripts.desk_plan.done", count=1))
    expect(batch).to_contain_text("26 / 30")

    # Close the day after
    second = desk.page.locator(f'[data-batch="{SKU} {first + timedelta(days=1)}"]')
    desk.tap(second)
    desk.tap(desk.part("close-batch"))
    desk.tap(desk.part("really"))
    desk.done(desk.say("scripts.desk_plan.done", count=1))
    expect(second).to_contain_text(desk.say("scripts.desk_plan.closed"))

    # A week at once
    week = desk.part("week")
    desk.tap(desk.page.get_by_text(desk.say("desk_plan.week"), exact=True))
    week.locator("[name=sku]").select_option(SKU)
    desk.taps += 1
    monday = week.locator("[name=from]").input_value()
    for weekday in range(7):
        week.locator(f"[name=day{weekday}]").fill(str(20 + weekday))
    desk.tap(week.get_by_role("button", name=desk.say("desk_plan.see")))
    desk.tap(desk.part("really"))
    desk.done(desk.say("scripts.desk_plan.done", count=7))
    made = {one.ship_by: one.cap for one in stocked.store.stock.declared(SKU, first)}
    assert [made[datetime.fromisoformat(monday).date() + timedelta(days=n)] for n in range(7)] == [*range(20, 27)]

    # A price, and the page of the product says it
    manager.open("/desk/goods/")
    card = desk.page.locator(".desk-card").filter(has_text="玉米面条").filter(has_text="500").first
    old = card.locator("[data-part=price]").inner_text()
    desk.tap(card.locator("summary"))
    desk.type(card.locator("[name=price]"), "9.90")
    desk.twice(card.locator("[data-amend=price]"), "¥9.90")
    desk.done("¥9.90")
    expect(card.locator("[data-part=was]")).to_have_text(old)
    buyer.open(f"{PRODUCT}#{SKU}")
    expect(buyer.part("price")).to_have_text("¥9.90")

    # Off the shelf, and nobody can buy or wait for it
    desk.twice(card.locator("[data-part=shelf]"), desk.say("scripts.desk_goods.take_off_sure"))
    desk.done(desk.say("scripts.desk_goods.off_shelf"))
    buyer.open_until(f"{PRODUCT}#{SKU}", buyer.part("stock"), buyer.say("scripts.stock.stopped"))
    expect(buyer.part("now")).to_be_disabled()
    expect(buyer.part("wait")).to_be_hidden()

    # And both back again
    desk.twice(card.locator("[data-part=shelf]"), desk.say("scripts.desk_goods.put_back_sure"))
    desk.done(desk.say("scripts.desk_goods.on_shelf"))
    desk.twice(card.locator("[data-part=amendments]").get_by_role("button"), old)
    desk.done(old)
    buyer.open(f"{PRODUCT}#{SKU}")
    expect(buyer.part("price")).to_have_text(old)
