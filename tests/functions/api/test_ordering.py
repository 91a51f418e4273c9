"""What wins where more than one thing is wrong with a request for an order: an order that exists, before all else."""

from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import HTTPResponse

from tests.functions.helpers.http import Http
from tests.functions.helpers.waiters import join
from tests.functions.helpers.world import World, day, make_body, make_key

MakeWorld = Callable[..., World]
KEY = {"Idempotency_Key": make_key()}
TEXT = {"Content_Type": "text/plain"}
MISMATCH, MALFORMED, INVALID = (422, "idempotency-mismatch"), (400, "malformed"), (422, "invalid")
MADE = (201, "")


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    return Http(make_world({day(2): 3}), monkeypatch)


def told(response: HTTPResponse) -> tuple[int, str]:
    """The status, and which problem it is where it is one."""
    return response.status_code, response.json_body.get("type", "").removeprefix("/problems/")


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize(
    ("body", "headers", "alone", "after"),
    [
        pytest.param(make_body(), {}, MADE, MADE, id="the same"),
        pytest.param(make_body(quantity=2), {}, MADE, MISMATCH, id="another order"),
        pytest.param(make_body(quantity=9), {}, (409, "sold-out"), MISMATCH, id="sold out"),
        pytest.param(make_body(sku="gold-bar"), {}, INVALID, MISMATCH, id="not sold here"),
        pytest.param(make_body(lang="fr"), {}, INVALID, MISMATCH, id="a bad field"),
        pytest.param([], {}, INVALID, MISMATCH, id="another form"),
        pytest.param(b"{", {}, MALFORMED, MALFORMED, id="no JSON"),
        pytest.param(b"[" * 16_000, {}, INVALID, MALFORMED, id="no JSON, which begins in another form"),
        pytest.param(b"[" * 20_000, {}, (413, "too-large"), (413, "too-large"), id="too large"),
        pytest.param(make_body(), TEXT, MALFORMED, MALFORMED, id="said to be no JSON"),
    ],
)
def test_a_key_that_has_made_an_order_gives_it_again_or_is_refused_for_anything_else(
    http: Http, body: Any, headers: dict[str, str], alone: tuple[int, str], after: tuple[int, str], exists: bool
) -> None:
    if exists:
        http("POST", "/checkout", make_body(), **KEY)
    assert told(http("POST", "/checkout", body, **KEY, **headers)) == (after if exists else alone)
    assert len([*http.world.store.orders.all()]) == (exists or alone == MADE)


def test_an_order_is_given_again_where_its_body_is_none_any_more(http: Http) -> None:
    """Its provider has gone: it is refused before it is a command, and only its words tell that it is the same."""
    first = http("POST", "/checkout", make_body(), **KEY)
    http.world.providers.clear()
    again = http("POST", "/checkout", make_body(), **KEY)
    assert (told(again), again.json_body["order"]) == (MADE, first.json_body["order"])
    assert told(http("POST", "/checkout", make_body(buyer=1), **KEY)) == MISMATCH
    assert told(http("POST", "/checkout", make_body(), Idempotency_Key=make_key(1))) == INVALID


@pytest.mark.parametrize("body", [make_body(), make_body(lang="fr"), b"{", b"[" * 20_000])
def test_a_key_of_another_form_is_refused_before_any_body(http: Http, body: Any) -> None:
    response = http("POST", "/checkout", body, Idempotency_Key="short")
    assert told(response) == MALFORMED
    assert [fault["pointer"] for fault in response.json_body["errors"]] == ["/Idempotency-Key"]


def test_an_invitation_is_its_owners_before_a_key_or_a_body_is_looked_at(http: Http) -> None:
    world = http.world
    orders = [http("POST", "/checkout", make_body(buyer=key), Idempotency_Key=make_key(key)) for key in range(3)]
    place = join(world)
    world.shop.cancel(orders[0].json_body["order"], orders[0].json_body["token"])
    mine, other = (f"Bearer {world.keys.token(number)}" for number in (place, "1" * 20))
    taken = http("POST", f"/waitlist/{place}/take", make_body(buyer=9), Idempotency_Key=make_key(9), Authorization=mine)
    assert told(taken) == MADE
    for body in (make_body(buyer=9), b"{"):
        for token in (other, "Bearer "):
            response = http("POST", f"/waitlist/{place}/take", body, Idempotency_Key=make_key(9), Authorization=token)
            assert told(response) == (401, "unauthorized")
    again = http("POST", f"/waitlist/{place}/take", make_body(buyer=9), Idempotency_Key=make_key(9), Authorization=mine)
    assert (told(again), again.json_body["order"]) == (MADE, taken.json_body["order"])
