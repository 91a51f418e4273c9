"""A story's process, gone through by keyboard, without a script too, and on paper; and its last line, of today."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.pages import CATALOG
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE

STEPS = next(story for story in CATALOG.stories if len(story.steps) > 2)
JAR = next(story for story in CATALOG.stories if story.products == ("spicy-cabbage",))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_process_is_gone_through_by_keyboard_and_lies_whole_on_paper(visit: Visit, javascript: bool) -> None:
    shopper = visit(size=PHONE, javascript=javascript)
    shopper.open(f"/stories/{STEPS.id}/")
    steps = shopper.page.locator(".process li")
    expect(steps).to_have_count(len(STEPS.steps))
    first, *_, last = (step.title.zh for step in STEPS.steps)
    shopper.page.get_by_role("radio").first.focus()
    expect(steps.first).to_be_visible()
    expect(steps.last).to_be_hidden()
    for _ in STEPS.steps[1:]:
        shopper.page.keyboard.press("ArrowRight")
    expect(shopper.page.get_by_role("radio", name=last)).to_be_checked()
    expect(steps.last.get_by_role("heading")).to_have_text(last)
    expect(steps.last).to_be_visible()
    expect(steps.first).to_be_hidden()
    if javascript:
        expect(shopper.page.locator(".months .its")).to_have_count(1)
        expect(shopper.page.locator(".year .now")).to_have_text(re.compile("月$"))
        shopper.look_over()
    shopper.page.emulate_media(media="print")
    for step in steps.all():
        expect(step).to_be_visible()
    expect(steps.first).to_contain_text(first)


def test_a_storys_last_line_says_what_is_left_today_and_when_nothing_is(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    line, path = shopper.page.locator(".last-line"), f"/stories/{JAR.id}/"
    shopper.open_until(path, line, shopper.day(min(shelf.batches("spicy-cabbage-500g"))))
    expect(line).to_contain_text("辣白菜：这批还剩")
    with shelf.holding("spicy-cabbage-500g", {}), shelf.holding("spicy-cabbage-1kg", {}):
        shopper.open_until(path, line, shopper.say("scripts.shelf.none"))
        expect(line).to_have_text("辣白菜：已售罄。")
