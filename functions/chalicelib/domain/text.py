"""What people type, put into one form: blanks, dots, digits, phones. Pure rules, twin of site/assets/js/core/text.js.

Both are held to typed.json and phones.json of tests/functions/domain, so that forms, pasted addresses, the API and
staff see one text. What no label can print is taken out where it is harmless (formats), else refused (`odd`).
"""

import re
import unicodedata

NAME_LENGTH = (2, 50)
STREET_LENGTH = (4, 100)
DISTRICT_LENGTH = (1, 30)
NOTE_LENGTH = (0, 200)
"""The least and the most characters of each, counted as Unicode counts them."""
LONGEST_TYPED = 80
"""Characters of a phone as it is typed, labels and all."""

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of what no waybill can print: controls, formats such as a turn of direction, halves of pairs, breaks."""
BLANK_LETTERS = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0"}
"""Fillers of syllables and joiners of marks: letters or marks to Unicode, nothing to everybody."""
BLANKS = re.compile("[\t \xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]+")
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""Breaks and other controls, which a number may be pasted with."""
OUTER = " \n\r"
"""What may stand before and behind a text, and go; a break within it is odd, since a field has one line."""
HAN_TO_COME = range(0x20000, 0x3FFFE)
"""The planes that Unicode keeps for Han characters: one may be newer than this Python's tables."""
NOBODY = "·"

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
MARKS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Selectors of a character's variant, which stand behind it."""
AROUND_EMAIL = re.compile(
    r"^(?:[ \n\r.,;、<>()\[\]\"'“”‘’]|(?:mailto|e-?mail|(?:电子)?邮[箱件]):)+|[ \n\r.,;、<>()\[\]\"'“”‘’]+\Z",
    re.IGNORECASE,
)
"""Signs and labels that an address is copied with."""
BULLETS = "\xb7\u0387\u1427\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65"
DOT_OF_HAN = re.compile(f"([{HAN}][{MARKS}]?) ?[{BULLETS}.\u2024\u3002\ufe52\uff0e\uff61] ?(?=[{HAN}])")
DOT = re.compile(f" ?[{BULLETS}] ?")
WIDE = {wide: wide - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for wide in range(ord(first), ord(last) + 1)}

LABEL = re.compile(
    r"^(?:我的?|本[人机]|[收寄]货?件?人?|联[系络](?:人|方式)?|移动|手机|电话|号码?|微信|(?:隐私|虚拟)号?|同号?|的|是|为"
    r"|telephone|tel|phone|ph|mobile|mob|cell|contact|number|no|whatsapp|wechat|[mtv](?=[-.])|[-.~,;、。!?=])+",
    re.IGNORECASE,
)
REMARK = re.compile(r"(?:收|微信|同号?|号|(?:隐私|虚拟)号?|先生|女士|[-.,;、。!?~#*])+$")
SEPARATORS = re.compile(
    "[ ._/|\\\\()\\[\\]<>{}【】〔〕《》「」『』\"'“”‘’:\xb7\u2022\u2027\u2219\u22c5\u30fb\u2010-\u2015\u2212-]+"
)
EXTENSION = re.compile(
    r"(\d)-?(?:(?:[再后]?[转轉拨按]接?|分机(?:号码?)?|内线|extension|extn?|[xw#*,;p~=→、])-?)+(?=\d)", re.IGNORECASE
)
MOBILE = re.compile(r"(?:(?:\+*-?(?:00?-?)?86-?)+\+?)?0?-?(1-?[3-9](?:-?\d){9})(?:-(\d{3,6})|~(\d{1,6}))?", re.ASCII)


def tidy(text: str) -> str:
    """Return the text composed (NFC), without formats, letters and digits plain, single spaces, none at its ends.

    No name needs a format: the vowel separator of Mongolian and the joiners of emoji are of how it looks alone.
    """
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf" and char not in BLANK_LETTERS)
    return BLANKS.sub(" ", unicodedata.normalize("NFC", seen.translate(WIDE))).strip(OUTER)


def tidy_name(text: str) -> str:
    """Return a name tidied, with the one dot (·) between its parts that passports have; J. R. keeps its stops."""
    return DOT.sub("·", DOT_OF_HAN.sub(r"\1·", tidy(text)))


def tidy_note(text: str) -> str:
    """Return a note tidied, on one line."""
    return tidy(" ".join(text.split()))


def tidy_email(text: str) -> str:
    """Return an e-mail address as a keyboard for letters would have given it, without what stands around it."""
    return AROUND_EMAIL.sub("", tidy(unicodedata.normalize("NFKC", text)).replace("。", "."))


def tidy_digits(text: str) -> str:
    """Return digits of any script and width as 0 to 9, without blanks, dashes and # between and before them."""
    return re.sub(r"[ #\u2010-\u2015\u2212-]", "", _plain(text))


def phone(text: str) -> str | None:
    """Return a mobile number of mainland China as +8613800138000, one with an extension as +8618412345678-1234.

    It takes whatever spelling people have: labels, +86, 0086, a 0 before it, any digits, dashes, dots, brackets; None
    for all else. A landline is none: couriers send the code that opens a locker by text message.
    """
    if len(text) > LONGEST_TYPED:
        return None
    joined = LABEL.sub("", SEPARATORS.sub("-", _plain(text)))
    found = MOBILE.fullmatch(EXTENSION.sub(r"\1~", REMARK.sub("", joined)).strip("-"))
    if found is None:
        return None
    extension = found[2] or found[3]
    return f"+86{found[1].replace('-', '')}{'-' + extension if extension else ''}"


def number_of(phone: str) -> str:
    """Return the number alone of what `phone` returned: what limits count, and what finds an order again."""
    return phone.partition("-")[0]


def is_name(text: str) -> bool:
    """Return whether it may be a recipient's name: of 2 to 50 characters, not digits, marks and emoji alone."""
    return _fits(text, NAME_LENGTH) and has_letters(text)


def is_street(text: str) -> bool:
    """Return whether it may be a street, village or house: of 4 to 100 characters on one line."""
    return _fits(text, STREET_LENGTH)


def is_district(text: str) -> bool:
    """Return whether it may be a district that no table has: of 1 to 30 characters."""
    return _fits(text, DISTRICT_LENGTH)


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


def is_note(text: str) -> bool:
    """Return whether it can be a note to those who pack an order."""
    return _fits(text, NOTE_LENGTH)


def _fits(text: str, length: tuple[int, int]) -> bool:
    return length[0] <= len(text) <= length[1] and not odd(text)


def _plain(text: str) -> str:
    """Return what a number is typed with in its compatible forms (NFKC), each digit as 0 to 9, without pictures."""
    plain = re.sub(f"[{MARKS}\u20e3]", "", unicodedata.normalize("NFKC", tidy(BREAKS.sub(" ", text))))
    return "".join(str(unicodedata.decimal(char, char)) for char in plain if unicodedata.category(char) != "So")
