"""A shop that is paid by stand-ins of real providers, all in process: one clock, one table, its own news route."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import ShopError
from chalicelib.domain.orders.model import Order
from chalicelib.domain.payments.attempts import Attempt
from chalicelib.payments.port import Payer, Reply
from chalicelib.services.payments.channels import Surroundings
from cunbo.standins.base import Misbehaviour

from tests.functions.helpers.world import World
from tests.functions.payments.contract import BENCHES, Bench

DESKTOP, PHONE, WECHAT = Surroundings(), Surroundings(phone=True), Surroundings(in_wechat=True, phone=True)
PAYER = Payer(ip="203.0.113.9", openid="openid-of-the-payer")


class Tills:
    """A world with providers; `answers` are the statuses that they got for their news."""

    def __init__(self, world: World, how: Misbehaviour | None = None) -> None:
        self.world = world
        self.answers: list[int] = []
        self.benches: dict[str, Bench] = {name: make(how or Misbehaviour()) for name, make in BENCHES.items()}
        for name, bench in self.benches.items():
            bench.take = self._mouth(name)  # type: ignore[method-assign]
            world.providers[name] = bench.provider
        world.shop = world.process(world.shop.catalog)
        self.later(0)

    def later(self, seconds: float) -> None:
        """Let time go by, for the shop and for its providers."""
        self.world.later(seconds)
        for bench in self.benches.values():
            bench.clock.now = self.world.now

    def order(self, placed: Mapping[str, Any]) -> Order:
        """The order as it is now."""
        return self.world.shop.orders.load(placed["order"])

    def begin(self, placed: Mapping[str, Any], method: str, where: Surroundings = DESKTOP) -> dict[str, str]:
        """What the browser is told to go on with."""
        payments = self.world.services.payments
        return payments.begin(self.order(placed), placed["token"], method, PAYER, where)

    def attempt(self, placed: Mapping[str, Any], n: int = 0) -> Attempt:
        """The attempt of this number; the latest without one."""
        return self.order(placed).attempts[n - 1]

    def hand_over(self, placed: Mapping[str, Any], attempt: Attempt) -> bool:
        """Have the buyer pay by an attempt; say whether the provider took it."""
        bill = self.world.services.payments.bill(self.order(placed), attempt)
        return self.benches[attempt.channel.provider].pay(bill, attempt.handle)

    def pay(self, placed: Mapping[str, Any], method: str, where: Surroundings = DESKTOP) -> None:
        """Begin and pay; what the provider has to tell stays on its way."""
        self.begin(placed, method, where)
        assert self.hand_over(placed, self.attempt(placed))

    def deliver(self) -> None:
        """Have all providers tell what is on its way, and the shop do what follows."""
        for bench in self.benches.values():
            bench.stand_in.deliver()
        self.world.settle()

    def moved(self, kind: str) -> int:
        """How much has really moved, by all providers' own books."""
        return sum(sum(bench.moved(kind)) for bench in self.benches.values())

    def _mouth(self, name: str) -> Any:
        def take(url: str, headers: dict[str, str], body: bytes) -> Reply:
            provider = self.benches[name].provider
            try:
                self.world.services.payments.hear(name, provider.read(headers, body, self.world.now))
            except ShopError:
                self.answers.append(401)
                return Reply(401, {}, b"")
            self.answers.append(provider.heard.status)
            return provider.heard  # type: ignore[no-any-return]

        return take
