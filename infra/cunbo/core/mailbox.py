"""Takes the letters that the local stack sends, and lays them into a folder, where any mail program opens them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from cunbo.core.private import make_folder, open_private


class Mailbox:
    """An aiosmtpd handler: each letter becomes a file in `folder`, named by the instant at which it came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count(1)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Write one letter into the folder."""
        make_folder(self.folder)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{next(self.numbers):04}.eml"
        with open_private(self.folder / name) as letter:
            letter.write(envelope.original_content)
        return "250 OK"


@asynccontextmanager
async def mailbox(folder: Path, host: str, port: int) -> AsyncIterator[None]:
    """Run a mail server that writes into `folder` until the block ends."""
    handler = Mailbox(folder)
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), host, port):
        yield
