"""Old names of places: each leads to the place of today; renamed.json is shared with the paste box."""

import json
from pathlib import Path
from typing import Any

import pytest
from chalicelib.districts import districts, old_names, present
from hypothesis import given
from hypothesis import strategies as st

RENAMED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "renamed.json").read_text(encoding="utf-8"))
TODAY = [
    (province, city, district)
    for province, cities in districts().items()
    for city, names in cities.items()
    for district in names
]


def test_an_old_name_leads_to_the_place_of_today() -> None:
    assert len(RENAMED) >= 60
    for case in RENAMED:
        assert present(case["written"]) == tuple(case["today"]), case


def test_every_place_of_today_stays_what_it_is() -> None:
    assert all(present(region) == region for region in TODAY)


@pytest.mark.parametrize(
    "region",
    [
        ("吉林省", "通化市"),
        ("吉林省", "通化市", "某某新区"),
        ("河北省", "石家庄市", "桥东区"),  # split among its neighbours: no single place of today
        ("吉林省", "广州市", "天河区"),
        ("吉林", "通化市", "集安市"),
        ("新疆维吾尔自治区", "石河子市", "某镇"),
    ],
)
def test_what_leads_nowhere_stays_as_it_was_written(region: tuple[str, ...]) -> None:
    assert present(region) == region


@pytest.mark.parametrize(
    ("region", "today"),
    [
        (("新疆维吾尔自治区", "石河子市"), ("新疆维吾尔自治区", "自治区直辖县级行政区划", "石河子市")),
        (("广东省", "顺德市"), ("广东省", "佛山市", "顺德区")),
        (("重庆市", "重庆市", "忠县"), ("重庆市", "县", "忠县")),
        (("河北省", "雄安新区", "雄县"), ("河北省", "保定市", "雄县")),
    ],
)
def test_a_place_in_another_ones_field_is_found(region: tuple[str, ...], today: tuple[str, ...]) -> None:
    assert present(region) == today


def test_every_old_name_leads_to_a_place_that_exists_and_is_offered_no_more() -> None:
    table = districts()
    for province, cities in old_names().cities.items():
        assert all(not now or now in table[province] for now in cities.values())
        assert not cities.keys() & table[province].keys()
    for province, by_city in old_names().districts.items():
        for city, names in by_city.items():
            assert {*names.values()} <= {*table[province][city]}
            assert not names.keys() & {*table[province][city]}


@given(st.lists(st.text(max_size=8), min_size=2, max_size=3))
def test_whatever_is_written_a_region_keeps_its_form(region: list[str]) -> None:
    assert present(present(region)) == present(region)
