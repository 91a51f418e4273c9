"""What the commands of films say to a host, in both languages: words.yml has it by name.

A refusal is made of such words as they are, and is told in the language of whoever reads it.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml
from storefront.read.faults import Said, Words, filled, listed

from cunbo.core.refusal import meant


def say(name: str, /, **words: Words) -> Said:
    """Return what words.yml has by a name, in both languages, with its {words} filled in."""
    return filled(_texts()[name], words)


def instead(name: str, known: Iterable[str]) -> Said:
    """Return the end of a refusal of a name that is not known: the one that was probably meant, or all there are."""
    names = sorted(known)
    one = meant(name, names)
    return say("meant", words=one) if one else say("known", words=listed(names))


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("words.yml").read_bytes())
    return found
