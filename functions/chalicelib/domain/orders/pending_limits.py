"""How many unpaid orders one phone, and one address, may hold at once: nobody can empty the shop by holding.

Each has a tab with a few slots, and a new order takes one of them in its own transaction. A slot is free again when
its hold has ended, which is told by comparing times; one whose order was paid or cancelled sooner is taken over when
it is needed. So nothing is written when an order is paid, and no worker has to tidy up.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from chalicelib.domain.conflicts import SlotTaken
from chalicelib.domain.errors import TooManyUnpaid
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Address, Order, State

PHONE_MOST = 3
ADDRESS_MOST = 6
"""A house or a collection point may order more at once than one person."""


class Held(msgspec.Struct, frozen=True):
    """What stands in a slot: an order's number, and until when it holds."""

    until: datetime
    order: str


class Slot(msgspec.Struct, frozen=True):
    """One place of a tab for one order: taken where it is free, its hold has ended, or `instead_of` is in it."""

    tab: str
    index: int
    held: Held
    instead_of: Held | None = None


class PendingOrderLimits:
    """The tabs that one order goes on. `now` is the instant of the order; `turn` any number, to spread over slots."""

    def __init__(self, keys: Keys, buyer: Address, held: Held, now: datetime, turn: int) -> None:
        self.now = now
        self.most = {
            keys.pseudonyms("phone", buyer.phone)[0]: PHONE_MOST,
            keys.pseudonyms("address", place(buyer))[0]: ADDRESS_MOST,
        }
        self.slots = {tab: Slot(tab, turn % most, held) for tab, most in self.most.items()}

    def learn(self, taken: SlotTaken, load: Callable[[str], Order | None]) -> None:
        """Chooses other slots in the tabs that were full where it was tried; raises TooManyUnpaid."""
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


def place(buyer: Address) -> str:
    """An address as it is compared: letters and digits alone, so that a space or comma makes no other house of it."""
    written = unicodedata.normalize("NFKC", "".join((*buyer.region[:2], buyer.street))).casefold()
    return re.sub(r"[\W_]+", "", written)
