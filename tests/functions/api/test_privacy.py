"""What is kept of a person, by their order's link, by a link that was sent to them, and at the desk."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from chalice.test import HTTPResponse
from chalicelib.domain.orders.events import LegalHoldSet
from chalicelib.domain.orders.model import State

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.stream import Stream
from tests.functions.helpers.waiters import join
from tests.functions.helpers.world import POT, World, day, letter_in, make_body

MakeWorld = Callable[..., World]
PHONE, MAIL = "138 0013 8000", "wang@example.com"
ELSEWHERE = make_body()["ship_to"] | {"name": "李四", "street": "太王镇二组 3 号"}


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    world = make_world({day(2): 9}, per_buyer=5)
    world.text()
    return Http(world, monkeypatch)


def bought(http: Http, key: int, paid: bool = True, **body: Any) -> dict[str, Any]:
    order = http.world.place(key, **{"buyer": 0, "email": MAIL, "note": "放门卫"} | body)
    if paid:
        http.world.pay(order)
    return order


def ask(http: Http, order: dict[str, Any], what: str, body: Any = None, token: str = "") -> HTTPResponse:
    method = "GET" if body is None else "POST"
    auth = f"Bearer {token or order['token']}"
    return http(method, f"/orders/{order['order']}/{what}", b"" if body is None else body, Authorization=auth)


def kept(answer: HTTPResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.json_body
    return {fact["what"]: fact["value"] for fact in answer.json_body["kept"]}


def sent_token(http: Http, contact: str) -> str:
    """The token of the link that is sent to whoever has the contact."""
    world = http.world
    world.mails.clear()
    world.sms.clear()
    Stream(world).consume()
    assert http("POST", "/orders/find", {"contact": contact}).status_code == 202
    world.settle()
    letters = [mail for mail in world.mails if letter_in(mail)[1] == "link"]
    words = world.sms[0].words if world.sms else str(letters[0].get_body(("plain",)))
    return re.search(r"#\d{20}\.([\w-]+)", words.replace("=\n", ""))[1]  # type: ignore[index]


def test_a_buyer_sees_what_is_kept_puts_it_right_and_has_it_forgotten(http: Http) -> None:
    world = http.world
    order = bought(http, 1)
    told = ask(http, order, "data").json_body
    assert {fact["what"]: fact["goes"] for fact in told["kept"]} == {
        "name": "later", "phone": "later", "address": "later", "email": "now", "note": "now", "codes": "now",
        "door": "later", "limits": "later", "goods": "never", "payment": "never",
    }  # fmt: skip
    assert told["correct"] == ["email", "address"]
    assert "person" not in told

    assert kept(ask(http, order, "email", {"email": "LI@example.com"}))["email"] == "LI@example.com"
    assert is_problem(ask(http, order, "email", {"email": "=?x?q?=76ictim?=@example.com"}), 422, "invalid")
    assert kept(ask(http, order, "address", {"ship_to": ELSEWHERE}))["name"] == "李四"
    assert "email" not in kept(ask(http, order, "email", {"email": None}))
    kept(ask(http, order, "email", {"email": MAIL}))

    after = kept(ask(http, order, "forget", {}))
    assert {*after} == {"name", "phone", "address", "door", "limits", "goods", "payment"}
    assert ask(http, order, "forget", {}).json_body["forgotten"] == ask(http, order, "data").json_body["forgotten"]
    assert is_problem(ask(http, order, "email", {"email": MAIL}), 409, "not-now")
    found = world.shop.orders.load(order["order"])
    assert (found.state, found.lookup, found.mail_lookup, found.outbox) == (State.PAID, None, None, ())
    world.shop.cancel(order["order"], order["token"])
    world.mails.clear()
    world.settle()
    assert world.mails == []
    assert world.differences() == []


def test_of_an_order_that_was_never_sold_nothing_is_left(http: Http) -> None:
    """Also not for money that comes after all: it goes back, since nobody knows where the goods would go."""
    world = http.world
    order = bought(http, 1, paid=False)
    late = world.paid_event(order)
    told = ask(http, order, "forget", {})
    assert (told.json_body["state"], {*kept(told)}) == ("cancelled", {"goods"})
    assert told.json_body["gone"]
    world.settle()
    world.shop.handle_event("sandbox", *late)
    world.settle()
    found = world.shop.orders.load(order["order"])
    assert (found.state, found.refundable) == (State.REFUNDED, 0)
    expired = bought(http, 2, paid=False)
    world.later(3600)
    world.sweep()
    assert ask(http, expired, "forget", {}).json_body["gone"]
    world.shop.handle_event("sandbox", *world.paid_event(expired))
    world.settle()
    assert world.shop.orders.load(expired["order"]).state is State.REFUNDED
    assert world.differences() == []


def test_whoever_types_the_number_of_somebody_else_learns_and_forgets_nothing_of_theirs(http: Http) -> None:
    world = http.world
    mine = bought(http, 1)
    place = join(world, sku=POT)
    assert place
    strangers = bought(http, 2, paid=False, email="mallory@example.com")
    assert "person" not in ask(http, strangers, "data").json_body
    assert is_problem(ask(http, strangers, "forget", {"person": True}), 401, "unauthorized")

    # The stranger's own mailbox is proven, and then the order gets the victim's: the proof was of the other one.
    token = sent_token(http, "mallory@example.com")
    assert "person" in ask(http, strangers, "data", token=token).json_body
    kept(ask(http, strangers, "email", {"email": MAIL}))
    assert "person" not in ask(http, strangers, "data", token=token).json_body
    assert is_problem(ask(http, strangers, "forget", {"person": True}, token), 401, "unauthorized")
    assert kept(ask(http, mine, "data"))["email"] == MAIL


@pytest.mark.parametrize("contact", [PHONE, MAIL])
def test_a_link_that_was_sent_opens_all_orders_of_its_owner_for_two_days(http: Http, contact: str) -> None:
    world = http.world
    orders = [bought(http, key) for key in (1, 2)]
    elsewhere = bought(http, 3, email="li@example.com", buyer=7)
    if contact == MAIL:
        join(world, sku=POT)
        world.shop.wait(json.dumps({"sku": POT, "contact": MAIL, "quantity": 1}).encode())
    token = sent_token(http, contact)
    anchor = next(one for one in orders if world.keys.proof(one["order"], token))
    assert ask(http, anchor, "data", token=token).status_code == 200
    assert world.see(anchor)["order"] == anchor["order"]
    world.now += timedelta(days=2)
    assert "person" not in ask(http, anchor, "data", token=token).json_body
    world.now -= timedelta(days=1)
    told = ask(http, anchor, "data", token=token).json_body["person"]
    assert [one["order"] for one in told["orders"]][-1] == anchor["order"]
    assert {one["order"] for one in told["orders"]} == {one["order"] for one in orders}
    assert [fact["what"] for fact in told["kept"]] == (["waitlist"] if contact == MAIL else [])
    assert ask(http, anchor, "forget", {"person": True}, token).json_body["forgotten"]
    assert all(world.shop.orders.load(one["order"]).person.asked for one in orders)
    assert not world.shop.orders.load(elsewhere["order"]).person.asked
    assert MAIL not in json.dumps([*world.store.everything()], ensure_ascii=False)
    assert world.differences() == []


def test_the_desk_finds_whoever_calls_and_forgets_all_but_what_a_dispute_holds(http: Http) -> None:
    from chalicelib.services.voices.personal import people_of

    world = http.world
    stream = Stream(world)
    orders = [bought(http, key) for key in (1, 2)]
    silent = bought(http, 3, email=None)
    stream.consume()
    people = people_of(world.services.stage, world.store, world.services.orders, world.services.photos)
    phone = people.read_contact(PHONE)
    assert {one.number for one in people.orders_of(phone)} == {one["order"] for one in (*orders, silent)}
    world.shop.orders.apply(orders[0]["order"], LegalHoldSet("法院调取"))
    assert is_problem(ask(http, orders[0], "forget", {}), 409, "not-now")
    people.forget_person(phone, people.orders_of(phone))
    stream.consume()
    left = people.orders_of(phone)
    assert [(one.number, one.email) for one in left] == [(orders[0]["order"], MAIL)]
    terms = [item["sk"]["S"] for item in world.store.everything() if item["pk"]["S"].startswith("find#phone")]
    assert [term.rpartition("#")[2] for term in terms] == [orders[0]["order"]]
    assert world.differences() == []
