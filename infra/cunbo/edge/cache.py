"""What the front keeps, as the edge would: for the seconds allowed, and with one fetch for all who miss at once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

from cunbo.edge.config import CachePolicy
from cunbo.edge.response import EdgeResponse, cache_seconds

MOST = 1_000
"""Answers that are kept at most; the one that was longest not asked for goes first."""


class EdgeCache:
    """Kept answers by key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.responses: OrderedDict[Hashable, tuple[float, float, EdgeResponse]] = OrderedDict()
        self.fetches: dict[Hashable, asyncio.Task[EdgeResponse]] = {}

    async def get(
        self, key: Hashable, cache_policy: CachePolicy, fetch: Callable[[], Awaitable[EdgeResponse]]
    ) -> tuple[EdgeResponse, float | None]:
        """Return the response and its age in seconds, None where it was fetched for this request."""
        now = self.clock()
        since, until, response = self.responses.get(key, (0.0, 0.0, None))
        if response is not None and now < until:
            self.responses.move_to_end(key)
            return response, now - since
        running = self.fetches.get(key)
        if running is None:
            return await self._fetch(key, cache_policy, fetch), None
        shared = await asyncio.shield(running)
        # What may not be kept may not be shared either.
        return (shared if cache_seconds(shared, cache_policy) else await fetch()), None

    async def _fetch(
        self, key: Hashable, cache_policy: CachePolicy, fetch: Callable[[], Awaitable[EdgeResponse]]
    ) -> EdgeResponse:
        task = self.fetches[key] = asyncio.ensure_future(fetch())
        task.add_done_callback(lambda _: self.fetches.pop(key, None))
        response = await asyncio.shield(task)  # a viewer who leaves does not end it for the others
        seconds = cache_seconds(response, cache_policy)
        if seconds:
            now = self.clock()
            self.responses[key] = now, now + seconds, response
            self.responses.move_to_end(key)
            if len(self.responses) > MOST:
                self.responses.popitem(last=False)
        return response
