"""What a product may not say of itself: each group of claims with its line, and ordinary language that must pass."""

from pathlib import Path

import pytest
from storefront.check import forbidden_words
from storefront.check.content import read

from tests.site.helpers.samples import CHINESE, ENGLISH, GOOD, faults, swapped, write

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
        "content/products/spicy-cabbage.en.md:17: a product may not say '100% natural'",
        "content/products/spicy-cabbage.en.md:22: a product may not say 'ships in two days'",
        "content/products/spicy-cabbage.md:4: a product may not say '增强免疫力'",
        "content/products/spicy-cabbage.md:32: a product may not say '零添加'",
    ]


def test_a_story_may_tell_what_a_product_may_not(tmp_path: Path) -> None:
    assert read(write(tmp_path, GOOD | swapped("stories/returnees.md", "六位返乡者", "全国第一"))).stories


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
    assert [line for line, _, _ in forbidden_words.found(forbidden_words.said(text))] == lines
