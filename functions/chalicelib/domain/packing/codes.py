"""The codes on labels: fixed letters, the order's number, the label's revision, and a check digit. Pure, no I/O.

A gun that stops halfway, two scans run together, or the barcode of a jar are told from a label, and so is an old label
from the current one. The check digit is that of ISO/IEC 7064 (MOD 97-10, two digits), which finds each wrong digit and
each swap of two.
"""

import re
import unicodedata
from typing import NamedTuple

LETTERS = "CB"
"""So that no spreadsheet takes it for a number, and no courier's gun for one of its own."""
CODE = re.compile(r"CB([0-9]{20})([0-9]{2})([0-9]{2})", re.ASCII)
MOST_REVISIONS = 100


class LabelCode(NamedTuple):
    """What a label says: of which order, and of which of its revisions modulo MOST_REVISIONS."""

    order: str
    revision: int


def code_of(order: str, revision: int) -> str:
    """Return the code of a label: 26 characters, digits in pairs, as Code 128 prints them shortest."""
    digits = f"{order}{revision % MOST_REVISIONS:02}"
    return f"{LETTERS}{digits}{98 - int(digits) * 100 % 97:02}"


def label_in(scanned: str) -> LabelCode | None:
    """Return what a scan says, in full width, in small letters or with blanks as an input method left it.

    None for half a scan, two in one, or the code of anything else.
    """
    text = "".join(unicodedata.normalize("NFKC", scanned).split()).upper()
    found = CODE.fullmatch(text)
    if found is None or text != code_of(found[1], int(found[2])):
        return None
    return LabelCode(found[1], int(found[2]))


def fits(code: LabelCode, revision: int) -> bool:
    """Return whether a label is of this revision of its order."""
    return code.revision == revision % MOST_REVISIONS
