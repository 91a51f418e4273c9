"""What rooms keep of people beside their orders, each as a part of what a person sees, and has forgotten.

**To keep something new of people, write its part, name it in `parts_of`**, and put its items into
infra/docs/privacy/personal-data.md.
"""

from collections.abc import Iterable
from typing import Any, Literal, Protocol

import msgspec

from chalicelib.domain.contact import owner
from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import Waiter
from chalicelib.services.stage import Stage
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.store import Store

Goes = Literal["now", "later", "never"]
"""When something goes that a person asks to be forgotten: at once, when the law allows it, or never since it tells of
nobody."""


class KeptFact(msgspec.Struct, frozen=True):
    """Something that is kept of a person: what it is (pages have words for that), its value, and when it goes."""

    what: str
    value: Any
    goes: Goes


class PersonalPart(Protocol):
    """What one room keeps of the buyer of an order, or of whoever has a contact (domain/contact.py).

    An order's own link opens what is kept with the order; what is kept with a contact is for whoever proves that it is
    theirs, since anybody can type a number into an order.
    """

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return what it is."""

    def forget(self, whose: Order | str) -> None:
        """Delete what no law has the shop keep; the same again changes nothing."""

    def expunge(self, order: Order) -> None:
        """Delete all that tells of the order's buyer, since its time is over; the same again changes nothing."""

    def is_open(self, order: Order) -> bool:
        """Return whether something has not ended for which the order's buyer must be known."""


class Places:
    """Places on the waitlists of what the catalogue has; they end by themselves some time later."""

    def __init__(self, stage: Stage, store: Store, waitlist: Waitlist) -> None:
        self.stage, self.store, self.waitlist = stage, store, waitlist

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return the places of a contact."""
        for one in self._of(whose):
            wish = {"sku": one.sku, "contact": one.contact, "quantity": one.wish.quantity, "state": one.state}
            yield KeptFact("waitlist", wish, "now")

    def forget(self, whose: Order | str) -> None:
        """Give them up, and delete them."""
        for one in self._of(whose):
            self.waitlist.forget(one.number)

    def expunge(self, order: Order) -> None:
        """Nothing: none lasts as long as an order."""

    def is_open(self, order: Order) -> bool:
        """Return False: a place is no order's."""
        return False

    def _of(self, whose: Order | str) -> list[Waiter]:
        if isinstance(whose, Order):
            return []
        keys, skus = self.stage.keys, self.stage.catalog.packs
        return self.store.waitlist.load_many(number for sku in skus for number in keys.places(sku, owner(whose)))


def parts_of(stage: Stage, store: Store, waitlist: Waitlist) -> tuple[PersonalPart, ...]:
    """Return the parts of a shop."""
    return (Places(stage, store, waitlist),)
