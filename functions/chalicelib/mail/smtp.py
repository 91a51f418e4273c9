"""Sends by SMTP: the one way to send mail that every cloud's region and every village's provider has.

Letters carry the link that opens an order, so they go over TLS, to a server whose certificate is good. A server on this
machine may do without: nobody listens on the way.
"""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from chalicelib.mail import Undeliverable

PATIENCE = 10
"""Seconds that the server may take for each answer."""
NO_SUCH_ADDRESS = b"5.1."
"""What a server's words begin with where the address is at fault (RFC 3463), not the server or its settings."""


LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Smtp:
    """The server of a URL: smtp://user:password@host:port, smtps:// for TLS from the start."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        """Hand the letter over; raise Undeliverable, or OSError or smtplib.SMTPException for a later try."""
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        try:
            with self._server() as server:
                server.send_message(message, from_addr=sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            if all(words.startswith(NO_SUCH_ADDRESS) for _, words in refused.recipients.values()):
                raise Undeliverable from refused
            raise

    def _server(self) -> smtplib.SMTP:
        """A connection that may send; raises smtplib.SMTPNotSupportedError where it needs TLS and is offered none."""
        url, trusted = self.url, ssl.create_default_context()  # smtplib's own default checks no certificate
        host, port = url.hostname or "", url.port or 0
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trusted)
        else:
            server = smtplib.SMTP(host, port, timeout=PATIENCE)
        try:
            if url.scheme != "smtps":
                server.ehlo_or_helo_if_needed()
                if url.username or host not in LOOPBACK or server.has_extn("starttls"):
                    server.starttls(context=trusted)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except BaseException:
            server.close()
            raise
        return server
