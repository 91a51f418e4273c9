"""Orders in the table: their kind of aggregate, money that is booked without reading the order, and what was said of
goods that were sold.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from chalicelib.domain.aggregate import Done
from chalicelib.domain.orders import search
from chalicelib.domain.orders.events import HoldEnded, Paid
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.packing.board import BoardEntry, entry_in, entry_of, entry_when_paid, key_of
from chalicelib.storage.keys import Item, body, instant, order_key, shown_key
from chalicelib.storage.kinds import AggregateStore, Kind
from chalicelib.storage.table import Table

DUE_SHARDS = 8
"""Partitions of the index `due` for orders, since a hot index throttles the table itself (DynamoDB guide, GSI
throttling): an order writes it twice, so they carry 4,000 orders a second. More is safe at any time, fewer once no
order is in it."""
PACK_SHARDS = 8
"""Partitions of the index `pack`, for the same reason."""


class Booked(msgspec.Struct, frozen=True):
    """Money that came while the order wanted just that, and when."""

    at: datetime
    money: Paid


def board_entry_in(item: Item) -> BoardEntry:
    """Return what the keys of an order's item tell the packing board."""
    return entry_in(item["pk"]["S"].removeprefix("order#"), item["pack_at"]["S"])


def book(number: str, money: Paid, now: datetime) -> Item:
    """Return an update that books the money unread, if the order wants just this and its hold has not ended.

    Reading makes of it what it means.
    """
    return {
        "Key": order_key(number),
        "UpdateExpression": "SET paid = :paid, v = v + :one, pack_pk = :pack REMOVE wants, due_pk, due_at",
        "ConditionExpression": "wants = :wants AND due_at > :now",
        "ExpressionAttributeValues": {
            ":now": {"S": instant(now)},
            ":paid": body(Booked(now, money)),
            ":one": {"N": "1"},
            ":pack": {"S": pack_partition(number)},
            ":wants": {"S": _wanted(money.reference, money.amount)},
        },
    }


def pack_partition(number: str) -> str:
    """Return the partition of the index `pack` that an order stands in while something of it is in the packing room."""
    return f"pack#{int(number) % PACK_SHARDS}"


def way_partition(number: str) -> str:
    """Return the partition of the index `pack` that an order stands in while its parcels are on their way."""
    return f"way#{int(number) % PACK_SHARDS}"


def _attributes(order: Order) -> Item:
    item: Item = {}
    if entry := entry_of(order):
        item["pack_pk"] = {"S": pack_partition(order.number)}
        item["pack_at"] = {"S": key_of(entry)}
    elif order.state is State.SHIPPED and order.look_at:
        item["pack_pk"] = {"S": way_partition(order.number)}
        item["pack_at"] = {"S": instant(order.look_at)}
    if _bookable(order):
        item["wants"] = {"S": _wanted(_expected(order), order.total)}
        # Who books it reads no order, and so cannot make this key; the index has no item that lacks the other one.
        item["pack_at"] = {"S": key_of(entry_when_paid(order))}
    if order.lookup:
        item["lookup"] = {"S": order.lookup}
    if order.mail_lookup:
        item["mail_lookup"] = {"S": order.mail_lookup}
    return item


def _wanted(reference: str, amount: int) -> str:
    """What payment an order wants: so many fen, by this attempt."""
    return f"{reference} {amount}"


def _expected(order: Order) -> str:
    """The reference of the attempt that is open; empty where it has none, and is paid by its number alone."""
    return next((attempt.reference(order.number) for attempt in order.open_attempts), "")


def _bookable(order: Order) -> bool:
    """Whether paying all of it would do nothing but enter the next state: no letter, nothing else to wait for."""
    if order.state is not State.AWAITING_PAYMENT:
        return False
    paid = decide(order, Paid("", "", order.total, reference=_expected(order)), order.placed)
    return paid.state is State.PAID and not paid.outbox and not paid.due


def _stripped(order: Order) -> Order:
    """The order without what its attributes say."""
    return msgspec.structs.replace(order, lookup=None, mail_lookup=None)


def _completed(order: Order, item: Item) -> Order:
    """The order with what its attributes say (older bodies have it), and with money that was booked unread."""
    found = {name: item[name]["S"] for name in ("lookup", "mail_lookup") if name in item}
    return _with_booked(msgspec.structs.replace(order, **found) if found else order, item)


def _with_booked(order: Order, item: Item) -> Order:
    """Puts money that was booked unread to the order, by the one rule of what money means."""
    if "paid" not in item:
        return order
    booked = msgspec.json.decode(item["paid"]["S"], type=Booked)
    return decide(order, booked.money, booked.at)


ORDER = Kind(
    name="order",
    type=Order,
    decide=decide,
    end=HoldEnded(),
    due_partitions=tuple(f"due#{shard}" for shard in range(DUE_SHARDS)),
    kept_until=lambda _: None,
    attributes=_attributes,
    stripped=_stripped,
    completed=_completed,
)

SEARCH = Kind(
    name="search",
    type=search.Search,
    decide=search.decide,
    end=Done(""),
    due_partitions=("due#searches",),
    kept_until=lambda one: None if one.outbox else one.asked,
)


class OrderStore(AggregateStore[Order]):
    """Orders, and what was said of the goods in them."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, ORDER)

    def find(self, lookup: str, phone: bool) -> list[str]:
        """Return numbers of the orders of a `phone`'s lookup, or of a mailbox's.

        By an index, so one that is seconds old may be missing.
        """
        index = "lookup" if phone else "mail_lookup"
        return [item["pk"]["S"].removeprefix("order#") for item in self.table.index(index, index, lookup)]

    def board(self) -> list[BoardEntry]:
        """Return what stands on the packing board, without reading an order; it may be seconds old."""
        return [
            board_entry_in(item)
            for shard in range(PACK_SHARDS)
            for item in self.table.index("pack", "pack_pk", f"pack#{shard}")
        ]

    def to_look_at(self, now: datetime) -> Iterator[str]:
        """Return numbers of orders about whose parcels carriers are to be asked by now.

        By the index alone, which may be a second old: of each partition in turn, each hour beginning with another one,
        so that whoever takes the first of them alone comes to all.
        """
        for shard in ((now.hour + step) % PACK_SHARDS for step in range(PACK_SHARDS)):
            found = self.table.pages(
                "query",
                IndexName="pack",
                KeyConditionExpression="pack_pk = :way AND pack_at <= :now",
                ExpressionAttributeValues={":way": {"S": f"way#{shard}"}, ":now": {"S": instant(now)}},
            )
            yield from (item["pk"]["S"].removeprefix("order#") for item in found)

    def book(self, number: str, money: Paid, now: datetime) -> bool:
        """Book the money without reading the order, where only "paid" can come of it; say whether it was booked."""
        return self.table.write("update_item", **book(number, money, now))

    def keep_shown(self, digest: str, said: bytes) -> None:
        """Keep for good what is said of a product, under its digest; the same again changes nothing."""
        self.table.call("put_item", Item={**shown_key(digest), "body": {"S": said.decode()}})

    def shown(self, digest: str) -> bytes | None:
        """Return what was said of a product; None where that was not kept."""
        item = self.table.get(shown_key(digest), consistent=False)
        return item["body"]["S"].encode() if item else None
