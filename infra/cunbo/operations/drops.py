"""A drop as an operator types it: what can be meant is returned, all else refused; likely mistakes are named. Pure."""

import re
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from chalicelib.catalog import Catalog, Room
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.commands import MOST_OF_DROP
from chalicelib.domain.commands import MOST_UNITS as MOST_LIMIT
from chalicelib.domain.stock.drops import Drop
from chalicelib.mail.letters import yuan

from cunbo.core.refusal import Refusal, instead
from cunbo.operations.stock import known, read_day

MOST_MINUTES = 24 * 60
MOST_PRICE = 10_000_000
"""Fen; as for any product."""


def read_drop(catalog: Catalog, typed: Namespace, now: datetime) -> Drop:
    """Return the drop that was typed, with an id of its room and opening; raises Refusal where it cannot be."""
    known(catalog.packs, typed.sku)
    price, pack = read_price(typed.price), catalog.packs[typed.sku]
    room = _room(catalog, typed.sku, typed.room)
    opens = _opens(typed.start, typed.date, now)
    drop = Drop(
        id=f"{room.id}-{opens.astimezone(VILLAGE):%m%d-%H%M}",
        sku=typed.sku,
        room=room.id,
        price=price,
        units=_whole(typed.units, 1, MOST_OF_DROP, "number of units"),
        opens=opens,
        closes=_closes(opens, typed.minutes, typed.to),
        limit=_whole(typed.limit, 0, MOST_LIMIT, "limit for a buyer"),
    )
    if not drop.is_cheaper(pack):
        more = "more than" if price > pack.price else "no less than"
        raise Refusal(f"{yuan(price)} is {more} the ordinary price, {yuan(pack.price)}: a drop never costs more")
    return drop


def read_price(price: str) -> int:
    """Return a price in yuan as fen, such as 1990 for 19.90; raises Refusal where it is no price."""
    found = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,2}))?", price, re.ASCII)
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not 1 <= fen <= MOST_PRICE:
        raise Refusal(f"{price} is no price: write yuan, such as 19.90, up to {MOST_PRICE // 100}")
    return fen


def likely_mistakes(catalog: Catalog, drop: Drop) -> Iterator[str]:
    """Yield a warning for each thing that is allowed, and yet may be a mistake."""
    floor = catalog.packs[drop.sku].floor
    if drop.price < floor:
        yield f"{yuan(drop.price)} is below the floor of {yuan(floor)}, at which hosts may open a drop of {drop.sku}."


def shown(at: datetime) -> str:
    """Return an instant by the village's clocks."""
    return f"{at.astimezone(VILLAGE):%Y-%m-%d %H:%M}"


def state(drop: Drop, now: datetime) -> str:
    """Return the state of the drop, in words."""
    if now >= drop.closes:
        return f"over since {shown(drop.closes)}"
    if now >= drop.opens:
        return f"on until {shown(drop.closes)}"
    minutes = int((drop.opens - now).total_seconds() // 60)
    return f"opens {shown(drop.opens)}, in {minutes // 60} h {minutes % 60} min"


def known_room(catalog: Catalog, id_: str) -> Room:
    """Return the room; raises Refusal where the catalogue has none of this id."""
    if id_ not in catalog.room_of:
        raise Refusal(f"there is no room {id_}: {instead(id_, catalog.room_of)}")
    return catalog.room_of[id_]


def _room(catalog: Catalog, sku: str, id_: str) -> Room:
    room = known_room(catalog, id_)
    product = catalog.product_of[sku].id
    if product not in room.products:
        raise Refusal(f"the room {id_} does not show {product}: add it to `products` in content/live/{id_}.md")
    return room


def _opens(start: str, day: str | None, now: datetime) -> datetime:
    if start == "now":
        if day:
            raise Refusal("--from now is today: leave --date out")
        return now.replace(microsecond=0)
    date = read_day(day) if day else now.astimezone(VILLAGE).date()
    opens = datetime.combine(date, _clock(start), VILLAGE).astimezone(UTC)
    if opens < now:
        raise Refusal(f"{shown(opens)} is past: in the village it is {shown(now)}; --from now opens it at once")
    return opens


def _closes(opens: datetime, minutes: str | None, to: str | None) -> datetime:
    """Return the end: after so many minutes, or when the village's clocks next show `to`."""
    if to is None:
        return opens + timedelta(minutes=_whole(minutes or "", 1, MOST_MINUTES, "number of minutes"))
    closes = datetime.combine(opens.astimezone(VILLAGE).date(), _clock(to), VILLAGE).astimezone(UTC)
    return closes if closes > opens else closes + timedelta(days=1)


def _clock(typed: str) -> time:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", typed, re.ASCII):
        raise Refusal(f"{typed} is no time of the day: write it as 20:00, by the village's clocks")
    return time.fromisoformat(typed)


def _whole(typed: str, first: int, last: int, what: str) -> int:
    if not re.fullmatch(r"\d{1,7}", typed, re.ASCII) or not first <= int(typed) <= last:
        raise Refusal(f"{typed} is no {what}: write a whole number from {first} to {last}")
    return int(typed)
