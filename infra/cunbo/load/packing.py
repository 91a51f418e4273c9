"""An evening in the packing room, as load on a shop of this machine: for the stack tests and the bench.

Packers print, pack and hand over at once, each with a device of their own, while buyers and the village cancel orders,
addresses change and parts are paid back. Now and then a packer leaves with labels in hand, and another finishes what is
left. A request that gets no decision is sent again with the same Idempotency-Key, as the packing room's page does.
"""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from chalicelib.domain.errors import NotNow
from chalicelib.domain.orders.model import SOLD, Order, State
from chalicelib.domain.orders.parcels import GONE, ParcelState
from chalicelib.domain.orders.shipping import in_parcels, to_ship
from chalicelib.services.access import Access
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.stage import utc_now
from chalicelib.storage.store import Store

from cunbo.load.surge import MOST_TRIES, PAUSE, require_this_machine

WAVE = 50
MOST_ROUNDS = 400
"""How often a packer looks at the board: far more than any evening here needs, so that a run ends."""
LEAVES = 0.04
"""How often a packer leaves in the middle of a wave, for each of its labels."""
COOKIE = "__Host-cunbo"

Answer = tuple[int, dict[str, Any]]


class StaffDevice:
    """A device of the staff, which repeats what got no decision."""

    def __init__(self, session: aiohttp.ClientSession, origin: str, token: str) -> None:
        self.session, self.counts = session, Counter[str]()
        self.headers = {"Cookie": f"{COOKIE}={token}", "Origin": origin}

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Return status and body of the first decision; (0, {}) where none came."""
        headers = self.headers | {"Idempotency-Key": f"evening-{uuid.uuid4().hex}"}
        for _ in range(MOST_TRIES):
            try:
                async with self.session.request(method, f"/api{path}", json=body, headers=headers) as response:
                    told = await response.json(content_type=None) if await response.read() else {}
                    if response.status < 500:
                        return response.status, told
            except (aiohttp.ClientError, TimeoutError):
                self.counts["lost"] += 1
            await asyncio.sleep(PAUSE)
        return 0, {}


@dataclass(frozen=True)
class PackingEvening:
    """`orders`: those that are paid, each with its buyer's token; so many of each thing happen to them meanwhile."""

    url: str
    origin: str
    access: Access
    store: Store
    orders: Mapping[str, str]
    packers: int = 6
    cancels: int = 20
    moves: int = 20
    refunds: int = 10
    seed: int = 20261124
    counts: Counter[str] = field(default_factory=Counter)

    def run(self) -> Counter[str]:
        """Pack all of it; return what happened how often. Raises ValueError for a shop that is not on this machine."""
        require_this_machine(self.url)
        asyncio.run(self._run())
        return self.counts

    def faults(self) -> list[str]:
        """Return all that is not as it must be, one line each."""
        found = [order for order in self.store.orders.all() if order.number in self.orders]
        lost = [f"{number}: is no more" for number in self.orders.keys() - {order.number for order in found}]
        return [*lost, *(fault for order in found for fault in _faults_of(order))]

    async def _run(self) -> None:
        # A connection for each request: so what befalls a connection befalls one request.
        connector, timeout = aiohttp.TCPConnector(limit=0, force_close=True), aiohttp.ClientTimeout(total=30)
        async with aiohttp.ClientSession(self.url, connector=connector, timeout=timeout) as session:
            packers = [await self._enrolled(session, "packer") for _ in range(self.packers)]
            manager = await self._enrolled(session, "manager")
            await asyncio.gather(
                *[self._pack(device, random.Random(f"{self.seed}-{n}")) for n, device in enumerate(packers)],  # noqa: S311 - chance that can be repeated, no secret
                self._meanwhile(session, manager),
            )
            for device in packers:
                self.counts.update(device.counts)

    async def _enrolled(self, session: aiohttp.ClientSession, role: Any) -> StaffDevice:
        link, _ = self.access.invite(role, f"evening-{role}")
        body = {"invitation": link.rpartition("#")[2]}
        headers = {"Idempotency-Key": f"evening-{uuid.uuid4().hex}", "Origin": self.origin}
        for _ in range(MOST_TRIES):
            try:
                async with session.post("/api/staff/enrol", json=body, headers=headers) as response:
                    cookie = response.headers.get("Set-Cookie", "")
                    if response.status == 201:
                        return StaffDevice(session, self.origin, cookie.partition("=")[2].partition(";")[0])
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(PAUSE)
        raise RuntimeError("no device could be enrolled")

    # ---- What packers do ----

    async def _pack(self, device: StaffDevice, dice: random.Random) -> None:
        for _ in range(MOST_ROUNDS):
            _, board = await device.ask("GET", "/staff/packing")
            found = [one for one in board.get("orders", ()) if one["order"] in self.orders]
            if not found:
                return
            fresh = [one["order"] for one in found if one["stage"] == "to_print"]
            if fresh:
                at = dice.randrange(len(fresh))
                await self._wave(device, (fresh[at:] + fresh[:at])[:WAVE], dice)
            else:
                for one in dice.sample(found, min(len(found), WAVE)):
                    await self._finish(device, one["order"], one["stage"])

    async def _wave(self, device: StaffDevice, numbers: Sequence[str], dice: random.Random) -> None:
        status, wave = await device.ask("POST", "/staff/packing/waves", {"orders": [*numbers]})
        for label in wave["labels"] if status == 201 else ():
            if dice.random() < LEAVES:
                self.counts["left"] += 1
                return
            await self._scan(device, label["order"], label["revision"])

    async def _scan(self, device: StaffDevice, number: str, revision: int) -> None:
        status, told = await device.ask("POST", f"/staff/orders/{number}/parcels", {"revision": revision})
        if status == 201:
            self.counts["packed"] += 1
            await self._hand_over(device, told["parcel"])
            return
        self.counts[f"red: {told.get('reason', status)}"] += 1
        if told.get("reason") == "old-label":
            await self._finish(device, number, "outdated")

    async def _finish(self, device: StaffDevice, number: str, stage: str) -> None:
        """What the board asks for, of an order that somebody has begun."""
        match stage:
            case "printed" | "outdated":
                status, told = await device.ask("POST", f"/staff/orders/{number}/label")
                for label in told["labels"] if status == 200 else ():
                    await self._scan(device, number, label["revision"])
            case "stop":
                await device.ask("POST", f"/staff/orders/{number}/label/pull")
                self.counts["pulled"] += 1
            case "packed":
                for parcel in self._here(number):
                    await self._hand_over(device, parcel)
            case "unpack":
                for parcel in self._here(number):
                    await device.ask("POST", f"/staff/parcels/{parcel}/unpack")
                    self.counts["unpacked"] += 1

    async def _hand_over(self, device: StaffDevice, parcel: str) -> None:
        status, told = await device.ask("POST", f"/staff/parcels/{parcel}/handover", {"carrier": "sf"})
        self.counts["handed over" if status == 200 else f"red: {told.get('reason', status)}"] += 1

    def _here(self, number: str) -> list[str]:
        """Whose parcels stand before the packer."""
        order = self.store.orders.load(number)
        parcels = order.parcels if order else ()
        return [f"{number}-{one.n}" for one in parcels if one.state is ParcelState.PACKED]

    # ---- What others do meanwhile ----

    async def _meanwhile(self, session: aiohttp.ClientSession, manager: StaffDevice) -> None:
        dice = random.Random(self.seed)  # noqa: S311 - chance that can be repeated, no secret
        acts: list[Callable[[str], Awaitable[int]]] = []
        acts += [lambda number: self._cancel(session, number), self._withdraw] * (self.cancels // 2)
        acts += [lambda number: self._move(manager, number)] * self.moves
        acts += [lambda number: self._repay(manager, number)] * self.refunds
        dice.shuffle(acts)
        for act in acts:
            while not 200 <= await act(dice.choice([*self.orders])) < 300:  # one that is over, or has left, refuses it
                if await self._is_over(manager):
                    return
            self.counts["changed"] += 1

    async def _is_over(self, manager: StaffDevice) -> bool:
        _, board = await manager.ask("GET", "/staff/packing")
        return not any(one["order"] in self.orders for one in board.get("orders", ()))

    async def _cancel(self, session: aiohttp.ClientSession, number: str) -> int:
        headers = {"Authorization": f"Bearer {self.orders[number]}"}
        try:
            async with session.post(f"/api/orders/{number}/cancel", headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def _withdraw(self, number: str) -> int:
        """The village cancels, also what is packed."""
        try:
            await asyncio.to_thread(cancel_by_seller, self.store, utc_now, number)
        except NotNow:
            return 409
        return 200

    async def _move(self, manager: StaffDevice, number: str) -> int:
        order = self.store.orders.load(number)
        if order is None:
            return 404
        to = order.ship_to
        place = {"name": to.name, "phone": to.phone, "region": [*to.region], "street": f"{to.street} 后院"}
        status, _ = await manager.ask("POST", f"/staff/orders/{number}/address", {"ship_to": place})
        return status

    async def _repay(self, manager: StaffDevice, number: str) -> int:
        status, _ = await manager.ask("POST", f"/staff/orders/{number}/refunds", {"amount": 100})
        return status


def _faults_of(order: Order) -> list[str]:
    states = {one.state for one in order.parcels} - GONE
    faults = []
    if order.state not in SOLD and states:
        faults.append(f"{order.number}: {order.state}, and its parcels are {sorted(states)}")
    if order.state in SOLD and order.state is not State.SHIPPED:
        faults.append(f"{order.number}: {order.state} when all was done")
    packed = in_parcels(order)
    if order.state in SOLD and [packed[index] for index in range(len(order.lines))] != to_ship(order):
        faults.append(f"{order.number}: {dict(packed)} in parcels, {to_ship(order)} to be sent")
    if sum(one.amount for one in order.refunds) > order.total:
        faults.append(f"{order.number}: more went back than was paid")
    return faults
