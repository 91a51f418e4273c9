"""What people type, fit for letters, labels and screens: signs that nobody sees go, or are refused. Pure rules."""

import re
import unicodedata

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of what no waybill can print: controls, formats such as a turn of direction, halves of pairs, breaks."""
BLANK_LETTERS = {"\u115f", "\u1160", "\u3164", "\uffa0"}
"""Fillers of Korean syllables: letters to Unicode, blank to everybody."""
HAN_TO_COME = range(0x20000, 0x3FFFE)
"""The planes that Unicode keeps for Han characters: one may be newer than this Python's tables."""
NOBODY = "·"


def tidy(text: str) -> str:
    """Return the text composed (NFC), without formats, with single spaces, and none at its ends.

    No name needs a format: the vowel separator of Mongolian and the joiners of emoji are of how it looks alone.
    """
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf" and char not in BLANK_LETTERS)
    return re.sub(" +", " ", unicodedata.normalize("NFC", seen)).strip(" \u3000")


def odd(text: str) -> bool:
    """Return whether the text holds signs that nobody sees."""
    return any(unicodedata.category(char) in UNSEEN or char in BLANK_LETTERS for char in text)


def is_letter(char: str) -> bool:
    """Return whether it is a letter of any script, or a Han character."""
    if char in BLANK_LETTERS:
        return False
    category = unicodedata.category(char)
    return category.startswith("L") or (category == "Cn" and ord(char) in HAN_TO_COME)


def has_letters(text: str) -> bool:
    """Return whether it is more than digits, marks and emoji."""
    return any(map(is_letter, text))


def initial(name: str) -> str:
    """Return the first letter or Han character of a name; a dot where it has none."""
    return next(filter(is_letter, name), NOBODY)
