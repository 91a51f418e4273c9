"""The waitlist as its shoppers meet it: joining, being invited, taking, giving up; and what walk-ins get meanwhile."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

import msgspec
import pytest
from chalicelib.domain.errors import (
    Invalid,
    InvitationOver,
    LimitReached,
    ListFull,
    NotFound,
    NotNow,
    OnSale,
    SoldOut,
    Unauthorized,
)
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.waitlist import CONFIRM_WITHIN, LASTS, WaiterState
from chalicelib.jobs.letter_limits import MOST_OF_LINK
from chalicelib.storage.stock.shards import move_kept
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.waiters import ask, confirm, give_up, join, states, take, waiter
from tests.functions.helpers.world import JAR, POT, World, day, letter_in, make_body, make_key

MakeWorld = Callable[..., World]


def expire(world: World) -> None:
    """The holds of all that is unpaid end, and the minute's sweep comes by."""
    world.later(931)
    world.sweep()


@pytest.fixture
def sold(make_world: MakeWorld) -> World:
    """A shop whose four jars are held by four shoppers, who have not paid."""
    world = make_world({day(2): 4})
    for key in range(4):
        world.place(key)
    return world


def test_what_comes_back_goes_to_who_waits_and_not_to_a_walk_in(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    assert states(sold, number) == ["invited"]
    assert sold.left() == 0
    with pytest.raises(SoldOut):
        sold.place(50)
    assert sold.differences() == []


def opened(world: World, key: int) -> tuple[str, str]:
    ticket = world.keys.tickets(make_key(key))[0]
    return ticket.number, ticket.token


def test_an_invitation_becomes_an_order_with_its_own_units(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    order = take(sold, number)
    assert (order["state"], order["ship_by"], order["total"]) == ("awaiting_payment", day(2), 2990)
    assert take(sold, number) == order, "the same key gives the same order"
    assert states(sold, number) == ["taken"]
    with pytest.raises(InvitationOver):
        take(sold, number, key=901)
    assert (sold.left(), sold.differences()) == (0, [])


def test_fewer_than_invited_may_be_taken_and_the_rest_goes_on(sold: World) -> None:
    first, second = join(sold, 0, quantity=3), join(sold, 1)
    for key in range(3):
        sold.shop.cancel(*opened(sold, key))
    assert states(sold, first, second) == ["waiting", "invited"], "one unit fits the second alone"
    assert sold.left() == 2, "and two fit nobody who waits"
    give_up(sold, second)
    assert states(sold, first) == ["invited"], "with the third it fits the first"
    with pytest.raises(Invalid, match="1 to 3"):
        take(sold, first, quantity=4)
    take(sold, first, quantity=1)
    assert (sold.left(), sold.differences()) == (2, [])


def test_an_invitation_ends_and_the_next_in_line_is_invited(sold: World) -> None:
    first, second = join(sold, 0), join(sold, 1)
    sold.shop.cancel(*opened(sold, 0))
    assert states(sold, first, second) == ["invited", "waiting"]
    assert waiter(sold, first).until == sold.now + LASTS * timedelta(seconds=900)
    sold.later(LASTS * 900)
    for _ in range(2):
        with pytest.raises(InvitationOver) as refusal:
            take(sold, first)
        assert refusal.value.until == waiter(sold, first).until
        sold.sweep()
    assert states(sold, first, second) == ["lapsed", "invited"]
    assert sold.differences() == []


def test_when_nobody_waits_any_more_what_comes_back_is_on_sale(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    give_up(sold, number)
    assert give_up(sold, number)["state"] == "given_up"
    with pytest.raises(InvitationOver) as refusal:
        take(sold, number)
    assert refusal.value.until is None, "it would still run, had it not been given up"
    assert (sold.left(), sold.differences()) == (1, [])


def test_a_waiter_may_leave_before_the_turn_comes(sold: World) -> None:
    first, second = join(sold, 0), join(sold, 1)
    give_up(sold, first)
    sold.shop.cancel(*opened(sold, 0))
    assert states(sold, first, second) == ["given_up", "invited"]


def test_who_would_take_fewer_gets_what_there_is(sold: World) -> None:
    number = join(sold, quantity=3, fewer=True)
    sold.shop.cancel(*opened(sold, 0))
    assert (states(sold, number), waiter(sold, number).units) == (["invited"], 1)


def test_holds_that_end_go_to_who_waits(sold: World) -> None:
    numbers = [join(sold, who) for who in range(3)]
    expire(sold)
    assert states(sold, *numbers) == ["invited", "invited", "waiting"]
    assert (sold.left(), sold.differences()) == (2, []), "half of the batch is for walk-ins"


def test_a_walk_in_gets_no_ended_hold_while_people_wait(sold: World) -> None:
    join(sold, quantity=4)
    sold.later(931)
    with pytest.raises(SoldOut):
        sold.place(50)
    sold.sweep()
    assert sold.differences() == []


def just_saved(transaction: Transaction, ended: Iterable[tuple[Order, Order]]) -> Transaction:
    """Ends holds for a walk-in, whoever waits for what they free."""
    for before, after in ended:
        transaction.save(before, after)
    return transaction


def test_a_walk_in_whose_view_is_from_before_gets_no_ended_hold_either(sold: World) -> None:
    """The twin shows that it would have: the condition of the transaction alone stops it."""
    other = World(client=sold.client, table=sold.store.table.name)
    sold.later(929.8)
    other.now = sold.now
    before = other.shop.stock.look(JAR)
    join(sold, quantity=4)
    other.later(0.5)
    other.shop.stock.views[JAR] = msgspec.structs.replace(before, seen=other.now)
    with pytest.raises(SoldOut):
        other.place(50)
    assert other.differences() == []
    with pytest.MonkeyPatch.context() as unguarded:
        unguarded.setattr(Transaction, "take_over", just_saved)
        unguarded.setattr("chalicelib.storage.transaction.nobody_waits", lambda sku: move_kept(sku, day(2), 0))
        other.shop.stock.views[JAR] = msgspec.structs.replace(before, seen=other.now)
        other.shop.stock.dry.clear()
        other.place(50)


def test_a_late_payer_is_a_walk_in(sold: World) -> None:
    number = join(sold, quantity=4)
    expire(sold)
    assert states(sold, number) == ["invited"]
    late = opened(sold, 0)
    sold.shop.act(late[0], b'{"act": "pay"}')
    sold.settle()
    assert sold.shop.order(*late)["state"] == "refunded"
    assert sold.differences() == []


def test_a_new_batch_and_a_raised_one_go_to_who_waits(sold: World) -> None:
    first, second = join(sold, 0, quantity=2), join(sold, 1, quantity=3)
    sold.stock(3, day(3))
    assert sold.left() == 0
    sold.sweep()
    assert states(sold, first, second) == ["invited", "waiting"]
    assert sold.left() == 1, "what fits nobody is on sale"
    sold.stock(8, day(2))
    assert sold.left() == 1
    sold.sweep()
    assert states(sold, first, second) == ["invited", "invited"]
    assert (sold.left(), sold.differences()) == (2, [])


def test_units_that_cannot_be_made_any_more_go_to_nobody(sold: World) -> None:
    number = join(sold)
    sold.stock(2, day(2))
    sold.shop.cancel(*opened(sold, 0))
    sold.sweep()
    assert states(sold, number) == ["waiting"]
    sold.shop.cancel(*opened(sold, 1))
    sold.shop.cancel(*opened(sold, 2))
    sold.sweep()
    assert states(sold, number) == ["invited"]
    assert (sold.left(), sold.differences()) == (0, [])


def test_nobody_has_to_wait_for_what_can_be_bought(sold: World) -> None:
    sold.shop.cancel(*opened(sold, 0))
    with pytest.raises(OnSale) as refusal:
        join(sold)
    assert [(fault.pointer, fault.left) for fault in refusal.value.faults] == [("/sku", 1)]
    with pytest.raises(OnSale):
        join(sold, quantity=3, fewer=True)
    assert states(sold, join(sold, quantity=3)) == ["waiting"]


def test_an_address_has_one_place_for_a_sku_and_gets_its_link_again(sold: World) -> None:
    number = join(sold)
    assert join(sold, quantity=2) == number
    assert waiter(sold, number).wish.quantity == 1
    assert sold.store.waitlist.queue(JAR).count == 1
    assert join(sold, sku=POT) != number


def test_all_spellings_of_a_mailbox_have_one_place_and_the_letter_goes_where_it_was_asked_for(sold: World) -> None:
    spellings = ("Waiter-0@Example.com", "waiter-0+a@example.com", "waiter-0+b@example.com")
    numbers = set()
    for contact in spellings:
        numbers.add(ask(sold, contact=contact))
        sold.settle()
        sold.later(3600)
    assert len(numbers) == 1
    assert [mail["To"] for mail in sold.mails] == [*spellings]


def test_however_often_an_address_is_typed_its_owner_is_not_refused_and_gets_three_letters_an_hour(sold: World) -> None:
    for _ in range(30):
        number = ask(sold)
        sold.settle()
    assert len(sold.mails) == MOST_OF_LINK
    assert confirm(sold, number)["state"] == "waiting", "those that lie there open it"
    sold.later(3600)
    ask(sold)
    sold.settle()
    assert len(sold.mails) == MOST_OF_LINK + 1


def test_a_place_counts_once_its_link_was_opened(sold: World) -> None:
    numbers = [ask(sold, who) for who in range(3)]
    assert sold.store.waitlist.queue(JAR).count == 0
    sold.shop.cancel(*opened(sold, 0))
    assert (states(sold, *numbers), sold.left()) == (["unconfirmed"] * 3, 1)
    sold.place(60)
    for number in (numbers[2], numbers[0], numbers[0]):
        assert confirm(sold, number)["state"] == "waiting"
    assert sold.store.waitlist.queue(JAR).count == 2
    assert [entry.number for entry in sold.store.waitlist.line(JAR)] == [numbers[0], numbers[2]], "by when they asked"
    sold.shop.cancel(*opened(sold, 1))
    assert states(sold, *numbers) == ["invited", "unconfirmed", "waiting"]
    assert sold.differences() == []


def test_who_confirms_when_units_are_back_is_served_at_once(sold: World) -> None:
    number = ask(sold)
    sold.shop.cancel(*opened(sold, 0))
    assert confirm(sold, number)["state"] == "invited"
    assert (sold.left(), sold.differences()) == (0, [])


def test_a_place_that_nobody_confirms_is_gone_after_a_day(sold: World) -> None:
    number = ask(sold)
    [item] = [item for item in sold.store.everything() if item["sk"]["S"] == "waiter"]
    assert int(item["ttl"]["N"]) == int((sold.now + CONFIRM_WITHIN).timestamp()) + 86_400
    sold.later(86_400)
    sold.sweep()
    for _ in range(2):
        with pytest.raises(NotFound):
            confirm(sold, number)
    for key in range(10, 14):
        sold.place(key)
    assert ask(sold, quantity=2) == number
    assert confirm(sold, number)["quantity"] == 2


def test_an_invitation_is_no_place_to_order_by_before_its_link_was_opened(sold: World) -> None:
    number = ask(sold)
    with pytest.raises(InvitationOver):
        take(sold, number)
    assert give_up(sold, number)["state"] == "given_up"
    assert confirm(sold, number)["state"] == "given_up"


def test_a_full_list_is_told_to_who_opens_the_link_and_to_nobody_before(
    sold: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("chalicelib.storage.stock.queue", "chalicelib.services.waitlist"):
        monkeypatch.setattr(f"{module}.MOST_WAITING", 2)
    made_up = [ask(sold, who) for who in range(5)]
    real = [join(sold, who) for who in (10, 11)]
    late = ask(sold, 12)
    with pytest.raises(ListFull):
        confirm(sold, late)
    give_up(sold, real[0])
    assert confirm(sold, late)["state"] == "waiting"
    assert states(sold, *made_up) == ["unconfirmed"] * 5


def test_half_of_a_batch_is_offered_at_a_time_and_the_next_are_invited_as_soon_as_there_is_room(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 10})
    for key in range(10):
        world.place(key)
    numbers = [join(world, who) for who in range(9)]
    expire(world)
    assert states(world, *numbers) == ["invited"] * 5 + ["waiting"] * 4
    assert world.left() == 5, "a walk-in finds the other half"
    take(world, numbers[0], key=900)
    assert states(world, *numbers[5:]) == ["invited"] + ["waiting"] * 3
    give_up(world, numbers[1])
    assert states(world, *numbers[6:]) == ["invited"] + ["waiting"] * 2
    world.later(LASTS * 900)
    world.sweep()
    assert states(world, *numbers[7:]) == ["invited"] * 2
    assert (batch_of(world).offered, world.differences()) == (2, [])


def batch_of(world: World) -> Declared:
    [batch] = world.store.stock.declared(JAR, day(2))[:1]
    return batch


def test_who_wants_more_than_may_be_offered_is_passed_over_by_nobody(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.place()
    first, second, third = join(world, 0), join(world, 1, quantity=3), join(world, 2)
    world.stock(5, day(2))
    world.sweep()
    assert states(world, first, second, third) == ["invited", "waiting", "waiting"]
    assert world.left() == 3
    give_up(world, first)
    assert states(world, second, third) == ["invited", "waiting"]
    assert (world.left(), batch_of(world).offered, world.differences()) == (1, 3, [])


def test_one_invitation_may_be_of_more_than_half_of_a_batch(sold: World) -> None:
    number = join(sold, quantity=3)
    expire(sold)
    assert (states(sold, number), batch_of(sold).offered) == (["invited"], 3)


def test_the_auditor_sees_what_is_offered_and_belongs_to_no_invitation(sold: World) -> None:
    join(sold)
    sold.shop.cancel(*opened(sold, 0))
    assert sold.differences() == []
    sold.store.table.transact([move_kept(JAR, day(2), 0, offered=1)])
    assert sold.differences() == [f"{JAR} {day(2)}: 2 counted as offered, but invitations have 1"]


@pytest.mark.slow
def test_160_made_up_people_get_nothing_and_20_real_ones_what_comes_back_in_their_order(make_world: MakeWorld) -> None:
    """24 units come back; each of the real ones takes what it is invited to, until all have it."""
    world = make_world({day(2): 1})
    world.place()
    made_up = [f"nobody-{who}@nowhere.example" for who in range(160)]
    real = []
    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(world.shop.stock, "forget", lambda _: None)  # a look a second will do: nothing changes
        for who, contact in enumerate(made_up):
            ask(world, contact=contact, quantity=4, fewer=True)
            if who % 8 == 7:
                real.append(join(world, who))
    world.stock(25, day(2))
    world.sweep()
    assert states(world, *real) == ["invited"] * 13 + ["waiting"] * 7, "half of 25 are offered, in their order"
    for key, number in enumerate(real, 1000):
        assert states(world, number) == ["invited"]
        take(world, number, key)
    assert world.left() == 24 - 20
    assert Counter(one.state for one in world.store.waitlist.all()) == {"unconfirmed": 160, "taken": 20}
    assert world.differences() == []


def test_who_has_had_a_turn_may_join_again_at_the_end(sold: World) -> None:
    first = join(sold, 0)
    sold.shop.cancel(*opened(sold, 0))
    give_up(sold, first)
    sold.later(1)
    sold.place(60)
    second = join(sold, 1)
    assert ask(sold, 0, quantity=2) == first
    assert states(sold, first) == ["unconfirmed"], "a stranger may have asked for it"
    confirm(sold, first)
    assert [entry.number for entry in sold.store.waitlist.line(JAR)] == [second, first]
    assert waiter(sold, first).wish.quantity == 2
    assert sold.differences() == []


def test_a_place_opens_with_its_token_alone(sold: World) -> None:
    number = join(sold)
    for token in ("", "x", sold.keys.token("1" * 20)):
        for call in (sold.shop.place_in_line, sold.shop.give_up):
            with pytest.raises(Unauthorized):
                call(number, token)
        with pytest.raises(Unauthorized):
            sold.shop.take(number, token, make_key(900), json.dumps(make_body()).encode())


def test_who_has_had_enough_of_a_batch_may_not_take_more_of_it_by_an_invitation(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2}, per_buyer=1)
    for key in range(2):
        world.place(key)
    number = join(world)
    world.shop.cancel(*opened(world, 0))
    with pytest.raises(LimitReached) as refusal:
        take(world, number, buyer=1)
    assert [(fault.pointer, fault.limit) for fault in refusal.value.faults] == [("/lines/0", 1)]
    take(world, number, buyer=0)
    assert world.differences() == []


def test_of_an_invitation_over_two_batches_that_is_taken_of_which_the_buyer_has_nothing(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 1}, per_buyer=1)
    for key in range(3):
        world.place(key)
    number = join(world, quantity=2)
    for key in (0, 2):
        world.shop.cancel(*opened(world, key))
    assert [(part.ship_by, part.quantity) for part in waiter(world, number).parts] == [(day(2), 1), (day(3), 1)]
    assert take(world, number, buyer=1)["ship_by"] == day(3)
    assert world.differences() == []


def test_what_was_ordered_cannot_be_given_up(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    take(sold, number)
    with pytest.raises(NotNow):
        give_up(sold, number)


def test_a_place_that_has_ended_is_deleted_in_time(sold: World) -> None:
    number = join(sold)
    give_up(sold, number)
    sold.outbox().perform("waiter", number)
    [item] = [item for item in sold.store.everything() if item["sk"]["S"] == "waiter"]
    assert waiter(sold, number).state is WaiterState.GIVEN_UP
    assert int(item["ttl"]["N"]) == int(sold.now.timestamp()) + 31 * 86_400


def test_every_turn_of_a_place_is_told_by_letter_with_the_same_link(sold: World) -> None:
    number = ask(sold, lang="en")
    sold.outbox().perform("waiter", number)
    confirm(sold, number)
    ask(sold, lang="en")
    sold.outbox().perform("waiter", number)
    sold.shop.cancel(*opened(sold, 0))
    sold.outbox().perform("waiter", number)
    sold.later(LASTS * 900)
    for _ in range(2):
        sold.sweep()
        sold.outbox().perform("waiter", number)
    assert [(mail["To"], letter_in(mail)) for mail in sold.mails] == [
        ("waiter-0@example.com", (number, text)) for text in ("unconfirmed", "waiting", "invited", "lapsed")
    ]
    link = f"http://shop/en/waiting/#{number}.{sold.keys.token(number)}"
    assert all(link in str(mail.get_body(("plain",)).get_content()) for mail in sold.mails)  # type: ignore[union-attr]


def test_an_invitation_that_was_given_up_before_its_letter_went_out_sends_none(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    give_up(sold, number)
    sold.outbox().perform("waiter", number)
    assert sold.mails == []
    assert waiter(sold, number).outbox == ()


def test_a_letter_that_could_not_go_out_goes_out_later(sold: World) -> None:
    def away(_: object) -> None:
        raise OSError("the mail server is away")

    number = ask(sold)
    sold.outbox(away).perform("waiter", number)
    sold.later(121)
    sold.sweep()
    assert [letter_in(mail) for mail in sold.mails] == [(number, "unconfirmed")]
