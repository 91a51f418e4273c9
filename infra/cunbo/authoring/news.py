"""Tells the open pages of `make write` that something has changed, as an event stream."""

import asyncio
import time
from contextlib import suppress

from aiohttp import web


class News:
    """`version` names what there is to see: pages carry the one that they were sent with, and load another anew."""

    def __init__(self) -> None:
        self.begun, self.changes = time.time_ns() // 1_000_000, 0  # a page of an earlier run must not think it is new
        self.listeners: set[asyncio.Event] = set()

    @property
    def version(self) -> str:
        """Return the name of what there is to see now."""
        return f"{self.begun}-{self.changes}"

    def soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell every open page of a change; called from any thread, with the servers' own loop."""
        loop.call_soon_threadsafe(self.tell)

    def tell(self) -> None:
        """Tell every open page of a change; called in the servers' own loop."""
        self.changes += 1
        for listener in self.listeners:
            listener.set()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send the version now, and each one that follows."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        listener = asyncio.Event()
        listener.set()
        self.listeners.add(listener)  # before the browser hears that somebody listens
        try:
            await stream.prepare(request)
            with suppress(ConnectionError):  # the page is closed
                while await listener.wait():
                    listener.clear()
                    await stream.write(f"data: {self.version}\n\n".encode())
        finally:
            self.listeners.discard(listener)
        return stream
