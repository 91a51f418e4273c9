"""A shop with parcels on their way, and the stand-ins of carriers that know where they are."""

from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec
from chalicelib.carriers.kuaidi100 import Kuaidi100, Kuaidi100Settings
from chalicelib.carriers.sf import Sf, SfSettings
from chalicelib.domain.actor import device
from chalicelib.domain.commands import BearNumber, PackParcel
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network import Reply
from chalicelib.services.packing.bench import Bench
from cunbo.standins.base import InProcess, Misbehaviour
from cunbo.standins.carriers.kuaidi100 import Kuaidi100StandIn
from cunbo.standins.carriers.sf import SfStandIn

from tests.functions.helpers.world import World, make_key

WANG = device("0badcafe")
NUMBER, SF_NUMBER = "75312345678901", "SF1234567890123"
DOOR = {
    "ship_to": {"name": "李四", "phone": "13900139000", "region": ["吉林省", "通化市"], "street": "太王镇二组 5 号"},
}


class Line:
    """How the shop reaches a stand-in, which can be cut; `asked` are the paths that were asked."""

    def __init__(self, stand_in: Any) -> None:
        self.to, self.cut, self.asked = InProcess(stand_in, Random(1), Misbehaviour()), False, list[str]()

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        self.asked.append(url.partition(".invalid")[2])
        return Reply(503, {}, b"") if self.cut else self.to.send(method, url, headers, body)


class Road:
    """The shop, 快递100 and SF; `told` is the news that 快递100 has pushed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.hub = Kuaidi100StandIn(lambda: world.now, self._hear, Random(1), Misbehaviour())
        self.sf = SfStandIn(lambda: world.now)
        self.line, self.sf_line = Line(self.hub), Line(self.sf)
        account = msgspec.convert(self.hub.settings(), Kuaidi100Settings)
        self.service = Kuaidi100(account, self.line, "http://shop/api/carriers/kuaidi100/events", lambda: world.now)
        sf = Sf(msgspec.convert(self.sf.settings(), SfSettings), self.sf_line, lambda: world.now)
        world.track(sf=sf, kuaidi100=self.service)

    @property
    def tracking(self) -> Any:
        return self.world.services.tracking

    @property
    def bench(self) -> Bench:
        return Bench(self.world.services.stage, self.world.store)

    def _hear(self, _: str, headers: dict[str, str], body: bytes) -> Reply:
        self.told.append((headers, body))
        return self.service.heard

    def packed(self, n: int = 0, **body: Any) -> str:
        """An order in its parcel."""
        placed = self.world.place(n, **(DOOR | body))
        self.world.pay(placed)
        number = str(placed["order"])
        self.bench.pack(number, PackParcel(1), make_key(100 + n), WANG)
        return number

    def sent(self, n: int = 0, carrier: str = "zto", tracking: str = NUMBER) -> str:
        """An order whose parcel is with the carrier, and whose outbox was done."""
        number = self.packed(n)
        self.bench.hand_over(f"{number}-1", BearNumber(carrier, tracking), WANG)
        if carrier == "sf":
            self.sf.phones[tracking] = {"9000"}
        self.world.settle()
        return number

    def move(self, state: str, words: str = "x", tracking: str = NUMBER) -> None:
        """The parcel moves, and the news of it is heard."""
        self.hub.move(tracking, state, words)
        self.hub.deliver()
        self.hear()

    def hear(self, which: int = -1) -> Reply:
        answer: Reply = self.tracking.hear("kuaidi100", *self.told[which])
        return answer

    def order(self, number: str) -> Order:
        return self.world.shop.orders.load(number)

    def state(self, number: str) -> tuple[State, ParcelState]:
        order = self.order(number)
        return order.state, order.parcels[0].state
