"""What a story's pull quotes, steps and a product's seasons must hold to: each fault with its line."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chalicelib.catalog import Season, Text
from hypothesis import given
from hypothesis import strategies as st
from storefront.check import content, quotes

from tests.site.helpers.samples import GOOD, write

STORY, ENGLISH, PRODUCT = "stories/returnees.md", "stories/returnees.en.md", "products/spicy-cabbage.md"
SAID = "挖是把土拿走，抬是把参“请”出来。\n第二行接着说，**加粗**也算。见[这里](../index.md)看。"


def told(folder: Path, **files: Any) -> list[str]:
    """What is wrong with the sample once these of its files have other words."""
    changed = {**GOOD, **{name.replace("__", "/"): text for name, text in files.items()}}
    return [fault.told("en") for fault in content.look(write(folder, changed)).faults]


@pytest.mark.parametrize(
    "quote",
    [
        "挖是把土拿走，抬是把参“请”出来。",
        "抬是把参“请”出来",
        "抬是把参「请」出来！",
        "出来。第二行接着说",
        "加粗也算",
        "见这里看",
        "抬是把\n> 参“请”出来",
    ],
)
def test_a_pull_quote_of_the_texts_own_words_passes(quote: str) -> None:
    assert not quotes.strange(f"{SAID}\n\n> **{quote}**")


@pytest.mark.parametrize(
    "quote",
    [
        "抬是把人参“请”出来",
        "抬是把参“请”进去",
        "挖是把土拿走……请出来",
        "抬是把参请",
        "别的话",
    ],
)
def test_a_pull_quote_of_other_words_does_not(quote: str) -> None:
    assert quotes.strange(f"{SAID}\n\n> **{quote}**\n\n> **{quote}**")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Slow hands aren’t the problem, they are the point.\n\n> **slow hands aren't the problem**", True),
        ("One thing.\n\nAnother thing.\n\n> **One thing. Another thing.**", False),
        ("It ends\nhere and now.\n\n> **ends here and now**", True),
        ("A note[^1] in between.\n\n[^1]: Of it.\n\n> **A note in between.**", True),
        ("> **said by itself alone**", False),
        ("> Somebody else's words\n\nMine.", True),
    ],
)
def test_a_quote_stands_in_one_paragraph_and_never_in_itself(text: str, fits: bool) -> None:
    assert bool(quotes.strange(text)) is not fits


WORDS = st.lists(st.sampled_from([*"挖土走抬参请出来", "stone", "hand", "red"]), min_size=6, max_size=30)


@given(WORDS, st.integers(0, 5), st.integers(1, 6))
def test_any_run_of_a_paragraph_may_be_pulled_out_of_it(words: list[str], first: int, length: int) -> None:
    run = " ".join(words[first : first + length])
    assert not quotes.strange(f"{' '.join(words)}\n\n> **{run}**")


def test_a_strange_quote_is_told_with_its_line_in_each_language(tmp_path: Path) -> None:
    [zh] = told(tmp_path / "zh", **{STORY.replace("/", "__"): GOOD[STORY] + "\n> **他们没有回来**\n"})
    assert zh.startswith(f"content/{STORY}:12: the pull quote '他们没有回来' is not what the text says")
    [en] = told(tmp_path / "en", **{ENGLISH.replace("/", "__"): GOOD[ENGLISH] + "\n> **They stayed away.**\n"})
    assert en.startswith(f"content/{ENGLISH}:10: the pull quote")


STEP = "  - {title: 揉, words: 揉到面光}\n"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (STEP, "steps has one step only"),
        (STEP * 10, "write a list of 2 to 9 steps"),
        ("  - {title: 揉}\n" * 2, "words is missing"),
        ("  - {title: 揉, words: 光, picture: {src: gone.svg, alt: 面}}\n" * 2, "gone.svg"),
        ("  揉\n", "is no list"),
    ],
)
def test_a_process_has_two_to_nine_whole_steps(tmp_path: Path, steps: str, words: str) -> None:
    english = "".join("  - {title: Knead, words: Until smooth}\n" for _ in steps.splitlines())
    files = {
        name: str(GOOD[name]).replace("---\n", "---\nsteps:\n" + said, 1)
        for name, said in ((STORY, steps), (ENGLISH, english))
    }
    found = told(tmp_path, **{name.replace("/", "__"): text for name, text in files.items()})
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("seasons", "words"),
    [
        ("  - {first: 9, last: 13, work: 采挖}\n", "a month, a whole number from 1 to 12"),
        ("  - {first: 0, last: 3, work: 采挖}\n", "a month, a whole number from 1 to 12"),
        ("  - {first: 9月, last: 10月, work: 采挖}\n", "the number alone stands here, without a unit"),
        ("  - {first: 9, work: 采挖}\n", "last is missing"),
        ("  - {first: 9, last: 9, work: 采}\n  - {first: 9, last: 10, work: 晒}\n", "two seasons begin in month 9"),
    ],
)
def test_a_season_is_told_in_months(tmp_path: Path, seasons: str, words: str) -> None:
    front = str(GOOD[PRODUCT]).replace("---\n", f"---\nseasons:\n{seasons}", 1)
    found = told(tmp_path, **{PRODUCT.replace("/", "__"): front})
    assert any(words in one for one in found), found


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_season_runs_from_its_first_month_to_its_last_over_the_new_year_too(first: int, last: int) -> None:
    months = Season(first, last, Text("采", "pick")).months
    assert (months[0], months[-1]) == (first, last) and len(months) == len({*months})
    assert all(later == earlier % 12 + 1 for earlier, later in pairwise(months))
