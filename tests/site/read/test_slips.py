"""Slips of the keyboard in YAML are told by their own names, in their own lines, and nothing else is told beside them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from storefront.check.content import look
from storefront.read import faults as told_by
from storefront.read import slips

from tests.site.helpers.samples import CHINESE, GOOD, swapped, write

STORY, SHOP = "stories/returnees.md", "shop.yml"
PICTURE = "  - src: spicy-cabbage.svg\n    alt: 一坛辣白菜"
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
    (CHINESE, PLAN, "production:\n  per_day：60\n  lead_days：2\n  horizon_days：14", "wide_colon 1 wide_colon 2 wide_colon 3"),
    (SHOP, "{zh: 村播小铺, en: Cunbo Shop}", "{zh：村播小铺，en：Cunbo Shop}", "wide_colon 0 comma 0"),
    (CHINESE, "name: 辣白菜", "name:辣白菜", "colon_space 0"),
    (CHINESE, "    price: 2990", "    price:2990", "colon_space 0"),
    (CHINESE, "  - src: spicy", "  - src:spicy", "colon_space 0"),
    (CHINESE, "  - src: spicy", "  -src: spicy", "hyphen_space 0"),
    (CHINESE, "sample: true", "also:\n  -泡菜\n  -咸菜", "hyphen_space 1 hyphen_space 2"),
    (CHINESE, "sample: true", "also:\n  －泡菜\n  — 咸菜", "dash 1 dash 2"),
    (CHINESE, "  - src: spicy", "  – src: spicy", "dash 0"),
    (CHINESE, "  - src: spicy", "  • src: spicy", "dash 0"),
    (CHINESE, PICTURE, "  - {src: spicy-cabbage.svg，alt: 一坛，辣白菜}", "comma 0"),
    (STORY, DESK, "picture: {src: desk.svg、alt: 窗前}", "comma 0"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: [spicy-cabbage，spicy-cabbage]", "comma 1"),
    (CHINESE, "    price: 2990", "    price: 2990，", "comma 0"),
    (CHINESE, "sample: true", "also: [泡菜，咸菜]", "several 0"),
    (CHINESE, "village: gaotaizi", "village: “gaotaizi”", "quotes 0"),
    (CHINESE, "    price: 2990", "    price: ‘2990’", "quotes 0"),
    (CHINESE, "name: 辣白菜", "name: “辣白菜: 好”", "quotes 0"),
    (CHINESE, "name: 辣白菜", 'name: "辣白菜”', "quotes 0"),
    (CHINESE, "    price: 2990", '    price: "2990"', "quoted 0"),
    (CHINESE, PICTURE, "  - ｛src: spicy-cabbage.svg, alt: 一坛｝", "brackets 0"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: 【spicy-cabbage】", "brackets 1"),
    (STORY, "source: 新华社", "source: 新华社\nproducts: （spicy-cabbage）", "brackets 1"),
    (CHINESE, PICTURE, "  - {src: spicy-cabbage.svg, alt: 一坛", "bracket_open 0"),
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
    (CHINESE, "name: 辣白菜", "name: 菜: 辣", "colon_in_text 0"),
    (CHINESE, "name: 辣白菜", "name: 菜:", "colon_in_text 0"),
    (CHINESE, "name: 辣白菜", "name: @辣白菜", "sign 0"),
    (CHINESE, "name: 辣白菜", "name: [新] 辣白菜", "sign 0"),
    (CHINESE, "name: 辣白菜", "name: - 辣白菜", "sign 0"),
    (CHINESE, "name: 辣白菜", 'name: "辣"白菜', "sign 0"),
    (CHINESE, "    price: 2990", "    price: 29元", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: 29.90", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: ￥29.90", "yuan 0"),
    (CHINESE, "    price: 2990", "    price: “29.90”", "yuan 0"),
    (CHINESE, "    price: 2990", "    price：２９．９０ 元", "wide_colon 0 yuan 0"),
    (SHOP, "postage: 0", "postage: 5块", "yuan 0"),
    (CHINESE, "---\ntemplate", "———\ntemplate", "fence 0"),
    (CHINESE, "---\n一坛", "—-\n一坛", "fence 0"),
    (CHINESE, "name: 辣白菜", "名称: 辣白菜", "missing -1 no_field 0"),
]  # fmt: skip


def names_of(text: told_by.Said, filled: str) -> bool:
    """Whether a text is that of faults.yml with something filled in."""
    return slips.re.fullmatch(slips.re.sub(r"\\\{\w+\\\}", ".*", slips.re.escape(filled)), text.en) is not None


@pytest.mark.parametrize(("file", "old", "typed", "expected"), SLIPS)
def test_a_slip_is_named_in_its_own_line_and_nothing_else_is_told(
    tmp_path: Path, file: str, old: str, typed: str, expected: str
) -> None:
    changed = swapped(file, old, typed)
    at = GOOD[file][: GOOD[file].index(old)].count("\n") + 1
    parts = expected.split()
    wanted = sorted((at + int(line), name) for name, line in zip(parts[::2], parts[1::2], strict=True))
    texts = told_by._read("faults.yml")
    found = look(write(tmp_path, GOOD | changed)).faults
    names = [
        (fault.line, name)
        for fault in found
        for name in {name for _, name in wanted}
        if fault.file == f"content/{file}"
        and names_of(fault.what, texts[name]["what"]["en"].replace("{{", "{").replace("}}", "}"))
    ]
    assert sorted(names) == wanted, [fault.told("en") for fault in found]
    assert len(found) == len(wanted), [fault.told("en") for fault in found]
