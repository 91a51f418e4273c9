"""The days when nothing ships, and until when a day's goods are sold, as pages say them."""

import re
from datetime import date
from pathlib import Path

import pytest
from chalicelib import catalog
from storefront.build import pages
from storefront.read.messages import of as words_of

from tests.site.helpers.built import house, mkdocs, page


def test_the_delivery_page_lists_the_days_when_nothing_ships(site: Path) -> None:
    for own, heading, days in (
        (
            "/pages/delivery/",
            "<h2>不发货的日子</h2>",
            ["2027 年 2 月 3 日至 12 日：春节期间快递停运", "2027 年 2 月 5 日至 8 日：春节放假"],
        ),
        (
            "/en/pages/delivery/",
            "<h2>Days when nothing ships</h2>",
            [
                "3–12 February 2027: no courier over the Lunar New Year",
                "5–8 February 2027: closed for the Lunar New Year",
            ],
        ),
    ):
        listed = page(site, own).text.partition(heading)[2].partition("</ul>")[0]
        assert re.findall("<li>(.*?)</li>", listed) == days
        assert heading not in page(site, own.replace("delivery", "returns")).text


def test_the_delivery_page_alone_says_until_when_a_days_goods_are_sold(site: Path) -> None:
    for own, heading, words in (
        ("/pages/delivery/", "<h2>当天几点截单</h2>", "下单截至北京时间 16:00"),
        ("/en/pages/delivery/", "<h2>Daily cut-off</h2>", "Order by 16:00 (China time) for goods that ship that day"),
    ):
        assert words in page(site, own).text.partition(heading)[2].partition("</p>")[0]
        assert heading not in page(site, own.replace("delivery", "returns")).text


def test_a_shop_that_never_closes_lists_no_days_and_no_last_orders(tmp_path: Path) -> None:
    shop = house(tmp_path) / "content/shop.yml"
    shop.write_text(re.sub(r"calendar:\n( .*\n)+", "", shop.read_text(encoding="utf-8")), encoding="utf-8")
    assert mkdocs(tmp_path).returncode == 0
    delivery = page(tmp_path / "build/site", "/pages/delivery/").text
    assert [heading for heading in ("不发货的日子", "当天几点截单") if heading in delivery] == []


@pytest.mark.parametrize(
    ("first", "last", "zh", "en"),
    [
        ("2027-02-05", "2027-02-05", "2027 年 2 月 5 日", "5 February 2027"),
        ("2027-02-05", "2027-02-08", "2027 年 2 月 5 日至 8 日", "5–8 February 2027"),
        ("2027-01-30", "2027-02-08", "2027 年 1 月 30 日至 2 月 8 日", "30 January – 8 February 2027"),
        ("2026-12-30", "2027-01-02", "2026 年 12 月 30 日至 2027 年 1 月 2 日", "30 December 2026 – 2 January 2027"),
        ("2026-02-05", "2027-02-05", "2026 年 2 月 5 日至 2027 年 2 月 5 日", "5 February 2026 – 5 February 2027"),
    ],
)
def test_a_period_says_what_its_ends_share_once(first: str, last: str, zh: str, en: str) -> None:
    why = catalog.Text(zh="x", en="x")
    period = catalog.Period(date.fromisoformat(first), date.fromisoformat(last), why)
    assert (pages.span(period, "zh"), pages.span(period, "en")) == (zh, en)


def test_the_days_when_nothing_ships_are_those_of_each_week_then_the_periods_as_they_come() -> None:
    why = catalog.Text(zh="x", en="x")
    late, early = (catalog.Period(day, day, why) for day in (date(2027, 5, 1), date(2027, 2, 6)))
    calendar = catalog.Calendar(closed=(late,), pauses=(early,), rest_days=catalog.WEEKDAYS[5:])
    assert pages.closed(calendar, "zh") == ["每周六休息", "每周日休息", "2027 年 2 月 6 日：x", "2027 年 5 月 1 日：x"]
    assert pages.closed(calendar, "en")[:2] == ["Every Saturday: closed", "Every Sunday: closed"]


def test_every_day_of_the_week_can_be_one_of_rest() -> None:
    for lang in ("zh", "en"):
        assert tuple(words_of(lang)["rest"]) == catalog.WEEKDAYS
