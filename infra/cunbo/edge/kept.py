"""What the front keeps, as the edge would: for the seconds allowed, and with one fetch for all who miss at once."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

from cunbo.edge.answer import Answer, seconds_kept
from cunbo.edge.config import Keeping

MOST = 1_000
"""Answers that are kept at most; the one that was longest not asked for goes first."""


class Kept:
    """Kept answers by key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.answers: OrderedDict[Hashable, tuple[float, float, Answer]] = OrderedDict()
        self.fetches: dict[Hashable, asyncio.Task[Answer]] = {}

    async def get(
        self, key: Hashable, keeping: Keeping, fetch: Callable[[], Awaitable[Answer]]
    ) -> tuple[Answer, float | None]:
        """The answer and its age in seconds, None where it was fetched for this very request."""
        now = self.clock()
        since, until, answer = self.answers.get(key, (0.0, 0.0, None))
        if answer is not None and now < until:
            self.answers.move_to_end(key)
            return answer, now - since
        running = self.fetches.get(key)
        if running is None:
            return await self._fetch(key, keeping, fetch), None
        shared = await asyncio.shield(running)
        # What may not be kept may not be shared either.
        return (shared if seconds_kept(shared, keeping) else await fetch()), None

    async def _fetch(self, key: Hashable, keeping: Keeping, fetch: Callable[[], Awaitable[Answer]]) -> Answer:
        task = self.fetches[key] = asyncio.ensure_future(fetch())
        task.add_done_callback(lambda _: self.fetches.pop(key, None))
        answer = await asyncio.shield(task)  # a viewer who leaves does not end it for the others
        seconds = seconds_kept(answer, keeping)
        if seconds:
            now = self.clock()
            self.answers[key] = now, now + seconds, answer
            self.answers.move_to_end(key)
            if len(self.answers) > MOST:
                self.answers.popitem(last=False)
        return answer
