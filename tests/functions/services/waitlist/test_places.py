"""A place: asked for, confirmed by its link, given up, gone in time."""

import json

import pytest
from chalicelib.domain.errors import (
    InvitationOver,
    ListFull,
    NotFound,
    NotNow,
    OnSale,
    Unauthorized,
)
from chalicelib.domain.waitlist import CONFIRM_WITHIN, WaiterState
from chalicelib.jobs.letter_limits import MOST_OF_LINK

from tests.functions.helpers.waiters import ask, confirm, give_up, join, states, take, waiter
from tests.functions.helpers.world import JAR, POT, World, make_body, make_key
from tests.functions.services.waitlist.places import opened


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
