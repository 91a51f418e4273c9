"""A surge of many shoppers, as load on a shop of this machine: for the stack tests and the bench.

Each shopper wants some units of some SKUs. A request that gets no decision (no answer, or 5xx) is sent again with the
same Idempotency-Key until it gets one. Who is told that less is left than they want takes what is left, with a new key,
until something is theirs or nothing is left. Who is impatient taps several times at once: orders of one phone with a
key each. Shoppers come by processes of their own, apart from the shop's.
"""

import asyncio
import multiprocessing
import random
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

MOST_TRIES = 40
"""How often a request that was not decided is repeated: far more than any fault here needs, so that a run ends."""
MOST_SECONDS = 300.0
"""How long a surge may take before it is given up."""
PAUSE = 0.05
"""Seconds before a request is repeated."""
SOLD_OUT, LIMIT = "/problems/sold-out", "/problems/limit"


@dataclass(frozen=True)
class RequestResult:
    """What one request came to: every status it met on the way, the last body, and the seconds from first to last."""

    statuses: tuple[int, ...]
    body: dict[str, Any]
    seconds: float

    @property
    def status(self) -> int:
        """Return the final status; 0 where the last try got no response."""
        return self.statuses[-1]


@dataclass(frozen=True)
class Try:
    """One key: the units wanted by SKU, and an answer for each send of the order, and of its payment."""

    key: str
    wanted: dict[str, int]
    orders: tuple[RequestResult, ...]
    payments: tuple[RequestResult, ...] = ()


Visit = list[Try]
"""All that one shopper tried, in turn, of taps the one that got something last: the last one is what came of it."""


@dataclass(frozen=True)
class Surge:
    """`shoppers`, `at_once` orders at a time, who want 1 to `most_units` of each of 1 to `most_skus` of `skus`.

    They come from so many `networks`, each with one address for all of its own; 0: from none that is known. Each order
    is tapped `taps` times at once, with a key for each tap, in the drop `drop` of `room` if any. The share
    `twice` of shoppers sends each request two times at once, the share `paying` pays what it got. Who wants what is
    the same for the same `seed`.
    """

    url: str
    skus: tuple[str, ...]
    shoppers: int
    at_once: int = 32
    most_skus: int = 1
    most_units: int = 1
    twice: float = 0.0
    paying: float = 0.0
    taps: int = 1
    drop: str = ""
    room: str = ""
    networks: int = 0
    processes: int = 2
    seed: int = 20261124
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def run(self) -> list[Visit]:
        """Send every shopper, and return what each met; raises ValueError for a shop that is not on this machine."""
        require_this_machine(self.url)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.processes, mp_context=context) as pool:
            parts = list(pool.map(_part, [self] * self.processes, range(self.processes)))
        return [visit for part in parts for visit in part]

    async def part(self, first: int) -> list[Visit]:
        """Return what every n-th shopper met from the one numbered `first` on, where there are n processes."""
        numbers = iter(range(first, self.shoppers, self.processes))
        # A connection for each request: so what befalls a connection befalls one request.
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        timeout = aiohttp.ClientTimeout(total=60)
        async with (
            asyncio.timeout(MOST_SECONDS),
            aiohttp.ClientSession(self.url, timeout=timeout, connector=connector) as session,
        ):

            async def one_by_one() -> list[Visit]:
                return [await Shopper(self, number, session).visit() for number in numbers]

            together = max(1, self.at_once // self.processes // self.taps)
            queues = await asyncio.gather(*[one_by_one() for _ in range(together)])
        return [visit for queue in queues for visit in queue]


class Shopper:
    """One of a surge's shoppers, with wishes and habits of their own."""

    def __init__(self, surge: Surge, number: int, session: aiohttp.ClientSession) -> None:
        dice = random.Random(f"{surge.seed}-{number}")  # noqa: S311 - chance that can be repeated, no secret
        skus = dice.sample(surge.skus, dice.randint(1, surge.most_skus))
        self.wanted = {sku: dice.randint(1, surge.most_units) for sku in skus}
        self.sends = 2 if dice.random() < surge.twice else 1
        self.pays = dice.random() < surge.paying
        self.home = {"X-Forwarded-For": address_of(number % surge.networks)} if surge.networks else {}
        self.name = f"surge-{surge.run_id}-{number:06}"
        self.surge, self.session = surge, session

    async def visit(self) -> Visit:
        """Order, and less where less is left, until something is theirs or nothing is left for them."""
        visit: Visit = []
        wanted = self.wanted
        while wanted:
            keys = [f"{self.name}-{len(visit) + tap}" for tap in range(self.surge.taps)]
            taps = await asyncio.gather(*[self._try(key, wanted) for key in keys])
            visit += sorted(taps, key=lambda one: one.orders[0].status == 201)
            wanted = _less(wanted, visit[-1].orders[0])
        return visit

    async def _try(self, key: str, wanted: dict[str, int]) -> Try:
        body = basket_of(wanted, self.name, self.surge.drop, self.surge.room)
        orders = await self._send("/api/checkout", body, {"Idempotency-Key": key})
        if not self.pays or orders[0].status != 201:
            return Try(key, wanted, orders)
        number = orders[0].body["order"]
        return Try(key, wanted, orders, await self._send(f"/api/payments/sandbox/{number}/act", {"act": "pay"}, {}))

    async def _send(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[RequestResult, ...]:
        """Send it as often as this shopper does, at once, and return a result for each."""
        return tuple(await asyncio.gather(*[self._decided(path, body, headers) for _ in range(self.sends)]))

    async def _decided(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> RequestResult:
        started = time.perf_counter()
        statuses: list[int] = []
        told: dict[str, Any] = {}
        while len(statuses) < MOST_TRIES:
            status, told = await self._post(path, body, headers)
            statuses.append(status)
            if 200 <= status < 500:
                break
            await asyncio.sleep(PAUSE)
        return RequestResult(tuple(statuses), told, time.perf_counter() - started)

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        try:
            async with self.session.post(path, json=body, headers=headers | self.home) as response:
                text = await response.read()
                return response.status, (await response.json(content_type=None)) if text else {}
        except (aiohttp.ClientError, TimeoutError):
            return 0, {}


def require_this_machine(url: str) -> None:
    """Raise ValueError where `url` is not on this machine."""
    if urlsplit(url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError(f"{url} is not on this machine: a surge is for a shop of one's own")


def address_of(network: int) -> str:
    """Return the address by which all shoppers of that network come, of those set apart for tests (RFC 2544)."""
    return f"198.{18 + network // 256}.{network % 256}.1"


def basket_of(
    wanted: Mapping[str, int], buyer: str = "", drop: str = "", room: str = "", **fields: Any
) -> dict[str, Any]:
    """Return a checkout's body; each `buyer` has a phone and an address of their own, in a town that exists.

    It is bought in the drop `drop`, from the room `room`, where these are given.
    """
    number = zlib.crc32(buyer.encode())  # differs wherever only the last four characters do
    in_drop = {"drop": drop} if drop else {}
    in_room = {"room": room} if room else {}
    return (
        {
            "lines": [{"sku": sku, "quantity": quantity} | in_drop for sku, quantity in wanted.items()],
            "ship_to": {
                "name": "测试",
                "phone": f"1{3 * 10**9 + number}",
                "region": ["吉林省", "通化市", "集安市"],
                "street": f"测试路 {number} 号",
            },
            "lang": "zh",
            "payment": "sandbox",
        }
        | in_room
        | fields
    )


def order_of(sku: str, quantity: int = 1, buyer: str = "", **fields: Any) -> dict[str, Any]:
    """Return a checkout's body for one SKU."""
    return basket_of({sku: quantity}, buyer, **fields)


def results(visits: Iterable[Visit]) -> list[RequestResult]:
    """Return the result of every send of every order, in no order."""
    return [answer for visit in visits for one in visit for answer in one.orders]


def decided(visits: Iterable[Visit]) -> Counter[int]:
    """Return how many orders ended with which status."""
    return Counter(answer.status for answer in results(visits))


def _part(surge: Surge, first: int) -> list[Visit]:
    return asyncio.run(surge.part(first))


def _less(wanted: dict[str, int], answer: RequestResult) -> dict[str, int]:
    """Return what of it is left by the answer; nothing where it was met, or refused for another reason."""
    if answer.body.get("type") != SOLD_OUT:
        return {}
    left = {fault["sku"]: fault["left"] for fault in answer.body["errors"]}
    less = {sku: min(units, left.get(sku, units)) for sku, units in wanted.items()}
    return {sku: units for sku, units in less.items() if units} if less != wanted else {}
