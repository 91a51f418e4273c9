"""Servers that run beside the command, in one event loop in a thread of its own."""

import asyncio
import threading
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Self


class Background:
    """From `with` to the end of its block; what was begun last ends first."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.servers = AsyncExitStack()

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def serve(self, server: AbstractAsyncContextManager[Any]) -> None:
        """Start `server`, or raise what it raises."""
        asyncio.run_coroutine_threadsafe(self.servers.enter_async_context(server), self.loop).result()

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self.servers.aclose(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
