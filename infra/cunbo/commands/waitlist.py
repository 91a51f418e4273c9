"""The command on the waitlist: `waiting` lists who waits for what is sold out."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.operations import stock
from cunbo.operations.drops import shown
from cunbo.operations.shop import SkuWaitlist


def add_waiting(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo waiting`."""
    command.add_argument("sku", nargs="?", metavar="SKU", help="(default: all)")
    command.add_argument("--contacts", action="store_true", help="with phone numbers and emails, which are personal")
    target.add_stage(command)
    command.set_defaults(run=_waiting)


def _waiting(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    with refusing_aws_errors():
        operations = target.operations(paths, typed.stage)
        skus = operations.skus(catalog)
        if typed.sku:
            stock.known(skus, typed.sku)
        lines = [*operations.waiting([typed.sku] if typed.sku else skus)]
        for line in lines:
            if line.sku not in catalog.packs:
                note(f"{line.sku} is sold no more: those who wait for it are told within minutes.")
            _tell_line(line, (lambda number: f", {operations.contact(number)}") if typed.contacts else lambda _: "")
    note(f"{counted(sum(len(line.places) for line in lines), 'person waits', 'people wait')}.")
    return 0


def _tell_line(line: SkuWaitlist, who: Callable[[str], str]) -> None:
    note(f"{line.sku}: {len(line.invited):,} invited, {len(line.places):,} waiting")
    for waiter in line.invited:
        until = shown(waiter.until) if waiter.until else ""
        note(f"  invited until {until}: {counted(waiter.units, 'unit')}{who(waiter.number)}")
    for place, entry in enumerate(line.places, 1):
        fewer = ", or fewer" if entry.fewer else ""
        note(f"  {place}. since {shown(entry.joined)}: {counted(entry.quantity, 'unit')}{fewer}{who(entry.number)}")
