"""A search for a lost order: what its buyer remembers, until somebody has looked. Pure rules, no I/O.

Whoever is asked only writes it down, so the answer takes as long where there is such an order as where there is none.
"""

from datetime import datetime

import msgspec

from chalicelib.domain.aggregate import Done, Failed, HoldsNothing, notify, retry_later, struck_out


class Search(HoldsNothing, frozen=True):
    """A search that was `asked` for at an instant: orders of these `lookups` (orders/model.py).

    They are those of a phone number, or of a mailbox where `phone` is false.
    """

    lookups: tuple[str, ...]
    asked: datetime
    phone: bool = True


def begun(search: Search) -> Search:
    """Return the search with the intent to send the link of what is found."""
    return notify(search, search.asked, "link")


def decide(search: Search, event: Done | Failed, now: datetime) -> Search:
    """Return what `event` makes of the search: the same object where it changes nothing, else its next version."""
    after = struck_out(search, event) if isinstance(event, Done) else retry_later(search, event, now)
    return search if after is search else msgspec.structs.replace(after, version=search.version + 1)
