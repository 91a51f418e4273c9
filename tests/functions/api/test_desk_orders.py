"""The desk's orders over HTTP: what is found, told and done, as the contract has it; and whoever is rude to the box."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
import yaml
from chalice.test import HTTPResponse
from chalicelib.api.cookies import DEVICE as COOKIE
from chalicelib.domain.commands import BearNumber, PackParcel
from chalicelib.services.access import Caller
from chalicelib.services.packing.bench import Bench

from tests.functions.helpers.acts_of_packers import PACKER
from tests.functions.helpers.http import is_problem, serve
from tests.functions.helpers.stream import Stream
from tests.functions.helpers.world import JAR, ROOT, World, day, make_key

MakeWorld = Callable[..., World]
CONTRACT = yaml.load((ROOT / "functions/openapi.yaml").read_text(), yaml.CSafeLoader)


class Desk:
    """A manager's device, whose answers are held to the contract."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.client = serve(world, patch)
        secret = world.shop.access.invite("manager", "王姐")[0].partition("#")[2]
        self.token, device = world.shop.access.enrol(Caller("", writes=True, origin="http://shop"), make_key(), secret)
        self.by = f"device:{device.id}"

    def __call__(self, method: str, path: str, body: Any = None, key: int = 0) -> HTTPResponse:
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"{COOKIE}={self.token}",
            "Origin": "http://shop",
            "Idempotency-Key": make_key(key),
        }
        raw = b"" if body is None else json.dumps(body).encode()
        return self.client.http.request(method, path, headers=headers, body=raw)

    def told(self, schema: str, method: str, path: str, body: Any = None, key: int = 0) -> Any:
        answer = self(method, path, body, key)
        assert answer.status_code in (200, 201), answer.body
        whole = {"$ref": f"#/components/schemas/{schema}", "components": CONTRACT["components"]}
        jsonschema_rs.validator_for(whole).validate(answer.json_body)
        return answer.json_body


def test_a_manager_finds_an_order_reads_all_of_it_and_acts_on_it(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(2): 30, day(5): 30})
    stream, desk = Stream(world), Desk(world, monkeypatch)
    placed = world.place(1, quantity=3, email="wang@example.com", note="放门卫")
    number = placed["order"]
    world.pay(placed)
    stream.consume()
    [found] = desk.told("FoundOrders", "GET", f"/staff/orders?q={number[-6:]}")["orders"]
    assert (found["order"], found["name"], found["lines"][0]["quantity"]) == (number, "王小明", 3)
    story = desk.told("OrderStory", "GET", f"/staff/orders/{number}")
    assert story["may"] == {
        "cancel": True, "postpone": True, "later": [str(day(5))], "address": True, "refund": 8970, "postage": 0,
    }  # fmt: skip
    desk.told("ChangedOrder", "POST", f"/staff/orders/{number}/postpone", {"ship_by": str(day(3))})
    desk.told("ChangedOrder", "POST", f"/staff/orders/{number}/notes", {"text": "打过电话"})
    desk.told("LetterDraft", "POST", f"/staff/orders/{number}/letters", {"kind": "out", "sku": JAR})
    assert desk("POST", f"/staff/orders/{number}/refunds", {"lines": [{"sku": JAR, "quantity": 1}]}).status_code == 201
    bench = Bench(world.services.stage, world.store)
    bench.pack(number, PackParcel(2), make_key(5), PACKER)
    assert desk("POST", f"/staff/orders/{number}/address", {"ship_to": found}).status_code == 422
    bench.hand_over(f"{number}-1", BearNumber("sf", "SF1234567890123"), PACKER)
    world.settle()
    story = desk.told("OrderStory", "GET", f"/staff/orders/{number}")
    assert (story["state"], story["first_ship_by"], story["note"]) == ("shipped", str(day(2)), "放门卫")
    assert [one["what"] for one in story["events"]] == [
        "state_awaiting_payment", "state_paid", "state_shipped", "postponed", "packed", "handed", "refund", "note",
        "letter",
    ]  # fmt: skip
    assert {one["by_name"] for one in story["events"] if one["by"] == desk.by} == {"王姐"}
    assert not story["may"]["cancel"]
    assert is_problem(desk("POST", f"/staff/orders/{number}/cancel"), 409, "not-now")
    other = world.place(2)
    world.pay(other)
    moved = desk.told("BatchMove", "POST", f"/staff/batches/{JAR}/{day(2)}/postpone", {"ship_by": str(day(4))})
    assert [(one["order"], one["ship_by"]) for one in moved["orders"]] == [(other["order"], str(day(5)))]
    after = desk.told("ChangedOrder", "POST", f"/staff/orders/{other['order']}/cancel")
    assert (after["state"], after["back"], after["told_by"]) == ("cancelled", 2990, "")
    assert world.differences() == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        (f"q={quote('%')}", 200),
        (f"q={quote('🖕')}", 200),
        (f"q={quote(chr(0))}", 200),
        (f"q={'9' * 20}", 200),
        (f"q={'9' * 200}", 200),
        (f"q={'9' * 201}", 422),
        ("ship_by=", 422),
        ("ship_by=20261126", 422),
        ("day=2026-11-24&day=2026-11-24", 422),
        ("state=", 422),
        (f"q={quote('１２３４')}", 200),
        ("q=%20%20", 200),
        ("sku=none&room=none", 200),
        ("state=gone", 422),
        ("day=2026-02-30", 422),
        ("ship_by=today", 422),
        ("cursor=x", 422),
        ("day=0001-01-01", 200),
        ("day=9999-12-31", 200),
        ("ship_by=0001-01-01", 200),
        ("cursor=2026-11-24T04:00:00", 422),
        ("cursor=0001-01-01T00:00:00.000000Z%23x", 422),
    ],
)
def test_whatever_is_asked_is_answered_or_refused_with_why(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, query: str, status: int
) -> None:
    desk = Desk(make_world(), monkeypatch)
    answer = desk("GET", f"/staff/orders?{query}")
    assert answer.status_code == status
    assert status == 422 or answer.json_body["orders"] == []


@pytest.mark.parametrize(
    ("act", "body", "status"),
    [
        ("postpone", {"ship_by": str(day(99))}, 422),
        ("postpone", {"ship_by": "soon"}, 422),
        ("postpone", {"ship_by": str(day(-9))}, 409),
        ("notes", {"text": ""}, 422),
        ("letters", {"kind": "love"}, 422),
        ("letters", {"kind": "late"}, 409),
        ("cancel", None, 200),
    ],
)
def test_an_act_that_cannot_be_is_refused(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, act: str, body: Any, status: int
) -> None:
    world = make_world({day(2): 9})
    desk, order = Desk(world, monkeypatch), world.place(1)
    assert desk("POST", f"/staff/orders/{order['order']}/{act}", body).status_code == status
    assert desk("POST", f"/staff/orders/{'1' * 20}/{act}", body).status_code in (404, 422)
