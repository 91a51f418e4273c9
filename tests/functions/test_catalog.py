"""The catalogue's own words: how a count of units is said."""

import pytest
from chalicelib.catalog import ITEMS, Unit

JARS = Unit("坛", "jar/jars")


@pytest.mark.parametrize(
    ("unit", "number", "zh", "en"),
    [
        (JARS, 0, "0 坛", "0 jars"),
        (JARS, 1, "1 坛", "1 jar"),
        (JARS, 60, "60 坛", "60 jars"),
        (Unit("斤", "jin/jin"), 2, "2 斤", "2 jin"),
        (ITEMS, 1, "1 件", "1 item"),
    ],
)
def test_a_count_is_said_in_the_unit_s_own_words(unit: Unit, number: int, zh: str, en: str) -> None:
    assert (unit.count(number, "zh"), unit.count(number, "en")) == (zh, en)
