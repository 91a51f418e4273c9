"""Text messages as jobs send them: to the phone number of an order, or of a place on a waitlist."""

import logging

from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import Waiter
from chalicelib.jobs.errors import origin
from chalicelib.jobs.letters import BRINGS_LINK, LetterWriter, link_to, link_to_order
from chalicelib.jobs.sms_limits import SmsLimits, Spent
from chalicelib.services.stage import Stage
from chalicelib.sms import NoSender, SmsMessage, SmsSender, messages
from chalicelib.storage.limits import LimitStore

log = logging.getLogger("cunbo")


class SmsWriter:
    """Writes a stage's text messages and hands them to its sender; the manager hears by `letters`."""

    def __init__(self, stage: Stage, limits: LimitStore, sender: SmsSender | None, letters: LetterWriter) -> None:
        self.stage, self.limits, self.sender, self.letters = stage, limits, sender, letters
        self.counted = SmsLimits(stage, limits)

    def to_buyer(self, order: Order, text: str) -> None:
        """Send the message named `text` to the phone of the order; raise HeldBack, what the sender does."""
        link = link_to_order(self.stage, order, text, by_phone=True)
        self._send(messages.to_buyer(text, order, self.stage.catalog, link))

    def to_waiter(self, waiter: Waiter, text: str) -> None:
        """Send the message named `text` to somebody on a waitlist; raise HeldBack, what the sender does."""
        link = link_to(self.stage, "waiting", waiter.number, waiter.wish.lang)
        self._send(messages.to_waiter(text, waiter, self.stage.catalog, link))

    def _send(self, message: SmsMessage) -> None:
        """Send it: within the limits where anybody who types a number can cause it."""
        sender, about, text = self.sender, message.about, message.text
        if sender is None and self.stage.settings.sms_by:
            raise NoSender("SMS_BY is set, and nobody carries text messages: set MAIL_FROM and MANAGER_MAIL too")
        if sender is None:
            log.warning("%s: no way to send text messages is set up, so %r does not go out", about, text)
            return
        if text not in BRINGS_LINK:
            sender.send(message)
            return
        try:
            if not self.counted.send(message, lambda: sender.send(message)):
                # Whoever asked hears nothing of it: a refusal would bar the owner of a number that others type.
                log.info("%s: text message %r is not sent: its number has had as many as it may", about, text)
        except Spent:
            log.warning("%s: text message %r is not sent: as many as may be have been, today", about, text)
            self._end_day()

    def _end_day(self) -> None:
        """Once a day: whoever asks for a text message from now on is told that there are no more."""
        today = self.stage.today
        if not self.limits.end_sms(today):
            return
        log.error("strangers have caused as many text messages as may be in a day")
        try:
            self.letters.to_manager("spent", {}, f"{today}")
        except Exception as error:
            log.error("the manager is not told that the day's text messages are spent: %s", origin(error))
