"""Letters to buyers: the port that the outbox sends through, and the choice of what stands behind it.

`letters` writes them, `smtp` sends through any mail server, `ses` through AWS where it has that service. Only the
outbox and the sweep import from here: what letters need is no part of the API's cold start.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from chalicelib.domain.settings import Settings

if TYPE_CHECKING:
    from email.message import EmailMessage


class Undeliverable(Exception):
    """The letter can never arrive, however often it is sent: nobody has that address."""


class Unwritable(Undeliverable):
    """The letter cannot be written as a letter, so it can never be sent: its address is none, or a word has no form."""


class NoMailer(Exception):
    """The stage has a sender, but nobody who carries its letters yet: they wait."""


class Mailer(Protocol):
    """What the outbox asks of whoever carries its letters."""

    def send(self, message: "EmailMessage") -> None:
        """Hand the letter over; raise Undeliverable where no other try can help, anything else where one may."""


class MailSecret(msgspec.Struct, frozen=True):
    """The secret of what sends letters: the mail server's URL, with its password; empty: there is none."""

    smtp: str = ""


def mailer(settings: Settings, client: Callable[[str], Any]) -> Mailer | None:
    """Return who carries this stage's letters; None where nobody was set up to. `client` makes clients of AWS."""
    if not settings.mail_from:
        return None
    if settings.mail_by == "ses":
        from chalicelib.mail.ses import Ses

        return Ses(client("sesv2"))
    if not settings.mail_secret:
        return None
    said = client("secretsmanager").get_secret_value(SecretId=settings.mail_secret)["SecretString"]
    smtp = msgspec.json.decode(said, type=MailSecret).smtp
    if not smtp:
        return None
    from chalicelib.mail.smtp import Smtp

    return Smtp(smtp)
