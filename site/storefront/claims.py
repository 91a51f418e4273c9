"""Claims that the law forbids in what is said of food: claims.yml lists them, with the reason and the remedy."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import yaml

from .forms import shown
from .records import Entry

HAN = r"\u4e00-\u9fff"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Claims that are forbidden for one reason, as regular expressions."""

    why: str
    remedy: str
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def pattern(self) -> re.Pattern[str]:
        """Finds each of them, even where a line ends within it."""
        chinese = (re.sub(rf"(?<=[{HAN})])(?=[{HAN}]|\(\?:)", r"\\s?", claim) for claim in self.zh)
        english = (rf"(?a:\b(?:{claim})\b)" for claim in self.en)  # in ASCII alone, Chinese around a word ends it
        return re.compile("|".join((*chinese, *english)).replace(" ", r"\s"), re.IGNORECASE)


@cache
def groups() -> list[tuple[Group, re.Pattern[str]]]:
    """What claims.yml says; raises msgspec.ValidationError or re.error where that has another form."""
    tree = yaml.safe_load(Path(__file__).with_name("claims.yml").read_text(encoding="utf-8"))
    return [(group, group.pattern()) for group in msgspec.convert(tree, list[Group])]


def found(text: str) -> Iterator[tuple[int, str, str]]:
    """The line (from 1) of each claim in a text, what is wrong with it, and the remedy."""
    bare = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    for group, pattern in groups():
        for claim in pattern.finditer(bare):
            line = bare.count("\n", 0, claim.start()) + 1
            yield line, f"a product may not say {shown(claim[0])}, since {group.why}", group.remedy


def check(products: Iterable[Entry]) -> None:
    """Reports every claim in the files of products, front matter and body, in both languages."""
    for product in products:
        for paper in (product.facts, product.english):
            if paper:
                for fault in found(paper.text):
                    paper.report(*fault)
