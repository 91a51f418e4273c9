"""Faults of content: where, what is wrong and how to mend it, in both of the languages that writers read.

faults.yml holds the words. **To add a fault, write it there** and report it by its name where it is found. What several
faults are made of, and what to write for each type, stands in phrases.yml.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import yaml

from storefront.read.messages import of_writer

MOST = 40  # names that a remedy lists
LATIN, HAN = re.compile(r"[A-Za-z0-9]"), re.compile(r"[\u4e00-\u9fff]")
WIDE = re.compile(r"[\u4e00-\u9fff“”「」、，。：；（）！]")


class Said(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if of_writer() == "zh" else self.en


Report = Callable[[int, Said, Said], None]
"""Takes a fault: its line (from 1), what is wrong, and how to mend it."""
Words = Said | str | int
"""What fills a fault's {words}: a bare text is the same in both languages, as a name or a number is."""


class ContentFault(NamedTuple):
    """Something to mend in the content; `line` counts from 1."""

    file: str
    line: int
    what: Said
    remedy: Said

    def told(self, lang: str) -> str:
        """Return the fault as one line in a language, whatever it quotes."""
        text = f"{self.file}:{self.line}: {getattr(self.what, lang)}: {getattr(self.remedy, lang)}"
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)

    def __str__(self) -> str:
        return self.told(of_writer())


def fault(name: str, /, **words: Words) -> tuple[Said, Said]:
    """Return what is wrong and how to mend it, as faults.yml has them, with its {words} filled in."""
    texts = _read("faults.yml")[name]
    return filled(texts["what"], words), filled(texts["remedy"], words)


def phrase(name: str, /, **words: Words) -> Said:
    """Return a part of a fault, as phrases.yml has it, with its {words} filled in."""
    return filled(_read("phrases.yml")[name], words)


def remedy(english: str) -> Said:
    """Return what to write for a type, of which the catalogue has the English: phrases.yml has the Chinese."""
    return Said(_read("phrases.yml")["remedies"].get(english, english), english)


def said(words: Words) -> Said:
    """Return words in both languages."""
    return words if isinstance(words, Said) else Said(str(words), str(words))


def quoted(text: str) -> Said:
    """Return a text in the quotes of each language, on one line."""
    english = repr(text)
    left, right = "「」" if re.search("[“”]", text) else "“”"
    return Said(f"{left}{english[1:-1]}{right}", english)


def listed(names: Sequence[str]) -> Said:
    """Return the names in one line, or the first of very many."""
    more = " …" if len(names) > MOST else ""
    return Said("、".join(names[:MOST]) + more, ", ".join(names[:MOST]) + more)


def filled(text: dict[str, str], words: dict[str, Words]) -> Said:
    """Return a text in both languages with its {words} filled in."""
    told = {name: said(value) for name, value in words.items()}
    english = text["en"].format(**{name: value.en for name, value in told.items()})
    chinese = ""
    for before, name, *_ in Formatter().parse(text["zh"]):
        chinese = _joined(_joined(chinese, before), told[name].zh if name else "")
    return Said(chinese, english)


def _joined(before: str, after: str) -> str:
    """Return two parts of a Chinese text joined: a space stands where Latin meets Chinese, and nowhere else."""
    left, right = before.rstrip(" "), after.lstrip(" ")
    if not left or not right:
        return before + after
    latin = [bool(LATIN.match(sign)) for sign in (left[-1], right[0])]
    if latin[0] != latin[1] and HAN.match(right[0] if latin[0] else left[-1]):
        return f"{left} {right}"
    return left + right if WIDE.match(left[-1]) or WIDE.match(right[0]) else before + after


@cache
def _read(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(Path(__file__).with_name(file).read_bytes(), yaml.CSafeLoader)
    return found
