"""Letters as jobs send them: to an order's buyer, to somebody who waits, to the manager."""

import logging
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import Waiter
from chalicelib.mail import Mailer, Undeliverable
from chalicelib.mail.letters import Envelope, letter, message, waiter_letter
from chalicelib.services.stage import Stage

log = logging.getLogger("cunbo")

LANG = "zh"
"""The language that the manager reads."""


class LetterWriter:
    """Writes a stage's letters and hands them to its mailer; where there is none, a line of the log stands for each."""

    def __init__(self, stage: Stage, mailer: Mailer | None) -> None:
        self.stage, self.mailer = stage, mailer

    def to_buyer(self, order: Order, text: str) -> None:
        """Send the letter named `text` to the order's buyer; raise what the mailer does."""
        assert order.email, "no letter is asked for where nobody could get it"  # noqa: S101 - for the type checker
        if mailer := self._mailer(order.number, text):
            link = self._link("order", order.number, order.lang)
            envelope = self._envelope(order.email, order.number)
            mailer.send(letter(text, order, self.stage.catalog, link, envelope))

    def to_waiter(self, waiter: Waiter, text: str) -> None:
        """Send the letter named `text` to somebody on a waitlist; raise what the mailer does."""
        if mailer := self._mailer(waiter.number, text):
            link = self._link("waiting", waiter.number, waiter.wish.lang)
            envelope = self._envelope(waiter.contact, waiter.number)
            mailer.send(waiter_letter(text, waiter, self.stage.catalog, link, envelope))

    def to_manager(self, text: str, facts: Mapping[str, Any], about: str) -> None:
        """Send the letter named `text` to the manager, where they can be written to; raise what the mailer does."""
        to = self.stage.settings.manager_mail
        if self.mailer is None or not to:
            log.warning("the manager is not told: no way to send mail, or no MANAGER_MAIL, is set up")
            return
        try:
            self.mailer.send(message(text, LANG, facts, self.stage.catalog, self._envelope(to, about)))
        except Undeliverable:
            log.warning("the manager is not told: nobody has the address MANAGER_MAIL")

    def _envelope(self, to: str, about: str) -> Envelope:
        return Envelope(to, about, self.stage.settings.mail_from, self.stage.clock())

    def _mailer(self, number: str, text: str) -> Mailer | None:
        if self.mailer is None:
            log.warning("%s: no way to send mail is set up, so no letter %r goes out", number, text)
        return self.mailer

    def _link(self, page: str, number: str, lang: str) -> str:
        prefix = "" if lang == "zh" else f"/{lang}"
        return f"{self.stage.settings.shop_url}{prefix}/{page}/#{number}.{self.stage.keys.token(number)}"
