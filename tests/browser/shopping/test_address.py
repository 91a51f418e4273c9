"""The box that takes a whole address: what it recognises of sixty that were written down before it could read any."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PHONE, Shopper

SAMPLES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("addresses.yml").read_text(encoding="utf-8"))
LEAST = 55
"""Of the sixty, so many must be right in phone, province, city and district."""
FIELDS = ("name", "phone", "province", "city", "district", "street")


def fields(shopper: Shopper) -> dict[str, str]:
    return {name: shopper.field(name).input_value() for name in FIELDS}


def clear(shopper: Shopper) -> None:
    for name in ("name", "phone", "street"):
        shopper.field(name).fill("")
    shopper.field("province").select_option("")


def test_most_of_sixty_pasted_addresses_end_in_the_right_fields_and_nothing_is_sent(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    sent: list[str] = []
    shopper.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    shopper.carry({"spicy-cabbage-500g": 1})
    right, hits = [], {"name": 0, "street": 0}
    for index, sample in enumerate(SAMPLES, 1):
        clear(shopper)
        shopper.paste(sample["pasted"])
        found = fields(shopper)
        wrong = {name: found[name] for name in FIELDS[1:5] if found[name] != sample[name]}
        right += [index] if not wrong else []
        for name in hits:
            hits[name] += found[name] == sample[name]
        if found | {"note": ""} != {name: sample[name] for name in FIELDS} | {"note": ""}:
            print(f"sample {index}: {found}")
    print(
        f"phone and region right in {len(right)} of {len(SAMPLES)}, name in {hits['name']}, street in {hits['street']}"
    )
    assert len(SAMPLES) == 60
    assert len(right) >= LEAST
    assert sent == []
    assert shopper.page.url.endswith("/checkout/")


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
def test_it_says_what_it_recognised_and_what_is_missing(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.carry({"spicy-cabbage-500g": 1})
    name, phone, region, street = (
        shopper.say(f"scripts.paste.{part}") for part in ("name", "phone", "region", "street")
    )
    comma = shopper.say("scripts.paste.and")
    everything = comma.join((name, phone, region, street))
    told = shopper.paste("李娟13912340006广东省深圳市南山区科苑路88号")
    assert told == shopper.say("scripts.paste.all", found=everything)
    expect(shopper.part("read-result")).to_have_attribute("role", "status")
    shopper.look_over()
    told = shopper.paste("139 1234 0006 广东深圳")
    assert told == shopper.say(
        "scripts.paste.some", found=comma.join((phone, region)), missing=comma.join((name, street))
    )
    expect(shopper.field("street")).to_have_value("科苑路88号")  # what was not recognised leaves its field alone


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
    shopper.field("paste").press_sequentially("王磊 13800001003 吉林通化集安胜利路66号")
    shopper.field("paste").press("Enter")
    expect(shopper.field("phone")).to_have_value("")
    shopper.button("checkout.paste_read").click()
    expect(shopper.field("district")).to_have_value("集安市")
    shopper.page.reload()
    expect(shopper.field("street")).to_have_value("胜利路66号")  # kept like all that is typed
    assert sent == []
