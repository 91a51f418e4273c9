"""Text messages to buyers and to those who wait: the port that jobs send through, and what stands behind it.

`messages` writes them, `sandbox` shows them to whoever runs the stage. A provider is one more module beside it.
"""

from math import ceil
from typing import Protocol

import msgspec

from chalicelib.domain.settings import Settings
from chalicelib.mail import Mailer

ALONE, JOINED = 70, 67
"""UTF-16 units in a message of one part, and in each part of a longer one (3GPP TS 23.038 and 23.040). The sign 【…】
has no place in GSM's 7 bits, so all messages are counted so, those in English too."""


class NoSender(Exception):
    """The stage sends text messages, but nobody carries them yet: they wait."""


class SmsMessage(msgspec.Struct, frozen=True):
    """A text message: to which number (+86…), about which order or place, by which name, in which words."""

    to: str
    about: str
    text: str
    words: str

    @property
    def parts(self) -> int:
        """How many parts it is sent and paid in."""
        units = len(self.words.encode("utf-16-be")) // 2
        return 1 if units <= ALONE else ceil(units / JOINED)


class SmsSender(Protocol):
    """What jobs ask of whoever carries text messages."""

    def send(self, message: SmsMessage) -> None:
        """Hand it over; raise mail.Undeliverable where no other try can help, anything else where one may."""


def sender(settings: Settings, mailer: Mailer | None) -> SmsSender | None:
    """Return who carries this stage's text messages; None where nobody was set up to."""
    if settings.sms_by == "sandbox" and mailer and settings.manager_mail:
        from chalicelib.sms.sandbox import Sandbox

        return Sandbox(mailer, settings.mail_from, settings.manager_mail)
    return None
