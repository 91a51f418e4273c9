"""Who comes: how many orders a live room brings, and what its watchers' pages ask of the edge and of the table.

Pure arithmetic on ASSUMPTIONS, each named as one.
"""

from dataclasses import dataclass

from chalicelib.storage.live.figures import PARTS

from cunbo.model import limits
from cunbo.model.contention import TableModel
from cunbo.model.units import Look


@dataclass(frozen=True)
class RoomScenario:
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
    RoomScenario("a calm evening", 0.005, 0.005, 1),
    RoomScenario("a good one", 0.02, 0.02, 2),
    RoomScenario("the best that is likely", 0.10, 0.10, 3),
    RoomScenario("everybody at once, the ceiling", 1, 1, 1),
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


@dataclass(frozen=True)
class Screens:
    """Screens of a live evening: overlays, and the consoles and big screens of who works there.

    Overlays and consoles ask for their room through the edge; consoles and big screens ask for what is theirs alone,
    past it. What these read is one figure's item each, the device, the room, and the stock once a second a process.
    """

    rooms: int = 4
    overlays: int = 2
    consoles: int = 1
    boards: int = 1
    """Overlays and consoles of each room; big screens in all."""

    @property
    def edge(self) -> float:
        """Requests a second at the edge that its cache may answer."""
        return self.rooms * (self.overlays + self.consoles) / limits.OVERLAY_SECONDS

    @property
    def own(self) -> float:
        """Requests a second of who works there, which always reach a function."""
        return (self.rooms * self.consoles + self.boards) / limits.CONSOLE_SECONDS

    @property
    def origin(self) -> float:
        """Requests a second that reach the functions: in one village all screens share one regional cache."""
        return min(self.edge, self.rooms / limits.KEPT_SECONDS) + self.own

    @property
    def hour(self) -> float:
        """US dollars for an hour."""
        edge = (self.edge + self.own) * (
            limits.MILLION_EDGE_REQUESTS * 1e-6 + limits.ANSWER_BYTES * limits.EDGE_GB * 1e-9
        )
        call = limits.MILLION_GATEWAY_REQUESTS + limits.MILLION_INVOCATIONS + limits.LOG_BYTES * limits.LOG_GB * 1e-3
        return 3600 * (edge + self.origin * (call + limits.SCREEN_READS * limits.MILLION_READS) * 1e-6)


@dataclass(frozen=True)
class Scans:
    """`people` who scan a room's code within `seconds`: a redirect each, which nothing keeps, and a beacon."""

    people: int
    seconds: int = 60

    @property
    def calls(self) -> float:
        """Requests a second to the functions."""
        return 2 * self.people / self.seconds

    @property
    def reads(self) -> float:
        """Read units a second under the room's key."""
        return self.people / self.seconds

    @property
    def part_writes(self) -> float:
        """Write units a second of one of the counter's parts."""
        return self.people / self.seconds / PARTS

    @property
    def dollars(self) -> float:
        """US dollars for all of them."""
        call = limits.MILLION_GATEWAY_REQUESTS + limits.MILLION_INVOCATIONS + limits.LOG_BYTES * limits.LOG_GB * 1e-3
        edge = limits.MILLION_EDGE_REQUESTS
        return self.people * (2 * (call + edge) + limits.MILLION_READS + limits.MILLION_WRITES) * 1e-6


def counting_units(changes: int) -> float:
    """Write units for a change of an order that is counted in a batch of so many.

    A batch writes the shard's checkpoint, of 2 KB, and six scopes of one KB: the day, the room's day and show, the hour
    and the room's hour, and a show or day more at a turn.
    """
    return limits.TRANSACTED * (2 + 6) / changes


def counting_rate(changes: int) -> float:
    """Return the changes a second that can be counted at most, in batches of so many, by all shards of the stream.

    Each batch writes the day's item, and an item in an ongoing transaction refuses others.
    """
    return changes / TableModel().in_flight
