"""Letters as jobs send them: to an order's buyer, to somebody who waits, to the manager."""

import logging
from collections.abc import Callable, Mapping
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import msgspec

from chalicelib.domain.aftersales.invoices import Invoice
from chalicelib.domain.keys import Proof
from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import Waiter, WaiterState
from chalicelib.jobs.errors import origin
from chalicelib.jobs.letter_limits import LetterLimits
from chalicelib.jobs.limits import HeldBack
from chalicelib.mail import Mailer, NoMailer, Undeliverable, Unwritable
from chalicelib.mail.letters import Envelope, invoice_letter, letter, message, waiter_letter
from chalicelib.services.stage import Stage
from chalicelib.storage.limits import LimitStore

log = logging.getLogger("cunbo")

LANG = "zh"
"""The language that the manager reads."""
BRINGS_LINK = frozenset({"link", "confirm", WaiterState.UNCONFIRMED, WaiterState.WAITING})
"""Messages that bring a link to whoever asks for it, so that anybody who types an address or number can cause them."""


class ReaderLetter(msgspec.Struct, frozen=True):
    """A letter named `text` to somebody who reads, or has asked for, the newsletter; `about` is a number for its id."""

    text: str
    to: str
    about: str
    lang: str
    facts: Mapping[str, Any]
    headers: Mapping[str, str] = {}


class LetterWriter:
    """Writes a stage's letters and hands them to its mailer; without a sender a line of the log stands for each."""

    def __init__(self, stage: Stage, limits: LimitStore, mailer: Mailer | None) -> None:
        self.stage, self.limits, self.mailer = stage, limits, mailer
        self.hourly = LetterLimits(stage, limits)

    def to_buyer(self, order: Order, text: str) -> None:
        """Send the letter named `text` to the order's buyer; raise HeldBack, what the mailer does.

        That an order was placed is held back while it is not paid: whoever has paid is no stranger.
        """
        assert order.email, "no letter is asked for where nobody could get it"  # noqa: S101 - for the type checker
        to, number = order.email, order.number
        link = link_to_order(self.stage, order, text, by_phone=False)
        envelope = self._envelope(to, number)
        free = text not in BRINGS_LINK and (text != "placed" or order.payment is not None)
        self._send(text, envelope, lambda: letter(text, order, self.stage.catalog, link, envelope), free)

    def of_invoice(self, order: Order, invoice: Invoice) -> None:
        """Tell whoever asked for an invoice that it is issued; raise what the mailer does."""
        link = link_to(self.stage, "after", order.number, order.lang)
        envelope, catalog = self._envelope(invoice.wish.email, order.number), self.stage.catalog
        self._send("invoiced", envelope, lambda: invoice_letter(order, invoice, catalog, link, envelope), free=True)

    def to_waiter(self, waiter: Waiter, text: str) -> None:
        """Send the letter named `text` to somebody on a waitlist; raise HeldBack, what the mailer does."""
        to, number = waiter.contact, waiter.number
        link = link_to(self.stage, "waiting", number, waiter.wish.lang)
        envelope = self._envelope(to, number)
        free = text not in BRINGS_LINK
        self._send(text, envelope, lambda: waiter_letter(text, waiter, self.stage.catalog, link, envelope), free)

    def to_reader(self, asked: ReaderLetter) -> None:
        """Send a letter of the newsletter; raise HeldBack for one that strangers ask for, what the mailer does."""
        envelope = self._envelope(asked.to, asked.about)

        def write() -> EmailMessage:
            mail = message(asked.text, asked.lang, asked.facts, self.stage.catalog, envelope)
            for name, value in asked.headers.items():
                mail[name] = value
            return mail

        self._send(asked.text, envelope, write, asked.text not in BRINGS_LINK)

    def to_manager(self, text: str, facts: Mapping[str, Any], about: str) -> None:
        """Send the letter named `text` to the manager, where they can be written to; raise what the mailer does."""
        to = self.stage.settings.manager_mail
        mailer = self._mailer(about, text) if to else None
        if mailer is None:
            log.warning("the manager is not told: no way to send mail, or no MANAGER_MAIL, is set up")
            return
        envelope = self._envelope(to, about)
        try:
            mailer.send(_written(lambda: message(text, LANG, facts, self.stage.catalog, envelope)))
        except Undeliverable:
            log.warning("the manager is not told: nobody has the address MANAGER_MAIL")

    def _send(self, text: str, envelope: Envelope, write: Callable[[], EmailMessage], free: bool) -> None:
        """Send a letter, `free` or within the limits of the hour."""
        mailer = self._mailer(envelope.about, text)
        if mailer is None:
            return
        mail = _written(write)
        if free:
            mailer.send(mail)
            return
        try:
            link = envelope.about if text in BRINGS_LINK else ""
            if not self.hourly.send(envelope.to, lambda: mailer.send(mail), link):
                # Whoever asked hears nothing of it: a refusal would bar the owner of an address that others type.
                log.info(
                    "%s: letter %r is not sent: others with its link have been, in this hour", envelope.about, text
                )
        except HeldBack as held:
            if held.everybody:
                self._tell_of_holding_back()
            raise

    def _tell_of_holding_back(self) -> None:
        """Once an hour: letters to strangers wait."""
        now = self.stage.clock()
        if not self.limits.may_ask("letters-held-back", now, 1):
            return
        log.error("so many letters to strangers have gone out in this hour that more of them wait")
        try:
            self.to_manager("held", {}, f"{now:%Y-%m-%d-%H}")
        except Exception as error:
            log.error("the manager is not told that letters wait: %s", origin(error))

    def _envelope(self, to: str, about: str) -> Envelope:
        return Envelope(to, about, self.stage.settings.mail_from, self.stage.clock())

    def _mailer(self, number: str, text: str) -> Mailer | None:
        """Who carries letters; None where the stage sends none. Raise NoMailer where the way is only missing yet."""
        if self.mailer is None and self.stage.settings.mail_from:
            raise NoMailer("MAIL_FROM is set, and no way to send mail: set SMTP_URL or MAIL_IDENTITY")
        if self.mailer is None:
            log.warning("%s: no way to send mail is set up, so no letter %r goes out", number, text)
        return self.mailer


def link_to(stage: Stage, page: str, number: str, lang: str) -> str:
    """Return the link that opens the `page` of an order or place: its token is in the fragment, so no log has it."""
    return _link(stage, page, lang, f"{number}.{stage.keys.token(number)}")


def link_to_order(stage: Stage, order: Order, text: str, by_phone: bool) -> str:
    """Return the link to an order that the message named `text` brings: one that was asked for proves where it went."""
    if text != "link":
        return link_to(stage, "order", order.number, order.lang)
    token = stage.keys.sent_token(order.number, Proof(stage.today, by_phone))
    return _link(stage, "order", order.lang, f"{order.number}.{token}")


def _link(stage: Stage, page: str, lang: str, key: str) -> str:
    return f"{stage.settings.shop_url}{'' if lang == 'zh' else f'/{lang}'}/{page}/#{key}"


def _written(write: Callable[[], EmailMessage]) -> EmailMessage:
    """Return the letter, if it can be put into bytes too; raise Unwritable."""
    try:
        mail = write()
        mail.as_bytes(policy=SMTP)
    except (ValueError, MessageError) as error:  # errors of characters are ValueErrors
        raise Unwritable(origin(error)) from error
    return mail
