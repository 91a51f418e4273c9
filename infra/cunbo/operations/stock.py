"""Stock as an operator types it: a batch, a date, a rate; what can be meant is returned, all else refused."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import village_day
from chalicelib.domain.stock.capacity import MOST_RATE
from chalicelib.services.stage import utc_now

from cunbo.core.refusal import Refusal, instead

MOST_UNITS = 1_000_000


def today() -> date:
    """Return the village's day."""
    return village_day(utc_now())


@dataclass(frozen=True)
class BatchCapacity:
    """How many units of a SKU can be made by a day, drops included."""

    sku: str
    ship_by: date
    units: int


def read_batch(sku: str, day: str, units: str) -> BatchCapacity:
    """Return the batch that was typed; raises Refusal where there can be none of that day or of so many units."""
    ship_by = read_day(day)
    if not re.fullmatch(r"\d{1,7}", units, re.ASCII) or int(units) > MOST_UNITS:
        raise Refusal(f"{units} is no number of units: write a whole number from 0 to {MOST_UNITS}")
    return BatchCapacity(sku, ship_by, int(units))


def read_past_day(day: str) -> date:
    """Return the date that was typed, past or to come; raises Refusal where it is no date."""
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise Refusal(f"{day} is no date: write one such as 2026-11-26") from None


def read_day(day: str) -> date:
    """Return the date that was typed; raises Refusal where it is no date, or past."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
        raise Refusal(f"{day} is no date: write it as 2026-11-26")
    try:
        read = date.fromisoformat(day)
    except ValueError as error:
        raise Refusal(f"{day} is no date: {error}") from None
    now = today()
    if read < now:
        raise Refusal(f"{day} is past: in the village it is {now}")
    return read


def read_rate(catalog: Catalog, sku: str, rate: str) -> int:
    """Return the orders a second that were typed for a SKU; raises Refusal where SKU or rate cannot be meant."""
    known(catalog.packs, sku)
    return orders_a_second(rate)


def orders_a_second(rate: str) -> int:
    """Return the orders a second that were typed; raises Refusal where they cannot be meant."""
    if not re.fullmatch(r"\d{1,6}", rate, re.ASCII) or not 1 <= int(rate) <= MOST_RATE:
        raise Refusal(f"{rate} is no number of orders a second: write a whole number from 1 to {MOST_RATE}")
    return int(rate)


def known(skus: Collection[str], sku: str) -> None:
    """Raise Refusal where the SKU is none of `skus`: the catalogue's, or also those of which there still is stock."""
    if sku not in skus:
        raise Refusal(f"no product has the SKU {sku}: {instead(sku, skus)}")
