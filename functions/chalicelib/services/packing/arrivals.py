"""When an order usually arrives, by figures that the stream's consumer counts; what was read is kept for a while."""

from collections import Counter
from datetime import date, datetime, timedelta

from chalicelib.domain.errors import Busy
from chalicelib.domain.orders.model import TO_BE_PACKED, Order, State
from chalicelib.domain.packing.arrival import UsualDays, expected, scopes_to_read, usual_days
from chalicelib.services.stage import Stage
from chalicelib.storage.live.figures import FigureStore

KEPT = timedelta(minutes=10)
"""How long what was read of a province is told again: it changes with each parcel a little."""


class Arrivals:
    """How long the shop's parcels take to each province."""

    def __init__(self, stage: Stage, figures: FigureStore) -> None:
        self.stage, self.figures = stage, figures
        self.read: dict[str, tuple[datetime, UsualDays | None]] = {}

    def of(self, order: Order) -> tuple[date, date] | None:
        """Return from when to when the order usually arrives; None where nobody can say, or the table is too busy."""
        if order.state not in TO_BE_PACKED | {State.SHIPPED}:
            return None
        usual = self._usual(order.ship_to.region[0])
        return expected(order, usual, self.stage.today) if usual else None

    def _usual(self, province: str) -> UsualDays | None:
        now = self.stage.clock()
        at, usual = self.read.get(province, (None, None))
        if at is None or not timedelta(0) <= now - at < KEPT:
            try:
                usual = self._look(province)
            except Busy:
                return None  # an order's page must not wait for this
            self.read[province] = now, usual
        return usual

    def _look(self, province: str) -> UsualDays | None:
        counted: Counter[str] = Counter()
        for figures in self.figures.read(scopes_to_read(province, self.stage.today), []).figures.values():
            counted.update(figures)
        return usual_days(counted)
