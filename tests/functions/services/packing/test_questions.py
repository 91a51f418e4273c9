"""The short day and the late evening: whom the shop asks, once, and what each answer, and silence, makes of it."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from chalicelib.domain.actor import OPERATOR, SCHEDULE, device
from chalicelib.domain.commands import AnswerQuestion, PackParcel, ReportShortDay
from chalicelib.domain.errors import Busy, DropOnSale, Invalid, KeyReused, NotFound, WrongState
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.questions import Choice
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.packing.afternoon import look
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.questions import Questions, ShortDay
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.drops import opened
from tests.functions.helpers.waiters import join, states
from tests.functions.helpers.world import JAR, World, day, letter_in, make_key

MakeWorld = Callable[..., World]
BOSS = device("0badcafe")
LATER, MONEY = AnswerQuestion(0, "later"), AnswerQuestion(0, "money")


class Village:
    """A shop with orders that are paid, one a minute, and a manager who finds that too little is made."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tokens: dict[str, str] = {}
        self.questions = Questions(world.store, world.services.stage.clock)

    def paid(self, n: int, **fields: Any) -> str:
        self.world.later(60)
        placed: Mapping[str, Any] = self.world.place(n, **fields)
        self.world.pay(placed)
        self.tokens[placed["order"]] = placed["token"]
        return str(placed["order"])

    def short(self, units: int, key: int = 0, sku: str = JAR, ship_by: int = 1) -> ShortDay:
        return self.questions.report_short(ReportShortDay(sku, day(ship_by), units), make_key(key), BOSS)

    def now(self) -> ShortDay:
        return self.questions.short_day(JAR, day(1))

    def answer(self, number: str, asked: AnswerQuestion) -> Order:
        return self.world.services.orders.answer(number, self.tokens[number], asked)

    def order(self, number: str) -> Order:
        return self.world.shop.orders.load(number)

    def back(self, number: str) -> int:
        return sum(one.amount for one in self.order(number).refunds)

    def letters(self, number: str) -> list[str]:
        self.world.settle()
        told = (letter_in(mail) for mail in self.world.mails)
        return [name for about, name in told if about == number]

    def clean(self) -> bool:
        return not self.world.differences()


@pytest.fixture
def village(make_world: MakeWorld) -> Village:
    return Village(make_world({day(1): 10, day(2): 20}))


def asked(found: ShortDay) -> dict[str, int]:
    return {one.order.number: one.question.units for one in found.asked if one.question.is_open}


def test_the_latest_payers_are_asked_once_and_keep_their_day_until_they_answer(village: Village) -> None:
    first, second, third = (village.paid(n, quantity=2, email="a@example.com") for n in range(3))
    before = [village.order(number) for number in (first, second, third)]
    found = village.short(7)  # 10 made, 6 promised: 3 are left, and 3 of 6 cannot be kept
    assert asked(found) == {third: 2, second: 1}
    assert (found.units, found.missing, found.waiting) == (7, 0, 3)
    again = village.short(7)
    assert (again, village.now()) == (found, found), "said twice it is said once"
    village.world.sweep()
    assert village.now() == found
    assert [village.order(number).lines for number in (first, second, third)] == [one.lines for one in before]
    assert [village.letters(number).count("asked") for number in (first, second, third)] == [0, 1, 1]
    assert village.world.left() == 20 - 3, "what is offered is reserved"
    assert village.clean()


def test_a_yes_moves_the_order_to_the_day_that_was_offered(village: Village) -> None:
    number = village.paid(1, quantity=3, email="a@example.com")
    village.short(10)
    revision = village.order(number).revision
    after = village.answer(number, LATER)
    assert (after.ship_by, after.first_ship_by, after.state) == (day(2), day(1), State.PAID)
    assert after.revision == revision + 1, "a label that was printed says the wrong day"
    assert village.answer(number, LATER) == after
    with pytest.raises(WrongState):
        village.answer(number, MONEY)
    assert "postponed" in village.letters(number)
    assert not village.back(number)
    assert village.world.left() == 17
    assert village.now().missing == village.now().waiting == 0
    assert village.clean()


def test_a_part_ships_now_and_for_the_rest_others_are_asked(village: Village) -> None:
    first, last = village.paid(1, quantity=2), village.paid(2, quantity=4)
    assert asked(village.short(8)) == {last: 4}
    after = village.answer(last, AnswerQuestion(0, "part", 3))
    assert (after.state, after.ship_by, village.back(last)) == (State.PAID, day(1), 2990)
    assert village.now().missing == 3
    village.world.sweep()
    found = village.now()
    assert (asked(found), found.missing, found.waiting) == ({first: 2}, 1, 2), "whoever has answered is left in peace"
    assert village.clean()


@pytest.mark.parametrize("quantity", [1, 3])
def test_money_back_is_of_what_is_missing_and_of_all_where_nothing_else_is_left(
    village: Village, quantity: int
) -> None:
    number = village.paid(1, quantity=quantity, email="a@example.com")
    assert asked(village.short(10 - quantity + 1)) == {number: 1}
    after = village.answer(number, MONEY)
    assert village.back(number) == 2990
    assert after.state is (State.CANCELLED if quantity == 1 else State.PAID)
    assert village.answer(number, MONEY) == after
    assert village.letters(number)[-1] in ("withdrawn", "short", "refunded")
    if quantity > 1:
        [entry] = Bench(village.world.services.stage, village.world.store).board()
        assert entry.units == ((JAR, quantity - 1),)
    assert village.clean()


def test_a_day_of_silence_is_money_back(village: Village) -> None:
    number = village.paid(1, quantity=2)
    village.short(10)
    village.world.later(timedelta(days=1).total_seconds() - 60)
    village.world.sweep()
    assert village.order(number).questions[0].is_open
    village.world.later(60)
    village.world.sweep()
    order = village.order(number)
    assert (order.state, order.questions[0].choice, village.back(number)) == (State.CANCELLED, Choice.SILENCE, 5980)
    assert order.history[-1].by == SCHEDULE
    with pytest.raises(WrongState):
        village.answer(number, LATER)
    assert village.clean()


def test_what_an_answer_leaves_beyond_what_is_missing_is_for_others(village: Village) -> None:
    number = village.paid(1, quantity=5)
    village.short(5 + 2)  # 5 of 10 are promised, and 3 are made
    assert asked(village.now()) == {number: 2}
    cancel_by_seller(village.world.store, village.world.services.stage.clock, number)
    village.world.sweep()
    assert village.world.shop.availability([JAR])["items"][JAR]["batches"][0] == {"ship_by": day(1), "left": 3}
    assert village.world.left() == 23, "what was reserved is on sale again"
    assert village.clean()


def test_a_gap_beyond_what_is_missing_is_filled_by_those_who_wait(make_world: MakeWorld) -> None:
    village = Village(make_world({day(1): 5}))
    number = village.paid(1, quantity=5)
    waiting = join(village.world, 1, quantity=3)
    village.short(2)
    village.world.services.orders.cancel(number, village.tokens[number])
    village.world.sweep()
    assert states(village.world, waiting) == ["invited"]
    assert village.clean()


def test_where_no_later_day_has_enough_only_money_or_a_part_is_offered(make_world: MakeWorld) -> None:
    village = Village(make_world({day(1): 10, day(2): 1}))
    number = village.paid(1, quantity=2)
    village.short(10)
    with pytest.raises(Invalid):
        village.answer(number, LATER)
    with pytest.raises(Invalid):
        village.answer(number, AnswerQuestion(0, "part", 2))
    with pytest.raises(NotFound):
        village.answer(number, AnswerQuestion(1, "money"))
    village.answer(number, AnswerQuestion(0, "part", 1))
    assert village.clean()


@pytest.mark.parametrize("how", ["packed", "cancelled", "postponed"])
def test_a_question_falls_away_with_what_it_was_about_and_what_it_reserved_is_free(village: Village, how: str) -> None:
    first, last = village.paid(1), village.paid(2)
    assert asked(village.short(9)) == {last: 1}
    bench, clock = Bench(village.world.services.stage, village.world.store), village.world.services.stage.clock
    if how == "packed":
        bench.pack(last, PackParcel(village.order(last).revision), make_key(), BOSS)
    elif how == "cancelled":
        village.world.services.orders.cancel(last, village.tokens[last])
    else:
        postpone(village.world.store, clock, last, day(2))
    assert village.order(last).questions[0].choice is Choice.OFF
    with pytest.raises(WrongState):
        village.answer(last, LATER)
    village.world.sweep()
    assert asked(village.now()) == ({first: 1} if how == "packed" else {})
    assert village.clean()


def test_who_is_in_a_parcel_is_not_asked(village: Village) -> None:
    first, last = village.paid(1), village.paid(2)
    Bench(village.world.services.stage, village.world.store).pack(last, PackParcel(1), make_key(), BOSS)
    assert asked(village.short(9)) == {first: 1}


def test_who_pays_after_it_was_said_is_asked_next(village: Village) -> None:
    placed = village.world.place(1, quantity=2)
    assert village.short(9).missing == 1, "whoever has not paid yet may do so any minute"
    village.world.pay(placed)
    village.world.sweep()
    assert asked(village.now()) == {placed["order"]: 1}
    assert village.clean()


def test_a_crash_between_any_two_writes_asks_nobody_twice_and_forgets_nobody(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [village.paid(n) for n in range(4)]
    commit, done = village.world.store.commit, 0

    def crash(transaction: Transaction) -> frozenset[str]:
        nonlocal done
        done += 1
        if done == 2:
            raise Busy("cut off")
        return commit(transaction)

    monkeypatch.setattr(village.world.store, "commit", crash)
    with pytest.raises(Busy):
        village.short(9)
    assert len(asked(village.now())) == 1
    village.world.sweep()
    found = village.now()
    assert asked(found) == dict.fromkeys(numbers[1:], 1)
    assert (found.missing, found.waiting) == (0, 3)
    assert village.clean()


def test_where_many_are_to_be_asked_the_next_minute_goes_on(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.packing.questions.MOST_AT_ONCE", 2)
    numbers = [village.paid(n) for n in range(3)]
    found = village.short(10)
    assert (asked(found), found.missing) == (dict.fromkeys(numbers[1:], 1), 1)
    village.world.sweep()
    assert asked(village.now()) == dict.fromkeys(numbers, 1)


def test_who_cancels_while_the_rule_asks_is_not_asked_and_the_next_is(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question stands on the order as it is when it is written."""
    first, last = village.paid(1), village.paid(2)
    add = village.world.store.questions.add

    def meanwhile(*told: Any) -> None:
        add(*told)
        if village.order(last).state is State.PAID:
            village.world.services.orders.cancel(last, village.tokens[last])

    monkeypatch.setattr(village.world.store.questions, "add", meanwhile)
    assert asked(village.short(10)) == {first: 1}
    assert village.clean()


def test_a_buyer_who_answers_twice_at_once_is_moved_once(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    number = village.paid(1)
    village.short(10)
    load, twice = village.world.store.orders.load, []

    def slow(asked: str) -> Order | None:
        found = load(asked)
        if not twice and found:
            twice.append(asked)
            village.answer(asked, MONEY)
        return found

    monkeypatch.setattr(village.world.store.orders, "load", slow)
    with pytest.raises(WrongState):
        village.answer(number, LATER)
    assert (village.order(number).state, village.back(number)) == (State.CANCELLED, 2990)
    assert village.clean()


def test_what_cannot_be_said_of_a_batch_is_refused(village: Village) -> None:
    village.short(1)
    with pytest.raises(KeyReused):
        village.short(2)
    with pytest.raises(Invalid):
        village.short(10, 1)
    with pytest.raises(NotFound):
        village.short(1, 2, ship_by=9)
    with pytest.raises(Invalid):
        village.short(1, 3, ship_by=-1)
    assert village.short(2, 4).units == 3


def test_late_orders_are_asked_once_for_all_that_they_have(village: Village) -> None:
    numbers = [village.paid(n, quantity=2) for n in range(2)]
    village.world.now += timedelta(days=1)
    found = village.questions.ask_late(numbers, BOSS)
    assert [one.question.units for one in found] == [2, 2]
    assert village.questions.ask_late(numbers, BOSS) == found
    assert look(village.world.services.stage, village.world.store).asked == {*numbers}
    assert village.answer(numbers[0], LATER).ship_by == day(2)
    with pytest.raises(Invalid):
        village.answer(numbers[1], AnswerQuestion(0, "part", 1))
    assert village.answer(numbers[1], MONEY).state is State.CANCELLED
    assert not village.questions.ask_late([village.paid(5, quantity=11)], OPERATOR), "it is promised for a later day"
    assert village.clean()


def test_the_order_tells_its_buyer_what_each_choice_means(village: Village) -> None:
    number = village.paid(1, quantity=3)
    village.short(10)
    shown = village.world.see({"order": number, "token": village.tokens[number]})
    told = json.loads(json.dumps(shown["questions"], default=str))
    assert told == [
        {
            "question": 0,
            "why": "short",
            "ship_by": str(day(1)),
            "until": "2026-11-25T04:01:00Z",
            "lines": [{"sku": JAR, "quantity": 3}],
            "money_back": [8970, 5980, 2990],
            "later": str(day(2)),
        }
    ]
    village.answer(number, LATER)
    shown = village.world.see({"order": number, "token": village.tokens[number]})
    assert shown["questions"][0]["choice"] == "later"
    assert shown["first_ship_by"] == day(1)


def test_a_drop_that_is_on_sale_is_ended_first(village: Village) -> None:
    opened(village.world, units=5)
    village.world.later(1200)
    with pytest.raises(DropOnSale):
        village.short(8)


def test_a_walk_in_may_end_a_question_whose_time_is_over_and_gets_what_it_reserved(make_world: MakeWorld) -> None:
    village = Village(make_world({day(1): 3, day(2): 2}))
    number = village.paid(1, quantity=3)
    village.short(2)
    village.world.later(timedelta(days=1).total_seconds())
    placed = village.world.place(2, quantity=2)
    assert placed["ship_by"] == day(2)
    assert (village.order(number).questions[0].choice, village.back(number)) == (Choice.SILENCE, 5980)
    assert village.clean()
