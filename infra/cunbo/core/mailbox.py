"""Takes the letters that the local stack sends, and with them its text messages, and lays them into a folder.

Any mail program opens each; a page beside them shows all, the latest first.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from cunbo.core.private import append, make_folder, open_private

PAGE = "index.html"
"""The page's name in the folder. It grows with each letter, so it lacks the end tags that HTML does not ask for."""
TOP = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Letters and text messages</title>
<style>
body { display: flex; flex-direction: column-reverse; max-width: 44rem; margin: auto; font: 1rem/1.5 sans-serif }
article { margin: .5rem; border: 1px solid #bbb; border-radius: .5rem; padding: 0 1rem }
h2 { font-size: 1.1rem }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
</style>
"""
LINK = re.compile(r"https?://[^\s<>\"]+")


class Mailbox:
    """An aiosmtpd handler: each letter becomes a file in `folder`, named by the instant at which it came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Write one letter into the folder, and onto its page."""
        make_folder(self.folder)
        now = datetime.now(UTC)
        with open_private(self.folder / f"{now:%Y%m%dT%H%M%S}-{next(self.numbers):04}.eml") as letter:
            letter.write(envelope.original_content)
        read = message_from_bytes(envelope.original_content, policy=default)
        page = self.folder / PAGE
        append(page, ("" if page.exists() else TOP) + article(read, now))
        return "250 OK"


def article(letter: EmailMessage, came: datetime) -> str:
    """Return a letter as a part of the page: its text alone, with links that can be followed."""
    body = letter.get_body(("plain",))
    text = escape(str(body.get_content()).strip() if body else "")
    words = LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', text)
    subject, to = escape(str(letter["Subject"])), escape(str(letter["To"]))
    return f"<article>\n<h2>{subject}</h2>\n<p>{came:%H:%M:%S} UTC, to {to}</p>\n<pre>{words}</pre>\n</article>\n"


@asynccontextmanager
async def mailbox(folder: Path, host: str, port: int) -> AsyncIterator[None]:
    """Run a mail server that writes into `folder` until the block ends."""
    handler = Mailbox(folder)
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), host, port):
        yield
