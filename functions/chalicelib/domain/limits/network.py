"""How many unpaid units one network may hold of a shelf: a share of what is left, and more as it pays. Pure rules, no
I/O.

A carrier puts thousands of real buyers behind one address, so no number of orders is too many, as long as most are
paid. What one network holds unpaid is counted when an order is placed, and looked at again (`Use.after`) only where
that count is full: paid orders then widen it, those that have ended leave it. So an honest sale neither reads nor
tidies up anything.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from chalicelib.domain.conflicts import Conflict
from chalicelib.domain.errors import CrowdedNetwork
from chalicelib.domain.orders.model import HOLDS_UNITS, Order, State

SHARE = 4
"""One network holds at most one part in SHARE of what is left of a shelf, what it holds itself included."""
MOST_UNSEEN = 40
"""Orders that are counted before they are looked at again: so many keep the count's item within its first KB."""


class Use(msgspec.Struct, frozen=True):
    """What is counted of one network on one day, by shelf: units not known to be paid, units known to be.

    `orders` are the numbers of those that are not known to be paid; `version` counts changes, and is 0 where nothing
    was looked at.
    """

    unpaid: Mapping[str, int] = {}
    paid: Mapping[str, int] = {}
    orders: frozenset[str] = frozenset()
    version: int = 0

    def after(self, orders: Iterable[Order]) -> "Use":
        """Return what is so now, from all of its orders as they are: only those that wait for payment count on."""
        unpaid: Counter[str] = Counter()
        paid = Counter(self.paid)
        waiting = set()
        for order in orders:
            waits = order.state is State.AWAITING_PAYMENT
            if waits:
                waiting.add(order.number)
            for line in order.lines if order.state in HOLDS_UNITS else ():
                (unpaid if waits else paid)[line.shelf] += line.quantity
        return Use(unpaid, paid, frozenset(waiting), self.version)


class NetworkFull(Conflict):
    """More units than what is seen at a glance to be allowed: `use` is what is counted."""

    def __init__(self, use: Use) -> None:
        super().__init__("the network's count is full")
        self.use = use


class NetworkHold(msgspec.Struct, frozen=True):
    """What an order comes to hold for a network: `units` by shelf, where so many units are `left` before it.

    `seen` is what was counted, where that had to be looked at. `until` is when the count ends: with the day, as the
    network's name does.
    """

    network: str
    order: str
    units: Mapping[str, int]
    left: Mapping[str, int]
    until: datetime
    seen: Use = Use()

    def room(self, shelf: str) -> int:
        """Return how many unpaid units of the shelf there may be before the order; at 0 it must be the first."""
        own = self.seen.unpaid.get(shelf, 0)
        most = (self.left[shelf] + own) // SHARE + self.seen.paid.get(shelf, 0)
        return max(most - self.units[shelf], 0)

    def look(self, use: Use, orders: Iterable[Order]) -> "NetworkHold":
        """Return the same, now that all orders in `use` are known; raise CrowdedNetwork where it is too much."""
        orders = list(orders)
        hold = msgspec.structs.replace(self, seen=use.after(orders))
        if any(hold.seen.unpaid.get(shelf, 0) > hold.room(shelf) for shelf in hold.units):
            ends = [
                order.hold_until
                for order in orders
                if order.state is State.AWAITING_PAYMENT and any(line.shelf in hold.units for line in order.lines)
            ]
            raise CrowdedNetwork(min(ends))
        return hold

    @property
    def use(self) -> Use:
        """What is counted with the order, from what was seen."""
        unpaid = Counter(self.seen.unpaid)
        unpaid.update(self.units)
        return Use(unpaid, self.seen.paid, self.seen.orders | {self.order}, self.seen.version + 1)
