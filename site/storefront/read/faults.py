"""Faults of content: where, what is wrong and how to mend it, in both of the languages that writers read.

faults.yml holds the words. **To add a fault, write it there** and report it by its name where it is found.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from storefront.read.messages import LANGUAGES, of_writer


class Said(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if of_writer() == "zh" else self.en


Report = Callable[[int, Said | str, Said | str], None]
"""Takes a fault: its line (from 1), what is wrong, and how to mend it. A bare text stands for both languages."""


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


def fault(name: str, **words: Said | str) -> tuple[Said, Said]:
    """Return what is wrong and how to mend it, as faults.yml has them, with its {words} filled in."""
    return _filled(_faults()[name]["what"], words), _filled(_faults()[name]["remedy"], words)


def said(words: Said | str) -> Said:
    """Return words in both languages."""
    return Said(words, words) if isinstance(words, str) else words


def _filled(text: dict[str, str], words: dict[str, Said | str]) -> Said:
    told = {name: said(value) for name, value in words.items()}
    return Said(*(text[lang].format(**{name: getattr(one, lang) for name, one in told.items()}) for lang in LANGUAGES))


@cache
def _faults() -> dict[str, dict[str, dict[str, str]]]:
    text = Path(__file__).with_name("faults.yml").read_bytes()
    found: dict[str, dict[str, dict[str, str]]] = yaml.load(text, yaml.CSafeLoader)
    return found
