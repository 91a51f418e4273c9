"""Parcels that are with carriers: pushed news is a hint, what the carrier answers leads forward and never down."""

from collections.abc import Callable
from random import Random

import msgspec
import pytest
from chalicelib.carriers.kuaidi100 import Kuaidi100, Kuaidi100Settings
from chalicelib.domain.actor import device, provider
from chalicelib.domain.commands import BearNumber, PackParcel
from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network import Reply
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.tracking import Tracking
from cunbo.standins.base import InProcess, Misbehaviour
from cunbo.standins.carriers.kuaidi100 import Kuaidi100StandIn

from tests.functions.helpers.world import World, day, make_key

WANG, BY = device("0badcafe"), provider("kuaidi100")
NUMBER = "75312345678901"
DOOR = {
    "ship_to": {"name": "李四", "phone": "13900139000", "region": ["吉林省", "通化市"], "street": "太王镇二组 5 号"},
}


class Road:
    """A shop with parcels on their way, and the stand-in that knows where they are."""

    def __init__(self, world: World) -> None:
        self.world, dice, how = world, Random(1), Misbehaviour()
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.stand_in = Kuaidi100StandIn(lambda: world.now, self._hear, dice, how)
        account = msgspec.convert(self.stand_in.settings(), Kuaidi100Settings)
        self.service = Kuaidi100(account, InProcess(self.stand_in, dice, how), "http://shop/news", lambda: world.now)
        self.bench = Bench(world.services.stage, world.store)
        self.tracking = Tracking(world.services.stage, world.store, self.service, BY)

    def _hear(self, _: str, headers: dict[str, str], body: bytes) -> Reply:
        self.told.append((headers, body))
        return self.service.heard

    def sent(self, n: int = 0, carrier: str = "zto") -> str:
        placed = self.world.place(n, **DOOR)
        self.world.pay(placed)
        number = str(placed["order"])
        self.bench.pack(number, PackParcel(1), make_key(100 + n), WANG)
        self.bench.hand_over(f"{number}-1", BearNumber(carrier, NUMBER), WANG)
        self.service.follow(carrier, NUMBER, "13900139000")
        return number

    def move(self, state: str, words: str = "x") -> None:
        """The parcel moves, and the news of it is heard."""
        self.stand_in.move(NUMBER, state, words)
        self.stand_in.deliver()
        self.tracking.hear(*self.told[-1])

    def state(self, number: str) -> tuple[State, ParcelState]:
        order = self.world.shop.orders.load(number)
        return order.state, order.parcels[0].state


@pytest.fixture
def road(make_world: Callable[..., World]) -> Road:
    return Road(make_world({day(1): 20}))


def test_a_parcel_is_followed_to_the_door_and_a_locker_is_not_the_door(road: Road) -> None:
    number = road.sent()
    road.move("0")
    assert road.state(number) == (State.SHIPPED, ParcelState.UNDERWAY)
    road.move("5", "已放入快递柜")
    assert road.state(number) == (State.SHIPPED, ParcelState.UNDERWAY)
    road.move("3")
    assert road.state(number) == (State.DELIVERED, ParcelState.DELIVERED)
    assert road.world.shop.orders.load(number).history[-1].by == BY
    assert road.world.differences() == []


def test_news_of_yesterday_changes_nothing(road: Road) -> None:
    """NEARBuilders/nearmerch.com #214."""
    number = road.sent()
    for state in ("0", "3"):
        road.move(state)
    version = road.world.shop.orders.load(number).version
    road.tracking.hear(*road.told[0])
    road.move("0")
    assert road.state(number) == (State.DELIVERED, ParcelState.DELIVERED)
    assert road.world.shop.orders.load(number).version == version


def test_old_news_that_is_told_again_is_only_a_reason_to_ask(road: Road) -> None:
    number = road.sent()
    road.stand_in.move(NUMBER, "3", "已签收")
    road.stand_in.deliver()
    road.stand_in.ways[NUMBER] = [("0", "2026-11-24 12:00:00", "x")]
    road.tracking.hear(*road.told[-1])
    assert road.state(number) == (State.SHIPPED, ParcelState.UNDERWAY), "what is asked counts, and not what was pushed"


def test_news_that_nobody_signed_is_not_heard(road: Road) -> None:
    number = road.sent()
    road.stand_in.move(NUMBER, "3", "x")
    road.stand_in.deliver()
    headers, body = road.told[-1]
    with pytest.raises(Unauthorized):
        road.tracking.hear(headers, body.replace(b"sign=", b"sign=0"))
    assert road.state(number) == (State.SHIPPED, ParcelState.SHIPPED)


def test_a_number_moves_every_parcel_that_bears_it(road: Road) -> None:
    numbers = [road.sent(n) for n in range(2)]
    road.move("3")
    assert [road.state(number) for number in numbers] == [(State.DELIVERED, ParcelState.DELIVERED)] * 2


def test_sf_is_asked_with_the_phone_that_it_wants(road: Road) -> None:
    number = road.sent(carrier="sf")
    road.move("3")
    assert road.state(number) == (State.DELIVERED, ParcelState.DELIVERED)


def test_a_number_of_nobody_is_not_asked_about(road: Road) -> None:
    road.stand_in.move("75999", "3", "x")
    assert road.tracking.look("zto", "75999") == []
    assert road.tracking.look("zto", NUMBER) == []
