"""Keeping what the desk finds orders by: by the stream's consumer, from what orders were and what they have become."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.desk.rows import OrderRow, Term, row_of, terms_of, terms_of_person
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Order
from chalicelib.storage.desk.search import SearchStore
from chalicelib.storage.keys import Item
from chalicelib.storage.orders import ORDER

log = logging.getLogger("cunbo")


def keep_findable(search: SearchStore, keys: Keys, records: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows and terms that these records of the stream have changed, and take away those under which nobody is
    to be found any more; the same records again change nothing.

    Raise Busy. A record that cannot be read is logged: the shard's others must not wait for it for ever.
    """
    rows: list[OrderRow] = []
    terms: list[tuple[Term, str]] = []
    gone: list[tuple[Term, str]] = []
    latest: dict[str, Order] = {}
    for record in records:
        try:
            before, after = (_order(record["dynamodb"].get(image)) for image in ("OldImage", "NewImage"))
            if after is None:
                continue
            row, found = row_of(after), terms_of(after, keys)
        except Exception as error:
            log.error("search: a record cannot be read: %s", type(error).__name__)
            continue
        if before is None or row_of(before) != row:
            rows.append(row)
        terms += ((term, after.number) for term in sorted(found - (terms_of(before, keys) if before else set())))
        gone += ((term, after.number) for term in sorted(_gone(before, after, keys)))
        latest[after.number] = after
    search.keep(rows, terms)
    search.forget((), (one for one in gone if one[0] not in terms_of(latest[one[1]], keys)))


def _gone(before: Order | None, after: Order, keys: Keys) -> set[Term]:
    """Terms that its buyer is not found under any more: they have moved, asked to be forgotten, or their time is over.

    Most changes are of neither.
    """
    if before is None or _told(before) == _told(after):
        return set()
    kept = set() if after.person.asked else terms_of_person(after, keys, every=True)
    return terms_of_person(before, keys, every=True) - kept


def _told(order: Order) -> tuple[object, ...]:
    """What an order's buyer is found by."""
    return order.ship_to, order.email, bool(order.person.asked)


def _order(image: Item | None) -> Order | None:
    return ORDER.read(image) if image and image["sk"]["S"] == "order" else None
