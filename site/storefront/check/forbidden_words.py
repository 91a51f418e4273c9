"""Words that the law forbids in what is said of food: forbidden_words.yml lists them, with reason and remedy."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import yaml

from storefront.read.forms import shown
from storefront.read.records import Entry

HAN = r"\u4e00-\u9fff"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Claims that are forbidden for one reason, as regular expressions."""

    why: str
    remedy: str
    zh: tuple[str, ...]
    en: tuple[str, ...]


@cache
def groups() -> list[Group]:
    """What forbidden_words.yml says; raises msgspec.ValidationError where that has another form."""
    tree = yaml.safe_load(Path(__file__).with_name("forbidden_words.yml").read_text(encoding="utf-8"))
    return msgspec.convert(tree, list[Group])


@cache
def patterns() -> list[re.Pattern[str]]:
    """What finds the claims, Chinese and English, in lower case; a match's capture has the number of its group."""
    chinese = "|".join(f"({'|'.join(map(over_lines, group.zh))})" for group in groups())
    english = "|".join(f"({'|'.join(group.en)})" for group in groups())
    # In ASCII alone, Chinese around an English word ends it. The look ahead spares most places the long list.
    both = rf"(?=[{HAN}\d])(?:{chinese})", rf"(?a:\b(?:{english})\b)"
    return [re.compile(pattern.replace(" ", r"\s")) for pattern in both]


def over_lines(claim: str) -> str:
    """A Chinese claim as it is found even where a line ends within it."""
    return re.sub(rf"(?<=[{HAN})])(?=[{HAN}]|\(\?:)", r"\\s?", claim)


def found(text: str) -> Iterator[tuple[int, str, str]]:
    """The line (from 1) of each claim in a text, what is wrong with it, and the remedy."""
    bare = "\n".join(" ".join(line.split()) for line in text.lower().split("\n"))
    for pattern in patterns():
        for claim in pattern.finditer(bare):
            group = groups()[int(claim.lastindex or 0) - 1]
            line = bare.count("\n", 0, claim.start()) + 1
            yield line, f"a product may not say {shown(claim[0])}, since {group.why}", group.remedy


def check(products: Iterable[Entry]) -> None:
    """Reports every claim in the files of products, front matter and body, in both languages."""
    for product in products:
        for paper in (product.facts, product.english):
            if paper:
                for fault in found(paper.text):
                    paper.report(*fault)
