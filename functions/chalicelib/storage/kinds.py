"""What the table must know of a kind of aggregate, and how one is written, read and found.

The kinds themselves are told beside their feature (orders.py, waitlist.py); aggregates.py lists them.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import takewhile
from typing import Any, Generic, TypeVar

import msgspec

from chalicelib.domain.aggregate import Aggregate
from chalicelib.storage.keys import Item, aggregate_key, body, instant, ttl
from chalicelib.storage.table import Table

log = logging.getLogger("cunbo")

A = TypeVar("A", bound=Aggregate)

NAME = re.compile("[a-z]+")
"""A kind's name is part of its keys, whose other parts `#` divides."""


class Unreadable(ValueError):
    """An item that no aggregate can be made of: reading it again will not help."""


class Kind(msgspec.Struct, Generic[A], frozen=True, kw_only=True):
    """A kind of aggregate: all that is particular to it in the table, and the rule that moves it.

    `decide` says what an event makes of one, and `end` is the event by which its hold ends by itself. `due_partitions`
    are its partitions of the index `due`: more than one where it is written often, since a hot index throttles the
    table itself. `kept_until` says when its meaning is lost, so that its item may go; None: never. `attributes` are
    those that its item has beside what every aggregate's has, `stripped` is the record without what those say already,
    and `completed` puts to the record what such attributes say beyond the stored body.

    Raises ValueError where a part of it is missing.
    """

    name: str
    type: type[A]
    decide: Callable[[A, Any, datetime], A]
    end: msgspec.Struct
    due_partitions: tuple[str, ...]
    kept_until: Callable[[A], datetime | None]
    attributes: Callable[[A], Item] = lambda _: {}
    stripped: Callable[[A], A] = lambda record: record
    completed: Callable[[A, Item], A] = lambda record, _: record

    def __post_init__(self) -> None:
        """Refuses what could be written, and would then not be found, swept or audited."""
        if not NAME.fullmatch(self.name):
            raise ValueError(f"the kind {self.name!r}: a name has small letters alone")
        if not self.due_partitions:
            raise ValueError(f"the kind {self.name}: without a partition of the index `due` no sweep would see it")
        for part in ("allocated", "ends"):
            if getattr(self.type, part) is getattr(Aggregate, part):
                raise ValueError(f"the kind {self.name}: {self.type.__name__} does not say what `{part}` is")

    def key(self, number: str) -> Item:
        """Return the key of the aggregate of this number."""
        return aggregate_key(self.name, number)

    def put(self, before: A | None, after: A) -> Item:
        """Return the write of the aggregate, on the condition of the version that was read (None: not there yet)."""
        put: Item = {"Item": self._item(after), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if before is None:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["ConditionExpression"] = "v = :v"
            put["ExpressionAttributeValues"] = {":v": {"N": str(before.version)}}
        return {"Put": put}

    def must_not_exist(self, number: str) -> Item:
        """Return the condition that there is no aggregate of this number."""
        return {
            "ConditionCheck": {
                "Key": self.key(number),
                "ConditionExpression": "attribute_not_exists(pk)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

    def read(self, item: Item) -> A:
        """Return the aggregate that an item holds; raises Unreadable, which names the item, where that cannot be.

        That is so where newer code has stored a state that this one does not know.
        """
        try:
            record = msgspec.json.decode(item["body"]["S"], type=self.type)
        except (msgspec.DecodeError, KeyError) as error:
            raise Unreadable(f"{item['pk']['S']} cannot be read: {error}") from None
        number = item["pk"]["S"].partition("#")[2]
        return self.completed(msgspec.structs.replace(record, number=number), item)

    def _item(self, record: A) -> Item:
        item = self.key(record.number)
        if record.due:
            item |= {"due_pk": {"S": self._partition(record)}, "due_at": {"S": instant(record.due)}}
        if kept_until := self.kept_until(record):
            item["ttl"] = ttl(kept_until)
        stripped = msgspec.structs.replace(self.stripped(record), number="")
        item |= self.attributes(record) | {"v": {"N": str(record.version)}, "body": body(stripped)}
        if record.outbox and not record.failures:  # what has failed is the sweep's: the stream would repeat it at once
            item["todo"] = {"N": str(len(record.outbox))}
        return item

    def _partition(self, record: A) -> str:
        """The end of a number is as good as random, so one kind's aggregates spread over its partitions."""
        partitions = self.due_partitions
        return partitions[int(record.number[-4:]) % len(partitions)] if len(partitions) > 1 else partitions[0]


class AggregateStore(Generic[A]):
    """The aggregates of one kind in the table."""

    def __init__(self, table: Table, kind: Kind[A]) -> None:
        self.table, self.kind = table, kind

    def load(self, number: str) -> A | None:
        """Return the aggregate of this number, as the last write left it. One read."""
        item = self.table.get(self.kind.key(number))
        return self.kind.read(item) if item else None

    def load_many(self, numbers: Iterable[str]) -> list[A]:
        """Return those aggregates of these numbers that exist, as the last write left them. One read for each 100."""
        return [*map(self.kind.read, self.table.get_many([*map(self.kind.key, numbers)], consistent=True))]

    def all(self) -> Iterator[A]:
        """Return every aggregate of this kind, by a scan of the table."""
        return (self.kind.read(item) for item in self.table.everything() if item["sk"]["S"] == self.kind.name)

    def due(self) -> Iterator[Iterator[A]]:
        """Return those that somebody must look at, now or later, partition by partition, each by the instant.

        It is an index's view: one may have changed since. Pages are short, since callers stop at the first that is not
        due yet. One that cannot be read is logged, each time: those behind it must not wait for it.
        """
        for partition in self.kind.due_partitions:
            yield self._readable(self.table.index("due", "due_pk", partition, Limit=25))

    def _readable(self, items: Iterator[Item]) -> Iterator[A]:
        for item in items:
            try:
                yield self.kind.read(item)
            except Unreadable as unreadable:
                log.error("%s", unreadable)

    def due_by(self, now: datetime) -> Iterator[A]:
        """Return those that somebody must look at by this instant, partition by partition."""
        for partition in self.due():
            yield from takewhile(lambda one: one.due and one.due <= now, partition)
