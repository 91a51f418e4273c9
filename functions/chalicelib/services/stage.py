"""What holds for all of one deployed shop: what it sells, how it is set up, its secret, and the time."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec

from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import village_day
from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import Settings

Clock = Callable[[], datetime]
"""Gives the instant, in UTC."""


def utc_now() -> datetime:
    """Return the instant, in UTC."""
    return datetime.now(UTC)


class Stage(msgspec.Struct, frozen=True, eq=False):
    """One deployed shop: values that all its services share, and its clock; it does nothing itself."""

    catalog: Catalog
    settings: Settings
    keys: Keys
    clock: Clock = utc_now

    @property
    def today(self) -> date:
        """The village's day."""
        return village_day(self.clock())
