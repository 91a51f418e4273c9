"""What the shop itself says, in both languages: messages.yml, read once."""

import os
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml
from chalicelib.domain.packing.carriers import CARRIERS, name_of

LANGUAGES = {"zh": "/", "en": "/en/"}
"""The languages and where their pages begin; the first is the default."""
TEXTS = Path(__file__).with_name("messages.yml")


class Branch(dict[str, Any]):
    """A branch of the tree, whose twigs are attributes too: templates look for these first, and there are many."""

    def __init__(self, twigs: dict[str, Any]) -> None:
        super().__init__(twigs)
        self.__dict__ = self


def localised(lang: str, path: str) -> str:
    """Return the path of a page in a language, from its path without one."""
    return LANGUAGES[lang] + path.lstrip("/")


@cache
def of(lang: str) -> dict[str, Any]:
    """Return the words of one language: a tree of texts. Raises ValueError where one is not written in both."""
    tree = yaml.load(TEXTS.read_bytes(), yaml.CSafeLoader)
    said = Branch({name: _in(lang, branch, name) for name, branch in tree.items()})
    said["packing"]["carriers"] = Branch({code: name_of(code, lang) for code in CARRIERS})  # the one table has them
    return said


def of_writer() -> str:
    """Return the language in which faults are told: that of the machine on which somebody writes."""
    return "zh" if (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("zh") else "en"


def modules(lang: str) -> dict[str, str]:
    """Return what scripts say, as modules by path: each adds a group of messages.yml's `scripts` to core/words.js."""
    return {
        f"core/words-{group}.js": 'import { words } from "./words.js";\n'
        f"words.{group} = {msgspec.json.encode(said).decode()};\n"
        for group, said in of(lang)["scripts"].items()
    }


def _in(lang: str, branch: dict[str, Any], name: str) -> Any:
    if branch.keys() == {*LANGUAGES}:
        return branch[lang]
    if branch.keys() & {*LANGUAGES}:
        raise ValueError(f"messages.yml: {name}: write it in both zh and en")
    return Branch({key: _in(lang, twig, f"{name}.{key}") for key, twig in branch.items()})
