"""Commands on stock: batches and the plan for them, the expected rate of orders, and what does not add up."""

import hashlib
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from chalicelib.domain.commands import RecallBatch, ReportShortDay
from chalicelib.domain.stock.danger import Danger

from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.operations import recalls, stock


def add_batch(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo batch`."""
    command.add_argument("sku", metavar="SKU")
    command.add_argument("date", metavar="DATE", help="such as 2026-11-26")
    command.add_argument("units", metavar="UNITS")
    target.add_stage(command)
    command.set_defaults(run=_batch)


def add_plan(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo plan`."""
    target.add_stage(command)
    command.set_defaults(run=_plan)


def add_expect(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo expect`."""
    command.add_argument("sku", metavar="SKU")
    command.add_argument("rate", metavar="ORDERS_PER_SECOND")
    target.add_stage(command)
    command.set_defaults(run=_expect)


def add_danger(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo danger`."""
    target.add_stage(command)
    command.set_defaults(run=_danger)


def add_short_day(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo short-day`."""
    command.add_argument("sku", metavar="SKU")
    command.add_argument("date", metavar="DATE", help="the day that the batch was promised for")
    command.add_argument("units", metavar="UNITS", nargs="?", help="how many will not be made; without: how it stands")
    command.epilog = "The same said again on the same day counts once."
    target.add_stage(command)
    command.set_defaults(run=_short_day)


def add_audit(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo audit`."""
    target.add_stage(command)
    command.set_defaults(run=_audit)


def add_recall(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo recall`."""
    command.add_argument("sku", metavar="SKU")
    command.add_argument("date", metavar="DATE", help="the batch's day, such as 2026-11-26")
    command.add_argument("--why", metavar="WORDS", default="", help="what is wrong, as buyers will read it, in Chinese")
    command.add_argument("--why-en", metavar="WORDS", default="", help="the same in English")
    kind = command.add_mutually_exclusive_group()
    kind.add_argument("--drill", action="store_true", help="say what it would come to; change nothing, write to nobody")
    kind.add_argument("--lift", action="store_true", help="undo a recall that was a mistake")
    target.add_stage(command)
    command.set_defaults(run=_recall)


def _recall(typed: Namespace, paths: Paths) -> int:
    day, asked = stock.read_past_day(typed.date), RecallBatch(typed.why, typed.why_en, typed.drill)
    with refusing_aws_errors():
        report = target.operations(paths, typed.stage).recall(typed.sku, day, asked, lift=typed.lift)
    for line in recalls.described(report):
        note(line)
    if typed.drill:
        note("This was a drill: nothing is changed, and nobody was written to.")
    return 0


def _batch(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    batch = stock.read_batch(typed.sku, typed.date, typed.units)
    with refusing_aws_errors():
        operations = target.operations(paths, typed.stage)
        stock.known(operations.skus(catalog), batch.sku)
        operations.set_batch(catalog, batch)
        made = operations.made(batch.sku, batch.ship_by)
        broken = operations.dangers({(batch.sku, batch.ship_by)}) if made.beyond else []
    units = counted(made.units, "unit")
    note(f"{batch.sku} {batch.ship_by}: {units}, {made.promised:,} promised, {made.sellable:,} left")
    for drop, held in made.drops.items():
        note(f"  of them in the drop {drop.id}: {counted(held.cap, 'unit')}, {held.promised:,} promised")
    _tell_dangers(broken)
    if invited := made.beyond - sum(one.units for one in broken):
        note(f"{counted(invited, 'unit')} too many {'is' if invited == 1 else 'are'} kept for people who are invited.")
    return 0


def _plan(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    with refusing_aws_errors():
        operations = target.operations(paths, typed.stage)
        done = operations.plan(catalog)
        smaller = {(one.sku, one.ship_by) for one in done if one.was is not None and one.units < one.was}
        broken = operations.dangers(smaller) if smaller else []
    for batch in done:
        before = "" if batch.was is None else f" instead of {batch.was:,}"
        note(f"{batch.sku} {batch.ship_by}: {counted(batch.units, 'unit')}{before}")
    made = sum(batch.was is None for batch in done)
    note(f"{counted(made, 'batch', 'batches')} made, {len(done) - made} changed.")
    _tell_dangers(broken)
    return 0


def _expect(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    rate = stock.read_rate(catalog, typed.sku, typed.rate)
    with refusing_aws_errors():
        batches = target.operations(paths, typed.stage).expect(catalog, typed.sku, rate)
    for batch in batches:
        note(f"{typed.sku} {batch.ship_by}: {counted(batch.cap, 'unit')} in {counted(batch.shards, 'shard')}")
    note(f"{typed.sku}: {counted(rate, 'order')} a second expected; `cunbo limits {rate}` says what else that takes.")
    return 0


def _danger(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        broken = target.operations(paths, typed.stage).dangers()
    _tell_dangers(broken)
    note(f"{counted(len(broken), 'promise')} cannot be kept.")
    return 1 if broken else 0


def _short_day(typed: Namespace, paths: Paths) -> int:
    batch = stock.read_batch(typed.sku, typed.date, typed.units or "0")
    with refusing_aws_errors():
        operations = target.operations(paths, typed.stage)
        if batch.units:
            said = f"{batch.sku} {batch.ship_by} {batch.units} {stock.today()}"
            asked = ReportShortDay(batch.sku, batch.ship_by, batch.units)
            found = operations.report_short_day(asked, hashlib.sha256(said.encode()).hexdigest())
        else:
            found = operations.short_day(batch.sku, batch.ship_by)
    for one in found.asked:
        answer = one.question.choice or ("" if one.order.email else "no answer yet; no email: call them")
        note(f"{one.order.number}: {counted(one.question.units, 'unit')}, {answer or 'no answer yet'}")
    missing = f"{found.waiting:,} asked about, {found.missing:,} that nobody is asked about"
    note(f"{found.sku} {found.ship_by}: {counted(found.units, 'unit')} not made; of what is promised {missing}.")
    return 0


def _tell_dangers(broken: Sequence[Danger]) -> None:
    if not broken:
        return
    note("These cannot be made in time. Give each a later date (cunbo postpone ORDER DATE) or its money back")
    note("(cunbo refund ORDER); the batch sells again when what is promised fits:")
    for one in broken:
        state = one.order.state.replace("_", " ")
        told = "" if one.order.email else ", no email: call them"
        note(f"  {one.order.number}  {one.shelf} {one.ship_by}: {counted(one.units, 'unit')} too many, {state}{told}")


def _audit(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found = target.operations(paths, typed.stage).audit()
    for line in found.differences:
        note(line)
    for line in found.moving:
        note(f"{line}: orders came in all the while, so it could not be judged; ask again in a calmer minute")
    note(f"{counted(len(found.differences), 'difference')} between stock and orders.")
    return 1 if found.differences else 0
