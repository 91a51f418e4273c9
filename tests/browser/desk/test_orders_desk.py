"""A manager's ten commonest tasks on a phone: none over five taps, and none needs the twenty digits of a number."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.model import Order, State
from cunbo.load.surge import order_of
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.packer import loaded
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import Size
from tests.browser.helpers.staff_device import SLIP, Worker, enrolled
from tests.browser.helpers.thumb import Thumb
from tests.conftest import RunningShop
from tests.stack.helpers import call, eventually

SKU, HANDS = "corn-noodles-1kg", Size(390, 844)
FIRST = village_day(datetime.now(UTC)) + timedelta(days=2)
MOST_TAPS = 5


class Manager:
    """Somebody at the desk's orders with a phone, whose taps are counted for each task."""

    def __init__(self, worker: Worker, shop: RunningShop) -> None:
        self.worker, self.shop, self.page, self.part = worker, shop, worker.page, worker.part
        self.taps: dict[str, int] = {}
        self.thumb = Thumb()

    def say(self, name: str, /, **values: Any) -> str:
        return self.worker.say(f"scripts.desk_orders.{name}", **values)

    def begin(self) -> None:
        """Opens the list, where each task begins; nothing of it is counted."""
        self.thumb = Thumb()
        self.worker.visitor.open("/desk/orders/")
        expect(self.part("found").get_by_role("link").first).to_be_visible()

    def tap(self, target: Locator) -> None:
        """Scrolls to it, and taps it."""
        target.scroll_into_view_if_needed()
        self.thumb.tap(target)

    def find(self, text: str, order: Order) -> None:
        """Types it into the one box; what is found alone is opened."""
        self.begin()
        self.tap(self.part("query"))
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        expect(self.part("story")).to_contain_text(order.number)

    def open(self, act: str) -> Locator:
        """Opens one of the acts; answers where it is done."""
        self.tap(self.page.locator(f'[data-act="{act}"]'))
        return self.page.locator(".story-panel")

    def sure(self, button: Locator, question: str) -> None:
        """Taps twice: at the first it asks, and names what follows."""
        self.tap(button)
        asking = self.page.locator("[data-asking]")
        expect(asking).to_have_text(question)
        self.page.wait_for_timeout(SLIP)
        self.tap(asking)

    def done(self, task: str, said: str = "", **values: Any) -> None:
        """Waits for what the page says of it, and keeps how many taps it took."""
        if said:
            expect(self.part("said")).to_have_text(self.say(said, **values))
        self.taps[task] = self.thumb.taps

    def now(self, order: Order) -> Order:
        found = loaded(self.shop, order.number)
        assert found
        return found


@pytest.fixture
def noodles(shelf: Shelf) -> Iterator[None]:
    """Twenty of it on each of three days, whatever was sold before."""
    with shelf.holding(SKU, {FIRST + timedelta(days=more): 20 for more in range(3)}):
        yield


def sold(shop: RunningShop, name: str, units: int, email: str | None) -> Order:
    key = f"browser-test-{uuid.uuid4()}"
    body = order_of(SKU, units, buyer=key) | ({"email": email} if email else {})
    body["ship_to"]["name"] = name
    status, order = call(shop, "POST", "/checkout", body, Idempotency_Key=key)
    assert status == 201, order
    pay = f"/payments/sandbox/{order['order']}/act"
    assert eventually(lambda: call(shop, "POST", pay, {"act": "pay"})[0] == 204, 20)
    found = eventually(lambda: loaded(shop, order["order"], State.PAID), 15)
    assert found
    return found


def test_ten_tasks_take_five_taps_at_most_and_never_the_whole_number(
    visit: Visit, shop: RunningShop, noodles: None
) -> None:
    tag = "".join(chr(0x5000 + byte) for byte in uuid.uuid4().bytes[:3])
    order = sold(shop, f"金{tag}", 3, "jin@example.com")
    other = sold(shop, f"朴{tag}", 1, None)
    desk = Manager(Worker(enrolled(visit(size=HANDS), shop, "manager", "王姐").visitor), shop)
    assert eventually(lambda: desk.worker.call("GET", f"/staff/orders?q={other.ship_to.name}")["orders"], 20)
    mail, texted = desk.say("sure.told.mail"), desk.say("sure.told.sms")

    desk.find(order.ship_to.name, order)
    desk.done("find by name")
    desk.worker.visitor.look_over()
    desk.find(order.number[-6:], order)
    desk.done("find by last digits")

    desk.find(order.ship_to.phone[-11:], order)
    panel = desk.open("note")
    desk.tap(panel.locator("input"))
    desk.page.keyboard.type("打过电话，周五在家")
    desk.tap(panel.get_by_role("button"))
    desk.done("note", "done.note")
    expect(desk.part("story")).to_contain_text("打过电话，周五在家")

    desk.find(order.number[-5:], order)
    panel = desk.open("write")
    desk.tap(panel.get_by_role("button", name=desk.say("kinds.late")))
    expect(panel.locator(".story-draft")).to_contain_text("你的订单我们还在做")
    desk.sure(panel.get_by_role("button", name=desk.say("write_go"), exact=True), desk.say("sure.write", told=mail))
    desk.done("message", "done.write")

    desk.find(order.number[-5:], order)
    panel = desk.open("refund")
    price = f"¥{order.lines[0].unit_price / 100:.2f}"
    desk.sure(
        panel.get_by_role("button", name=desk.say("units", units=1, name=order.lines[0].name, amount=price)),
        desk.say("sure.refund", amount=price, told=mail),
    )
    desk.done("refund a jar", "done.refund")
    assert [one.amount for one in desk.now(order).refunds] == [order.lines[0].unit_price]

    desk.find(order.number[-5:], order)
    panel = desk.open("address")
    street = panel.locator("input").first
    desk.tap(street)
    street.fill("太王镇二组 8 号")
    desk.sure(panel.get_by_role("button"), desk.say("sure.address"))
    desk.done("new address", "done.address")
    assert desk.now(order).ship_to.street == "太王镇二组 8 号"

    desk.find(order.number[-5:], order)
    panel = desk.open("postpone")
    desk.tap(panel.get_by_role("button").first)
    expect(desk.page.locator("[data-asking]")).to_contain_text(mail)
    desk.page.wait_for_timeout(SLIP)
    desk.tap(desk.page.locator("[data-asking]"))
    desk.done("postpone one", "done.postpone")
    assert desk.now(order).ship_by == FIRST + timedelta(days=1)

    desk.find(other.ship_to.name, other)
    desk.tap(desk.page.locator("a.batch"))
    expect(desk.part("batch-orders").get_by_role("listitem")).to_have_count(1)
    desk.worker.visitor.look_over()
    desk.tap(desk.part("batch-go"))
    expect(desk.part("batch-go")).to_have_attribute("data-asking", "")
    desk.page.wait_for_timeout(SLIP)
    desk.tap(desk.part("batch-go"))
    desk.done("postpone a batch", "done.batch", count=1, left=0)
    assert desk.now(other).ship_by == FIRST + timedelta(days=1)

    desk.find(other.number[-5:], other)
    desk.done("story")
    for words in (desk.say("did.state_paid"), desk.say("did.postponed"), "王姐"):
        expect(desk.part("story")).to_contain_text(words)
    desk.find(other.number[-5:], other)
    total = f"¥{other.total / 100:.2f}"
    back = desk.say("sure.back", amount=total)
    desk.sure(desk.page.locator('[data-act="cancel"]'), desk.say("sure.cancel", money=back, told=texted))
    desk.done("cancel", "done.cancel")
    assert desk.now(other).state in (State.CANCELLED, State.REFUNDED)
    sent = desk.now(order).letters
    assert [one.kind for one in sent] == ["late"]
    assert len(desk.taps) == 10
    assert max(desk.taps.values()) <= MOST_TAPS, desk.taps
    for text in ("%", "🖕", "王", "9" * 20, "１２３"):
        desk.begin()
        desk.part("query").fill(text)
        desk.page.keyboard.press("Enter")
        expect(desk.part("found-words")).not_to_be_empty()
        expect(desk.part("found").get_by_role("link")).to_have_count(0)
        assert "?" not in desk.page.url, "what is typed is in no address"
