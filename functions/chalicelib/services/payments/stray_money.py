"""What people do about money that fits nowhere: give it back, or book it to the order that it is for."""

from chalicelib.domain.actor import Actor
from chalicelib.domain.conflicts import TRIES, Stale, retrying
from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.payments.news import CURRENCY
from chalicelib.domain.payments.strays import BookTo, Event, GiveBack, Stray, decide
from chalicelib.services.stage import Clock
from chalicelib.storage.payments.strays import STRAYS
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction


class StrayMoney:
    """Money that fits nowhere."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def waiting(self) -> list[Stray]:
        """Return what is nobody's yet, or is on its way back, the earliest first; by an index."""
        found = self.store.strays.load_many(self.store.listed(STRAYS))
        return sorted(found, key=lambda one: (one.seen, one.number))

    def give_back(self, number: str, by: Actor) -> Stray:
        """Have it go back to whoever paid it. Raise NotFound, WrongState where somebody has decided, Busy."""
        return self._decide(number, GiveBack(by))

    def book(self, number: str, order: str, by: Actor) -> Stray:
        """Have it put to an order. Raise NotFound, WrongState where somebody has decided or it is no yuan, Busy."""
        if self.store.orders.load(order) is None:
            raise NotFound(f"there is no order {order}")
        stray = self._load(number)
        if stray.currency != CURRENCY:
            raise WrongState(f"{stray.payment} is {stray.currency}, and orders are paid in {CURRENCY}: give it back")
        return self._decide(number, BookTo(order, by))

    def _load(self, number: str) -> Stray:
        found = self.store.strays.load(number)
        if found is None:
            raise NotFound("there is no such payment that fits nowhere")
        return found

    def _decide(self, number: str, event: Event) -> Stray:
        def attempt() -> Stray | None:
            stray = self._load(number)
            after = decide(stray, event, self.clock())
            if after is stray:
                raise WrongState(f"{stray.payment} is {stray.state.replace('_', ' ')} already, by {stray.by}")
            try:
                self.store.commit(Transaction().save(stray, after))
            except Stale:
                return None
            return after

        return retrying(TRIES, "others change this at the same time: ask again", attempt)
