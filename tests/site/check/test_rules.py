"""What must hold between records: names, prices, provinces, the files beside them, and what a real shop must have."""

from datetime import date
from pathlib import Path

import pytest
from chalicelib.catalog import Unit
from storefront.check.content import BadContent, look, read

from tests.site.helpers.samples import CHINESE, ENGLISH, GOOD, GOOD_VIDEO, VIDEO, faults, swapped, the_fault, write

STORY = "stories/returnees.md"
ROOM = {
    "live/first.md": "---\ntemplate: room.html\nname: 一号\nsummary: 卖菜\nvillage: gaotaizi\nprogramme: []\n"
    "picture: {src: a.svg, alt: 窗}\nproducts:\n  - spicy-cabbage\n  - noodles\nsample: true\n---\n菜\n",
    "live/first.en.md": "---\ntemplate: room.html\nname: One\nsummary: Cabbage\npicture: {alt: A}\n---\nx\n",
    "live/a.svg": "<svg/>",
}


def test_a_day_of_publishing_that_cannot_be_is_told_and_one_to_come_is_a_notice(tmp_path: Path) -> None:
    old = the_fault(tmp_path / "old", **swapped(STORY, "2026-11-24", "0226-11-24"))
    assert old.startswith(f"content/{STORY}:7: the year of 0226-11-24, the day of publishing, cannot be right")
    found = look(write(tmp_path, GOOD), day=date(2026, 11, 23))
    assert found.catalog and [(one.line, one.what.en.partition(",")[0]) for one in found.notices] == [
        (7, "2026-11-24 is still to come")
    ]


def test_whoever_names_a_product_that_does_not_exist_hears_which_there_are(tmp_path: Path) -> None:
    room = ROOM
    remedy = "there is no product 'noodles': write one of spicy-cabbage"
    assert the_fault(tmp_path / "room", **room) == f"content/live/first.md:10: {remedy}"
    story = swapped(STORY, "village: gaotaizi", "village: gaotaizi\nproducts: [spicy-cabbage, noodles]")
    assert the_fault(tmp_path / "story", **story) == f"content/{STORY}:6: {remedy}"
    video = {**GOOD_VIDEO, "videos/jar.md": VIDEO.replace("[spicy-cabbage]", "[noodles]")}
    assert the_fault(tmp_path / "video", **video) == f"content/videos/jar.md:9: {remedy}"


@pytest.mark.parametrize(
    ("file", "written", "remedy"),
    [
        (CHINESE, "三大坛子装", "one word of at most 4 characters for what is counted, such as 坛, 瓶, 盒, 包 or 份"),
        (CHINESE, "2 斤", "one word of at most 4 characters for what is counted, such as 坛, 瓶, 盒, 包 or 份"),
        (ENGLISH, "jar", "the word for one and for several with a slash between, such as jar/jars or box/boxes"),
        (ENGLISH, "jar/", "the word for one and for several with a slash between, such as jar/jars or box/boxes"),
    ],
)
def test_a_unit_is_one_word_in_chinese_and_in_english_that_for_one_and_for_several(
    tmp_path: Path, file: str, written: str, remedy: str
) -> None:
    good = {CHINESE: "unit: 坛\npacks:", ENGLISH: "unit: jar/jars\npacks:"}
    units = good | {file: f"unit: {written}\npacks:"}
    changed = swapped(CHINESE, "packs:", units[CHINESE]) | swapped(ENGLISH, "packs:", units[ENGLISH])
    line = changed[file].splitlines().index(f"unit: {written}") + 1
    assert the_fault(tmp_path / "bad", **changed) == f"content/{file}:{line}: unit is {written!r}: write {remedy}"
    right = swapped(CHINESE, "packs:", good[CHINESE]) | swapped(ENGLISH, "packs:", good[ENGLISH])
    assert read(write(tmp_path / "good", GOOD | right)).products[0].unit == Unit("坛", "jar/jars")


def test_a_product_without_a_unit_is_counted_in_items(tmp_path: Path) -> None:
    assert read(write(tmp_path, GOOD)).products[0].unit == Unit("件", "item/items")


@pytest.mark.parametrize("before", [2990, 2000])
def test_a_struck_out_price_must_be_above_the_price(tmp_path: Path, before: int) -> None:
    changed = swapped(CHINESE, "price: 2990", f"price: 2990\n    was:\n      price: {before}\n      basis: 上月的价")
    english = swapped(ENGLISH, "    name: 500 g", "    name: 500 g\n    was: {basis: Last month}")
    assert the_fault(tmp_path, **changed, **english) == (
        f"content/{CHINESE}:19: the struck-out price {before} is not above the price 2990:"
        " write the higher price that was asked before, or remove was"
    )


def test_a_struck_out_price_above_the_price_is_kept(tmp_path: Path) -> None:
    changed = swapped(CHINESE, "price: 2990", "price: 2990\n    was: {price: 3990, basis: 上月的价}")
    english = swapped(ENGLISH, "    name: 500 g", "    name: 500 g\n    was: {basis: Last month}")
    was = read(write(tmp_path, GOOD | changed | english)).products[0].packs[0].was
    assert was and (was.price, was.basis.en) == (3990, "Last month")


@pytest.mark.parametrize("floor", [2991, 5000])
def test_a_floor_for_drops_is_not_above_the_price(tmp_path: Path, floor: int) -> None:
    changed = swapped(CHINESE, "price: 2990", f"price: 2990\n    drop_floor: {floor}")
    assert the_fault(tmp_path, **changed) == (
        f"content/{CHINESE}:18: the floor for drops {floor} is above the price 2990:"
        " write at most 2990, or remove drop_floor: then it is half the price, 1495"
    )


@pytest.mark.parametrize(
    ("price", "written", "floor"), [(2990, "", 1495), (2991, "", 1496), (1, "", 1), (2990, 1, 1), (2990, 2990, 2990)]
)
def test_a_floor_is_what_is_written_else_half_the_price(
    tmp_path: Path, price: int, written: int | str, floor: int
) -> None:
    changed = swapped(CHINESE, "price: 2990", f"price: {price}" + (f"\n    drop_floor: {written}" if written else ""))
    assert read(write(tmp_path, GOOD | changed)).products[0].packs[0].floor == floor


def test_the_parts_of_a_price_come_to_no_more_than_the_price(tmp_path: Path) -> None:
    changed = swapped(CHINESE, "price: 2990", "price: 2990\n    parts: {hands: 2000, field: 900, jar: 90, parcel: 1}")
    assert the_fault(tmp_path, **changed) == (
        f"content/{CHINESE}:18: the parts come to 2991, and the price is 2990:"
        " lower some of them: the village has what is left"
    )


ZONES = [
    ("province: 新疆, postage: 0", "there is no province '新疆': write 新疆维吾尔自治区"),
    (
        "province: 西藏自治区, postage: 0}, {province: 西藏自治区, refused: true",
        "西藏自治区 stands in line 8 already",
    ),
    ("province: 西藏自治区", "the zone has neither of postage and refused: true: write one of the two"),
    ("province: 西藏自治区, refused: false", "the zone has neither of postage and refused: true: write one of the two"),
    ("province: 西藏自治区, postage: 0, refused: true", "the zone has both of postage and refused: true: write one of"),
    ("province: 西藏自治区, postage: -1", "postage is -1: write a whole number of fen; 0 where postage is free"),
    ("postage: 0", "province is missing: add province, some words"),
]


@pytest.mark.parametrize(("zone", "expected"), ZONES)
def test_a_zone_is_a_province_of_the_table_that_pays_something_else_or_is_refused(
    tmp_path: Path, zone: str, expected: str
) -> None:
    shop = the_fault(tmp_path / "shop", **swapped("shop.yml", "postage: 0", f"postage: 0\nzones: [{{{zone}}}]"))
    assert shop.startswith(f"content/shop.yml:8: {expected}")
    product = swapped(CHINESE, "sample: true", f"zones: [{{{zone}}}]")
    printed = "\n".join(map(str, faults(tmp_path / "product", **product)))
    assert f"content/{CHINESE}:24: {expected.replace('line 8', 'line 24')}" in printed


def test_zones_that_are_right_are_kept(tmp_path: Path) -> None:
    zones = "postage: 0\nzones:\n  - {province: 西藏自治区, postage: 2000}\n  - {province: 台湾省, refused: true}"
    shop = read(write(tmp_path, GOOD | swapped("shop.yml", "postage: 0", zones))).shop
    assert [(zone.province, zone.postage, zone.refused) for zone in shop.zones] == [
        ("西藏自治区", 2000, False),
        ("台湾省", None, True),
    ]


def shop_with(calendar: str) -> dict[str, str]:
    """The shop with a calendar, whose first line below its name is the file's tenth."""
    return {"shop.yml": f"{GOOD['shop.yml']}calendar:\n{calendar}"}


HOLIDAY = "why: {zh: 春节放假, en: closed for the Lunar New Year}"
CALENDARS = [
    (
        f"  closed: [{{first: 2027-02-08, last: 2027-02-05, {HOLIDAY}}}]",
        "the period from 2027-02-08 to 2027-02-05 ends before it begins: write a last day after the first, or the same",
    ),
    (
        f"  pauses: [{{first: 2027-02-03, last: 2027-04-04, {HOLIDAY}}}]",
        "the period from 2027-02-03 to 2027-04-04 lasts 61 days: write days that are at most 60 in all",
    ),
    (f"  closed: [{{first: 2027-02-05, {HOLIDAY}}}]", "last is missing: add last, a date, such as 2026-11-24"),
    (f"  closed: [{{first: 2027-02-29, last: 2027-03-01, {HOLIDAY}}}]", "first is 2027-02-29: write a date, such as"),
    (f"  closed: [{{first: 2027-02-05 08:00:00, last: 2027-02-05, {HOLIDAY}}}]", "first is 2027-02-05 08:00:00: write"),
    ("  closed: [{first: 2027-02-05, last: 2027-02-08, why: {zh: 春节放假}}]", "en is missing: add en, some words"),
    ("  rest_days: [sunday, funday]", "entry 2 of rest_days is 'funday': write a day of the week in small letters, s"),
    ("  rest_days: [Sunday]", "days of the week are in English and in small letters: write rest_days: [sunday]"),
    (
        "  rest_days: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
        "rest_days has 7 entries: write a list of at most 6 days of the week, such as [sunday]",
    ),
    ("  holidays: []", "'holidays' is no field of calendar: write one of closed, pauses, rest_days, last_orders, co"),
    (
        '  last_orders: "4 pm"',
        "a time of the day is written in another way: write two digits each with a colon between: last_",
    ),
    ('  last_orders: "24:00"', "last_orders is '24:00': write a time of the day, such as 16:00"),
    ('  last_orders: "29:30"', "last_orders is '29:30': write a time of the day, such as 16:00"),
    ("  last_orders: 24:00", "last_orders is '24:00': write a time of the day, such as 16:00"),
    ("  last_orders:", "last_orders is blank: write a time of the day, such as 16:00"),
]


@pytest.mark.parametrize(("calendar", "expected"), CALENDARS)
def test_a_calendar_has_days_that_exist_in_order_and_leaves_some_to_ship(
    tmp_path: Path, calendar: str, expected: str
) -> None:
    assert the_fault(tmp_path, **shop_with(calendar)).startswith(f"content/shop.yml:10: {expected}")


def test_a_calendar_that_is_right_is_kept(tmp_path: Path) -> None:
    lines = (
        f"  closed:\n    - {{first: 2027-02-06, last: 2027-02-06, {HOLIDAY}}}",
        f"  pauses:\n    - {{first: 2027-02-03, last: 2027-04-03, {HOLIDAY}}}",
        "  rest_days: [sunday, monday]",
        "  last_orders: 16:00",
        "  courier: 21:30",
    )
    calendar = read(write(tmp_path, GOOD | shop_with("\n".join(lines)))).shop.calendar
    assert [(one.first, one.last) for one in (*calendar.closed, *calendar.pauses)] == [
        (date(2027, 2, 6), date(2027, 2, 6)),
        (date(2027, 2, 3), date(2027, 4, 3)),
    ]
    assert calendar.closed[0].why.en == "closed for the Lunar New Year"
    assert calendar.rest_days == ("sunday", "monday")
    assert (calendar.last_orders, calendar.courier) == ("16:00", "21:30")


def test_what_a_sample_shop_may_have_is_a_fault_in_production_alone(tmp_path: Path) -> None:
    room = {name: text.replace("19:30", "每晚").replace("  - noodles\n", "") for name, text in ROOM.items()}
    folder = write(tmp_path, GOOD | GOOD_VIDEO | room | {"shop.yml": GOOD["shop.yml"] + "sample: true\n"})
    read(folder)
    with pytest.raises(BadContent) as bad:
        read(folder, production=True)
    assert [f"{fault.file}:{fault.line}: {fault.what}" for fault in bad.value.faults] == [
        "content/live/first.md:10: this is a sample",
        "content/products/spicy-cabbage.en.md:9: maker still says 'Sample'",
        "content/products/spicy-cabbage.md:2: licence is missing: a food needs its maker's licence",
        "content/products/spicy-cabbage.md:2: maker_address is missing: the label needs it",
        "content/products/spicy-cabbage.md:2: standard is missing: a food needs the number of its standard",
        "content/products/spicy-cabbage.md:10: maker still says '示例'",
        "content/products/spicy-cabbage.md:24: this is a sample",
        "content/shop.yml:2: icp is missing",
        "content/shop.yml:6: licence is missing",
        "content/shop.yml:9: this is a sample",
        "content/videos/jar.jpg:1: nothing says who is seen or heard in videos/jar.jpg",
        "content/videos/jar.md:10: this is a sample",
        "content/videos/jar.mp4:1: nothing says who is seen or heard in videos/jar.mp4",
    ]
    assert all(all(fault.remedy) for fault in bad.value.faults)


def test_a_real_shop_is_without_a_fault_in_production_and_produce_needs_no_licence(tmp_path: Path) -> None:
    shop = swapped("shop.yml", 'licence: ""', 'licence: "91220582MA000000X0"\nicp: 吉ICP备00000000号')
    made = {
        CHINESE: GOOD[CHINESE].replace("示例工坊", "工坊"),
        ENGLISH: GOOD[ENGLISH].replace("Sample workshop", "Workshop"),
    }
    papers = "licence: SC10622058200017\nstandard: Q/JAXM 0001S-2026\nmaker_address: 吉林省集安市团结路 1 号"
    food = {
        CHINESE: made[CHINESE].replace("sample: true", papers),
        ENGLISH: made[ENGLISH].replace("date_rule", "maker_address: 1 Tuanjie Road, Ji'an\ndate_rule"),
    }
    (product,) = read(write(tmp_path / "food", GOOD | shop | food), production=True).products
    assert (product.standard, product.maker_address and product.maker_address.en) == (
        "Q/JAXM 0001S-2026",
        "1 Tuanjie Road, Ji'an",
    )
    produce = {**made, CHINESE: made[CHINESE].replace("sample: true\nkind: food", "kind: produce")}
    assert not read(write(tmp_path / "produce", GOOD | shop | produce), production=True).products[0].licence


def test_what_the_shop_puts_first_leads_the_shelf_and_must_be_there(tmp_path: Path) -> None:
    noodles = {
        "products/a-noodle.md": GOOD[CHINESE].replace("- sku: spicy", "- sku: noodle"),
        "products/a-noodle.en.md": GOOD[ENGLISH].replace("- sku: spicy", "- sku: noodle"),
    }
    first = GOOD["shop.yml"] + "first: [spicy-cabbage]\n"
    shelf = read(write(tmp_path / "one", {**GOOD, **noodles, "shop.yml": first})).products
    assert [product.id for product in shelf] == ["spicy-cabbage", "a-noodle"]
    fault = the_fault(tmp_path / "two", **{"shop.yml": first.replace("spicy-cabbage]", "cabbage]")})
    assert "there is no product 'cabbage'" in fault
