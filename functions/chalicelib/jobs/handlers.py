"""What jobs do for each kind of aggregate: an order, a search for a lost one, a place on the waitlist, a newsletter.

**To add a kind, add its line to `handlers`**, as to storage/aggregates.py, which says how it is stored, loaded and
found due: the stream's consumer and the sweep know kinds by these two alone.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from chalicelib.bootstrap import Services
from chalicelib.domain.aftersales.invoices import Invoice
from chalicelib.domain.aggregate import (
    BookPayment,
    ClosePayment,
    FollowParcel,
    Intent,
    Mail,
    Message,
    RefundPayment,
    Sms,
    TellManager,
)
from chalicelib.domain.orders.model import Order
from chalicelib.domain.payments.strays import Stray
from chalicelib.domain.waitlist import Waiter
from chalicelib.jobs.letters import LetterWriter
from chalicelib.jobs.sms import SmsWriter
from chalicelib.jobs.troubles import Troubles
from chalicelib.jobs.voices.readers import Readers
from chalicelib.services.payments.payments import Payments
from chalicelib.storage.desk.invoices import INVOICE
from chalicelib.storage.orders import ORDER, SEARCH
from chalicelib.storage.payments.strays import STRAY
from chalicelib.storage.voices.readers import MAILING, SIGNUP
from chalicelib.storage.waitlist import WAITER

Writers = Mapping[type[Message], LetterWriter | SmsWriter]
"""Who writes what, by the intent that asks for it."""


class Handler(msgspec.Struct, frozen=True, eq=False):
    """What is done for one kind of aggregate: `do` does an intent of one elsewhere, `end` ends a hold that is over.

    `do` returns the event that tells the aggregate of it; None: it is done.
    """

    do: Callable[[Any, Intent], Any]
    end: Callable[[Any], None]


def handlers(services: Services, letters: LetterWriter, sms: SmsWriter, troubles: Troubles) -> dict[str, Handler]:
    """Return the handler of each kind, by the kind's name; `troubles` hears what the manager must know."""
    payments = services.payments
    writers: Writers = {Mail: letters, Sms: sms}
    readers = Readers(services.stage, services.store.readers, letters)
    return {
        ORDER.name: Handler(partial(_do, services, writers, troubles), payments.end_hold),
        SEARCH.name: Handler(lambda search, _: services.orders.send_links(search), lambda _: None),
        WAITER.name: Handler(lambda waiter, intent: _write_to(waiter, intent, writers), services.waitlist.lapse),
        STRAY.name: Handler(partial(_do_stray, payments, troubles), lambda _: None),
        SIGNUP.name: Handler(readers.confirm, lambda _: None),
        MAILING.name: Handler(readers.send, lambda _: None),
        INVOICE.name: Handler(partial(_write_of_invoice, services, letters), lambda _: None),
    }


def _do(services: Services, writers: Writers, troubles: Troubles, order: Order, intent: Intent) -> Any:
    match intent:
        case Mail(text=text) | Sms(text=text):
            writers[type(intent)].to_buyer(order, text)
        case TellManager(text=text):
            troubles.note(text, order.number)
        case RefundPayment(key=key, tries=tries):
            return services.payments.pay_back(order, key, again=tries > 0)
        case ClosePayment(attempt=n):
            services.payments.close(order, n)
        case FollowParcel(parcel=n):
            services.tracking.follow(order, n)
    return None


def _do_stray(payments: Payments, troubles: Troubles, stray: Stray, intent: Intent) -> Any:
    if isinstance(intent, RefundPayment):
        return payments.pay_back_stray(stray)
    if isinstance(intent, BookPayment):
        payments.book_stray(stray)
        return None
    if isinstance(intent, TellManager):
        troubles.note(intent.text, stray.payment)
    return None


def _write_of_invoice(services: Services, letters: LetterWriter, invoice: Invoice, intent: Intent) -> None:
    if isinstance(intent, Mail) and (order := services.store.orders.load(invoice.number)):
        letters.of_invoice(order, invoice)


def _write_to(waiter: Waiter, intent: Intent, writers: Writers) -> None:
    """Sends no message of a state that it has left: it would mislead."""
    if isinstance(intent, Message) and intent.text == waiter.state:
        writers[type(intent)].to_waiter(waiter, intent.text)
