"""How to reach somebody: an e-mail address or a mobile number, typed into one field. Pure rules, no I/O.

A number is kept as +86 and its eleven digits, an address as it was given. Text messages go to mobile numbers of
mainland China alone, where the shop ships to: a number abroad would cost many times as much, and nobody there can buy.
"""

import re
import unicodedata

from chalicelib.domain.mailbox import is_email, mailbox

PHONE = re.compile(r"\+861[3-9][0-9]{9}", re.ASCII)
PHONE_RULE = "a mobile number of mainland China: 11 digits that begin with 13 to 19"
EMAIL_RULE = "an e-mail address, such as name@example.com"


def read(typed: str) -> str:
    """Return the contact in its one form; raise ValueError, which says what is wrong with what was meant."""
    text = unicodedata.normalize("NFKC", typed).strip()
    number = phone(text)
    if PHONE.fullmatch(number):
        return number
    if is_email(typed.strip()):
        return typed.strip()
    if "@" in text:
        raise ValueError(EMAIL_RULE)
    if sum(map(str.isdigit, text)) >= 5:
        raise ValueError(PHONE_RULE)
    raise ValueError(f"{PHONE_RULE}; or {EMAIL_RULE}")


def is_phone(contact: str) -> bool:
    """Return whether a contact is a number; an e-mail address where not."""
    return PHONE.fullmatch(contact) is not None


def owner(contact: str) -> str:
    """Return whose it is, the same for all spellings: the number, or the mailbox; raise ValueError where it is none."""
    return contact if is_phone(contact) else mailbox(contact)


def phone(text: str) -> str:
    """Return digits as people type them (spaces, hyphens, +86, 0086) in the form +86…; it may be no number even so."""
    digits = re.sub(r"[\s-]", "", text)
    return "+86" + re.sub(r"^(\+?86|0086)(?=1)", "", digits)
