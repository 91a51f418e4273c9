"""The commands of who hosts a live sale: drops, and those who wait. They are put into the command line by cli.py."""

import argparse
from typing import TYPE_CHECKING

from cunbo.core.house import House
from cunbo.core.progress import complain, counted, note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.capacity import Declared
    from chalicelib.catalog import Catalog
    from chalicelib.drops import Drop

    from cunbo.operations.stock import Line, Warehouse

Commands = argparse._SubParsersAction


def add(commands: "Commands[argparse.ArgumentParser]") -> list[argparse.ArgumentParser]:
    """Adds the commands with their words, and gives them."""
    drop = commands.add_parser(
        "drop",
        help="move units into a drop: one room sells them between two instants, at their own price",
        epilog="All times are by the village's clocks. What is left when it closes is on sale as before.",
    )
    drop.add_argument("sku", metavar="SKU")
    drop.add_argument("units", metavar="UNITS", help="they come out of the batches that ship first")
    drop.add_argument("price", metavar="PRICE", help="in yuan for a unit, such as 19.90")
    drop.add_argument("room", metavar="ROOM", help="the room that sells it, such as cabbage-1")
    drop.add_argument("--from", dest="start", required=True, metavar="HH:MM|now", help="when it opens")
    ends = drop.add_mutually_exclusive_group(required=True)
    ends.add_argument("--minutes", metavar="N", help="how long it lasts, at most 1440")
    ends.add_argument("--to", metavar="HH:MM", help="when it closes; the next day where that is not after --from")
    drop.add_argument("--date", metavar="DATE", help="the day on which it opens (default: today)")
    drop.add_argument("--limit", default="0", metavar="N", help="units for one buyer, by phone (default: any number)")
    drop.add_argument("--rate", metavar="ORDERS_PER_SECOND", help="expected at once (default: what `expect` has said)")
    drop.set_defaults(run=_drop)
    drops = commands.add_parser("drops", help="list the drops: when, how many, how many are promised")
    drops.set_defaults(run=_drops)
    end = commands.add_parser("drop-end", help="end a drop now; what is left is on sale as before")
    end.add_argument("drop", metavar="DROP", help="as `drops` lists it")
    end.set_defaults(run=_drop_end)
    waiting = commands.add_parser("waiting", help="list who waits for what is sold out, the first in line first")
    waiting.add_argument("sku", nargs="?", metavar="SKU", help="(default: all)")
    waiting.add_argument("--contacts", action="store_true", help="with their e-mail addresses, which are personal")
    waiting.set_defaults(run=_waiting)
    return [drop, drops, end, waiting]


def _drop(said: argparse.Namespace, house: House) -> int:
    from chalicelib.shop import utc_now

    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly
    from cunbo.operations import drops, stock

    catalog, _ = content.read(house.content)
    asked = drops.read_drop(catalog, said, utc_now())
    rate = stock.read_rate(catalog, said.sku, said.rate) if said.rate is not None else None
    for line in drops.second_thoughts(catalog, asked):
        complain(f"warning: {line}")
    with plainly():
        warehouse = target.warehouse(house, said.stage)
        rate = warehouse.store.rate(asked.sku) if rate is None else rate
        drop, batches = warehouse.open_drop(catalog, asked, rate)
        _tell_opened(drop, batches)
        _warn(warehouse, catalog, drop, batches, rate)
    return 0


def _tell_opened(drop: "Drop", batches: "Sequence[Declared]") -> None:
    from chalicelib.mail.letters import yuan

    from cunbo.operations.drops import shown

    note(f"{drop.id}: {counted(drop.units, 'unit')} of {drop.sku} at {yuan(drop.price)}")
    for batch in batches:
        note(f"  {counted(batch.cap, 'unit')} out of the batch that ships by {batch.ship_by}")
    limit = f", at most {drop.limit} for a buyer" if drop.limit else ""
    note(f"On sale from {shown(drop.opens)} to {shown(drop.closes)} on the page of the room {drop.room} alone{limit}.")
    note(f"`cunbo drop-end {drop.id}` ends it sooner.")


def _warn(warehouse: "Warehouse", catalog: "Catalog", drop: "Drop", batches: "Sequence[Declared]", rate: int) -> None:
    from cunbo.model.drop import warnings
    from cunbo.model.needs import Needs

    per_order = drop.limit or catalog.product_of[drop.sku].per_order
    for line in warnings(Needs(rate, limited=drop.limit > 0), warehouse.described(), batches, per_order):
        complain(f"warning: {line}")


def _drops(said: argparse.Namespace, house: House) -> int:
    from chalicelib.mail.letters import yuan
    from chalicelib.shop import utc_now

    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly
    from cunbo.operations.drops import state

    catalog, _ = content.read(house.content)
    with plainly():
        found = target.warehouse(house, said.stage).drops(catalog)
    for drop, batches in sorted(found, key=lambda one: one[0].opens):
        promised, left = sum(one.promised for one in batches), sum(one.sellable for one in batches)
        limit = f", at most {drop.limit} for a buyer" if drop.limit else ""
        note(f"{drop.id}: {state(drop, utc_now())}")
        note(f"  {drop.sku} at {yuan(drop.price)} in the room {drop.room}{limit}")
        note(f"  {counted(drop.units, 'unit')}, {promised:,} promised, {left:,} left")
    note(f"{counted(len(found), 'drop')}.")
    return 0


def _drop_end(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly
    from cunbo.operations.drops import shown

    catalog, _ = content.read(house.content)
    with plainly():
        drop, back = target.warehouse(house, said.stage).end_drop(catalog, said.drop)
    note(f"{drop.id} is over since {shown(drop.closes)}; {counted(back, 'unit')} went back to the batches.")
    return 0


def _waiting(said: argparse.Namespace, house: House) -> int:
    from cunbo.commands import target
    from cunbo.core import content
    from cunbo.core.cloud import plainly
    from cunbo.operations import stock

    catalog, _ = content.read(house.content)
    if said.sku:
        stock.known(catalog, said.sku)
    with plainly():
        warehouse = target.warehouse(house, said.stage)
        lines = [*warehouse.waiting([said.sku] if said.sku else [*catalog.packs])]
        for line in lines:
            _tell_line(line, (lambda number: f", {warehouse.contact(number)}") if said.contacts else lambda _: "")
    note(f"{counted(sum(len(line.places) for line in lines), 'person waits', 'people wait')}.")
    return 0


def _tell_line(line: "Line", who: "Callable[[str], str]") -> None:
    from cunbo.operations.drops import shown

    note(f"{line.sku}: {len(line.invited):,} invited, {len(line.places):,} waiting")
    for waiter in line.invited:
        until = shown(waiter.until) if waiter.until else ""
        note(f"  invited until {until}: {counted(waiter.units, 'unit')}{who(waiter.number)}")
    for place, entry in enumerate(line.places, 1):
        fewer = ", or fewer" if entry.fewer else ""
        note(f"  {place}. since {shown(entry.joined)}: {counted(entry.quantity, 'unit')}{fewer}{who(entry.number)}")
