"""Limits on unpaid orders: how many one buyer may have at once. Pure rules, no I/O.

They keep one person from emptying the shop by holds. Each phone number has a tab of a few slots for each asker that
names it (domain/asker.py), so that nobody is barred by what somebody else does with their number. A new order takes a
slot in its own transaction. Where the network is not known, each address has a tab too; where it is, its share of what
is left bounds all made-up people at once (network.py), and an address that others know bars nobody.

A slot is free again when its hold has ended, which its instant tells; one whose order was paid or cancelled sooner is
taken over when it is needed. So paying an order writes nothing here, and no job has to tidy up.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime

import msgspec

from chalicelib.domain.asker import Asker
from chalicelib.domain.conflicts import Conflict
from chalicelib.domain.errors import TooManyUnpaid
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Address, Order, State

PHONE_MOST = 3
ADDRESS_MOST = 6
"""More than for a phone number, since several people live in one house or use one collection point."""


class Held(msgspec.Struct, frozen=True):
    """What stands in a slot: an order's number, and the instant at which its hold ends."""

    until: datetime
    order: str


class Slot(msgspec.Struct, frozen=True):
    """The slot `index` of a tab, for `held`: it is taken if it is free, its hold has ended, or it has `instead_of`."""

    tab: str
    index: int
    held: Held
    instead_of: Held | None = None


class SlotTaken(Conflict):
    """Slots for unpaid orders are not free: `tabs` says what stands in them, by tab and slot."""

    def __init__(self, tabs: Mapping[str, Mapping[int, Held]]) -> None:
        super().__init__("no free slot for an unpaid order")
        self.tabs = tabs


class PendingOrderLimits:
    """The slots that one order takes.

    `most` is how many slots each of its tabs has; `now` is when it is placed; `turn` is any number, to spread orders
    over slots.
    """

    def __init__(self, most: Mapping[str, int], held: Held, now: datetime, turn: int) -> None:
        self.now, self.most = now, most
        self.slots = {tab: Slot(tab, turn % most, held) for tab, most in self.most.items()}

    def learn(self, taken: SlotTaken, load: Callable[[str], Order | None]) -> None:
        """Choose other slots in the tabs whose slots were taken; raise TooManyUnpaid where a tab has none.

        `load` returns the order of a number, and is asked only where no slot is free by its instant.
        """
        for tab, held in taken.tabs.items():
            slot = self._free(tab, held) or self._idle(tab, held, load)
            if slot is None:
                raise TooManyUnpaid(min(one.until for one in held.values()))
            self.slots[tab] = slot

    def _free(self, tab: str, held: Mapping[int, Held]) -> Slot | None:
        indexes = (index for index in range(self.most[tab]) if index not in held or held[index].until < self.now)
        return next((self._slot(tab, index) for index in indexes), None)

    def _idle(self, tab: str, held: Mapping[int, Held], load: Callable[[str], Order | None]) -> Slot | None:
        for index, one in held.items():
            order = load(one.order)
            if order is None or order.state is not State.AWAITING_PAYMENT:
                return self._slot(tab, index, one)
        return None

    def _slot(self, tab: str, index: int, instead_of: Held | None = None) -> Slot:
        return Slot(tab, index, self.slots[tab].held, instead_of)


def tabs(keys: Keys, buyer: Address, asker: Asker, day: date) -> dict[str, int]:
    """Return the tabs that an order goes on, and how many slots each has; `day` is the village's."""
    most = {asker.pseudonym(keys, day, "phone", buyer.number): PHONE_MOST}
    if not asker.network:
        most[asker.pseudonym(keys, day, "address", place(buyer))] = ADDRESS_MOST
    return most


def place(buyer: Address) -> str:
    """Return an address as it is compared: letters and digits alone, so that a comma makes no other house of it.

    Of the region, province and city count; the district does not.
    """
    written = unicodedata.normalize("NFKC", "".join((*buyer.region[:2], buyer.street))).casefold()
    return re.sub(r"[\W_]+", "", written)
