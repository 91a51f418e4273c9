"""Commands on drops: open one (`drop`), list them (`drops`), end one (`drop-end`)."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from chalicelib.catalog import Catalog
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.drops import Drop
from chalicelib.mail.letters import yuan
from chalicelib.services.stage import utc_now

from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note, note_error
from cunbo.model.drop import warnings
from cunbo.model.needs import Needs
from cunbo.operations import stock
from cunbo.operations.drops import likely_mistakes, read_drop, shown, state
from cunbo.operations.shop import ShopOperations


def add_drop(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo drop`."""
    command.epilog = "All times are by the village's clocks. What is left when it closes is on sale as before."
    command.add_argument("sku", metavar="SKU")
    command.add_argument("units", metavar="UNITS", help="they come out of the batches that ship first")
    command.add_argument("price", metavar="PRICE", help="in yuan for a unit, such as 19.90")
    command.add_argument("room", metavar="ROOM", help="the room that sells it, such as cabbage-1")
    command.add_argument("--from", dest="start", required=True, metavar="HH:MM|now", help="when it opens")
    ends = command.add_mutually_exclusive_group(required=True)
    ends.add_argument("--minutes", metavar="N", help="how long it lasts, at most 1440")
    ends.add_argument("--to", metavar="HH:MM", help="when it closes; the next day where that is not after --from")
    command.add_argument("--date", metavar="DATE", help="the day on which it opens (default: today)")
    command.add_argument(
        "--limit", default="0", metavar="N", help="units for one buyer, by phone (default: any number)"
    )
    command.add_argument(
        "--rate", metavar="ORDERS_PER_SECOND", help="expected at once (default: what `expect` has said)"
    )
    target.add_stage(command)
    command.set_defaults(run=_drop)


def add_drops(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo drops`."""
    target.add_stage(command)
    command.set_defaults(run=_drops)


def add_drop_end(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo drop-end`."""
    command.add_argument("drop", metavar="DROP", help="as `drops` lists it")
    target.add_stage(command)
    command.set_defaults(run=_drop_end)


def _drop(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    asked = read_drop(catalog, typed, utc_now())
    rate = stock.read_rate(catalog, typed.sku, typed.rate) if typed.rate is not None else None
    for line in likely_mistakes(catalog, asked):
        note_error(f"warning: {line}")
    with refusing_aws_errors():
        operations = target.operations(paths, typed.stage)
        rate = operations.store.stock.rate(asked.sku) if rate is None else rate
        drop, batches = operations.open_drop(catalog, asked, rate)
        _tell_opened(drop, batches)
        _warn(operations, catalog, drop, batches, rate)
    return 0


def _tell_opened(drop: Drop, batches: Sequence[Declared]) -> None:
    note(f"{drop.id}: {counted(drop.units, 'unit')} of {drop.sku} at {yuan(drop.price)}")
    for batch in batches:
        note(f"  {counted(batch.cap, 'unit')} out of the batch that ships by {batch.ship_by}")
    limit = f", at most {drop.limit} for a buyer" if drop.limit else ""
    note(f"On sale from {shown(drop.opens)} to {shown(drop.closes)} on the page of the room {drop.room} alone{limit}.")
    note(f"`cunbo drop-end {drop.id}` ends it sooner.")


def _warn(operations: ShopOperations, catalog: Catalog, drop: Drop, batches: Sequence[Declared], rate: int) -> None:
    per_order = drop.limit or catalog.product_of[drop.sku].per_order
    for line in warnings(Needs(rate, limited=drop.limit > 0), operations.described(), batches, per_order):
        note_error(f"warning: {line}")


def _drops(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    with refusing_aws_errors():
        operations = target.operations(paths, typed.stage)
        found = operations.drops(catalog)
        packs = {drop.sku: operations.pack(catalog, drop.sku) for drop, _ in found}
    for drop, batches in sorted(found, key=lambda one: one[0].opens):
        promised, left = sum(one.promised for one in batches), sum(one.sellable for one in batches)
        limit = f", at most {drop.limit} for a buyer" if drop.limit else ""
        note(f"{drop.id}: {state(drop, utc_now())}")
        pack = packs[drop.sku]
        gone = "" if pack else "; it is sold no more"
        note(f"  {drop.sku} at {yuan(drop.price_beside(pack))} in the room {drop.room}{limit}{gone}")
        note(f"  {counted(drop.units, 'unit')}, {promised:,} promised, {left:,} left")
    note(f"{counted(len(found), 'drop')}.")
    return 0


def _drop_end(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    with refusing_aws_errors():
        drop, back = target.operations(paths, typed.stage).end_drop(catalog, typed.drop)
    note(f"{drop.id} is over since {shown(drop.closes)}; {counted(back, 'unit')} went back to the batches.")
    return 0
