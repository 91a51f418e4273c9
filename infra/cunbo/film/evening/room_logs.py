"""A room's log, from the table of a running shop or from the file that the host's console saves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import VILLAGE, village_day
from chalicelib.domain.live.figures import hour_scope, minute
from chalicelib.domain.live.rooms import LogEntry
from chalicelib.storage.store import Store
from storefront.read.faults import Said

from cunbo.core.refusal import Refusal
from cunbo.film.evening.cuts import RoomLog, Stretch, evenings
from cunbo.film.words import say

BEFORE = timedelta(days=8)
"""How long before a recording its log is read: a drop may have been set a week ahead."""
AFTER = timedelta(days=1)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LARGEST = 20_000_000
"""Bytes. No room has so much to tell of an evening."""


class SavedLog(msgspec.Struct, frozen=True):
    """A log as the console saves it, or as the shop answers it."""

    entries: tuple[LogEntry, ...]
    room: str = ""


def from_file(path: Path, room: str | None) -> RoomLog:
    """Return the log in a file, of `room` where it names none itself; raises Refusal."""
    if not path.is_file():
        raise Refusal(say("no_file", words=str(path)))
    if path.stat().st_size > LARGEST:
        raise Refusal(say("log_large", words=path.name))
    try:
        saved = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=SavedLog)
        if any(at.tzinfo is None for one in saved.entries for at in (one.at, one.opens, one.closes) if at):
            raise ValueError("a time without its zone")
    except (msgspec.MsgspecError, ValueError) as error:
        raise Refusal(say("log_bad", words=path.name, error=str(error))) from None
    if room and saved.room and room != saved.room:
        raise Refusal(say("log_other", words=path.name, found=saved.room, room=room))
    if not (room or saved.room):
        raise Refusal(say("log_nobody", words=path.name))
    return RoomLog(room or saved.room, tuple(dict.fromkeys(saved.entries)))


def from_table(store: Store, catalog: Catalog, room: str, when: Stretch) -> RoomLog:
    """Return the log of a room around the time of a recording, with the orders and recalls that the shop knows of.

    A read for each hundred hours and batches.
    """
    entries = store.rooms.log_between(room, when.first - BEFORE, when.last + AFTER)
    first = village_day(when.first)
    days = [first + timedelta(days=number) for number in range(-1, 62)]
    recalled = store.passports.recalled((sku, day) for sku in catalog.packs for day in days)
    return RoomLog(room, tuple(entries), _orders(store, room, when), frozenset(sku for sku, _ in recalled))


def _orders(store: Store, room: str, when: Stretch) -> Mapping[datetime, int]:
    """Orders paid in the room, by the minute, for as long as minutes are kept."""
    begins = when.first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [begins + HOUR * number for number in range(int((when.last - begins) / HOUR) + 1)]
    found = store.figures.read([hour_scope(at, room) for at in hours], [])
    minutes = (at + MINUTE * number for at in hours for number in range(60))
    counted = ((at, found.of(hour_scope(at, room), minute(at))) for at in minutes)
    return {at: orders for at, orders in counted if orders}


def chosen(log: RoomLog, when: Stretch, show: str | None) -> list[str]:
    """Return the shows that a recording has something of, or the one that is named; the first one first."""
    met = [one.show for one in evenings(log.entries) if one.stretch.within(when).seconds]
    return [one for one in met if show in (None, one)]


def told(log: RoomLog) -> list[str]:
    """Return a line for each show of a log, by the village's clock."""
    return [f"{one.show}  {shown(one.stretch)}" for one in evenings(log.entries)]


def shown(when: Stretch) -> Said:
    """Return a time by the village's clock, such as 2026-11-30 19:30:05 to 21:10:44."""
    first, last = (at.astimezone(VILLAGE) for at in when)
    if last.year >= 2199:
        return say("time_on", first=f"{first:%Y-%m-%d %H:%M:%S}")
    return say("time_range", first=f"{first:%Y-%m-%d %H:%M:%S}", last=f"{last:%H:%M:%S}")
