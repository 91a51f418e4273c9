"""Who comes: how many orders a live room brings, and what its watchers' pages ask of the edge and of the table.

Pure arithmetic on ASSUMPTIONS, each named as one.
"""

from dataclasses import dataclass

from cunbo.model import limits
from cunbo.model.units import Look


@dataclass(frozen=True)
class Room:
    """A live room. The shares are ASSUMPTIONS, of 1: nobody has measured them for a village."""

    name: str
    watching: float
    """Of the followers, at once."""
    ordering: float
    """Of those who watch, in the minute after the product is shown."""
    peak: float
    """The busiest seconds of that minute, as a multiple of its mean."""

    @property
    def orders(self) -> float:
        """Orders of the minute."""
        return limits.FOLLOWERS * self.watching * self.ordering

    @property
    def rate(self) -> float:
        """Orders a second in the busiest seconds."""
        return self.orders / 60 * self.peak


ROOMS = (
    Room("a calm evening", 0.005, 0.005, 1),
    Room("a good one", 0.02, 0.02, 2),
    Room("the best that is likely", 0.10, 0.10, 3),
    Room("everybody at once, the ceiling", 1, 1, 1),
)


@dataclass(frozen=True)
class Watchers:
    """`pages` that are in view and ask what is left, and what of it comes through the edge's cache.

    `queries` are the different questions (pages and carts with other SKUs), `skus` those of one question, of which
    each has `shards`: ASSUMPTIONS, as is that no more caches than EDGE_CACHES ask the origin.
    """

    pages: int
    queries: int = 5
    skus: int = 2
    shards: int = 50

    @property
    def edge(self) -> float:
        """Requests a second at the edge."""
        return self.pages / limits.STOCK_SECONDS

    @property
    def origin(self) -> float:
        """At most so many requests a second reach the functions."""
        return min(self.edge, limits.EDGE_CACHES * self.queries / limits.KEPT_SECONDS)

    @property
    def reads(self) -> float:
        """Read units a second, where each of them looks at the table."""
        return self.origin * self.skus * Look(self.shards).units

    @property
    def key_reads(self) -> float:
        """Read units a second under the first key of a SKU that every question names."""
        return self.origin * Look(self.shards).fullest

    @property
    def hour(self) -> float:
        """US dollars for an hour."""
        edge = self.edge * (limits.MILLION_EDGE_REQUESTS * 1e-6 + limits.ANSWER_BYTES * limits.EDGE_GB * 1e-9)
        call = limits.MILLION_GATEWAY_REQUESTS + limits.MILLION_INVOCATIONS + limits.LOG_BYTES * limits.LOG_GB * 1e-3
        return 3600 * (edge + (self.origin * call + self.reads * limits.MILLION_READS) * 1e-6)
