"""The two parsers of front matter are one to whoever writes it."""

import re

import pytest
from hypothesis import given, settings
from storefront.read import frontmatter

from tests.site.helpers.samples import GOOD, mutations


def told(text: str) -> tuple[frontmatter.Node | None, list[tuple[int, str, str]]]:
    faults: list[tuple[int, str, str]] = []
    return frontmatter.parse(text, lambda *fault: faults.append(fault)), faults


@settings(deadline=None, max_examples=300)
@given(mutations())
def test_the_fast_parser_reads_what_the_slow_one_reads_and_leaves_it_what_is_wrong(mutation: tuple[str, str]) -> None:
    text = mutation[1].split("---\n")[1] if "---\n" in mutation[1] else mutation[1]
    fast = told(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontmatter, "DISPUTED", re.compile(""))
        assert told(text) == fast


def test_good_content_needs_no_slow_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(frontmatter, "_StrictLoader")
    assert told(GOOD["shop.yml"])[1] == []
