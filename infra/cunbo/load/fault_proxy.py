"""A proxy between shoppers and a shop on this machine, which resets, drops and delays connections.

A connection meets at most one fault, half of the time before its request is passed on, half of the time after the
response came: then the shop has done what it was asked, and nobody was told. A client that opens a connection for each
request, as the surge does, so gives each request a fault of its own.
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
from cunbo.load.surge import require_this_machine

HOST = "127.0.0.1"
CHUNK = 65_536
LONGEST_DELAY = 0.5
AT_ONCE_CLOSED = struct.pack("ii", 1, 0)
"""SO_LINGER of 0 seconds: what is closed so is reset."""


class NetworkFault(StrEnum):
    """What happens to a connection."""

    RESET = "reset"
    DROP = "dropped"
    DELAY = "delayed"


class FaultMoment(StrEnum):
    """Whether it happens before or after the shop's work."""

    BEFORE = "before the request"
    AFTER = "after the answer"


class FaultProxy:
    """A proxy before `upstream`; `shares` (0 to 1) of connections meet each fault, the same ones for a `seed`."""

    def __init__(self, upstream: str, shares: Mapping[NetworkFault, float], seed: int = 20261124) -> None:
        require_this_machine(upstream)
        self.upstream = urlsplit(upstream)
        self.shares = shares
        self.random_faults, self.random_delays = random.Random(seed), random.Random(seed)  # noqa: S311 - to be repeated, no secret
        self.connections = 0
        self.open_connections: set[asyncio.Task[None]] = set()
        self.counts: Counter[tuple[NetworkFault, FaultMoment]] = Counter()
        """How often each fault was met."""
        self.url = ""
        """Where it listens, once it is open."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen on a free port of this machine until the block ends."""
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
        fault, when = self._draw()
        with contextlib.suppress(OSError), contextlib.closing(writer):
            request = await reader.read(CHUNK)
            if not (when is FaultMoment.BEFORE and await self._apply(fault, when, writer)):
                await self._passed_on(request, reader, writer, fault if when is FaultMoment.AFTER else None)

    async def _passed_on(
        self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fault: NetworkFault | None
    ) -> None:
        answers, requests = await asyncio.open_connection(self.upstream.hostname, self.upstream.port)
        requests.write(request)
        rest = asyncio.create_task(_relay(reader, requests))
        try:
            answer = await answers.read(CHUNK)
            if not await self._apply(fault, FaultMoment.AFTER, writer):
                writer.write(answer)
                await _relay(answers, writer)
        finally:
            rest.cancel()
            requests.close()

    def _draw(self) -> tuple[NetworkFault | None, FaultMoment]:
        """Draw a connection's fault, and when it happens; in the order in which connections come."""
        calm = 1 - sum(self.shares.values())
        fault = self.random_faults.choices([*self.shares, None], [*self.shares.values(), calm])[0]
        return fault, self.random_faults.choice([*FaultMoment])

    async def _apply(self, fault: NetworkFault | None, when: FaultMoment, writer: asyncio.StreamWriter) -> bool:
        """Apply the fault, and return whether it ended the connection."""
        if fault is None:
            return False
        self.counts[fault, when] += 1
        if fault is NetworkFault.DELAY:
            await asyncio.sleep(self.random_delays.uniform(0, LONGEST_DELAY))
            return False
        if fault is NetworkFault.RESET:
            found: Any = writer.get_extra_info("socket")
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE_CLOSED)
        return True


@contextmanager
def fault_proxy(upstream: str, shares: Mapping[NetworkFault, float]) -> Iterator[FaultProxy]:
    """Run a proxy with these faults before `upstream` until the block ends."""
    proxy = FaultProxy(upstream, shares)
    with Background() as background:
        background.serve(proxy.open())
        yield proxy


async def _relay(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Pass on all bytes, and then the end of the stream."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            sink.write(data)
            await sink.drain()
        sink.write_eof()
