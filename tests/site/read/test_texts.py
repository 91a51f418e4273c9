"""A heading's id is its own words: readable, the same whatever comes before it, and none of the page's own."""

import pytest
from storefront.read.texts import heading_id, read


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("一坛菜的几天", "一坛菜的几天"),
        ("怎么买？（两步）", "怎么买两步"),
        ("A few days in a jar", "a-few-days-in-a-jar"),
        ("What we don't do & why", "what-we-dont-do-why"),
        ("10 days", "section-10-days"),
        ("1. 先打开", "section-1-先打开"),
        ("Goods", "section-goods"),
        ("_lost_", "lost"),
        ("🎉", "section"),
    ],
)
def test_a_heading_is_named_by_its_words(words: str, expected: str) -> None:
    assert heading_id(words) == expected


def test_it_keeps_its_name_when_another_comes_before_it_and_two_of_the_same_words_differ() -> None:
    assert ids("## `甲` *乙* [丙](x.md)\n\n丁\n--\n\n### 丁\n\n## 🎉\n\n## 🎉") == [
        *("甲-乙-丙", "丁", "丁_1", "section", "section_1")
    ]
    assert ids("## 新的\n\n## 甲乙丙") == ["新的", "甲乙丙"]


def ids(text: str) -> list[str]:
    return [heading.address for heading in read(text).headings]
