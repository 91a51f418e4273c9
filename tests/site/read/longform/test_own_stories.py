"""The sample's own stories: each tells of one thing in words of its own, and none speaks of itself."""

import re
from itertools import combinations

import pytest
from storefront.read.frontmatter import split

from tests.site.helpers.built import REPO

SIGNS, WORDS = 14, 9
"""A run of so many signs of Chinese, or words of English, is a sentence that was told before."""
ITSELF = re.compile(
    r"报道|本文|这篇|原文|文中"
    r"|\b(?:the|this|an?) (?:article|report|story says|piece)\b|\bnewspaper\b|\bwe (?:are told|read)\b",
    re.IGNORECASE,
)
TEXTS = {
    lang: {
        path.name: parts.body
        for folder in ("stories", "villages")
        for path in sorted((REPO / "content" / folder).glob("*.md"))
        if path.name.endswith(".en.md") is (lang == "en") and (parts := split(path.read_text(encoding="utf-8")))
    }
    for lang in ("zh", "en")
}
EVERY = [pytest.param(text, id=name) for texts in TEXTS.values() for name, text in texts.items()]


def runs(text: str, lang: str) -> set[str]:
    """Every run of a text, without its marks, addresses and pull quotes."""
    plain = re.sub(r"\]\([^)]*\)|^>.*$", " ", text, flags=re.MULTILINE)
    parts = re.findall("[\u3400-\u9fff]", plain) if lang == "zh" else re.findall(r"[a-z0-9']+", plain.lower())
    length = SIGNS if lang == "zh" else WORDS
    return {" ".join(parts[at : at + length]) for at in range(len(parts) - length + 1)}


@pytest.mark.parametrize("lang", TEXTS)
def test_no_two_stories_share_a_sentence(lang: str) -> None:
    found = {name: runs(text, lang) for name, text in TEXTS[lang].items()}
    assert len(found) == 7 and all(found.values())
    shared = {(one, other): found[one] & found[other] for one, other in combinations(found, 2)}
    assert {pair: said for pair, said in shared.items() if said} == {}


@pytest.mark.parametrize("text", EVERY)
def test_no_story_speaks_of_itself(text: str) -> None:
    assert ITSELF.findall(text) == []


@pytest.mark.parametrize(
    "fact", [r"600,000|六十多万", r"2005", r"six people|六个在外", r"until midnight|半夜", r"two years|两年"]
)
def test_a_fact_is_told_in_one_place(fact: str) -> None:
    for texts in TEXTS.values():
        assert len([name for name, text in texts.items() if re.search(fact, " ".join(text.split()))]) == 1
