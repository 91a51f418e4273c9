"""/.well-known/security.txt, as RFC 9116 wants it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from storefront.build.data.security_txt import ADDRESS, build_day, expires, text

from tests.site.helpers.built import ORIGIN, stored
from tests.site.helpers.pages import CATALOG


def fields(said: str) -> dict[str, str]:
    """The file's fields; fails where one stands twice."""
    pairs = [line.split(": ", 1) for line in said.splitlines()]
    found = dict(pairs)
    assert len(found) == len(pairs)
    return found


def test_the_built_site_says_where_to_report_a_weakness_until_a_day_less_than_a_year_away(site: Path) -> None:
    found = fields(stored(site, ADDRESS).read_text(encoding="utf-8"))
    assert found["Contact"] == f"mailto:{CATALOG.shop.contact}"
    assert found["Canonical"] == ORIGIN + ADDRESS
    assert set(found["Preferred-Languages"].split(", ")) == {"zh", "en"}
    now = datetime.now(UTC)
    assert now < datetime.fromisoformat(found["Expires"]) < now + timedelta(days=366)


@given(st.dates(min_value=date(2026, 1, 1), max_value=date(2100, 12, 31)))
def test_built_on_any_day_it_holds_for_half_a_year_at_least_and_for_less_than_a_year(day: date) -> None:
    assert timedelta(days=180) < expires(day) - day
    assert (expires(day).year, expires(day).timetuple()[1:3]) < (day.year + 1, day.timetuple()[1:3])


def test_two_builds_of_one_half_year_give_the_same_bytes_and_those_of_another_do_not() -> None:
    first, second = text(CATALOG, ORIGIN, date(2027, 1, 1)), text(CATALOG, ORIGIN, date(2027, 6, 30))
    assert first == second != text(CATALOG, ORIGIN, date(2027, 7, 1))


def test_a_build_that_is_reproduced_later_counts_as_the_day_that_it_is_told() -> None:
    assert build_day({"SOURCE_DATE_EPOCH": "1796083199"}) == date(2026, 11, 30)
    assert abs(build_day({}) - datetime.now(UTC).date()) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("shop@example.com", "mailto:shop@example.com"),
        ("https://example.com/contact", "https://example.com/contact"),
        ("0435-6221 000", "tel:04356221000"),
    ],
)
def test_whatever_contact_the_shop_gives_becomes_an_address(contact: str, uri: str) -> None:
    catalog = msgspec.structs.replace(CATALOG, shop=msgspec.structs.replace(CATALOG.shop, contact=contact))
    assert fields(text(catalog, ORIGIN, date(2026, 12, 1)))["Contact"] == uri


def test_a_shop_without_https_names_no_address_of_its_own() -> None:
    assert "Canonical" not in fields(text(CATALOG, "http://127.0.0.1:8000", date(2026, 12, 1)))
