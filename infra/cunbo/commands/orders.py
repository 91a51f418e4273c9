"""Commands on one order: `postpone` it, `refund` it, or tell what is known of it."""

import re
import secrets
from argparse import ArgumentParser, Namespace

import msgspec
from chalicelib.domain.commands import AskRefund, RefundWish
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.mail.letters import yuan

from cunbo.commands import target
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.operations import stock
from cunbo.operations.money import MoneyOperations
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
    command.add_argument(
        "--line", dest="lines", action="append", metavar="SKU=UNITS", help="units to pay back; again for others"
    )
    command.add_argument("--postage", action="store_true", help="the postage goes back too")
    command.add_argument("--amount", metavar="YUAN", help="so much goes back, such as 5.00")
    command.add_argument("--why", default="", metavar="WORDS", help="kept with the refund")
    command.epilog = "Without line, postage and amount the order is cancelled, and all of it goes back."
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
    if typed.lines or typed.postage or typed.amount is not None:
        return _refund_some(typed, paths)
    with refusing_aws_errors():
        order = target.operations(paths, typed.stage).cancel_by_seller(typed.order)
    owed = sum(refund.amount for refund in order.refunds if refund.state is not RefundState.DONE)
    money = f"{yuan(owed)} goes back to its buyer" if owed else "nothing was paid that has to go back"
    note(f"{order.number} is cancelled; {money}.")
    _call_too(order)
    return 0


def _refund_some(typed: Namespace, paths: Paths) -> int:
    amount = None if typed.amount is None else fen(typed.amount)
    asked = AskRefund(typed.why, tuple(map(_wish, typed.lines or ())), typed.postage, amount)
    with refusing_aws_errors():
        money = MoneyOperations(target.operations(paths, typed.stage).store)
        order, refund = money.refund(typed.order, asked, secrets.token_hex(16))
    note(f"{yuan(refund.amount)} of {order.number} goes back to its buyer; {yuan(order.refundable)} is left of it.")
    _call_too(order)
    return 0


def _wish(text: str) -> RefundWish:
    sku, _, units = text.rpartition("=")
    if not sku or not units.isascii() or not units.isdigit() or not 1 <= int(units) <= 200:
        raise Refusal(f"--line {text}: write a SKU and how many units, such as spicy-cabbage-500g=1")
    return RefundWish(sku, int(units))


def fen(text: str) -> int:
    """Return yuan as typed in fen; raises Refusal for what is no amount."""
    found = re.fullmatch(r"¥?([0-9]{1,6})(?:\.([0-9]{1,2}))?", text, re.ASCII)
    if not found or not (amount := int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))):
        raise Refusal(f"{text} is no amount in yuan: write it as 5 or 5.00")
    return amount


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
