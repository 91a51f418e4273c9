"""The box that takes a whole address: what it reads of 120 that were written down before it could read them.

The texts are read many at a time by the page's own modules; what the box does with them, in the page.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PHONE, Shopper
from tests.site.helpers.built import REPO

Split = Callable[[list[str]], list[dict[str, Any]]]
TABLES = ("districts.json", "old_districts.json")

HERE = Path(__file__).parent
SAMPLES: list[dict[str, Any]] = [
    sample
    for name in ("addresses.yml", "pasted.yml")
    for sample in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
]
RENAMED: list[dict[str, Any]] = json.loads((REPO / "tests/functions/domain/renamed.json").read_text(encoding="utf-8"))
FIELDS = ("name", "phone", "province", "city", "district", "street")
SCRIPTS = REPO / "site/assets/js"


@pytest.fixture
def split(visit: Visit) -> Split:
    """Reads many texts at once by the page's own modules, with the tables that the shop publishes."""
    shopper = visit()
    modules = {path.name: path for path in SCRIPTS.rglob("*.js")}

    def module(route: Route) -> None:
        path = modules[route.request.url.rpartition("/")[2]]
        route.fulfill(
            body=re.sub(r'"[./]+/(?:\w+/)*(?=[\w-]+\.js")', '"./', path.read_text()), content_type="text/javascript"
        )

    shopper.page.route("**/assets/under-test/*.js", module)
    shopper.open("/pages/contact/")
    tables = {name: json.loads((REPO / f"functions/chalicelib/{name}").read_text()) for name in TABLES}
    places = tables["old_districts.json"] | {"provinces": tables["districts.json"]["provinces"]}

    def split(texts: list[str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = shopper.page.evaluate(
            """async ([texts, places]) => {
              const { split } = await import("/assets/under-test/address.js");
              return texts.map((text) => split(text, places));
            }""",
            [texts, places],
        )
        return found

    return split


def fields(shopper: Shopper) -> dict[str, str]:
    return {name: shopper.field(name).input_value() for name in FIELDS}


def read(found: dict[str, Any]) -> tuple[str, ...]:
    """Name, phone, province, city, district and street, the street without what stands between its words."""
    province, city, district = [*found["region"], "", "", ""][:3]
    return (found["name"], found["phone"], province, city, district, re.sub(r"[\s,，]", "", found["street"]))


def test_each_of_120_pasted_addresses_is_read_rightly_and_what_is_odd_about_it_is_said(split: Split) -> None:
    assert len(SAMPLES) == 120
    for sample, found in zip(SAMPLES, split([sample["pasted"] for sample in SAMPLES]), strict=True):
        wanted = [sample[name] for name in FIELDS]
        assert read(found) == (*wanted[:5], re.sub(r"[\s,，]", "", wanted[5])), sample["pasted"]
        assert found["says"] == sample.get("says", []), sample["pasted"]


def test_an_old_name_of_a_place_leads_to_the_place_of_today(split: Split) -> None:
    texts = [f"{''.join(case['written'])}人民路1号 张三 13800138000" for case in RENAMED]
    for case, found in zip(RENAMED, split(texts), strict=True):
        assert (found["region"], found["street"]) == (case["today"], "人民路1号"), case


def test_every_place_that_is_offered_is_read_as_itself(split: Split) -> None:
    provinces = json.loads((REPO / "functions/chalicelib/districts.json").read_text())["provinces"]
    today = [[p, c, d] for p, cities in provinces.items() for c, names in cities.items() for d in names]
    texts = [f"{p}{'' if p == c or '县' in c else c}{d}人民路1号 13800138000" for p, c, d in today]
    wrong = [place for place, found in zip(today, split(texts), strict=True) if found["region"] != place]
    assert len(wrong) <= 3, wrong  # 秦皇岛 has one zone under two names, 嘉峪关 a 市辖区


ADDRESS = "浙江省杭州市余杭区文一西路998号"
OTHER = "江苏省南京市玄武区中山路1号"


def test_however_the_phone_is_written_it_is_taken_with_its_extension_and_nothing_of_it_is_left(split: Split) -> None:
    number = ["138 001 38000", "1 3 8 0 0 1 3 8 0 0 0", "138_0013_8000", "138/0013/8000", "(138)0013-8000"]
    number += ["1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "+86 138\u00a00013\u20098000", "\u202d13800138000\u202c", "١٣٨٠٠١٣٨٠٠٠", "138−0013−8000"]
    number += [
        "微信同号13800138000",
        "13800138000（微信同号）",
        "电话/微信：13800138000",
        "微信13800138000",
        "QQ 13800138000",
    ]
    number += ["微信:13912345678 电话:13800138000", "13800138000 备用电话 13900139000", "13800138000 13800138000"]
    extended = [
        "转接1234",
        "转分机1234",
        " 拨1234",
        "-1234#",
        ";ext=1234",
        "#1234",
        " ext. 1234",
        "（转1234）",
        "_1234",
        "[1234]",
    ]
    texts = {f"张三 {typed} {ADDRESS}": "13800138000" for typed in number}
    texts |= {f"张三 18412345678{typed} {ADDRESS}": "18412345678-1234" for typed in extended}
    for text, found in zip(texts, split([*texts]), strict=True):
        assert read(found) == ("张三", texts[text], "浙江省", "杭州市", "余杭区", "文一西路998号"), text
        assert found["rest"] == "", text


def test_a_name_of_several_parts_is_one_name_wherever_it_stands(split: Split) -> None:
    texts = [
        f"{ADDRESS}阿卜杜热西提·买买提13800138000",
        f"{ADDRESS} 阿卜杜热西提∙买买提 13800138000",
        f"阿卜杜热西提 · 买买提 13800138000 {ADDRESS}",
        f"收货人：阿卜杜热西提．买买提 电话13800138000 地址：{ADDRESS}",
    ]
    for text, found in zip(texts, split(texts), strict=True):
        assert (found["name"], found["street"]) == ("阿卜杜热西提·买买提", "文一西路998号"), text
    [found] = split([f"Name: Zhang San Phone: 13800138000 Address: {ADDRESS}"])
    assert (found["name"], found["street"]) == ("Zhang San", "文一西路998号")


def test_what_is_masked_goes_nowhere(split: Split) -> None:
    marks = ["****", " **** ", "xxxx", "----", "____", "....", "……", "■■■■", "████", "####", "╳╳╳╳", "某某", "××××"]
    texts = {f"张三 138{mark}8000 {ADDRESS}": ("张三", "", "文一西路998号") for mark in marks}
    texts |= {
        "收货人：张* 电话：138****8000 地址：浙江省杭州市余杭区****": ("", "", ""),
        "张** 13800138000 浙江省杭州市余杭区文一西路***": ("", "13800138000", "文一西路"),
        "张三 13800138000 浙江省杭州市余杭区文一西路xx号": ("张三", "13800138000", "文一西路"),
        "张三 13800138000 浙江省杭州市**区文一西路998号": ("张三", "13800138000", "文一西路998号"),
    }
    for text, found in zip(texts, split([*texts]), strict=True):
        assert (found["name"], found["phone"], found["street"]) == texts[text], text
        assert (found["says"], found["rest"]) == (["masked"], ""), text


def test_of_two_addresses_the_receivers_is_taken_else_the_first(split: Split) -> None:
    own, others = f"张三 13800138000 {ADDRESS}", f"李四 13900139000 {OTHER}"
    texts = [
        f"{own} {others}",
        f"{ADDRESS} 张三 13800138000 {OTHER} 李四 13900139000",
        f"{own}\n{others}".replace(" ", "\n"),
        f"寄件人 {others} 收件人 {own}",
        f"【寄件】{others}【收件】{own}",
        "发货地址：江苏南京玄武区中山路1号 李四 13900139000\n收货地址：浙江杭州市余杭区文一西路998号 张三 13800138000",
        f"From: {others}\nTo: {own}",
        f"Sender: {others} Receiver: {own}",
        f"(寄) {others} (收) {own}",
        f"李四（寄）13900139000 {OTHER} 张三（收）13800138000 {ADDRESS}",
        f"收 {own} 寄 {others}",
        f"收件人信息：{own} 寄件人信息：{others}",
        f"卖家：{others} 买家：{own}",
        f"1. {own}\n2. {others}",
        f"1、{own} 2、{others}",
        f"{own}\n张三 13800138000 {OTHER}",
    ]
    for text, found in zip(texts, split(texts), strict=True):
        assert read(found) == ("张三", "13800138000", "浙江省", "杭州市", "余杭区", "文一西路998号"), text
        assert (found["says"], found["rest"]) == (["several"], ""), text


def test_one_address_pasted_twice_is_one_and_a_second_without_a_phone_is_named(split: Split) -> None:
    own = f"张三 13800138000 {ADDRESS}"
    once = split([f"{own} {own}", f"{own}{own}", f"{own} {ADDRESS}", f"{own}\n\n{own}"])
    second = split([f"{own} {OTHER}", f"{ADDRESS} {OTHER} 张三 13800138000"])
    for found in once + second:
        assert read(found) == ("张三", "13800138000", "浙江省", "杭州市", "余杭区", "文一西路998号"), found
    assert [(found["says"], found["rest"]) for found in once] == [([], "")] * 4
    assert [(found["says"], found["rest"]) for found in second] == [(["several"], OTHER)] * 2


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("张三 朝阳区望京街道 13812345678", ("张三", "13812345678", "", "", "", "朝阳区望京街道")),
        ("李　四 上海浦东张江镇 13812345678", ("李四", "13812345678", "上海市", "上海市", "浦东新区", "张江镇")),
        ("13812345678 王路", ("王路", "13812345678", "", "", "", "")),
        (
            "新疆伊犁州伊宁市解放路1号 (+86)13812345678 张三丰",
            ("张三丰", "13812345678", "新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁市", "解放路1号"),
        ),
        (
            "江苏省苏州市工业园区星湖街328号 李雷 13812345678",
            ("李雷", "13812345678", "江苏省", "苏州市", "工业园区", "星湖街328号"),
        ),
    ],
    ids=["a district that two cities have", "a spaced name", "a name like a road", "short forms", "a park"],
)
def test_what_is_uncertain_is_left_and_what_is_certain_is_taken(
    visit: Visit, pasted: str, expected: tuple[str, ...]
) -> None:
    shopper = visit()
    shopper.carry({"spicy-cabbage-500g": 1})
    shopper.paste(pasted)
    assert tuple(fields(shopper).values()) == expected


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_shows_what_it_recognised_says_what_is_missing_and_keeps_nothing_of_another_address(
    visit: Visit, lang: str
) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.carry({"spicy-cabbage-500g": 1})
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_be_visible()
    told = shopper.paste("李娟[1234]18412345678广东省深圳市南山区科苑路88号")
    for part, value in (
        ("name", "李娟"),
        ("phone", "18412345678-1234"),
        ("region", "广东省 深圳市 南山区"),
        ("street", "科苑路88号"),
    ):
        assert shopper.say(f"scripts.paste.{part}_is", value=value) in told
    expect(shopper.part("read-result")).to_have_attribute("role", "status")
    expect(shopper.part("refusal")).to_be_hidden()  # what it said was marked is filled in
    shopper.look_over()
    told = shopper.paste("王芳 0435-6221234 吉林省集安市团结街道")
    assert shopper.say("scripts.paste.landline") in told
    assert shopper.say("scripts.paste.missing", missing=shopper.say("scripts.paste.phone")) in told
    assert fields(shopper) == dict(zip(FIELDS, ("王芳", "", "吉林省", "通化市", "集安市", "团结街道"), strict=True))
    shopper.field("phone").fill("13912340006")  # typed by hand: it stays where a text says nothing of it
    assert shopper.say("scripts.paste.rest", rest="辣白菜2份") in shopper.paste(
        "辣白菜2份 张伟 浙江省杭州市余杭区文一西路998号"
    )
    assert fields(shopper)["phone"] == "13912340006"
    shopper.field("city").select_option("宁波市")
    shopper.paste("张伟 13912340007")
    assert fields(shopper)["city"] == "宁波市"
    told = shopper.paste("张三 13800138000 浙江省杭州市余杭区文一西路998号 " * 40)
    assert told == shopper.say("scripts.paste.long", count=1320)
    assert fields(shopper)["name"] == "张伟"


def test_rubbish_leaves_the_fields_alone_and_says_so(visit: Visit) -> None:
    shopper = visit(lang="en")
    shopper.carry({"spicy-cabbage-500g": 1})
    shopper.fill_form()
    before = fields(shopper)
    for rubbish in ("今天天气不错", "🌹" * 40, "<b>&amp;</b> ../../etc", "1" * 500, "好" * 500):
        assert shopper.paste(rubbish) == shopper.say("scripts.paste.nothing")
        assert fields(shopper) == before
    shopper.field("paste").fill("")
    shopper.button("checkout.paste_read").click()
    expect(shopper.part("read-result")).to_have_text(shopper.say("scripts.paste.empty"))


def test_the_button_reads_what_was_typed_and_enter_sends_nothing(visit: Visit) -> None:
    shopper = visit()
    sent: list[str] = []
    shopper.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    shopper.carry({"spicy-cabbage-500g": 1})
    shopper.field("paste").click()
    shopper.page.keyboard.type("王磊 13800001003 吉林通化集安胜利路66号")
    shopper.field("paste").press("Enter")
    expect(shopper.field("phone")).to_have_value("")
    shopper.button("checkout.paste_read").click()
    expect(shopper.field("district")).to_have_value("集安市")
    shopper.page.reload()
    expect(shopper.field("street")).to_have_value("胜利路66号")  # kept like all that is typed
    assert sent == []
