"""The routes and triggers, as API Gateway, the stream and the schedule call them."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import app as functions
import pytest
import yaml
from chalice.app import Response
from chalicelib.api import payments
from chalicelib.api.problems import TABLE
from chalicelib.domain.errors import Busy, ShopError
from chalicelib.services.payments.payments import Payments
from chalicelib.storage.aggregates import put
from chalicelib.storage.kinds import Unreadable

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.tills import Tills
from tests.functions.helpers.world import JAR, ROOMS, World, day, make_body, make_key

MakeWorld = Callable[..., World]


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    world = make_world({day(2): 5})
    return Http(world, monkeypatch)


def test_health_names_the_catalogue(http: Http) -> None:
    response = http("GET", "/health")
    assert (response.status_code, response.json_body) == (200, {"status": "ok", "catalogue": "0123456789abcdef"})


def test_availability_may_be_kept_for_one_second_and_an_order_never(http: Http) -> None:
    assert http("GET", f"/availability?sku={JAR}").headers["Cache-Control"] == "public, max-age=1"
    assert http("POST", "/checkout", make_body(), Idempotency_Key=make_key()).headers["Cache-Control"] == "no-store"


def test_availability_gives_each_sku_its_batches(http: Http) -> None:
    items = http("GET", f"/availability?sku={JAR}&sku=spicy-cabbage-1kg&sku={JAR}").json_body["items"]
    assert items == {
        JAR: {
            "price": 2990,
            "per_order": 20,
            "left": 5,
            "ship_by": "2026-11-26",
            "batches": [{"ship_by": "2026-11-26", "left": 5}],
        },
        "spicy-cabbage-1kg": {"price": 5490, "per_order": 20, "left": 0, "ship_by": None, "batches": []},
    }


def test_an_unknown_sku_is_named(http: Http) -> None:
    response = http("GET", f"/availability?sku={JAR}&sku=gold-bar")
    assert is_problem(response, 404, "not-found")
    assert response.json_body["errors"] == [
        {"pointer": "/sku", "detail": "gold-bar is not sold here", "sku": "gold-bar"}
    ]


@pytest.mark.parametrize("query", ["", "?", "?other=1", "?" + "&".join(f"sku=a{number}" for number in range(51))])
def test_availability_wants_one_to_fifty_skus(http: Http, query: str) -> None:
    assert is_problem(http("GET", f"/availability{query}"), 422, "invalid")


def test_a_purchase_over_http(http: Http) -> None:
    response = http("POST", "/checkout", make_body(quantity=2), Idempotency_Key=make_key())
    order = response.json_body
    assert (response.status_code, order["state"], order["total"]) == (201, "awaiting_payment", 5980)
    assert http("POST", f"/payments/sandbox/{order['order']}/act", {"act": "pay"}).status_code == 204
    seen = http("GET", f"/orders/{order['order']}", Authorization=f"Bearer {order['token']}").json_body
    assert seen == order | {
        "state": "paid", "shipments": [], "refunds": [], "placed": "2026-11-24T04:00:00Z",
        "payment": {"action": "none"},
        "ship_to": make_body()["ship_to"] | {"phone": "+8613800138000"},
        "history": [
            {"at": "2026-11-24T04:00:00Z", "event": "awaiting_payment"},
            {"at": "2026-11-24T04:00:00Z", "event": "paid"},
        ],
    }  # fmt: skip
    cancelled = http("POST", f"/orders/{order['order']}/cancel", Authorization=f"Bearer {order['token']}")
    assert (cancelled.status_code, cancelled.json_body["state"]) == (200, "cancelled")


def test_a_note_is_kept_cleaned_and_shown_to_its_buyer_alone(http: Http) -> None:
    typed = " 下午送，\n\n放门卫\u202e\u200b👩‍🌾 "
    body = make_body(note=typed, email="w@example.com", room=ROOMS[0])
    order = http("POST", "/checkout", body, Idempotency_Key=make_key()).json_body
    assert "note" not in order
    seen = http("GET", f"/orders/{order['order']}", Authorization=f"Bearer {order['token']}").json_body
    assert (seen["note"], seen["email"], seen["room"]) == ("下午送， 放门卫👩🌾", "w@example.com", ROOMS[0])
    assert http("POST", "/checkout", make_body(note=None), Idempotency_Key=make_key(1)).status_code == 201


def test_a_checkout_that_has_changed_says_the_new_total_and_date(http: Http) -> None:
    body = make_body(expect={"total": 1, "ship_by": "2026-11-25"})
    response = http("POST", "/checkout", body, Idempotency_Key=make_key())
    assert is_problem(response, 409, "changed")
    assert (response.json_body["total"], response.json_body["ship_by"]) == (2990, "2026-11-26")


def test_sold_out_points_at_the_line(http: Http) -> None:
    response = http("POST", "/checkout", make_body(quantity=9), Idempotency_Key=make_key())
    assert is_problem(response, 409, "sold-out")
    assert response.json_body["errors"] == [{"pointer": "/lines/0", "detail": "5 left", "sku": JAR, "left": 5}]


def test_a_key_with_another_body_is_a_mismatch(http: Http) -> None:
    http("POST", "/checkout", make_body(), Idempotency_Key=make_key())
    response = http("POST", "/checkout", make_body(quantity=2), Idempotency_Key=make_key())
    assert is_problem(response, 422, "idempotency-mismatch")


@pytest.mark.parametrize(
    ("body", "headers", "status", "slug"),
    [
        (make_body(), {}, 400, "malformed"),
        (b"{", {"Idempotency_Key": make_key()}, 400, "malformed"),
        (make_body(), {"Idempotency_Key": make_key(), "Content-Type": "text/plain"}, 400, "malformed"),
        (b"[" * 20_000, {"Idempotency_Key": make_key()}, 413, "too-large"),
        (b"[" * 16_000, {"Idempotency_Key": make_key()}, 422, "invalid"),
        ([], {"Idempotency_Key": make_key()}, 422, "invalid"),
        (make_body(lang="fr"), {"Idempotency_Key": make_key()}, 422, "invalid"),
    ],
)
def test_a_rude_checkout_is_a_problem(http: Http, body: Any, headers: dict[str, str], status: int, slug: str) -> None:
    assert is_problem(http("POST", "/checkout", body, **headers), status, slug)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer wrong", "token"])
def test_an_order_is_not_shown_without_its_token(http: Http, header: str) -> None:
    order = http("POST", "/checkout", make_body(), Idempotency_Key=make_key()).json_body["order"]
    assert is_problem(http("GET", f"/orders/{order}", Authorization=header), 401, "unauthorized")
    assert is_problem(http("POST", f"/orders/{order}/cancel", Authorization=header), 401, "unauthorized")


def test_an_event_without_a_signature_is_refused(http: Http) -> None:
    assert is_problem(http("POST", "/payments/sandbox/events", {"type": "paid"}), 401, "unauthorized")
    assert is_problem(http("POST", "/payments/other/events", {"type": "paid"}), 404, "not-found")


def test_the_sandbox_is_not_there_where_it_is_not_set_up(http: Http) -> None:
    order = http("POST", "/checkout", make_body(), Idempotency_Key=make_key()).json_body["order"]
    http.world.providers.clear()
    assert is_problem(http("POST", f"/payments/sandbox/{order}/act", {"act": "pay"}), 404, "not-found")
    assert is_problem(http("POST", "/checkout", make_body(), Idempotency_Key=make_key(2)), 422, "invalid")


def test_an_unforeseen_fault_tells_nothing_of_itself_nor_of_the_shopper(
    http: Http, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: Any) -> None:
        raise RuntimeError("secret: 王小明 13800138000")

    monkeypatch.setattr(http.world.shop.checkout, "place", break_down)
    with caplog.at_level(logging.INFO):
        response = http("POST", "/checkout", make_body(), Idempotency_Key=make_key())
    assert is_problem(response, 500, "fault")
    told = response.body.decode() + caplog.text
    assert "RuntimeError" in caplog.text
    assert not any(word in told for word in ("secret", "王小明", "13800138000"))


def test_a_request_is_one_line_in_the_log_without_numbers_tokens_or_names(
    http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        body = make_body(email="w@example.com", note="放门卫")
        order = http("POST", "/checkout", body, Idempotency_Key=make_key()).json_body
        http("GET", f"/orders/{order['order']}", Authorization=f"Bearer {order['token']}")
    lines = [json.loads(record.message) for record in caplog.records if record.name == "cunbo"]
    assert [line["route"] for line in lines] == ["POST /checkout", "GET /orders/{order}"]
    assert not any(
        word in caplog.text for word in (order["order"], order["token"], "13800138000", "王小明", "w@example", "放门卫")
    )


@pytest.mark.parametrize("link", [f"/q/{ROOMS[0]}/{JAR}", f"/Q/{ROOMS[0].upper()}/{JAR.upper()}"])
@pytest.mark.parametrize(("language", "prefix"), [("zh-CN,zh;q=0.9,en;q=0.8", ""), ("en-GB,en;q=0.9", "/en"), ("", "")])
def test_a_scanned_code_leads_on_by_one_read_and_leaves_who_sent_the_shopper(
    http: Http, link: str, language: str, prefix: str
) -> None:
    response = http("GET", link, Accept_Language=language)
    assert http.world.calls == ["GetItem"]
    assert response.status_code == 302
    assert response.headers["Location"] == f"{prefix}/products/spicy-cabbage/?cunbo-room={ROOMS[0]}#{JAR}"
    assert response.headers["Cache-Control"] == "no-store"
    kept, *rules = response.headers["Set-Cookie"].split("; ")
    assert {*rules} == {"Path=/", "Max-Age=2592000", "Secure", "HttpOnly", "SameSite=Lax"}
    assert http("POST", "/scans", {"room": ROOMS[0]}, Cookie=kept).status_code == 204
    order = http("POST", "/checkout", make_body(), Idempotency_Key=make_key(), Cookie=kept).json_body
    found = http.world.store.orders.load(order["order"])
    assert found and found.room == ROOMS[0]


def test_a_code_of_a_room_that_there_is_not_leads_to_all_rooms_and_leaves_nothing(http: Http) -> None:
    response = http("GET", "/q/no-such-room")
    assert (response.status_code, response.headers["Location"]) == (302, "/channel/")
    assert "Set-Cookie" not in response.headers
    assert http.world.calls == []
    assert is_problem(http("POST", "/scans", {"room": "no-such-room"}), 422, "invalid")


def test_every_error_has_a_place_in_the_table() -> None:
    assert set(TABLE) == set(ShopError.__subclasses__())


def test_no_word_of_the_openapi_file_is_read_as_yes_or_no() -> None:
    """Some readers take a bare `on` or `off` for a truth value: such names stand in quotes."""
    document = yaml.load((Path(functions.__file__).parent / "openapi.yaml").read_text(), yaml.CSafeLoader)
    names: list[Any] = []
    places: list[Any] = [document]
    for place in places:
        names += place if isinstance(place, dict) else []
        inside = place.values() if isinstance(place, dict) else place
        places += [one for one in inside if isinstance(one, dict | list)]
    assert {type(name) for name in names} == {str}


def test_every_route_is_in_the_openapi_file_and_the_other_way_round() -> None:
    document = yaml.load((Path(functions.__file__).parent / "openapi.yaml").read_text(), yaml.CSafeLoader)
    described = {
        (method.upper(), path) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    routed = {(method, path) for path, methods in functions.app.routes.items() for method in methods}
    assert described == routed


def record(pk: str, todo: bool, number: int) -> dict[str, Any]:
    image = {"pk": {"S": pk}, "todo": {"N": "1"}} if todo else {"pk": {"S": pk}}
    return {
        "eventID": str(number), "eventName": "MODIFY", "awsRegion": "us-east-1", "eventSourceARN": "arn",
        "dynamodb": {
            "Keys": {"pk": {"S": pk}, "sk": {"S": "order"}}, "NewImage": image, "SequenceNumber": str(number),
            "SizeBytes": 1, "StreamViewType": "NEW_IMAGE", "ApproximateCreationDateTime": 1,
        },
    }  # fmt: skip


def test_the_figures_are_counted_by_shard_and_a_window_that_ends_empty_counts_nothing(http: Http) -> None:
    http.world.place()
    [order] = [*http.world.store.orders.all()]
    seen = put(None, order)["Put"]["Item"]
    told = {"dynamodb": {"SequenceNumber": "1", "NewImage": seen}}
    window = {"state": {}, "eventSourceARN": "arn"}
    for event in ({"Records": [told], "shardId": "a"}, {"Records": [told], "shardId": "a"}, {"Records": []}, {}):
        answer = http.client.lambda_.invoke("figures", window | event)
        assert answer.payload == {"state": {}}, "Lambda wants a window's state back"
    assert http.world.services.figures.room(ROOMS[0], None).today.orders == 0
    assert http.world.shop.evening()["today"]["orders"] == 1


def test_records_that_come_twice_or_ask_for_nothing_do_nothing_more(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = http.world.place(email="w@example.com")
    http.world.pay(order)
    letters: list[str] = []
    monkeypatch.setattr("chalicelib.jobs.letters.LetterWriter.to_buyer", lambda self, order, text: letters.append(text))
    key = f"order#{order['order']}"
    records = [record(key, True, 1), record(key, True, 1), record(key, False, 2), record(f"stock#{JAR}#0", False, 3)]
    answer = http.client.lambda_.invoke("outbox", {"Records": records}).payload
    assert answer == {"batchItemFailures": []}
    assert letters == ["placed", "paid"]


def test_the_schedule_ends_holds(http: Http) -> None:
    order = http.world.place()
    http.world.later(930)
    event = http.client.events.generate_cw_event("aws.events", "Scheduled Event", {}, [])
    functions.sweep(event, SimpleNamespace(get_remaining_time_in_millis=lambda: 55_000))
    assert http.world.see(order)["state"] == "expired"
    functions.sweep(event, SimpleNamespace(get_remaining_time_in_millis=lambda: 55_000))
    entries = http.world.store.trail.day(http.world.shop.access.today, "~")
    assert [(one.by, one.act, one.facts) for one in entries] == [("schedule", "sweep", {"orders": 1})]


@pytest.mark.parametrize(("error", "again"), [(Busy("x"), ["2"]), (RuntimeError("x"), []), (Unreadable("x"), [])])
def test_a_record_that_cannot_be_dealt_with_keeps_no_other_and_comes_again_only_from_a_busy_table(
    http: Http, monkeypatch: pytest.MonkeyPatch, error: Exception, again: list[str]
) -> None:
    """The stream repeats all that lies behind a record that failed: what is faulty is left to the sweep."""
    done: list[str] = []

    def perform(self: Any, kind: str, number: str) -> None:
        if number == "bad":
            raise error
        done.append(number)

    monkeypatch.setattr("chalicelib.jobs.outbox.Outbox.perform", perform)
    records = [record("order#a", True, 1), record("order#bad", True, 2), record("order#b", True, 3)]
    answer = http.client.lambda_.invoke("outbox", {"Records": records}).payload
    assert answer == {"batchItemFailures": [{"itemIdentifier": number} for number in again]}
    assert done == ["a", "b"]


def test_what_providers_want_to_hear_is_text_since_lambda_can_send_no_bytes(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    tills = Tills(make_world({day(2): 5}))
    http, said = Http(tills.world, monkeypatch), list[Any]()

    def answer(**given: Any) -> Response:
        said.append(given["body"])
        return Response(**given)

    monkeypatch.setattr(Payments, "read", lambda *_: [])
    monkeypatch.setattr(payments, "Response", answer)
    told = {name: http("POST", f"/payments/{name}/events", {}) for name in sorted(tills.benches)}
    assert [(name, one.status_code, one.body) for name, one in told.items()] == [
        ("alipay", 200, b"success"), ("stripe", 204, b""), ("wechat", 204, b""),
    ]  # fmt: skip
    assert said == ["success", "", ""]
