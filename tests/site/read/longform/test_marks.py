"""Side notes, pull quotes and large numbers: what a writer types, and what Markdown makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storefront.check import links, markup
from storefront.read import texts

NOTED = "放山[^a]的人。\n\n另一段。\n\n[^a]: 进山*找参*，见[这里](x.md)。"


def test_a_note_stands_behind_the_paragraph_that_refers_to_it() -> None:
    html = texts.render(NOTED)
    assert html.index("放山") < html.index("进山") < html.index("另一段")
    assert 'href="#sidenote-1"' in html and 'id="sidenote-1"' in html
    assert "footnote" not in html and "&#8617;" not in html and "\xa0" not in html and "nbsp" not in html


def test_a_note_that_is_referred_to_twice_stands_once_and_notes_are_numbered_as_they_come() -> None:
    html = texts.render("乙[^b]甲[^a]乙[^b]\n\n[^a]: 第一\n[^b]: 第二")
    assert html.count("<aside") == 2 and html.index("第二") < html.index("第一")
    assert html.count('href="#sidenote-1"') == 2


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("甲[^a]", ["[^a]"]),
        ("甲\n\n[^a]: 注", ["[^a]"]),
        ("甲[^a]\n\n[^a]: 注[^b]\n[^b]: 注", ["[^b]", "[^b]"]),
        ("甲[^a]\n\n[^b]: 注", ["[^a]", "[^b]"]),
        ("甲[^a]\n\n[^a]: 注\n[^a]: 另一条", ["[^a]"]),
        (NOTED, []),
        ("`甲[^a]`", []),
    ],
)
def test_half_a_note_is_told_and_a_whole_one_is_not(text: str, half: list[str]) -> None:
    assert [words for kind, words in links.leftovers(text) if kind == "footnote"] == half


@pytest.mark.parametrize(
    ("text", "pulled"),
    [
        ("> **整个儿请出来**", True),
        ("> **一行\n> 两行**", True),
        ("> 整个儿**请**出来", False),
        ("> **请**\n>\n> **出来**", True),
        ("> **请**\n>\n> 出来", False),
        ("> **请** 出来", False),
        ("> 请", False),
        ("**请**", False),
        ("> **[请](x.md)**", False),
    ],
)
def test_a_quote_that_is_bold_as_a_whole_is_a_pull_quote_and_others_stay_quotes(text: str, pulled: bool) -> None:
    assert ('class="pulled"' in texts.render(text)) is pulled


@pytest.mark.parametrize(
    ("text", "large"),
    [
        ("**60 瓶**\n一批", True),
        ("**60%**\n玉米粉", True),
        ("**¥29.90**\n一瓶", True),
        ("**8:00**  \n抹料", True),
        ("**60 瓶**是一批", False),
        ("**60 瓶**", False),
        ("**一批**\n六十瓶", False),
        ("一批**60 瓶**\n六十瓶", False),
        ("**60 个字以上的一句话不是一个数，是一句话**\n所以不放大", False),
    ],
)
def test_a_bold_number_on_a_line_of_its_own_stands_large(text: str, large: bool) -> None:
    assert ('class="large"' in texts.render(text)) is large


PIECES = st.sampled_from(
    ["甲[^a]", "[^a]: 注", "[^b]: ", "> **请**", "> 请", "**60 瓶**\n一批", "- 乙[^b]", "| a |\n|---|\n| x[^a] |",
     "## 题[^a]", "[^a]: 注\n\n    又一段", "`[^a]`", "***", "[^a]", "[^]: x", "[^a b]: x", "\x02", "> [^a]"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=7))
def test_whatever_is_mixed_markdown_makes_elements_that_a_text_may_have(pieces: list[str]) -> None:
    text = "\n\n".join(pieces)
    assert [one for one in markup.findings(text) if one.kind == "element"] == []
    tree = texts.read(text)
    notes = [dict(attrs)["id"] for tag, attrs in tree.elements if tag == "aside"]
    leading = {dict(attrs)["href"] for tag, attrs in tree.elements if dict(attrs).get("class") == "notemark"}
    assert len(notes) == len({*notes}) and leading == {f"#{one}" for one in notes}
