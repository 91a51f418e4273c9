"""A recall in lines, as an operator reads it: what is stopped, whom to reach and how, where the parcels are."""

from collections.abc import Iterator

from chalicelib.domain.orders.lots import batches_in, lots_in, units_of
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.parcels import HERE, WITH_CARRIER, Parcel, parcel_name
from chalicelib.services.packing.recalls import RecallReport

from cunbo.core.progress import counted


def described(report: RecallReport) -> Iterator[str]:
    """Yield the lines: the batch, then each order with units of it."""
    sku, day = report.batch
    force, stock = report.passport.recall, report.stock
    state = f"recalled since {force.at:%Y-%m-%d %H:%M} UTC: {force.why}" if force else "not recalled"
    yield f"{sku} {day}: {state}"
    yield f"  {counted(stock.units, 'unit')} declared, {stock.promised:,} promised, {stock.sellable:,} on sale"
    if report.unpaid or report.invited:
        yield f"  {counted(len(report.unpaid), 'order')} not paid, {len(report.invited):,} of the waitlist invited"
    parcels = [one for order in report.orders for one in _of_batch(order, report)]
    here, away = (sum(one.state in states for one in parcels) for states in (HERE, WITH_CARRIER))
    yield (
        f"  {counted(len(report.orders), 'order')} with units of it; of its parcels {here:,} to be taken apart here,"
        f" {away:,} with carriers, {len(parcels) - here - away:,} elsewhere"
    )
    for order in report.orders:
        reached = "" if order.email or order.ship_to.textable else ", cannot be written to: call them"
        units = counted(units_of(order, report.batch), "unit")
        where = "; ".join(_told(order, one) for one in _of_batch(order, report)) or "not packed"
        yield f"  {order.number}  {units}, {order.state.replace('_', ' ')}: {where}{reached}"


def _of_batch(order: Order, report: RecallReport) -> list[Parcel]:
    lots = lots_in(order)
    return [one for one in order.parcels if report.batch in batches_in(order, lots.get(one.n, ()))]


def _told(order: Order, one: Parcel) -> str:
    number = f" {one.carrier} {one.tracking}".rstrip() if one.carrier else ""
    return f"{parcel_name(order.number, one.n)} {one.state}{number}"
