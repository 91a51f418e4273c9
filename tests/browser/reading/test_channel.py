"""The channel's programme guide: what is on today, what is next in each room, and what of it goes into a calendar."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from chalicelib.catalog import WEEKDAYS
from chalicelib.domain.calendar import village_day
from icalendar import Calendar
from playwright.sync_api import Route, expect
from storefront.build.programme import instant, times

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import DESKTOP, PHONE, PREFIX, Size
from tests.site.helpers.pages import CATALOG

ROOMS = [room for room in CATALOG.rooms if room.programme]


@pytest.mark.parametrize(("lang", "size"), [("zh", PHONE), ("en", DESKTOP)])
def test_the_guide_says_what_comes_next_and_which_day_of_the_week_is_today(visit: Visit, lang: str, size: Size) -> None:
    reader = visit(lang=lang, size=size)
    reader.open("/channel/")
    for room in ROOMS:
        line = reader.page.locator(f'[data-room="{room.id}"] [data-part="on"]')
        expect(line).to_contain_text(times(room.programme[0]))
        expect(line).not_to_contain_text(reader.say("programme.china_time", hours=""))
    today = reader.page.locator("[data-today]")
    now = datetime.now(UTC)
    days = {village_day(now + timedelta(minutes=part)) for part in (-5, 0)}  # a test may run through midnight
    names = {reader.say(f"channel.days.{WEEKDAYS[day.weekday()]}") for day in days}
    assert str(today.locator("h3").inner_text()).split()[0] in names
    reader.look_over()


def test_a_room_on_air_leads_with_its_mark_and_leads_to_its_page(visit: Visit) -> None:
    reader = visit()
    last = ROOMS[-1].id

    def live(route: Route) -> None:
        on = {"id": "s", "since": "2026-11-30T00:00:00Z"} if f"/{last}" in route.request.url else None
        route.fulfill(body=json.dumps({"show": on, "showing": None, "poll": 0}), content_type="application/json")

    reader.page.route("**/api/rooms/*", live)
    reader.open("/channel/")
    first = reader.part("rooms").locator("li").first
    expect(first.locator('[data-part="on"]')).to_have_text(reader.say("scripts.programme.live"))
    first.get_by_role("link").click()
    expect(reader.page).to_have_url(f"{reader.origin}/rooms/{last}/")


def test_a_special_stands_in_the_week_on_its_own_day_and_in_no_other_week(visit: Visit) -> None:
    own, special = next(((room, one) for room in CATALOG.rooms for one in room.specials), (None, None))
    if not own or not special:
        pytest.skip("no room has a special")
    reader = visit()
    quiet = json.dumps({"show": None, "showing": None, "poll": 0})  # without the hour of a server
    reader.page.route("**/api/rooms/*", lambda route: route.fulfill(body=quiet, content_type="application/json"))
    reader.page.clock.set_fixed_time(instant(special.day, "10:00"))
    reader.open("/channel/")
    today = reader.page.locator("[data-today]")
    expect(today.locator(".once:visible")).to_contain_text([special.title.zh])
    reader.page.clock.set_fixed_time(instant(special.day + timedelta(days=1), "10:00"))
    reader.page.reload()
    expect(today.locator("[data-part=date]")).not_to_be_empty()
    expect(reader.page.locator(f'.once[data-day="{special.day}"]')).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_calendar_is_served_as_one_and_the_old_shelf_of_films_leads_here(visit: Visit, lang: str) -> None:
    reader = visit(lang=lang)
    answer = reader.page.request.get(f"{reader.origin}{PREFIX[lang]}/channel/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(answer.body()).walk("VEVENT")
    reader.open("/videos/")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(reader.say("channel.title"))
    expect(reader.page).to_have_url(f"{reader.origin}{PREFIX[lang]}/channel/")
