"""The forms in which a room is seen: by everybody, and by its hosts."""

from datetime import datetime

import msgspec

from chalicelib.catalog import Pack, Product
from chalicelib.domain.live.rooms import Correction, LiveRoom, Pin, RunningOrder, Show
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.allocation import StockView
from chalicelib.services.figures import RoomFigures


class RoomDrop(msgspec.Struct, frozen=True):
    """A drop of the room that is not over, what a unit of it costs now (in fen), and what is left of it."""

    drop: Drop
    price: int
    view: StockView


class Showing(msgspec.Struct, frozen=True):
    """What is pinned, what is left of it, and its next drop in the room; `off` where it is off the shelf."""

    pin: Pin
    product: Product
    pack: Pack
    view: StockView
    drop: RoomDrop | None
    off: bool = False


class Corrected(msgspec.Struct, frozen=True):
    """What was put right last, and what it was about where that is still sold."""

    correction: Correction
    product: Product | None
    pack: Pack | None


class RoomNow(msgspec.Struct, frozen=True):
    """What a room shows to everybody, `now`; `next` is what its hosts have put next, where they have said so."""

    room: LiveRoom
    now: datetime
    showing: Showing | None
    correction: Corrected | None
    next: tuple[Product, Pack] | None
    goal: tuple[int, int] | None
    """Units that the show is to sell, and those that it has sold."""


class Sellable(msgspec.Struct, frozen=True):
    """A SKU as hosts see it: what is left of it, how many units a host may add at once, whether it is off the shelf."""

    product: Product
    pack: Pack
    view: StockView
    can_add: int
    off: bool = False


class Console(msgspec.Struct, frozen=True):
    """A room as its hosts see it. `replaced` is what an act has taken another host's place of.

    `order` is the running order: the room's own goods until a host sets one; `next` is what comes next in it.
    `taken_back` is how many units an act has taken back.
    """

    now: RoomNow
    order: tuple[str, ...]
    next: str | None
    drops: tuple[RoomDrop, ...]
    stock: tuple[Sellable, ...]
    figures: RoomFigures
    replaced: Pin | Show | RunningOrder | None = None
    taken_back: int | None = None
