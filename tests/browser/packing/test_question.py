"""The question to a buyer where too little was made, on a phone: what each choice means, and what comes of it."""

import os
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.calendar import village_day
from chalicelib.domain.commands import ReportShortDay
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE
from tests.browser.helpers.staff_device import SLIP, enrolled
from tests.conftest import RunningShop

BIG = "spicy-cabbage-1kg"
FIRST = village_day(datetime.now(UTC)) + timedelta(days=2)
NEXT = FIRST + timedelta(days=1)


def fall_short(shop: RunningShop, day: date, units: int) -> None:
    shop.operations.report_short_day(ReportShortDay(BIG, day, units), uuid.uuid4().hex)


def test_a_buyer_is_asked_on_the_order_page_and_is_moved_by_a_yes_alone(
    visit: Visit, shop: RunningShop, shelf: Shelf
) -> None:
    shopper = visit(size=PHONE)
    loaded: list[str] = []
    shopper.page.on("request", lambda request: loaded.append(request.url))
    with shelf.holding(BIG, {FIRST: 3, NEXT: 9}):
        shopper.go_to_checkout(BIG, quantity=3)
        shopper.place()
        shopper.pay()
        expect(shopper.part("question")).to_be_hidden()
        assert not any("question" in url for url in loaded), "few are asked, so few load it"
        fall_short(shop, FIRST, 3)
        shopper.page.reload()
        question = shopper.part("question")
        expect(question).to_contain_text("3 × ")
        expect(question).to_contain_text(shopper.day(FIRST))
        later, part, money = (question.locator(f'[data-choice="{name}"]') for name in ("later", "part", "money"))
        expect(later).to_contain_text(shopper.day(NEXT))
        expect(part).to_contain_text("¥54.90")
        expect(money).to_contain_text("¥164.70")
        if folder := os.environ.get("SCREENSHOTS"):
            shopper.page.screenshot(path=f"{folder}/question.png")
        shopper.look_over()
        part.click()
        question.get_by_role("combobox").select_option("1")
        expect(shopper.button("scripts.question.sure_part", count=1, amount="¥109.80")).to_be_visible()
        if folder:
            shopper.page.screenshot(path=f"{folder}/question-part.png")
        later.click()
        expect(question.get_by_role("combobox")).to_be_hidden()
        expect(shopper.part("ship-by")).to_contain_text(shopper.day(FIRST))
        shopper.button("scripts.question.sure_later", day=shopper.day(NEXT)).click()
        expect(question).to_have_text(shopper.say("scripts.question.answered_later", day=shopper.day(NEXT)))
        expect(shopper.part("ship-by")).to_contain_text(shopper.day(NEXT))
        if folder:
            shopper.page.screenshot(path=f"{folder}/question-answered.png")
        shopper.look_over()


def test_a_manager_sees_in_the_afternoon_what_will_be_late_and_asks_with_two_taps(
    visit: Visit, shop: RunningShop
) -> None:
    """The shop's answer is made here: how fast it goes is a rule with its own tests."""
    manager = visit(size=PHONE)
    late = [{"order": f"{n:020}", "asked": n == 0} for n in range(3)]
    told = {"packed": 40, "left": 30, "per_hour": 20, "courier": "2026-11-29T13:30:00Z", "end": "2026-11-29T14:10:00Z"}
    manager.page.route("**/api/staff/packing/pace", lambda route: route.fulfill(json=told | {"late": late}))
    sent: list[Any] = []

    def hear(route: Route) -> None:
        sent.append(route.request.post_data_json)
        late[:] = [one | {"asked": True} for one in late]
        route.fulfill(json={"asked": []})

    manager.page.route("**/api/staff/packing/late", hear)
    enrolled(manager, shop, "manager", "老王")
    manager.open("/pack/")
    expect(manager.part("pace")).to_contain_text(manager.say("scripts.pace.end", end="22:10", courier="21:30"))
    expect(manager.part("pace")).to_contain_text(manager.say("scripts.pace.late", late=3, asked=1))
    manager.part("pace-ask").click()
    expect(manager.part("pace-ask")).to_have_text(manager.say("scripts.pace.sure"))
    manager.part("pace-ask").click(delay=SLIP)
    expect(manager.part("pace")).to_contain_text(manager.say("scripts.pace.late", late=3, asked=3))
    expect(manager.part("pace-ask")).to_be_hidden()
    assert sent == [{"orders": [f"{1:020}", f"{2:020}"]}]
    if folder := os.environ.get("SCREENSHOTS"):
        manager.page.screenshot(path=f"{folder}/pace.png")
