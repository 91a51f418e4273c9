"""What the command says when it cannot do what it was asked, and which name was probably meant."""

import difflib
from collections.abc import Iterable


class Refusal(Exception):
    """What stands in the way, in one line, and how to mend it; the command prints it and leaves with 2."""


def instead(name: str, known: Iterable[str]) -> str:
    """Return the end of a refusal of a name that is not known: the one that was probably meant, or all there are."""
    names = sorted(known)
    meant = difflib.get_close_matches(name.lower(), names, n=1)
    return f"did you mean {meant[0]}?" if meant else f"there are {', '.join(names)}"
