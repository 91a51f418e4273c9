"""Strangers at the routes: whoever goes around the edge, asks too often, or names an instant that no clock has."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from chalicelib.domain.asker import MOST_ASKED
from chalicelib.domain.live.attribution import Attribution, cookie

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.world import ROOMS, World, day, make_body, make_key

MakeWorld = Callable[..., World]
ROOM = ROOMS[0]
NEAR, FAR = {"X_Forwarded_For": "203.0.113.7, 130.176.1.1"}, {"X_Forwarded_For": "198.51.100.7, 130.176.1.1"}


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    return Http(make_world({day(2): 40}), monkeypatch)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/health"), ("POST", "/checkout"), ("GET", f"/q/{ROOM}"), ("GET", "/staff/me")]
)
def test_the_gateways_own_address_answers_nobody(http: Http, method: str, path: str) -> None:
    http.world.settings = msgspec.structs.replace(http.world.settings, edge_secret="e" * 48)
    http.world.shop = http.world.process(http.world.shop.catalog)
    for said in ({}, {"X_Cunbo_Edge": ""}, {"X_Cunbo_Edge": "e" * 47}, {"X_Cunbo_Edge": "é" * 48}):
        assert is_problem(http(method, path, {}, **said), 401, "forbidden")
    answer = http(method, path, {}, X_Cunbo_Edge="e" * 48)
    assert not is_problem(answer, 401, "forbidden") if answer.body else answer.status_code == 302


def test_the_network_is_the_one_that_the_edge_has_seen_whatever_else_is_written_there(http: Http) -> None:
    asked = {"contact": "13800138000"}
    for number in range(MOST_ASKED["find"]):
        made_up = {"X_Forwarded_For": f"10.{number}.0.1, 203.0.113.{number}, 130.176.1.{number}"}
        http("POST", "/orders/find", asked, **made_up, Cookie=f"__Host-cunbo-browser=made-up-browser-{number:06}")
    refused = http("POST", "/orders/find", asked, **NEAR)
    assert is_problem(refused, 429, "too-often")
    assert int(refused.headers["Retry-After"]) > 0
    assert http("POST", "/orders/find", asked, **FAR).status_code == 202


@pytest.mark.parametrize(
    ("path", "purpose", "body"),
    [
        ("/orders/find", "find", {"contact": "a@example.com"}),
        ("/orders/find", "sms", {"contact": "13800138000"}),
        ("/waitlist", "sms", {"sku": "spicy-cabbage-500g", "contact": "13800138000"}),
        ("/waitlist", "waitlist", {"sku": "spicy-cabbage-500g", "contact": "a@example.com"}),
        ("/staff/enrol", "enrol", {"invitation": "made-up"}),
        ("/scans", "scan", {"room": ROOM}),
    ],
)
def test_what_is_free_to_ask_for_is_asked_so_often_and_no_more(
    http: Http, monkeypatch: pytest.MonkeyPatch, path: str, purpose: Any, body: dict[str, str]
) -> None:
    monkeypatch.setitem(MOST_ASKED, purpose, 2)
    statuses = [http("POST", path, body, **NEAR).status_code for _ in range(3)]
    assert statuses[2] == 429 not in statuses[:2]
    assert http("POST", path, body, **FAR).status_code == statuses[0]
    http.world.later(3600)
    assert http("POST", path, body, **NEAR).status_code == statuses[0], "the next hour is another"
    assert http("POST", path, body, X_Forwarded_For="127.0.0.1").status_code == statuses[0], (
        "this machine is no network"
    )


def test_a_crowded_network_is_told_until_when_and_another_is_served(http: Http) -> None:
    def place(number: int, **headers: str) -> Any:
        return http("POST", "/checkout", make_body(buyer=number), Idempotency_Key=make_key(number), **headers)

    statuses = [place(number, **NEAR).status_code for number in range(12)]
    assert statuses == [201] * 10 + [429] * 2
    refused = place(20, **NEAR)
    assert is_problem(refused, 429, "network")
    assert refused.json_body["until"] == "2026-11-24T04:15:30Z"
    assert place(21, **FAR).status_code == 201


def test_only_a_scan_that_the_link_has_signed_is_counted(http: Http) -> None:
    signed = cookie(http.world.keys, Attribution(ROOM), http.world.now)
    for said in ("", "cunbo-from=made-up", f"cunbo-from={signed[:-1]}0", f"cunbo-from={signed}"):
        assert http("POST", "/scans", {"room": ROOM}, Cookie=said).status_code == 204
    assert http("POST", "/scans", {"room": ROOMS[1]}, Cookie=f"cunbo-from={signed}").status_code == 204
    figures = http.world.services.figures
    assert [figures.room(room, None).today.scans for room in ROOMS] == [1, 0]


def test_a_room_that_the_body_alone_names_is_kept_and_counts_for_nobody(http: Http) -> None:
    world = http.world
    signed = f"cunbo-from={cookie(world.keys, Attribution(ROOM), world.now)}"
    numbers = [
        http("POST", "/checkout", make_body(buyer=key, room=ROOM), Idempotency_Key=make_key(key), Cookie=said).json_body
        for key, said in enumerate(["", signed])
    ]
    orders = [world.store.orders.load(one["order"]) for one in numbers]
    assert [(order.room, order.signed) for order in orders if order] == [(ROOM, False), (ROOM, True)]


@pytest.mark.parametrize(
    "instant",
    [
        "0001-01-01T00:00:00%2B23:59",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1999-12-31T23:59:59Z",
        "2026-11-24T04:00:00",
        "yesterday",
        "",
    ],
)
def test_an_instant_that_no_clock_of_the_shop_has_is_refused_by_name(http: Http, instant: str) -> None:
    link, _ = http.world.services.access.invite("host", "小王")
    secret = {"invitation": link.partition("#")[2]}
    home = {"Origin": "http://shop", "Idempotency_Key": make_key(1)}
    device = http("POST", "/staff/enrol", secret, **home).headers["Set-Cookie"].partition(";")[0]
    answer = http("GET", f"/staff/rooms/{ROOM}/log?before={instant}", Cookie=device)
    assert is_problem(answer, 422, "invalid")
    assert answer.json_body["errors"][0]["pointer"] == "/before"
