"""A surge of many shoppers at once, as load on a shop of this machine; for the stack tests and the bench."""

import asyncio
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

MOST_TRIES = 40
"""How often a shopper repeats a key that was not decided: far more than any fault here needs, so that a run ends."""


@dataclass(frozen=True)
class Answer:
    """What one key came to: every status it met on the way, the last body, and the seconds from first send to last."""

    statuses: tuple[int, ...]
    body: dict[str, Any]
    seconds: float

    @property
    def status(self) -> int:
        """The decision; 0 where the last try got no answer."""
        return self.statuses[-1]


@dataclass(frozen=True)
class Surge:
    """`orders` keys by `shoppers` at a time, each request sent `sends` times at once; 5xx are repeated if `patient`."""

    url: str
    sku: str
    orders: int
    shoppers: int
    sends: int = 1
    patient: bool = False
    pay: bool = False

    def run(self) -> list[Answer]:
        """One answer for each send of each key; refuses a shop that is not on this machine."""
        if urlsplit(self.url).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError(f"{self.url} is not on this machine: a surge is for a shop of one's own")
        with ThreadPoolExecutor(1) as thread:  # the caller's thread may have an event loop of its own
            return thread.submit(asyncio.run, self._run()).result()

    async def _run(self) -> list[Answer]:
        queue = asyncio.Queue[str]()
        run = uuid.uuid4().hex[:12]
        for number in range(self.orders):
            queue.put_nowait(f"surge-{run}-{number:06}")
        timeout = aiohttp.ClientTimeout(total=60)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(self.url, timeout=timeout, connector=connector) as session:
            answers = await asyncio.gather(*[self._shopper(session, queue) for _ in range(self.shoppers)])
        return [answer for each in answers for answer in each]

    async def _shopper(self, session: aiohttp.ClientSession, queue: "asyncio.Queue[str]") -> list[Answer]:
        answers: list[Answer] = []
        while not queue.empty():
            key = queue.get_nowait()
            answers += await asyncio.gather(*[self._buy(session, key) for _ in range(self.sends)])
        return answers

    async def _buy(self, session: aiohttp.ClientSession, key: str) -> Answer:
        started = time.perf_counter()
        statuses: list[int] = []
        body: dict[str, Any] = {}
        for _ in range(MOST_TRIES if self.patient else 1):
            order = order_of(self.sku, buyer=key)
            status, body = await self._post(session, "/api/checkout", order, {"Idempotency-Key": key})
            statuses.append(status)
            if 200 <= status < 500:
                break
            await asyncio.sleep(0.05)
        if self.pay and statuses[-1] == 201:
            status, _ = await self._post(session, f"/api/payments/sandbox/{body['order']}/act", {"act": "pay"}, {})
            statuses.append(201 if status == 204 else status)
        return Answer(tuple(statuses), body, time.perf_counter() - started)

    async def _post(
        self, session: aiohttp.ClientSession, path: str, body: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        try:
            async with session.post(path, json=body, headers=headers) as response:
                text = await response.read()
                return response.status, (await response.json(content_type=None)) if text else {}
        except (aiohttp.ClientError, TimeoutError):
            return 0, {}


def order_of(sku: str, quantity: int = 1, buyer: str = "", **fields: Any) -> dict[str, Any]:
    """A checkout's body; each `buyer` has a phone and a house of their own, in a town that exists."""
    number = zlib.crc32(buyer.encode()) % 10**8
    return {
        "lines": [{"sku": sku, "quantity": quantity}],
        "ship_to": {
            "name": "测试",
            "phone": f"138{number:08}",
            "region": ["吉林省", "通化市", "集安市"],
            "street": f"测试路 {number} 号",
        },
        "lang": "zh",
        "payment": "sandbox",
    } | fields


def decided(answers: Sequence[Answer]) -> Counter[int]:
    """How many ended with which status."""
    return Counter(answer.status for answer in answers)
