"""A manager's acts: a whole batch that ships later, notes, and words to a buyer that are sent as they were shown."""

import json
from collections.abc import Callable

import pytest
from chalicelib.api.responses.desk.orders import story
from chalicelib.domain.commands import PackParcel
from chalicelib.domain.desk.commands import AddNote, WriteBuyer
from chalicelib.domain.desk.notes import MOST_LETTERS, MOST_NOTES, LetterKind
from chalicelib.domain.errors import Invalid, KeyReused, NotFound, WrongState
from chalicelib.services.desk.acts import DeskActs, draft
from chalicelib.services.desk.batches import BatchMoves
from chalicelib.services.packing.bench import Bench
from chalicelib.storage.keys import order_key

from tests.functions.helpers.acts_of_packers import MANAGER, PACKER
from tests.functions.helpers.crash_points import CrashPoints, Died
from tests.functions.helpers.world import JAR, POT, World, day, letter_in, make_key

MakeWorld = Callable[..., World]


def acts(world: World) -> DeskActs:
    return DeskActs(world.services.stage, world.store)


def test_a_batch_ships_later_wherever_it_is_cut_off_and_each_buyer_is_told_once(make_world: MakeWorld) -> None:
    world = make_world({day(2): 12, day(4): 7})
    world.stock(9, day(2), POT)
    orders = []
    for n in range(6):
        world.later(1)
        orders.append(world.place(n, email=f"buyer{n}@example.com", quantity=1 + n % 2))
    world.later(1)
    two = world.place(7, lines=[{"sku": JAR, "quantity": 1}, {"sku": POT, "quantity": 1}])
    other, unpaid = world.place(8, sku=POT), world.place(9)
    for order in (*orders, two, other):
        world.pay(order)
    Bench(world.services.stage, world.store).pack(orders[0]["order"], PackParcel(1), make_key(900), PACKER)
    moves = BatchMoves(world.services.stage, world.store)
    with pytest.raises(Invalid):
        moves.look(JAR, day(2), day(2))
    seen = moves.look(JAR, day(2), day(3))
    assert [one.order.number for one in seen.orders] == [one["order"] for one in (*orders[1:], two)]
    assert [(one.order.number, one.why) for one in seen.stay] == [(orders[0]["order"], "packed")]
    assert (seen.left, seen.room, world.left()) == (6, 7, 8)
    crash = CrashPoints(world.client)
    deaths = 0
    for write in (1, 2, 3, 2, 1):
        try:
            with crash.at((write, "after")):
                moves.move(JAR, day(2), day(3), MANAGER)
        except Died:
            deaths += 1
    assert deaths >= 3
    last = moves.move(JAR, day(2), day(3), MANAGER)
    assert last.left == 0
    world.settle()
    promised = {order["order"]: world.see(order)["ship_by"] for order in (*orders, two, other, unpaid)}
    few = [one.order.number for one in last.stay if one.why == "few"]
    assert sum(units == day(4) for units in promised.values()) + len(few) == 6
    assert [number for number, day_ in promised.items() if day_ == day(2) and number not in few] == [
        orders[0]["order"], other["order"], unpaid["order"],
    ]  # fmt: skip
    pot = world.shop.orders.load(two["order"]).lines[1]
    assert [part.ship_by for part in pot.parts] == [day(2)], "its other goods are made when they were to be"
    told = [of for of, name in map(letter_in, world.mails) if name == "postponed"]
    assert sorted(told) == sorted(one["order"] for one in orders[1:] if one["order"] not in few)
    batches = {batch.ship_by: batch.left for batch in world.store.stock.batches(JAR, day(2))}
    assert batches[day(2)] == 0, "what they leave is sold to nobody"
    world.pay(unpaid)
    assert unpaid["order"] in [one.order.number for one in moves.look(JAR, day(2), day(3)).orders]
    assert world.differences() == []


def test_words_to_a_buyer_are_sent_as_they_were_shown_once_a_request_in_their_language(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    chinese = world.place(1, email="wang@example.com", lang="zh")
    english = world.place(2, email="john@example.com", lang="en")
    for order in (chinese, english):
        world.pay(order)
        world.settle()
        world.mails.clear()
        number = str(order["order"])
        asked = [
            WriteBuyer(LetterKind.LATE),
            WriteBuyer(LetterKind.OUT, JAR, "周五 <b>有</b>"),
            WriteBuyer(LetterKind.WORDS, words=" 你好，\n\u202e再等等 "),
        ]
        for n, one in enumerate(asked):
            shown = draft(world.services.stage, world.shop.orders.load(number), one)
            for _ in range(2):
                acts(world).write(number, one, make_key(300 + n), MANAGER)
            world.outbox().perform("order", number)
            [mail] = world.mails
            body = mail.get_body(("plain",))
            assert shown.by == "mail"
            assert mail["Subject"] == shown.subject
            assert body is not None
            assert _wordy(body.get_content()) == _wordy(shown.text), "but for its link"
            world.mails.clear()
        with pytest.raises(KeyReused):
            acts(world).write(number, WriteBuyer(LetterKind.THANKS), make_key(300), MANAGER)
        letters = world.shop.orders.load(number).letters
        assert [(one.kind, bool(one.sent), one.words) for one in letters] == [
            ("late", True, ""), ("out", True, "周五 <b>有</b>"), ("words", True, "你好， 再等等"),
        ]  # fmt: skip


def _wordy(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "http" not in line).strip()


def test_who_left_no_mail_gets_a_text_message_or_somebody_must_call(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    order = world.place(1)
    number = str(order["order"])
    assert draft(world.services.stage, world.shop.orders.load(number), WriteBuyer(LetterKind.LATE)).by == ""
    with pytest.raises(WrongState, match="call them"):
        acts(world).write(number, WriteBuyer(LetterKind.LATE), make_key(1), MANAGER)
    world.text()
    shown = draft(world.services.stage, world.shop.orders.load(number), WriteBuyer(LetterKind.ADDRESS))
    acts(world).write(number, WriteBuyer(LetterKind.ADDRESS), make_key(1), MANAGER)
    world.outbox().perform("order", number)
    assert (shown.by, [_wordy(shown.text.partition("：")[0])]) == (
        "sms",
        [_wordy(world.sms[0].words.partition("：")[0])],
    )
    with pytest.raises(WrongState):
        acts(world).write(number, WriteBuyer(LetterKind.WORDS, words="你好"), make_key(2), MANAGER)


@pytest.mark.parametrize(
    "asked",
    [
        AddNote(""), AddNote(" \u200b\n "), AddNote("x" * 301), WriteBuyer(LetterKind.WORDS, words="\u200b"),
        WriteBuyer(LetterKind.OUT), WriteBuyer(LetterKind.OUT, POT), WriteBuyer(LetterKind.LATE, JAR),
        WriteBuyer(LetterKind.LATE, words="长" * 301),
    ],
)  # fmt: skip
def test_what_says_nothing_or_too_much_is_refused(make_world: MakeWorld, asked: AddNote | WriteBuyer) -> None:
    world = make_world({day(2): 9})
    number = str(world.place(1, email="wang@example.com")["order"])
    act = acts(world).add_note if isinstance(asked, AddNote) else acts(world).write
    with pytest.raises(Invalid):
        act(number, asked, make_key(1), MANAGER)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        acts(world).add_note("1" * 20, AddNote("x"), make_key(1), MANAGER)


def test_an_order_stays_small_whatever_the_desk_writes_and_the_usual_one_is_not_a_byte_longer(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 9})
    number = str(world.place(1, email="wang@example.com")["order"])
    body = json.loads(world.store.table.get(order_key(number))["body"]["S"])  # type: ignore[index]
    assert not {"notes", "letters"} & body.keys()
    for n in range(MOST_NOTES):
        acts(world).add_note(number, AddNote(f"{n}" + "字" * 290), make_key(n), MANAGER)
    for n in range(MOST_LETTERS):
        acts(world).write(number, WriteBuyer(LetterKind.WORDS, words="字" * 300), make_key(n), MANAGER)
    world.outbox().perform("order", number)
    with pytest.raises(WrongState):
        acts(world).add_note(number, AddNote("x"), make_key(99), MANAGER)
    with pytest.raises(WrongState):
        acts(world).write(number, WriteBuyer(LetterKind.LATE), make_key(99), MANAGER)
    item = world.store.table.get(order_key(number))
    assert item
    assert len(item["body"]["S"].encode()) < 60_000, "of the 400 KB that an item may have"
    told = story(world.shop.orders.load(number), {MANAGER: "王姐"}, texts=False)
    assert {one["state"] for one in told["letters"]} == {"sent"}
    assert {one["by_name"] for one in told["events"] if one["what"] in ("note", "letter")} == {"王姐"}
