"""Sends by Amazon SES, which AWS has outside China: no password to keep, the function's own role may send."""

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from chalicelib.mail import Undeliverable


class Ses:
    """SES through a botocore client of `sesv2`."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def send(self, message: EmailMessage) -> None:
        """Hand the letter over; raise Undeliverable, or botocore's own error for a later try."""
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        try:
            self.client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": message.as_bytes(policy=SMTP)}},
            )
        except self.client.exceptions.BadRequestException as refused:
            raise Undeliverable from refused
