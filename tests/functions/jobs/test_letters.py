"""To whom letters go, and how many go out in an hour to those who may never have asked for one."""

import json
from collections.abc import Callable
from email import message_from_bytes
from email.policy import SMTP, default

import msgspec
import pytest
from chalicelib.domain.aggregate import Mail
from chalicelib.domain.errors import Invalid
from chalicelib.domain.mailbox import is_email, mailbox
from chalicelib.domain.orders.events import LinkAsked
from chalicelib.domain.orders.model import State
from chalicelib.domain.text import tidy_email
from chalicelib.domain.waitlist import Waiter, WaiterState, Wish, asked_for
from chalicelib.jobs import letter_limits
from chalicelib.jobs.letter_limits import MOST_OF_DOMAIN, MOST_OF_LINK, MOST_OF_STAGE, MOST_TO_MAILBOX
from chalicelib.mail.letters import Envelope, letter
from chalicelib.storage.transaction import Transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.addresses import HONEST, STRANGE
from tests.functions.helpers.waiters import ask, waiter
from tests.functions.helpers.world import (
    JAR,
    NOON,
    POT,
    World,
    day,
    letter_in,
    make_body,
    make_catalog,
    make_key,
    make_order,
)

MakeWorld = Callable[..., World]
MANAGER = "manager@example.com"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A shop whose jars and pots are sold out, with a manager who can be written to."""
    world = make_world({day(2): 1})
    world.stock(1, day(2), POT)
    world.settings = msgspec.structs.replace(world.settings, manager_mail=MANAGER)
    world.shop = world.process(world.shop.catalog)
    world.place(0)
    world.place(1, sku=POT)
    world.sweep()
    world.mails.clear()
    return world


def to(world: World) -> list[str]:
    return [mail["To"] for mail in world.mails]


# ---- To whom ----


@pytest.mark.parametrize("address", STRANGE, ids=ascii)
def test_a_strange_address_is_refused_wherever_one_is_given(world: World, address: str) -> None:
    """What a keyboard adds or widens is a slip of the hand: it is mended first, and only plain addresses are kept."""
    if is_email(tidy_email(address)):
        number = ask(world, contact=address)
        assert waiter(world, number).contact == tidy_email(address)
        return
    with pytest.raises(Invalid) as refusal:
        ask(world, contact=address)
    assert [fault.pointer for fault in refusal.value.faults] == ["/contact"]
    with pytest.raises(Invalid) as refusal:
        world.shop.place(make_key(9), json.dumps(make_body(email=address)).encode())
    assert [fault.pointer for fault in refusal.value.faults] == ["/email"]


def test_a_strange_address_that_older_code_has_stored_gets_no_letter_and_the_manager_hears_of_it(world: World) -> None:
    for number, address in enumerate(STRANGE):
        place = Waiter(number=f"{number:020}", sku=JAR, contact=address, wish=Wish(1), joined=NOON, since=NOON)
        world.store.commit(Transaction().create(asked_for(place, world.now)))
    order = make_order(
        State.EXPIRED, email=STRANGE[3], number="9" * 20, outbox=(Mail("placed-1", "placed"),), retry_at=world.now
    )
    world.store.commit(Transaction().create(order))
    outbox = world.outbox()
    outbox.consume([(f"{one}", f"waiter#{one:020}") for one in range(len(STRANGE))])
    outbox.consume([("x", f"order#{order.number}")])
    assert to(world) == [MANAGER]
    assert all(not one.outbox for one in world.store.waitlist.all())
    assert world.store.orders.load(order.number).outbox == ()  # type: ignore[union-attr]
    text = world.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert f"{0:020}：邮箱格式不对" in text


@given(st.sampled_from(STRANGE + HONEST) | st.emails() | st.text(max_size=30))
def test_whatever_is_taken_is_the_letters_only_recipient(address: str) -> None:
    order = make_order(email=address)
    envelope = Envelope(address, order.number, "shop@example.com", NOON)
    if not is_email(address):
        with pytest.raises(ValueError, match="no e-mail address"):
            letter("placed", order, make_catalog(), "http://shop", envelope)
        return
    sent = letter("placed", order, make_catalog(), "http://shop", envelope).as_bytes(policy=SMTP)
    read = message_from_bytes(sent, policy=default)
    assert [one.addr_spec for one in read["To"].addresses] == [address]
    assert {mailbox(one.addr_spec) for one in read["To"].addresses} == {mailbox(address)}
    assert read.get_all("Bcc") is None and read.get_all("Cc") is None


# ---- How many ----


def test_the_limits_let_a_whole_list_be_joined_within_the_hour() -> None:
    assert MOST_OF_DOMAIN > 2_000
    assert MOST_OF_STAGE >= 2 * MOST_OF_DOMAIN


def test_all_spellings_of_a_mailbox_get_few_letters_an_hour_and_the_owner_gets_the_link_of_every_list(
    world: World,
) -> None:
    for number in range(20):
        ask(world, contact=f"victim+{number}@example.net")
        world.settle()
    assert len(to(world)) == MOST_OF_LINK
    number = ask(world, contact="victim@example.net", sku=POT)
    world.settle()
    assert (to(world)[-1], letter_in(world.mails[-1])) == ("victim@example.net", (number, "unconfirmed"))


def test_what_is_beyond_a_mailboxs_letters_of_an_hour_comes_in_a_later_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_limits, "MOST_TO_MAILBOX", 2)
    for _ in range(2):
        ask(world)
        world.settle()
    number = ask(world, sku=POT)
    world.settle()
    assert len(to(world)) == 2
    assert waiter(world, number).outbox, "it waits"
    world.later(3600)
    world.sweep()
    assert letter_in(world.mails[-1]) == (number, "unconfirmed")
    assert MANAGER not in to(world), "that strangers type an address is no news"


def test_links_to_an_order_are_few_an_hour_and_whoever_asks_does_not_hear_of_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.settle()
    for _ in range(MOST_TO_MAILBOX + 2):
        world.shop.orders.apply(order["order"], LinkAsked())
        world.settle()
    assert [letter_in(mail)[1] for mail in world.mails].count("link") == MOST_OF_LINK


@pytest.mark.parametrize("limit", ["MOST_OF_STAGE", "MOST_OF_DOMAIN"])
def test_letters_to_strangers_beyond_an_hours_wait_and_the_manager_hears_once_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(letter_limits, limit, 3)
    numbers = [ask(world, who) for who in range(6)]
    world.settle()
    strangers = [address for address in to(world) if address != MANAGER]
    assert (len(strangers), to(world).count(MANAGER)) == (3, 1)
    assert [waiter(world, number).state for number in numbers] == [WaiterState.UNCONFIRMED] * 6
    world.later(3600)
    world.sweep()
    strangers = [address for address in to(world) if address != MANAGER]
    assert sorted(strangers) == sorted(f"waiter-{who}@example.com" for who in range(6))
    assert to(world).count(MANAGER) == 1


def test_a_domain_that_is_full_keeps_no_other_from_its_letters(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_limits, "MOST_OF_DOMAIN", 2)
    for who in range(4):
        ask(world, contact=f"x{who}@one.example")
    ask(world, contact="x@two.example")
    world.settle()
    assert sorted(address.partition("@")[2] for address in to(world) if address != MANAGER) == [
        "one.example", "one.example", "two.example"
    ]  # fmt: skip


def test_letters_of_who_has_paid_of_refunds_and_to_the_manager_are_never_held_back(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_limits, "MOST_OF_STAGE", 1)
    world = make_world({day(2): 5})
    world.place(9, email="first@example.com")
    world.settle()
    world.mails.clear()
    unpaid = world.place(0, email="li@example.com")
    paid = world.place(1, email="wang@example.com")
    world.pay(paid)
    world.shop.cancel(paid["order"], paid["token"])
    world.settle()
    assert {letter_in(mail) for mail in world.mails} == {
        (paid["order"], text) for text in ("placed", "paid", "cancelled", "refunded")
    }
    world.pay(unpaid)
    world.later(121)
    world.sweep()
    assert {letter_in(mail)[1] for mail in world.mails if mail["To"] == "li@example.com"} == {"placed", "paid"}


def test_what_the_mail_server_refused_does_not_count(world: World) -> None:
    def away(_: object) -> None:
        raise OSError("the mail server is away")

    number = ask(world)
    for _ in range(MOST_OF_LINK + 1):
        world.outbox(away).perform("waiter", number)
    world.outbox().perform("waiter", number)
    assert to(world) == ["waiter-0@example.com"]


def test_a_letter_that_strangers_can_cause_costs_one_write_unit_more(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.calls.clear()
    world.outbox().perform("order", order["order"])
    assert world.calls == ["GetItem", "UpdateItem", "PutItem"]
