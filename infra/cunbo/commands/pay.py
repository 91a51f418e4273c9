"""Commands on payments: `pay` proves providers' settings without money, and lists, gives back or books money that fits
nowhere; `reconcile` holds a day's statements against the ledger; `books` writes the books of a day or month.
"""

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.mail.letters import yuan
from chalicelib.payments import make
from chalicelib.payments.port import Provider

from cunbo.commands import target
from cunbo.core.cloud import refusing_aws_errors
from cunbo.core.paths import Paths
from cunbo.core.progress import counted, note
from cunbo.core.refusal import Refusal
from cunbo.deploy import secret
from cunbo.deploy.deploy import address_of
from cunbo.deploy.package import LOCAL
from cunbo.deploy.pay import FIELDS, check, payments_of
from cunbo.operations import books
from cunbo.operations.books import read_past
from cunbo.operations.drops import shown
from cunbo.operations.money import MoneyOperations


def add_pay(command: ArgumentParser) -> None:
    """Add the verbs of `cunbo pay`, each with its arguments."""
    verbs = command.add_subparsers(required=True, metavar="VERB")
    proves = verbs.add_parser("check", help="ask each provider whether it takes these settings; exit 1 where not")
    proves.epilog = (
        "With PAY and PAY_SETTINGS in the environment it looks at these settings, before they are deployed; Stripe is"
        " asked for a webhook endpoint at the address that SHOP_URL or DOMAIN names. Else it looks at what the stage"
        " has. No money moves: it asks for a payment that does not exist."
    )
    target.add_stage(proves)
    _add_strays(verbs)
    proves.set_defaults(run=_check)


def _check(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found, shop_url = _given(typed.stage) if os.environ.get("PAY_SETTINGS") else _deployed(typed, paths)
    if not found:
        note("No provider here has settings: there is nothing to prove.")
        return 0
    wrong = {name: check(name, text, shop_url) for name, text in found.items()}
    for name, words in wrong.items():
        note(f"{name}: {words or 'it answers, and the keys fit.'}")
    return 1 if any(wrong.values()) else 0


def _given(stage: str | None) -> tuple[dict[str, bytes], str]:
    return {**payments_of(stage or LOCAL, {}, os.environ).given}, address_of(os.environ)


def _deployed(typed: Namespace, paths: Paths) -> tuple[dict[str, bytes], str]:
    cloud, stack = target.target(paths, typed.stage)
    outputs, parameters = stack.outputs(), stack.parameters()
    ids = {name: outputs[key] for name in FIELDS if (key := f"{name.capitalize()}SecretId") in outputs}
    if not ids and typed.stage is None:
        raise Refusal("the local stack is paid by the sandbox alone: set PAY and PAY_SETTINGS, or --stage")
    return {name: secret.read(cloud, id_).encode() for name, id_ in ids.items()}, parameters["ShopUrl"]


def _add_strays(verbs: Any) -> None:
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
    target.add_stage(command)
    command.set_defaults(run=_books)


def _money(typed: Namespace, paths: Paths) -> MoneyOperations:
    return MoneyOperations(target.operations(paths, typed.stage).store)


def _strays(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        found = [one for one in _money(typed, paths).strays() if typed.all or one.state == "open"]
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
        stray = _money(typed, paths).give_back(typed.payment)
    note(f"{typed.payment} goes back: {stray.provider} is asked within a minute.")
    return 0


def _book(typed: Namespace, paths: Paths) -> int:
    with refusing_aws_errors():
        _money(typed, paths).book(typed.payment, typed.order)
    note(f"{typed.payment} is put to {typed.order} within a minute: `cunbo order` tells what has come of it.")
    return 0


def _reconcile(typed: Namespace, paths: Paths) -> int:
    day = read_past(typed.day)
    with refusing_aws_errors():
        providers = _providers(typed, paths)
        found = _money(typed, paths).reconcile(providers, day)
    for one in found:
        note(f"{one}")
    names = " and ".join(providers) or "no provider: only a sandbox takes payments here"
    note(f"{counted(len(found), 'difference')} on {day}, by the statements of {names}.")
    return 1 if found else 0


def _providers(typed: Namespace, paths: Paths) -> dict[str, Provider]:
    from chalicelib.payments.network import Network

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
    days = books.days_of(typed.span)
    with refusing_aws_errors():
        money = _money(typed, paths)
        lines = [line for day in days for line in money.ledger(day)]
        sums = books.write(typed.file, typed.span, lines, money.store.orders)
    note(
        f"{typed.file}: {counted(sums.payments, 'payment')} {yuan(sums.came)}, {counted(sums.refunds, 'refund')}"
        f" {yuan(sums.went)}, fees {yuan(sums.fees)}."
    )
    return 0
