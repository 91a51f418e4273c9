"""Counting a live evening: by the stream's consumer, each change of an order exactly once; and reading the figures.

    figures#<scope>            | figures     figures of a scope (figures.py), by name
    scans#<room>#<day>#<part>  | scans       scans of a room's code: `n` of the day, `<show>` of each show
    checkpoint                 | <shard>     the last record (`seq`) of a shard of the stream that has been counted, and
                                             that shard's latest sales, in `body`

A batch of a shard is counted in one transaction with the shard's checkpoint, which stands on the checkpoint as it was
read: what comes again, whole, in part or after a lost answer, is at or before the checkpoint and counts for nothing.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib.api import responses as answers
from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import village_day
from chalicelib.domain.conflicts import retrying
from chalicelib.domain.live.figures import Figure, Sale, change, day_scope, hour_scope, minute, sale, show_scope
from chalicelib.domain.live.rooms import LOG_KEPT_FOR
from chalicelib.domain.orders.model import Order
from chalicelib.storage.keys import Item, body
from chalicelib.storage.orders import ORDER
from chalicelib.storage.table import Table

log = logging.getLogger("cunbo")

MOST_SCOPES = 90
"""Scopes that are written in one transaction, which takes 100 items."""
TRIES = 8
"""How often a batch is counted anew where another process counts for the same shard."""
LATEST = 12
"""Sales that the big screen lists."""
PARTS = 4
"""Items over which a room's scans are spread: with 1,000 writes a second each, 4,000 scans a second of one room."""
KEPT_FOR = timedelta(days=60)
"""How long days and minutes are kept; shows are kept as long as the rooms' log."""
CHECKPOINT_KEPT_FOR = timedelta(days=3)
"""A shard of the stream is gone after a day."""
FRESH = 1.0
"""Seconds for which what was read is told again, so that many screens cost what one does."""
NAMES = ("orders", "paid", "held", "units", "fen")
StreamRecord = Mapping[str, Any]


class Checkpoint(msgspec.Struct, frozen=True):
    """How far a shard has been counted, and its latest sales, the latest first."""

    seq: str = ""
    latest: tuple[Sale, ...] = ()


class Figures:
    """The figures in the table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.read: dict[str, tuple[datetime, dict[str, Any]]] = {}

    # ---- By the stream's consumer ----

    def count(self, shard: str, records: Sequence[StreamRecord], now: datetime) -> None:
        """Counts the changes of orders that the records tell of, each once; raises Busy.

        One that cannot be read counts for nothing and is logged: the shard's others must not wait for it for ever.
        """

        def attempt() -> bool | None:
            seen = self._checkpoint(shard)
            fresh = {_seq(record): record for record in records if _seq(record) > seen.seq}
            return all(self._count(shard, *step, now) for step in _steps(seen, sorted(fresh.items()))) or None

        retrying(TRIES, f"others count for the shard {shard} all the time", attempt)

    def _count(
        self, shard: str, before: Checkpoint, after: Checkpoint, counted: Counter[Figure], now: datetime
    ) -> bool:
        return not self.table.transact([_move(shard, before, after, now), *_add(counted, now)])

    def _checkpoint(self, shard: str) -> Checkpoint:
        item = self.table.get(_checkpoint_key(shard))
        return msgspec.json.decode(item["body"]["S"], type=Checkpoint) if item else Checkpoint()

    # ---- By whoever has scanned ----

    def scan(self, room: str, show: str | None, now: datetime) -> None:
        """One more scan of the room's code."""
        key = _scans_key(room, now, random.randrange(PARTS))  # noqa: S311 - it spreads writes, no secret
        self.table.call("update_item", **_update(key, {"n": 1, **({show: 1} if show else {})}, now + KEPT_FOR))

    # ---- For the screens ----

    def room(self, room: str, show: str | None, now: datetime) -> dict[str, Any]:
        """A room's figures: of its show, of today, and of the last 30 minutes. One round trip, at most each second."""
        return self._fresh(f"{room} {show}", now, lambda: self._room(room, show, now))

    def evening(self, now: datetime, catalog: Catalog, left: Callable[[str], int]) -> dict[str, Any]:
        """The village's figures as its big screen has them. Two round trips for 19 rooms, at most each second."""
        told = self._fresh("evening", now, lambda: self._evening(now, catalog))
        products = [{**one, "left": left(one["sku"])} for one in told["products"]]
        return told | {"now": answers.millisecond(now), "products": products}

    def _fresh(self, what: str, now: datetime, look: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        at, told = self.read.get(what, (None, {}))
        if at is None or not 0 <= (now - at).total_seconds() < FRESH:
            told = look()
            self.read[what] = now, told
        return told

    def _room(self, room: str, show: str | None, now: datetime) -> dict[str, Any]:
        began = _began(show, now)
        days = {village_day(began), village_day(now)}
        scopes = [day_scope(now, room), *_hours(now, 30, room), *([show_scope(room, show)] if show else [])]
        scans = [_scans_key(room, at, part) for at in sorted({began, now}) for part in range(PARTS)]
        keys = [*map(_figures_key, scopes), *(scans if len(days) > 1 else scans[-PARTS:])]
        found = self._found(keys)
        scanned = Counter[str]()
        for item in found.values():
            if item["pk"]["S"].startswith("scans#"):
                of_today = item["pk"]["S"].split("#")[2] == str(village_day(now))
                scanned["today"] += _number(item, "n") if of_today else 0
                scanned["show"] += _number(item, show) if show else 0
        return {
            "show": _told(found, show_scope(room, show), scanned["show"]) if show else None,
            "today": _told(found, day_scope(now, room), scanned["today"]),
            "minutes": _minutes(found, now, 30, room),
        }

    def _evening(self, now: datetime, catalog: Catalog) -> dict[str, Any]:
        rooms = [room.id for room in catalog.rooms]
        scopes = [day_scope(now), *_hours(now, 60), *(day_scope(now, room) for room in rooms)]
        scans = [_scans_key(room, now, part) for room in rooms for part in range(PARTS)]
        found = self._found([*map(_figures_key, scopes), *scans])
        scanned = Counter[str]()
        for item in found.values():
            kind, room, *_ = item["pk"]["S"].split("#")
            scanned[room] += _number(item, "n") if kind == "scans" else 0
        today = found.get(f"figures#{day_scope(now)}", {})
        dates = sorted({name.partition(":")[2] for name in today if name.startswith("ship-")})
        latest = sorted(
            (one for each in self._checkpoints() for one in each.latest), key=lambda one: one.at, reverse=True
        )
        return {
            "minutes": _minutes(found, now, 60),
            "today": _told(found, day_scope(now), sum(scanned[room] for room in rooms)),
            "products": [
                {
                    "sku": sku,
                    "name": answers.name(catalog.product_of[sku], pack),
                    "units": _number(today, f"sold:{sku}"),
                    "held": _number(today, f"held:{sku}"),
                }
                for sku, pack in catalog.packs.items()
            ],
            "rooms": [
                {"room": room.id, "name": room.name, **_told(found, day_scope(now, room.id), scanned[room.id])}
                for room in catalog.rooms
            ],
            "ship_by": [
                {
                    "date": day,
                    "orders": _number(today, f"ship-orders:{day}"),
                    "units": _number(today, f"ship-units:{day}"),
                }
                for day in dates
                if _number(today, f"ship-orders:{day}")
            ],
            "latest": [_listed(one) for one in latest[:LATEST]],
        }

    def _found(self, keys: Sequence[Item]) -> dict[str, Item]:
        return {item["pk"]["S"]: item for item in self.table.get_many(keys)}

    def _checkpoints(self) -> Iterator[Checkpoint]:
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "checkpoint"}},
        )
        return (msgspec.json.decode(item["body"]["S"], type=Checkpoint) for item in pages)


def _steps(
    seen: Checkpoint, fresh: Iterable[tuple[str, StreamRecord]]
) -> Iterator[tuple[Checkpoint, Checkpoint, Counter[Figure]]]:
    """What is to be counted in one transaction each: the checkpoint before and after, and the figures between.

    Changes that add up to nothing move the checkpoint all the same: one of them could come again without the others.
    """
    before, after, counted = seen, seen, Counter[Figure]()
    for seq, record in fresh:
        more, sold = _read(record)
        if not more and not sold:
            continue
        if len({scope for scope, _ in [*counted, *more]}) > MOST_SCOPES:
            yield before, after, counted
            before, counted = after, Counter()
        counted.update(more)
        latest = ((sold,) if sold else ()) + after.latest
        after = Checkpoint(seq, latest[:LATEST])
    if after is not before:
        yield before, after, counted


def _read(record: StreamRecord) -> tuple[Counter[Figure], Sale | None]:
    """What a record adds to the figures."""
    try:
        before, after = (_order(record["dynamodb"].get(name)) for name in ("OldImage", "NewImage"))
    except Exception as error:
        log.error("figures: record %s cannot be read: %s", _seq(record), type(error).__name__)
        return Counter(), None
    return change(before, after), sale(before, after)


def _order(image: Item | None) -> Order | None:
    return ORDER.read(image) if image and image["sk"]["S"] == "order" else None


def _seq(record: StreamRecord) -> str:
    """A record's sequence number, as it sorts: DynamoDB's have 21 to 40 digits."""
    return str(record["dynamodb"]["SequenceNumber"]).zfill(40)


def _move(shard: str, before: Checkpoint, after: Checkpoint, now: datetime) -> Item:
    """The checkpoint moved on, if it is where it was read."""
    item = {**_checkpoint_key(shard), "seq": {"S": after.seq}, "body": body(after)}
    put: Item = {"Item": item | {"ttl": _until(now + CHECKPOINT_KEPT_FOR)}}
    if before.seq:
        put |= {"ConditionExpression": "seq = :seen", "ExpressionAttributeValues": {":seen": {"S": before.seq}}}
    else:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    return {"Put": put}


def _add(counted: Counter[Figure], now: datetime) -> Iterator[Item]:
    """The figures added, an update for each scope."""
    scopes: dict[str, dict[str, int]] = {}
    for (scope, name), units in counted.items():
        if units:
            scopes.setdefault(scope, {})[name] = units
    for scope, figures in sorted(scopes.items()):
        lasts = LOG_KEPT_FOR if scope.startswith("show#") else KEPT_FOR
        yield {"Update": _update(_figures_key(scope), figures, now + lasts)}


def _update(key: Item, figures: Mapping[str, int], until: datetime) -> Item:
    names = {f"#n{place}": name for place, name in enumerate(figures)}
    values = {f":n{place}": {"N": str(units)} for place, units in enumerate(figures.values())}
    adds = ", ".join(f"#n{place} :n{place}" for place in range(len(figures)))
    return {
        "Key": key,
        "UpdateExpression": f"SET #ttl = :ttl ADD {adds}",
        "ExpressionAttributeNames": {"#ttl": "ttl", **names},
        "ExpressionAttributeValues": {":ttl": _until(until), **values},
    }


def _told(found: Mapping[str, Item], scope: str, scans: int) -> dict[str, int]:
    item = found.get(f"figures#{scope}", {})
    return {name: _number(item, name) for name in NAMES} | {"scans": scans}


def _minutes(found: Mapping[str, Item], now: datetime, count: int, room: str | None = None) -> list[dict[str, Any]]:
    last = now.replace(second=0, microsecond=0)
    return [
        {"at": answers.instant(at), "orders": _number(found.get(f"figures#{hour_scope(at, room)}", {}), minute(at))}
        for at in (last - timedelta(minutes=back) for back in reversed(range(count)))
    ]


def _hours(now: datetime, minutes: int, room: str | None = None) -> list[str]:
    return [*dict.fromkeys(hour_scope(now - timedelta(minutes=back), room) for back in (0, minutes))]


def _began(show: str | None, now: datetime) -> datetime:
    """When a show began, by its name; now where there is none."""
    return datetime.strptime(f"{show}+0000", "%Y%m%d%H%M%S%z") if show else now


def _listed(one: Sale) -> dict[str, Any]:
    return msgspec.structs.asdict(one) | {"at": answers.instant(one.at)}


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _until(at: datetime) -> Item:
    return {"N": str(int(at.timestamp()))}


def _figures_key(scope: str) -> Item:
    return {"pk": {"S": f"figures#{scope}"}, "sk": {"S": "figures"}}


def _scans_key(room: str, at: datetime, part: int) -> Item:
    return {"pk": {"S": f"scans#{room}#{village_day(at)}#{part}"}, "sk": {"S": "scans"}}


def _checkpoint_key(shard: str) -> Item:
    return {"pk": {"S": "checkpoint"}, "sk": {"S": shard}}
