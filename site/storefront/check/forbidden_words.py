"""Words that the law forbids in what is said of food: forbidden_words.yml lists them, with reason and remedy."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from storefront.read.faults import Said, fault
from storefront.read.forms import shown
from storefront.read.records import SourceRecord

HAN = r"\u4e00-\u9fff"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that are forbidden for one reason, as regular expressions."""

    why: Said
    remedy: Said
    zh: tuple[str, ...]
    en: tuple[str, ...]


@cache
def groups() -> list[Group]:
    """Return what forbidden_words.yml says; raises msgspec.ValidationError where that has another form."""
    tree = yaml.safe_load(Path(__file__).with_name("forbidden_words.yml").read_text(encoding="utf-8"))
    return msgspec.convert([_said(group) for group in tree], list[Group])


def _said(group: dict[str, Any]) -> dict[str, Any]:
    return group | {name: Said(**group[name]) for name in ("why", "remedy")}


@cache
def patterns() -> list[re.Pattern[str]]:
    """Return what finds them, Chinese and English, in lower case; the capture of a match has its group's number."""
    chinese = "|".join(f"({'|'.join(map(over_lines, group.zh))})" for group in groups())
    english = "|".join(f"({'|'.join(group.en)})" for group in groups())
    # In ASCII alone, Chinese around an English word ends it. The look ahead spares most places the long list.
    both = rf"(?=[{HAN}\d])(?:{chinese})", rf"(?a:\b(?:{english})\b)"
    return [re.compile(pattern.replace(" ", r"\s")) for pattern in both]


def over_lines(expression: str) -> str:
    """Return a Chinese expression that matches even where a line ends within it."""
    return re.sub(rf"(?<=[{HAN})])(?=[{HAN}]|\(\?:)", r"\\s?", expression)


AVOIDED = re.compile(r"""^[ \t-]*avoid:.*$|(?<=[{,])[ \t]*avoid:[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[^,}\n]*)""", re.MULTILINE)
"""What a host's card forbids, on a line of its own or in braces: it may stand there, for nobody sells by it."""


def said(text: str) -> str:
    """Return a product's file without what its host's card forbids, line by line as it was."""
    front, end, body = text.partition("\n---\n")
    return AVOIDED.sub("", front) + end + body


def found(text: str) -> Iterator[tuple[int, Said, Said]]:
    """Yield each forbidden word in a text: its line (from 1), what is wrong, and the remedy."""
    bare = "\n".join(" ".join(line.split()) for line in text.lower().split("\n"))
    for pattern in patterns():
        for match in pattern.finditer(bare):
            group = groups()[int(match.lastindex or 0) - 1]
            line = bare.count("\n", 0, match.start()) + 1
            yield line, *fault("claim", words=shown(match[0]), why=group.why, remedy=group.remedy)


def check(products: Iterable[SourceRecord]) -> None:
    """Report every forbidden word in the files of products, front matter and body, in both languages."""
    for product in products:
        for source in (product.facts, product.english):
            if source:
                for claim in found(said(source.text)):
                    source.report(*claim)
