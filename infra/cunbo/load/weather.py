"""Bad weather between shoppers and a shop of this machine: a proxy that resets, drops and delays connections.

Each connection has one fate, half of them before its request is passed on, half after the answer to it came: then the
shop has done what it was asked, and nobody was told. Clients that make a connection for each request (as the surge
does) so give each request a fate of its own.
"""

import asyncio
import contextlib
import random
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from cunbo.core.background import Background
from cunbo.load.surge import here

HOST = "127.0.0.1"
CHUNK = 65_536
LONGEST_DELAY = 0.5
AT_ONCE_CLOSED = struct.pack("ii", 1, 0)
"""SO_LINGER of 0 seconds: what is closed so is reset."""


class Fault(StrEnum):
    """What befalls a connection."""

    RESET = "reset"
    DROP = "dropped"
    DELAY = "delayed"


class When(StrEnum):
    """On which side of the shop's work it happens."""

    BEFORE = "before the request"
    AFTER = "after the answer"


class Weather:
    """A proxy before `upstream`; `shares` of connections, 0 to 1, meet each fault, by chance that `seed` repeats."""

    def __init__(self, upstream: str, shares: Mapping[Fault, float], seed: int = 20261124) -> None:
        here(upstream)
        self.upstream = urlsplit(upstream)
        self.shares = shares
        self.dice, self.delays = random.Random(seed), random.Random(seed)  # noqa: S311 - to be repeated, no secret
        self.connections = 0
        self.open_connections: set[asyncio.Task[None]] = set()
        self.met: Counter[tuple[Fault, When]] = Counter()
        """How often each fault was met."""
        self.url = ""
        """Where it listens, once it is open."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listens on a free port of this machine until the block ends."""
        server = await asyncio.start_server(self._accept, HOST, 0, backlog=1024)
        self.url = f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()
            for task in self.open_connections:
                task.cancel()
            await asyncio.gather(*self.open_connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connected(reader, writer))
        self.open_connections.add(task)
        task.add_done_callback(self.open_connections.discard)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        fault, when = self._fate()
        with contextlib.suppress(OSError), contextlib.closing(writer):
            request = await reader.read(CHUNK)
            if not (when is When.BEFORE and await self._struck(fault, when, writer)):
                await self._passed_on(request, reader, writer, fault if when is When.AFTER else None)

    async def _passed_on(
        self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: Fault | None
    ) -> None:
        answers, requests = await asyncio.open_connection(self.upstream.hostname, self.upstream.port)
        requests.write(request)
        rest = asyncio.create_task(_pour(reader, requests))
        try:
            answer = await answers.read(CHUNK)
            if not await self._struck(fault, When.AFTER, writer):
                writer.write(answer)
                await _pour(answers, writer)
        finally:
            rest.cancel()
            requests.close()

    def _fate(self) -> tuple[Fault | None, When]:
        """Drawn for each connection, in the order in which they come."""
        calm = 1 - sum(self.shares.values())
        fault = self.dice.choices([*self.shares, None], [*self.shares.values(), calm])[0]
        return fault, self.dice.choice([*When])

    async def _struck(self, fault: Fault | None, when: When, writer: asyncio.StreamWriter) -> bool:
        """Does what the fault does, and says whether the connection has ended by it."""
        if fault is None:
            return False
        self.met[fault, when] += 1
        if fault is Fault.DELAY:
            await asyncio.sleep(self.delays.uniform(0, LONGEST_DELAY))
            return False
        if fault is Fault.RESET:
            found: Any = writer.get_extra_info("socket")
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_CLOSED)
        return True


@contextmanager
def bad_weather(upstream: str, shares: Mapping[Fault, float]) -> Iterator[Weather]:
    """Bad weather before `upstream` while the block runs."""
    weather = Weather(upstream, shares)
    with Background() as background:
        background.serve(weather.open())
        yield weather


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Passes on all that comes, and that no more will."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
