"""How to reach somebody: an e-mail address or a mobile number, typed into one field. Pure rules, no I/O.

A number is kept as +86 and its eleven digits, an address as it was given. Text messages go to mobile numbers of
mainland China alone, where the shop ships to: a number abroad would cost many times as much, and nobody there can buy.
A number with an extension is a marketplace's, shared by many: no text message to it reaches one person.
"""

from chalicelib.domain.mailbox import is_email, mailbox
from chalicelib.domain.text import number_of, phone, tidy_digits, tidy_email

PHONE_RULE = "a mobile number of mainland China: 11 digits that begin with 13 to 19, without an extension"
EMAIL_RULE = "an e-mail address, such as name@example.com"
DIGITS = 5
"""So many digits say that a number was meant."""


def read(typed: str) -> str:
    """Return the contact in its one form; raise ValueError, which says what is wrong with what was meant."""
    number, address = phone(typed), tidy_email(typed)
    if number and number == number_of(number):
        return number
    if is_email(address):
        return address
    if "@" in address:
        raise ValueError(EMAIL_RULE)
    if sum(map(str.isdigit, tidy_digits(typed))) >= DIGITS:
        raise ValueError(PHONE_RULE)
    raise ValueError(f"{PHONE_RULE}; or {EMAIL_RULE}")


def is_phone(contact: str) -> bool:
    """Return whether a contact is a number; an e-mail address where not."""
    return contact.startswith("+") and phone(contact) == contact


def owner(contact: str) -> str:
    """Return whose it is, the same for all spellings: the number, or the mailbox; raise ValueError where it is none."""
    return contact if is_phone(contact) else mailbox(contact)
