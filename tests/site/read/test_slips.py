"""Slips of the keyboard in YAML are told by their own names, in their own lines, and nothing else beside them."""

import re
from pathlib import Path

import pytest
import yaml
from chalicelib.catalog import Product, Shop, Story
from hypothesis import given, settings
from hypothesis import strategies as st
from storefront.check.content import look
from storefront.read import faults, slips
from storefront.read.faults import Said
from storefront.read.forms import FileLanguage
from storefront.read.frontmatter import split
from storefront.read.records import FileReader

from tests.site.helpers.samples import CHINESE, GOOD, swapped, write

STORY, SHOP = "stories/returnees.md", "shop.yml"
PICTURE = "  - src: spicy-cabbage.svg\n    alt: 一坛辣白菜"
APART = "production:\n  per_day: 60\n  lead_days: 2\n  horizon_days: 14"
PLAN = "production: {per_day: 60, lead_days: 2, horizon_days: 14}"
DESK = "picture: {src: desk.svg, alt: 窗前的直播台}"
SLIPS: list[tuple[str, str, str, str]] = [
    # file, what stands there, what is typed, the fault and the first line that it is told of; more after a blank
    (CHINESE, "name: 辣白菜", "name：辣白菜", "wide_colon 0"),
    (CHINESE, "name: 辣白菜", "name ： 辣白菜", "wide_colon 0"),
    (CHINESE, "village: gaotaizi", "village：gaotaizi\nper_order：3", "wide_colon 0 wide_colon 1"),
    (CHINESE, "  - src: spicy", "  - src：spicy", "wide_colon 0"),
    (CHINESE, PICTURE, PICTURE.replace(": ", "："), "wide_colon 0 wide_colon 1"),
    (CHINESE, PICTURE, "  - {src：spicy-cabbage.svg, alt: 一坛}", "wide_colon 0"),
    (CHINESE, PLAN, PLAN.replace(": ", "：").replace(", ", "，"), "wide_colon 0 comma 0"),
    (CHINESE, PLAN, APART.replace(": ", "："), "wide_colon 1 wide_colon 2 wide_colon 3"),
    (SHOP, "{zh: 村播小铺, en: Cunbo Shop}", "{zh：村播小铺，en：Cunbo Shop}", "wide_colon 0 comma 0"),
    (CHINESE, "name: 辣白菜", "name:辣白菜", "colon_space 0"),
    (CHINESE, "    price: 2990", "    price:2990", "colon_space 0"),
    (CHINESE, "  - src: spicy", "  - src:spicy", "colon_space 0"),
    (CHINESE, PLAN, PLAN.replace(": ", ":"), "colon_space 0"),
    (CHINESE, "  - src: spicy", "  -src: spicy", "hyphen_space 0"),
    (CHINESE, "sample: true", "also:\n  -泡菜\n  -咸菜", "hyphen_space 1 hyphen_space 2"),
    (CHINESE, "sample: true", "also:\n  －泡菜\n  — 咸菜", "dash 1 dash 2"),
    (CHINESE, "  - src: spicy", "  – src: spicy", "dash 0"),
    (CHINESE, "  - src: spicy", "  • src: spicy", "dash 0"),
    (CHINESE, "  - src: spicy", "  —— src: spicy", "dash 0"),
    (CHINESE, "sample: true", "also:\n  1. 泡菜\n  2、咸菜", "dash 1 dash 2"),
    (CHINESE, PICTURE, "  - {src: spicy-cabbage.svg，alt: 一坛，辣白菜}", "comma 0"),
    (STORY, DESK, "picture: {src: desk.svg、alt: 窗前}", "comma 0"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: [spicy-cabbage，spicy-cabbage]", "comma 1"),
    (CHINESE, "    price: 2990", "    price: 2990，", "comma 0"),
    (CHINESE, "village: gaotaizi", "village: “gaotaizi”", "quotes 0"),
    (CHINESE, "    price: 2990", "    price: ‘2990’", "quotes 0"),
    (CHINESE, "name: 辣白菜", "name: “辣白菜: 好”", "quotes 0"),
    (CHINESE, "name: 辣白菜", 'name: "辣白菜”', "quotes 0"),
    (CHINESE, "    price: 2990", '    price: "2990"', "quoted 0"),
    (CHINESE, PICTURE, "  - ｛src: spicy-cabbage.svg, alt: 一坛｝", "brackets 0"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: 【spicy-cabbage】", "brackets 1"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: （spicy-cabbage）", "brackets 1"),
    (CHINESE, PICTURE, "  - {src: spicy-cabbage.svg, alt: 一坛", "bracket_open 0"),
    (SHOP, 'licence: ""', "calendar: {last_orders: 9:00}", "hour 0"),
    (SHOP, 'licence: ""', "calendar: {last_orders: 7 pm}", "hour 0"),
    (SHOP, 'licence: ""', "calendar: {last_orders: 19.30}", "hour 0"),
    (SHOP, 'licence: ""', "calendar: {last_orders: 晚上七点半}", "hour 0"),
    (SHOP, 'licence: ""', "calendar: {rest_days: [周日]}", "weekday 0"),
    (SHOP, 'licence: ""', "calendar: {rest_days: [Sunday]}", "weekday 0"),
    (SHOP, 'licence: ""', "calendar: {rest_days: [周一、星期三]}", "weekday 0"),
    (SHOP, 'licence: ""', "calendar: {rest_days: sunday}", "in_list 0"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: spicy-cabbage", "in_list 1"),
    (CHINESE, "sample: true", "seasons:\n  - {first: 11月, last: 2月, work: 腌}", "unit 1"),
    (CHINESE, "sample: true", "also: [泡菜, 咸菜", "bracket_open 0"),
    (CHINESE, "name: 辣白菜", 'name: "辣白菜', "quote_open 0"),
    (SHOP, "contact: shop@example.com", "contact: 'shop@example.com", "quote_open 0"),
    (CHINESE, "    price: 2990", '    price: "2990', "quote_open 0"),
    (CHINESE, "name: 辣白菜", "\tname: 辣白菜", "tab 0"),
    (CHINESE, "name: 辣白菜", "name:\t辣白菜", "tab 0"),
    (CHINESE, "    price: 2990", "\t\tprice: 2990", "tab 0"),
    (CHINESE, "name: 辣白菜", "name:\u3000辣白菜", "wide_space 0"),
    (CHINESE, "name: 辣白菜", "\u3000name: 辣白菜", "wide_space 0"),
    (CHINESE, "    price: 2990", "\u3000\u3000price: 2990", "wide_space 0"),
    (CHINESE, "name: 辣白菜", "\u200bname: 辣白菜", "wide_space 0"),
    (CHINESE, "    price: 2990", "\u00a0\u00a0\u00a0\u00a0price: 2990", "wide_space 0"),
    (CHINESE, "    price: 2990", "    price: ２９９０", "wide 0"),
    (STORY, "2026-11-24", "２０２６－１１－２４", "wide 0"),
    (SHOP, "postage: 0", "postage: 0\ncalendar:\n  last_orders: 16：00", "wide 2"),
    (CHINESE, " name: 辣白菜"[1:], " name: 辣白菜", "indent 0"),
    (CHINESE, "    price: 2990", "   price: 2990", "indent 0"),
    (CHINESE, "    price: 2990", "     price: 2990", "indent 0"),
    (CHINESE, "    price: 2990", "  price: 2990", "indent 0"),
    (CHINESE, "    price: 2990", "price: 2990", "indent 0"),
    (CHINESE, PLAN, "production:\n  per_day: 60\nlead_days: 2\nhorizon_days: 14", "indent 2 indent 3"),
    (CHINESE, PLAN, "production:\nper_day: 60\nlead_days: 2\nhorizon_days: 14", "indent 1 indent 2 indent 3"),
    (CHINESE, PLAN, "production:\n per_day: 60\n  lead_days: 2\n  horizon_days: 14", "indent 1"),
    (CHINESE, "    price: 2990", "    price: 2,990", "thousands 0"),
    (CHINESE, "    price: 2990", "    price: 2990分", "unit 0"),
    (CHINESE, "    weight: 500", "    weight: 500 克", "unit 0"),
    (CHINESE, "    weight: 500", "    weight: 0.5kg", "unit 0"),
    (STORY, "2026-11-24", "2026年11月24日", "day 0"),
    (STORY, "2026-11-24", "2026/11/24", "day 0"),
    (STORY, "2026-11-24", "20261124", "day 0"),
    (CHINESE, "sample: true", "sample: 是", "truth 0"),
    (CHINESE, "name: 辣白菜", "name: 阳光玫瑰 #1 级", "comment 0"),
    (CHINESE, "name: 辣白菜", "name: #1 级", "comment 0"),
    (CHINESE, "name: 辣白菜", "name: 阳光玫瑰\n  #1 级", "comment 1"),
    (CHINESE, "    alt: 一坛辣白菜", "    alt: 一坛辣白菜 # 换掉", "comment 0"),
    (CHINESE, "packs:", "packs:  # 两种", "comment 0"),
    (CHINESE, "sample: true", "also: [泡菜, #1 菜]", "comment 0"),
    (STORY, DESK, "picture: {src: desk.svg, alt: 窗前 #1}", "comment 0"),
    (STORY, DESK, "picture: {src: desk.svg, alt: 说明: 窗前}", "colon_in_text 0"),
    (STORY, DESK, "picture: {alt: 窗前, 直播台, src: desk.svg}", "comma_in_text 0"),
    (SHOP, "en: Cunbo Shop", "en: Cunbo, the shop", "comma_in_text 0"),
    (CHINESE, "name: 辣白菜", "name: 菜: 辣", "colon_in_text 0"),
    (CHINESE, "name: 辣白菜", "name: 菜:", "colon_in_text 0"),
    (CHINESE, "name: 辣白菜", "name: @辣白菜", "sign 0"),
    (CHINESE, "name: 辣白菜", "name: [新] 辣白菜", "sign 0"),
    (CHINESE, "name: 辣白菜", "name: - 辣白菜", "sign 0"),
    (CHINESE, "name: 辣白菜", 'name: "辣"白菜', "sign 0"),
    (CHINESE, "    price: 2990", "    price: 29元", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: 29.90", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: ￥29.90", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: 29块9", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: 29。90", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: “29.90”", "yuan 0"),
    (CHINESE, "    price: 2990", "    price：２９．９０ 元", "wide_colon 0 yuan 0"),
    (SHOP, "postage: 0", "postage: 5块", "yuan 0"),
    (CHINESE, "---\ntemplate", "———\ntemplate", "fence 0"),
    (CHINESE, "---\n一坛", "—-\n一坛", "fence 0"),
    (CHINESE, "name: 辣白菜", "名称: 辣白菜", "missing -1 no_field 0"),
]  # fmt: skip


INNOCENT = [
    (CHINESE, "name: 辣白菜", "name: “老味道”辣白菜"),
    (CHINESE, "name: 辣白菜", "name: 【新品】辣白菜，一坛"),
    (CHINESE, "name: 辣白菜", "name : 辣白菜"),
    (CHINESE, "name: 辣白菜", "name: C# 和 1:1，16：00"),
    (CHINESE, "name: 辣白菜", "name: 辣白菜 # 1".replace(" #", "#")),
    (CHINESE, "name: 辣白菜", "# 名字：先写中文\nname: 辣白菜"),
    (CHINESE, "name: 辣白菜", "name: |\n  辣白菜\n  # 不是备注"),
    (CHINESE, "packs:\n", "packs:\n  # 两种\n"),
    (STORY, "summary: 六位返乡者", "summary: 六位返乡者：\n  老王：“好”\n  － 回来了"),
    (STORY, "summary: 六位返乡者", "summary: '六位: 返乡者 #1'"),
]  # fmt: skip
KINDS = {CHINESE: Product, STORY: Story, SHOP: Shop}
FAULTS = yaml.load(Path(faults.__file__).with_name("faults.yml").read_bytes(), yaml.CSafeLoader)


def told(file: str, text: str) -> list[tuple[int, str]]:
    """The faults of a file's fields, each by its line and its name in faults.yml."""
    language = FileLanguage.BOTH if file == SHOP else FileLanguage.CHINESE
    parts = split(text)
    if parts is None and file != SHOP:
        found = [*slips.fences(text)]
    else:
        found = slips.mend(parts.front if parts else text, FileReader(KINDS[file], language).read).faults
    return sorted((line, name_of(what)) for line, what, _ in found)


def name_of(what: Said) -> str:
    """The name of a fault, by its words in English."""
    for name, texts in sorted(FAULTS.items(), key=lambda one: -len(re.sub(r"\{\w+\}", "", one[1]["what"]["en"]))):
        words = re.escape(texts["what"]["en"].replace("{{", "<").replace("}}", ">"))
        if re.fullmatch(re.sub(r"\\{\w+\\}", ".*", words), what.en.replace("{", "<").replace("}", ">")):
            return str(name)
    raise AssertionError(f"faults.yml has no {what.en}")


@pytest.mark.parametrize(("file", "old", "typed", "expected"), SLIPS)
def test_a_slip_is_named_in_its_own_line_and_nothing_else_is_told(
    file: str, old: str, typed: str, expected: str
) -> None:
    at = GOOD[file][: GOOD[file].index(old)].count("\n") + 1
    parts = expected.split()
    wanted = sorted((at + int(line), name) for name, line in zip(parts[::2], parts[1::2], strict=True))
    assert told(file, swapped(file, old, typed)[file]) == wanted


@pytest.mark.parametrize(("file", "old", "typed"), INNOCENT)
def test_what_only_looks_like_a_slip_is_none(file: str, old: str, typed: str) -> None:
    assert told(file, swapped(file, old, typed)[file]) == []


def test_a_remedy_shows_the_line_as_it_should_be_in_the_writers_language(tmp_path: Path) -> None:
    typed = swapped(CHINESE, "village: gaotaizi", "village：gaotaizi")
    (fault,) = look(write(tmp_path, GOOD | typed)).faults
    assert fault.told("zh") == f"content/{CHINESE}:5: 这里用了全角冒号: 改成英文冒号加空格：village: gaotaizi"
    assert fault.told("en") == (
        f"content/{CHINESE}:5: this colon is full-width (：): use an ASCII colon and a space: village: gaotaizi"
    )


def test_all_slips_of_a_file_are_told_at_once_and_so_is_what_else_is_wrong() -> None:
    text = GOOD[CHINESE].replace("name: 辣白菜", "name：辣白菜 #1").replace("price: 2990", "price: 29 元", 1)
    text = text.replace("weight: 500", "weight:５００").replace("village: gaotaizi", "village: 高台子")
    lines = [3, 3, 5, 17, 18, 18]
    assert [line for line, _ in told(CHINESE, text)] == lines, told(CHINESE, text)


@settings(deadline=None, max_examples=25)
@given(st.text("：，“”－　# \t\"'[]{}-:a1\n", max_size=40))
def test_whatever_is_typed_is_told_in_lines_that_are_there(typed: str) -> None:
    text = f"{GOOD[SHOP]}{typed}\n"
    assert all(1 <= line <= text.count("\n") for line, _ in told(SHOP, text))


def test_a_file_full_of_slips_is_read_a_few_times_only() -> None:
    times = 0

    def read(text: str) -> slips.Reading:
        nonlocal times
        times += 1
        return FileReader(Product, FileLanguage.CHINESE).read(text)

    slips.mend("---\n" + "a：b\n\tc: [\n- “x\n" * 200, read)
    assert 1 < times <= slips.TRIES + 1
