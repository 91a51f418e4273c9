"""Commands on one order: `postpone` it, `refund` it, or tell what is known of it."""

from argparse import ArgumentParser, Namespace

import msgspec
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.mail.letters import yuan

from cunbo.commands import target
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.operations import stock
from cunbo.operations.orders import told


def add_postpone(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo postpone`."""
    command.add_argument("order", metavar="ORDER")
    command.add_argument("date", metavar="DATE", help="it takes units of batches that ship on this day or later")
    target.add_stage(command)
    command.set_defaults(run=_postpone)


def add_refund(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo refund`."""
    command.add_argument("order", metavar="ORDER")
    target.add_stage(command)
    command.set_defaults(run=_refund)


def add_order(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo order`."""
    command.add_argument("order", metavar="ORDER")
    command.add_argument("--json", action="store_true", help="all that is stored of it, and what was said of its goods")
    target.add_stage(command)
    command.set_defaults(run=_order)


def _postpone(typed: Namespace, paths: Paths) -> int:
    day = stock.read_day(typed.date)
    with refusing_aws_errors():
        order = target.operations(paths, typed.stage).postpone(typed.order, day)
    note(f"{order.number} ships by {order.ship_by} instead of {order.first_ship_by}.")
    _call_too(order)
    return 0


def _refund(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        order = target.operations(paths, typed.stage).cancel_by_seller(typed.order)
    owed = sum(refund.amount for refund in order.refunds if refund.state is not RefundState.DONE)
    money = f"{yuan(owed)} goes back to its buyer" if owed else "nothing was paid that has to go back"
    note(f"{order.number} is cancelled; {money}.")
    _call_too(order)
    return 0


def _call_too(order: Order) -> None:
    if not order.email:
        note("Its buyer left no email: the order page tells them, but do call them too.")


def _order(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found = target.operations(paths, typed.stage).order(typed.order)
    if typed.json:
        note(msgspec.json.format(msgspec.json.encode(found)).decode())
        return 0
    for line in told(found["order"]):
        note(line)
    return 0
