"""E-mail addresses: the one rule of what the shop takes for one, and whose mailbox it is. Pure rules, no I/O.

The rule is narrower than RFC 5322, so that nobody on a letter's way can read an address in another way: ASCII alone, no
quotes, comments or encoded words (`=?…?=`), one recipient.
"""

import re

LONGEST = 254
"""Characters of an address that a mail server takes, at most."""
ATOM = r"[A-Za-z0-9_%+-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
TOP = r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9](?:[A-Za-z0-9-]{0,57}[A-Za-z0-9])?)"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@)(?P<user>{ATOM}(?:\.{ATOM})*)@(?P<domain>(?:{LABEL}\.)+{TOP})", re.ASCII)


def is_email(text: str) -> bool:
    """Return whether it is an address that the shop writes to."""
    return len(text) <= LONGEST and EMAIL.fullmatch(text) is not None


def parts(address: str) -> tuple[str, str]:
    """Return what stands before and behind the @, as it was typed; raise ValueError for what is no address."""
    found = EMAIL.fullmatch(address) if len(address) <= LONGEST else None
    if found is None:
        raise ValueError("this is no e-mail address that the shop writes to")
    return found["user"], found["domain"]


def mailbox(address: str) -> str:
    """Return whose mailbox it is: the same for all spellings, with and without a `+tag`; raise ValueError.

    It is for counting alone: a letter goes to the address as it was given.
    """
    user, domain = parts(address)
    name = user.partition("+")[0] or user
    return f"{name}@{domain}".casefold()


def domain_of(address: str) -> str:
    """Return its domain, the same for all spellings; raise ValueError."""
    return parts(address)[1].casefold()
