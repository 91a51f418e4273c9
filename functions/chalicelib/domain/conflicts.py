"""Why a transaction was refused: one type for each failed condition, with what was read, so that the next try knows it.

A use case reads again, decides again and tries again (`retrying`); no conflict ever reaches a client.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.errors import Busy

if TYPE_CHECKING:
    from chalicelib.domain.orders.model import Order


T = TypeVar("T")

TRIES = 16
"""How often what met another's change is tried: each try knows more than the one before."""


def retrying(tries: int, detail: str, attempt: Callable[[], T | None]) -> T:
    """Return the first answer of `attempt` that is not None; raise Busy with this `detail` after so many tries."""
    for _ in range(tries):
        if (answer := attempt()) is not None:
            return answer
    raise Busy(detail)


class Conflict(Exception):
    """The base of all reasons for which a condition of a transaction fails."""


class Stale(Conflict):
    """An order or waiter has changed since it was read."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class Exists(Conflict):
    """The order to be created is already there."""

    def __init__(self, order: "Order") -> None:
        super().__init__(order.number)
        self.order = order


class Limited(Conflict):
    """A buyer would have more than a limit allows: `had` is how many units are on each account, by (scope, buyer)."""

    def __init__(self, had: Mapping[tuple[str, str], int]) -> None:
        super().__init__("no more for this buyer")
        self.had = had


class Waited(Conflict):
    """Somebody not on the waitlist would have got units that people wait for: `skus` says of which SKUs."""

    def __init__(self, skus: frozenset[str]) -> None:
        super().__init__("people wait for it")
        self.skus = skus


class Short(Conflict):
    """Shards hold fewer units than were to be taken: how many are `left`, by (shelf, ship-by date, shard)."""

    def __init__(self, left: Mapping[tuple[str, date, int], int]) -> None:
        super().__init__("too few units left")
        self.left = left


class OtherNumber(Conflict):
    """The parcel has another number already, and was to get one only where it has none."""


class NumberTaken(Conflict):
    """A carrier's number is on a parcel to somebody else."""


class BatchRecalled(Conflict):
    """A batch that units come from is recalled."""
