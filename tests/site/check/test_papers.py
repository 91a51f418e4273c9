"""The papers of a food: which numbers are some, and what on a label is no fact yet."""

from pathlib import Path

import pytest
from storefront.check import content, papers
from storefront.check.papers import LICENCE, NOT_YET, STANDARD, WORKSHOP

from tests.site.helpers.samples import CHINESE, ENGLISH, GOOD, write


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("SC10622058200017", True), ("XZF22058200012345", True), ("吉小作坊登字〔2024〕第 0582 号", True),
        ("(吉)食小作坊22058200031", True), ("ZF2205820012", True),
        ("SC1062205820001", False), ("SC106220582000171", False), ("SC00000000000000", False),
        ("JY12205820000000", False),
        ("sc10622058200017", False), ("12345", False),
        ("有", False), ("小作坊", False), ("SC1062205820001７x", False),
    ],
)  # fmt: skip
def test_a_makers_licence_is_a_producers_or_a_workshops(number: str, fine: bool) -> None:
    assert bool(LICENCE.fullmatch(number) or WORKSHOP.fullmatch(number)) is fine


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("GB 2714", True), ("GB/T 23587-2009", True), ("GB/T23587", True), ("NY/T 606", True),
        ("SB/T 10756-2012", True),
        ("DBS22/ 025-2014", True),
        ("DB22/T 1234", True), ("T/JLSP 001-2020", True), ("Q/JAXM 0001S-2023", True),
        ("Q/JAXM0001S", True), ("GB/T 1536.1", True),
        ("GB", False), ("GB/T", False), ("国标", False), ("Q/0001S", False), ("GB/T 00000", False), ("按标签", False),
        ("GB/T 23587, GB 2714", False),
    ],
)  # fmt: skip
def test_a_standard_has_the_form_of_its_kind(number: str, fine: bool) -> None:
    assert bool(STANDARD.fullmatch(number)) is fine


@pytest.mark.parametrize(
    "words", ["示例工坊", "待定", "Sample maker", "TBD", "某地", "xxx", "（暂无）", "not a real address"]
)
def test_what_is_still_to_come_is_no_fact(words: str) -> None:
    assert NOT_YET.search(words)


@pytest.mark.parametrize("words", ["无", "none", "吉林省集安市", "An example of care", "ample salt", "大白菜、食用盐"])
def test_a_fact_is_one(words: str) -> None:
    assert not NOT_YET.search(words)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("kind: food", "licence: JY12205820000000\nkind: food", 25, "licence"),
        ("kind: food", "standard: 国标\nkind: food", 25, "standard"),
        ("shelf_life: 30 天", "shelf_life: 很久", 9, "shelf_life"),
        ("made_of: 大白菜、辣椒", "made_of: 待补", 6, "made_of"),
        ("storage: 冷藏", "storage: xxx", 8, "storage"),
    ],
)
def test_production_names_the_line_of_each_paper_and_a_sample_shop_none(
    old: str, new: str, line: int, what: str, tmp_path: Path
) -> None:
    folder = write(tmp_path, GOOD | {CHINESE: GOOD[CHINESE].replace(old, new, 1)})
    assert content.look(folder).faults == ()
    told = [fault for fault in content.look(folder, production=True).faults if fault.file.endswith("cabbage.md")]
    assert [fault.line for fault in told if fault.what.en.startswith(what)] == [line]
    assert all(fault.what.zh != fault.what.en for fault in told if fault.what.en.startswith(papers.LABEL))


def test_the_label_is_read_in_both_languages(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD | {ENGLISH: GOOD[ENGLISH].replace("Keep cold", "TBD", 1)})
    told = content.look(folder, production=True).faults
    assert ("content/products/spicy-cabbage.en.md", 7) in [(fault.file, fault.line) for fault in told]
