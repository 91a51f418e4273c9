"""Two who act on one order at once: every pair of managers, buyer and provider, the one between the other's writes.

**To add an act, add a line to `ACTS`.** Whoever comes second acts on what the first has made of the order, or is told
why not; nobody's act is lost, nothing goes back twice, and the buyer is told of each thing once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import device
from chalicelib.domain.commands import AskRefund, ChangeAddress, RefundWish
from chalicelib.domain.desk.commands import AddNote, WriteBuyer
from chalicelib.domain.desk.notes import LetterKind
from chalicelib.domain.errors import ShopError
from chalicelib.domain.orders.model import HOLDS_UNITS, Order, RefundState, State
from chalicelib.domain.payments.news import RowKind
from chalicelib.services.desk.acts import DeskActs
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.payments.ledger import keep
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.crash_points import CrashPoints, Side
from tests.functions.helpers.stream import Stream
from tests.functions.helpers.world import JAR, TODAY, World, day, letter_in, make_key

MakeWorld = Callable[..., World]
WANG, LI = device("0badcafe"), device("0badf00d")


class Scene:
    """A paid order of two jars, or one that is still to be paid, and whoever acts on it."""

    def __init__(self, world: World, n: int, paid: bool) -> None:
        self.world, self.n = world, n
        self.placed = world.place(n, quantity=2, email="wang@example.com")
        self.number = str(self.placed["order"])
        if paid:
            world.pay(self.placed)

    def do(self, act: str, by: Any) -> str:
        """Does it; returns why it was refused, "" where it was done."""
        try:
            ACTS[act](self, by, make_key(7000 + 10 * self.n + (by is LI)))
        except ShopError as refusal:
            return type(refusal).__name__
        return ""

    def again(self) -> tuple[Any, Any]:
        return self.world.services.stage, self.world.store


def _refund(asked: AskRefund) -> Callable[[Scene, Any, str], object]:
    return lambda scene, by, key: Refunds(scene.world.store, scene.world.services.stage.clock).ask(
        scene.number, asked, key, by
    )


def _elsewhere(scene: Scene, by: Any, _: str) -> None:
    order = scene.world.shop.orders.load(scene.number)
    to = msgspec.structs.replace(order.ship_to, street=f"太王镇 {by[-4:]} 号")
    change_address(*scene.again(), scene.number, ChangeAddress(to), by)


def _refund_done(scene: Scene, _: Any, __: str) -> None:
    """The provider is asked for what is to go back, and says that it is done."""
    scene.world.outbox().perform("order", scene.number)


ACTS: dict[str, Callable[[Scene, Any, str], object]] = {
    "cancel": lambda scene, by, _: cancel_by_seller(scene.world.store, lambda: scene.world.now, scene.number, by),
    "postpone": lambda scene, by, _: postpone(scene.world.store, lambda: scene.world.now, scene.number, day(5), by),
    "refund a jar": _refund(AskRefund("碎了", (RefundWish(JAR, 1),))),
    "refund an amount": _refund(AskRefund("赔礼", amount=4000)),
    "elsewhere": _elsewhere,
    "note": lambda scene, by, key: DeskActs(*scene.again()).add_note(scene.number, AddNote(f"{by} 打过电话"), key, by),
    "write": lambda scene, by, key: DeskActs(*scene.again()).write(scene.number, WriteBuyer(LetterKind.LATE), key, by),
    "buyer cancels": lambda scene, _, __: scene.world.shop.cancel(scene.number, scene.placed["token"]),
    "payment": lambda scene, _, __: scene.world.pay(scene.placed),
    "refund done": _refund_done,
}


def at_rest(world: World, number: str) -> tuple[Order, Counter[str]]:
    """The order once all has calmed down, and how often its buyer got each letter."""
    world.outbox().perform("order", number)
    world.later(120)
    world.sweep()
    found = Counter(name for of, name in map(letter_in, world.mails) if of == number)
    world.mails.clear()
    return world.shop.orders.load(number), found


def held_to(order: Order, letters: Counter[str], outcomes: dict[str, str], world: World) -> None:
    """What is true of the order whatever two did to it."""
    back = sum(one.amount for one in order.refunds if one.state is not RefundState.FAILED)
    assert back <= order.total or order.payment is None, "never more than was paid"
    assert all(one.state is RefundState.DONE for one in order.refunds)
    assert {one.key for one in order.refunds} == {
        key for key in world.sandbox.repaid if key.startswith(order.number)
    }, "and each once"
    ends = sum(entry.event is State.CANCELLED for entry in order.history)
    assert ends <= 1
    assert letters["withdrawn"] + letters["cancelled"] == ends, "of one end the buyer is told once, by one letter"
    if ends and order.payment:
        assert (back, order.state) == (order.total, State.REFUNDED)
    assert letters["postponed"] == sum(one.what == "postponed" for one in order.bench)
    assert letters["desk"] == len(order.letters) == sum(bool(one.sent) for one in order.letters)
    done = [act for act, why in outcomes.items() if not why]
    assert len(order.notes) == sum(act.startswith("note") for act in done), "nobody's note is lost"
    assert len(order.letters) == sum(act.startswith("write") for act in done)
    moved = [one for one in order.bench if one.what == "address changed"]
    assert len(moved) == sum(act.startswith("elsewhere") for act in done)
    assert order.state in HOLDS_UNITS or not +order.allocated, "what is over holds nothing"


UNPAID = ("cancel", "buyer cancels", "postpone", "payment", "note")
"""What is done to an order that is not paid."""


def scenes(first: str) -> Iterator[tuple[str, bool, int, Side]]:
    """Every second act: before the first one's write, so that it must look again, and after it; one write later too,
    where there is more than one. And whether the order is paid."""
    for second in ACTS:
        yield second, True, 1, "before"
        yield second, True, 1, "after"
        if first == "refund done":
            yield second, True, 2, "before"
        if first in UNPAID and second in UNPAID:
            yield second, False, 1, "before"


@pytest.mark.parametrize("first", ACTS)
def test_of_every_two_at_once_one_result_comes_that_all_are_told(make_world: MakeWorld, first: str) -> None:
    world = make_world({day(2): 900, day(5): 900})
    stream, crash = Stream(world), CrashPoints(world.client)
    met = 0
    for n, (second, paid, write, side) in enumerate(scenes(first)):
        scene = Scene(world, n, paid)
        outcomes: dict[str, str] = {}
        with crash.at((write, side), partial(_second, scene, second, outcomes)):
            outcomes[f"{first} first"] = scene.do(first, WANG)
        met += len(outcomes) == 2
        order, letters = at_rest(world, scene.number)
        held_to(order, letters, outcomes, world)
        assert not paid or not all(outcomes.values()), f"{first}, {second}: somebody's act holds"
    records = stream.records()
    for _ in range(2):
        keep(world.store.ledger, records)
    assert met >= len(ACTS)
    assert world.differences() == []
    booked = [line.entry for line in world.store.ledger.day(TODAY) if line.entry.kind is RowKind.REFUND]
    owed = [one for order in world.store.orders.all() for one in order.refunds]
    assert sorted(entry.amount for entry in booked) == sorted(one.amount for one in owed)


def _second(scene: Scene, act: str, outcomes: dict[str, str]) -> None:
    outcomes[f"{act} second"] = scene.do(act, LI)
