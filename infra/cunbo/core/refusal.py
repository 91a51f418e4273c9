"""What the command says when it cannot do what it was asked, and which name was probably meant."""

import difflib
from collections.abc import Iterable, Sequence


class Refusal(Exception):
    """What stands in the way, in one line, and how to mend it; the command prints it and leaves with 2.

    What it is made with may be words in both languages: they are told in that of whoever reads them.
    """


def instead(name: str, known: Iterable[str]) -> str:
    """Return the end of a refusal of a name that is not known: the one that was probably meant, or all there are."""
    names = sorted(known)
    one = meant(name, names)
    return f"did you mean {one}?" if one else f"there are {', '.join(names)}"


def meant(name: str, known: Sequence[str]) -> str | None:
    """Return the known name that was probably meant; None where none is like it."""
    return next(iter(difflib.get_close_matches(name.lower(), known, n=1)), None)
