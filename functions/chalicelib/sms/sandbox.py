"""Sends no text message to any phone: each goes as a letter to the manager, who is whoever tries the stage out.

On a developer's machine they lie with the letters, in the order in which they were sent. No page of the shop shows
them, since each holds somebody's link. A stage that is no sandbox refuses to start with it (domain/settings.py).
"""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from chalicelib.domain.mailbox import parts
from chalicelib.mail import Mailer
from chalicelib.sms import SmsMessage


class Sandbox:
    """Text messages as letters of this `mailer`."""

    def __init__(self, mailer: Mailer, sender: str, manager: str) -> None:
        self.mailer, self.sender, self.manager = mailer, sender, manager

    def send(self, message: SmsMessage) -> None:
        """Show it to the manager; raise what the mailer does."""
        letter = EmailMessage()
        letter["Subject"] = f"SMS {message.to} ({message.parts})"
        letter["From"] = Address("", *parts(self.sender))
        letter["To"] = Address("", *parts(self.manager))
        letter["Message-ID"] = make_msgid(f"{message.about}-{message.text}-sms", self.sender.partition("@")[2])
        letter.set_content(message.words, cte="quoted-printable")
        self.mailer.send(letter)
