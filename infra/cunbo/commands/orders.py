"""Commands on one order: `postpone` it, `refund` it, or tell what is known of it; on `claims`; and on the shop's money:
the verbs of `pay` for what fits nowhere, `reconcile` a day with the providers' statements, write the `books` of a day
or a month.
"""

import re
import secrets
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.domain.commands import AskRefund, RefundWish
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.mail.letters import yuan
from chalicelib.payments import make
from chalicelib.payments.port import Provider
from chalicelib.storage.uploads import UploadStore

from cunbo.commands import target
from cunbo.core import content
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret
from cunbo.deploy.pay import FIELDS
from cunbo.operations import books, stock
from cunbo.operations.books import read_past
from cunbo.operations.drops import shown
from cunbo.operations.money import MoneyOperations
from cunbo.operations.orders import told
from cunbo.operations.people import PeopleOperations


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


def add_claims(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo claims`."""
    target.add_stage(command)
    command.set_defaults(run=_claims)


def _claims(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found = target.operations(paths, typed.stage).claims()
    for one in found:
        goods = ", ".join(
            f"{line.quantity} x {one.order.lines[line.line].sku} {line.fault}" for line in one.claim.lines
        )
        pictures = counted(len(one.claim.photos), "photograph")
        note(f"{one.order.number} since {shown(one.claim.at)}: {goods}; {pictures}")
    note(f"{counted(len(found), 'claim waits', 'claims wait')}.")
    return 0


def add_person(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo person`."""
    command.add_argument("whose", metavar="WHOSE", help="an order's number; or - to be asked for a phone or an email")
    act = command.add_mutually_exclusive_group()
    act.add_argument("--forget", action="store_true", help="forget them, as far as the law allows; asks once more")
    act.add_argument("--hold", metavar="WORDS", help="keep the order for a dispute, by this reason")
    act.add_argument("--release", action="store_true", help="the dispute is over")
    command.epilog = "A phone or an email is typed when it is asked for, so that no shell remembers it."
    target.add_stage(command)
    command.set_defaults(run=_person)


def _person(typed: Namespace, paths: Paths) -> int:
    whose = input("phone or email: ").strip() if typed.whose == "-" else typed.whose
    with refusing_aws_errors():
        people = _people(paths, typed.stage)
        if typed.hold or typed.release:
            held = people.hold(whose, "" if typed.release else typed.hold).person.hold
            note(f"{whose} is kept: {held.reason}." if held else f"{whose} is kept for no dispute.")
            return 0
        note(msgspec.json.format(msgspec.json.encode(people.kept(whose))).decode())
        if not typed.forget:
            return 0
        if input("What goes is gone for good. Type forget: ").strip() != "forget":
            raise Refusal("nothing was forgotten")
        orders = people.forget(whose)
    held_back = sum(order.person.hold is not None for order in orders)
    note(f"{counted(len(orders) - held_back, 'order is', 'orders are')} forgotten; a dispute holds {held_back}.")
    return 0


def _people(paths: Paths, stage: str | None) -> PeopleOperations:
    catalog, _ = content.read(paths.content)
    cloud, stack = target.target(paths, stage)
    outputs = stack.outputs()
    keys = msgspec.json.decode(secret.read(cloud, outputs["SecretId"]), type=Keys)
    uploads = UploadStore(outputs["UploadsHost"], "", lambda: cloud.client("s3"))
    return PeopleOperations(catalog, target.operations(paths, stage).store, keys, uploads)


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


def add_strays(verbs: Any) -> None:
    """Add to `cunbo pay` what is done about money that fits nowhere."""
    strays = verbs.add_parser("strays", help="list money that fits nowhere; exit 1 where nobody has decided about some")
    strays.add_argument("--all", action="store_true", help="also what was given back or booked, and who did it")
    strays.set_defaults(run=_strays)
    back = verbs.add_parser("return", help="give money that fits nowhere back to whoever paid it")
    back.add_argument("payment", metavar="PAYMENT", help="as `strays` names it")
    back.set_defaults(run=_return)
    book = verbs.add_parser("book", help="put money that fits nowhere to the order that it is for")
    book.add_argument("payment", metavar="PAYMENT", help="as `strays` names it")
    book.add_argument("order", metavar="ORDER")
    book.set_defaults(run=_book)
    for verb in (strays, back, book):
        target.add_stage(verb)


def add_reconcile(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo reconcile`."""
    command.add_argument("day", metavar="DAY", help="such as 2026-11-26, by the village's clocks")
    target.add_stage(command)
    command.set_defaults(run=_reconcile)


def add_books(command: ArgumentParser) -> None:
    """Add the arguments of `cunbo books`."""
    command.add_argument("span", metavar="DAY|MONTH", help="such as 2026-11-26 or 2026-11")
    command.add_argument("file", metavar="FILE", type=Path, help="the spreadsheet to write (.xlsx)")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="of its heads (default: zh)")
    target.add_stage(command)
    command.set_defaults(run=_books)


def _operations(typed: Namespace, paths: Paths) -> MoneyOperations:
    return MoneyOperations(target.operations(paths, typed.stage).store)


def _strays(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found = [one for one in _operations(typed, paths).strays() if typed.all or one.state == "open"]
    for one in found:
        decided = (
            f", {one.state.replace('_', ' ')}{' to ' + one.order if one.order else ''} by {one.by}" if one.by else ""
        )
        amount = yuan(one.amount) if one.currency == "CNY" else f"{one.amount} {one.currency}"
        named = one.reference or "nothing"
        note(f"{one.payment}  {one.provider:<7} {amount}, seen {shown(one.seen)}, for {named}{decided}")
    waiting = sum(one.state == "open" for one in found)
    note(f"{counted(waiting, 'payment waits', 'payments wait')} for a decision.")
    return 1 if waiting else 0


def _return(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        stray = _operations(typed, paths).give_back(typed.payment)
    note(f"{typed.payment} goes back: {stray.provider} is asked within a minute.")
    return 0


def _book(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        _operations(typed, paths).book(typed.payment, typed.order)
    note(f"{typed.payment} is put to {typed.order} within a minute: `cunbo order` tells what has come of it.")
    return 0


def _reconcile(typed: Namespace, paths: Paths) -> int:
    day = read_past(typed.day)
    with refusing_aws_errors():
        providers = _providers(typed, paths)
        found = _operations(typed, paths).reconcile(providers, day)
    for one in found:
        note(f"{one}")
    names = ", ".join(providers) or "no provider: only a sandbox takes payments here"
    note(f"{counted(len(found), 'difference')} on {day}, by the statements of {names}.")
    return 1 if found else 0


def _providers(typed: Namespace, paths: Paths) -> dict[str, Provider]:
    from chalicelib.network.client import Network

    cloud, stack = target.target(paths, typed.stage)
    outputs, shop_url = stack.outputs(), stack.parameters()["ShopUrl"]
    ids = {name: outputs[key] for name in FIELDS if (key := f"{name.capitalize()}SecretId") in outputs}
    return {
        name: make(
            name,
            secret.read(cloud, id_).encode(),
            Network(60.0),
            f"{shop_url}/api/payments/{name}/events",
            lambda: datetime.now(UTC),
        )
        for name, id_ in ids.items()
    }


def _books(typed: Namespace, paths: Paths) -> int:
    catalog, _ = content.read(paths.content)
    with refusing_aws_errors():
        sums = books.write(typed.file, typed.span, catalog, target.operations(paths, typed.stage).store, typed.lang)
    payments, refunds = counted(sums.of("payments"), "payment"), counted(sums.of("refunds"), "refund")
    came, went, fees = (yuan(sums.of(name)) for name in ("came", "went", "fees"))
    note(f"{typed.file}: {payments} {came}, {refunds} {went}, fees {fees}.")
    return 0
