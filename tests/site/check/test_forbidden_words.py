"""What a product may not say of itself: each group of claims with its line, and ordinary language that must pass."""

from pathlib import Path

import pytest
import yaml
from storefront.check import content, forbidden_words
from storefront.check.content import read

from tests.site.helpers.samples import CHINESE, ENGLISH, GOOD, GOOD_VIDEO, faults, swapped, write

SENTENCES = yaml.load(Path(__file__).with_name("claims.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
PAGE = """\
---
template: info.html
title: 主播
summary: 直播时什么不能说
---
不能说：包治百病，全国第一。
"""
ROOM = {
    f"live/one.{ending}": f"""\
---
template: room.html
name: 一号
summary: 一间屋子
{facts}---
看看辣白菜。
"""
    for ending, facts in {
        "md": "village: gaotaizi\npicture: {src: desk.svg, alt: 屋子}\n",
        "en.md": "picture: {alt: A room}\n",
    }.items()
} | {"live/desk.svg": "<svg/>"}

FORBIDDEN = {
    "Food Safety Law": """
        治疗, 治愈, 根治, 疗效, 药效, 食疗, 治病, 降血压, 降血糖, 降血脂, 降三高, 抗癌, 防癌, 抗肿瘤, 抗衰老,
        增强免疫力, 提高免疫, 提高身体的抵抗力, 补肾, 壮阳, 清热解毒, 排毒, 减肥, cures diseases,
        a remedy for colds, anti-cancer, detox, lowers blood pressure, Anti-Ageing, boosts your immune system,
        weight-loss, healing powers, treats many ailments
    """,
    "highest of all": """
        国家级, 最高级, 最佳, 世界第一, 全国第一, 销量第一, 第一品牌, 顶级, 极品, 独一无二, 史无前例, 绝无仅有,
        world-class, China's best, the best in the world, No. 1 brand, number one seller, unrivalled
    """,
    "nobody can prove it": """
        纯天然, 100%有效, 100 ％ 天然, 百分百安全, 绝对安全, 无副作用, 100% effective, all-natural, completely safe,
        purely natural, no side effects
    """,
    "GB 7718-2025": """
        零添加, 不添加, 无添加, 未添加, 0添加, 0 添加, 不含防腐剂, 不加任何添加剂, 无色素, no additives,
        additive-free, No added preservatives, free from artificial colourings, nothing added
    """,
    "the state": "特供, 专供, 国宴, 领导人, 人民大会堂, state banquets, specially supplied to the army",
    "E-Commerce Law": """
        48 小时内发货, 24h发货, 24H 内发货, ４８小时内发货, 二十四小时之内就发货, 两天内发出, 3 个工作日内寄出,
        当天发货, 次日送达, 现货秒发, 立即发货, ships within 24 hours, Shipped in 2 days, same-day shipping,
        dispatched immediately, 24-hour delivery
    """,
}
CLAIMS = [(claim.strip(), why) for why, said in FORBIDDEN.items() for claim in said.split(",")]


@pytest.mark.parametrize(("claim", "why"), CLAIMS)
def test_a_claim_is_found_with_the_law_that_forbids_it(claim: str, why: str) -> None:
    for text in (f"这坛菜{claim}，真的。", f"We say: {claim}. Really."):
        lines, whats, remedies = zip(*forbidden_words.found(f"---\nname: 菜\n---\n\n{text}\n"), strict=True)
        assert set(lines) == {5}
        assert any(why in what.en for what in whats), whats
        assert all(all(remedy) for remedy in remedies)


ORDINARY = [
    "第一天撒盐，第二天洗净，最后卷紧、装坛。最早的一坛，最好三天后开。",
    "快速发酵时会冒泡。发货前 3 天内出库装坛，现做现发，每天能做 60 坛。",
    "这是全国第一批传统村落里的村子。最佳食用时间是开坛后两周内。",
    "防治病虫害靠人手，减肥减药种出来的白菜。",
    "用高压锅煮面，先放气降压，再开盖。",
    "配料：大白菜、食盐、食品添加剂（柠檬酸）。不另加盐，不加糖。",
    "孕妇、哺乳期妇女和 14 周岁以下儿童不宜食用；一天不超过 3 克。",
    "腌两天，压一夜；放 24 小时，出水后沥干。收到以后三天内放回冰箱。",
    "The first day it is salted; at last it is rolled tight. Best before 30 days; best eaten cold.",
    "Packed within three days before it ships; left to cure for two days, then dressed in 2 hours.",
    "The finest threads of chilli, without added sugar. The treatment of the leaves takes patience.",
    "In stock while the plan has room. Natural fermentation; a safe jar; it lowers in the brine.",
    "Cabbage number one goes to the bottom. The world has the best of reasons to wait.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_language_passes(text: str) -> None:
    assert list(forbidden_words.found(text)) == []


@pytest.mark.parametrize("text", ["x\n零\n添加", "x\n  ships\n  within 24\n  hours\n", "x\nno   added \n additives"])
def test_a_claim_over_the_end_of_a_line_stands_in_the_line_where_it_begins(text: str) -> None:
    assert [line for line, _, _ in forbidden_words.found(text)] == [2]


def test_a_product_is_read_whole_in_both_languages(tmp_path: Path) -> None:
    chinese = swapped(CHINESE, "整叶手工抹料", "整叶手工抹料，增强免疫力")[CHINESE] + "\n## 零添加\n"
    english = swapped(ENGLISH, "500 g", "500 g, 100% natural")[ENGLISH] + "Ships in two days.\n"
    assert [
        str(fault).partition(", since")[0] for fault in faults(tmp_path, **{CHINESE: chinese, ENGLISH: english})
    ] == [
        "content/products/spicy-cabbage.en.md:17: what sells may not say '100% natural'",
        "content/products/spicy-cabbage.en.md:22: what sells may not say 'ships in two days'",
        "content/products/spicy-cabbage.md:4: what sells may not say '增强免疫力'",
        "content/products/spicy-cabbage.md:32: what sells may not say '零添加'",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("stories/returnees.md", "六位返乡者", "村里的人参治百病", 4),
        ("stories/returnees.en.md", "They came home.", "Ginseng cures diabetes.", 8),
        ("villages/gaotaizi.md", "大山里的村子", "全国第一的村子", 4),
        ("index.md", "先算做得出多少，再上架。", "零添加", 4),
        ("shop.yml", "做得出的才答应", "当天发货", 3),
        ("videos/jar.md", "十六秒", "看它怎么治好胃病", 4),
        ("videos/jar-zh.vtt", "A cabbage", "这坛菜能降血压", 4),
        ("live/one.md", "一间屋子", "世界级的辣白菜", 4),
        ("products/spicy-cabbage.md", "say: 下饭", "say: 养胃又下饭", 7),
    ],
)
def test_whatever_sells_is_read_captions_front_page_and_the_hosts_own_words_too(
    file: str, old: str, new: str, line: int, tmp_path: Path
) -> None:
    card = "name: 辣白菜\nhost_card:\n  wording:\n    - avoid: 包治百病\n      say: 下饭\n"
    whole = {**GOOD, **GOOD_VIDEO, **ROOM, CHINESE: GOOD[CHINESE].replace("name: 辣白菜\n", card, 1)}
    assert content.look(write(tmp_path, whole)).faults == ()
    assert old in whole[file]
    told = content.look(write(tmp_path, {file: whole[file].replace(old, new, 1)})).faults
    assert [(fault.file, fault.line) for fault in told] == [(f"content/{file}", line)]
    assert "卖货的地方不能说" in told[0].what.zh


def test_a_page_may_name_what_a_product_may_not(tmp_path: Path) -> None:
    pages = {"pages/hosts.md": PAGE, "pages/hosts.en.md": PAGE}
    assert read(write(tmp_path, GOOD | pages)).pages


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\nhost_card:\n  wording:\n    - avoid: 包治百病，治愈\n      say: 好吃\n---\n好吃", []),
        ("---\n- {avoid: 治愈, say: 好吃}\n---\n", []),
        ('---\n- {say: 好吃, avoid: "治愈, 抗癌"}\n---\n', []),
        ("---\n- {avoid: 治愈, say: 治愈}\n---\n", [2]),
        ("---\n- avoid: 治愈\n  say: 能抗癌\n---\n", [3]),
        ("---\nname: x\n---\navoid: 治愈", [4]),
    ],
)
def test_what_a_hosts_card_forbids_may_stand_there_and_nowhere_else(text: str, lines: list[int]) -> None:
    assert [claim.line for claim in forbidden_words.found(forbidden_words.said(text))] == lines


def told(sentences: list[str]) -> int:
    """How many of the sentences make a claim, as the list has it."""
    return sum(1 for sentence in sentences if [*forbidden_words.found(sentence)])


@pytest.mark.parametrize(
    ("sentences", "found", "wrongly"),
    [(SENTENCES, 100, 0), (SENTENCES["later"], 105, 0), (SENTENCES["fresh"], 74, 1)],
    ids=["200", "later", "fresh"],
)
def test_claims_are_found_and_ordinary_sentences_are_left_alone_as_often_as_was_measured(
    sentences: dict[str, list[str]], found: int, wrongly: int
) -> None:
    assert told(sentences["forbidden"]) >= found
    assert told(sentences["innocent"]) <= wrongly


@pytest.mark.parametrize(
    "text",
    [
        "治*愈", "治 百 病", "治\u200b愈", "治·愈", "治**百**病", "治【百】病", "根⁠治", "療效", "治癒", "养❤胃",
        "降 血 压", "１００％天然", "ＡＮＴＩ－ＡＧＥＩＮＧ", "Cures   diseases",
    ],
)  # fmt: skip
def test_a_claim_is_found_however_it_is_dressed(text: str) -> None:
    assert [*forbidden_words.found(text)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("本品不能治病", 0), ("人参不是药，不能代替药物治疗", 0), ("没有疗效", 0), ("It does not cure diseases", 0),
        ("不但能治病，还好吃", 1), ("不用吃药，也能治病", 2), ("不是不能治病", 1), ("It not only cures diseases", 1),
        ("药不能治。愈合要时间", 0), ("治好了，病也没了", 0),
    ],
)  # fmt: skip
def test_what_is_denied_right_before_it_is_no_claim_and_a_clause_ends_it(text: str, claims: int) -> None:
    assert len([*forbidden_words.found(text)]) == claims


def test_a_text_that_stays_is_looked_through_once() -> None:
    assert forbidden_words.found("包治百病") is forbidden_words.found("包治百病")
