"""The surge's shoppers before a shop that answers by a script: patient with faults, content with what is left."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cunbo.core.background import Background
from cunbo.load.surge import SOLD_OUT, Surge, Visit

SOLD = 201, {"order": "1" * 20}
FAULT = 503, {"type": "/problems/busy"}
ENOUGH = 409, {"type": "/problems/limit"}


def left(units: int) -> tuple[int, dict[str, Any]]:
    return 409, {"type": SOLD_OUT, "errors": [{"sku": "A", "left": units}]}


class Script:
    """Gives its answers in turn, the last one for ever; remembers each order's key and units, and what was paid."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.keys: list[str] = []
        self.units: list[int] = []
        self.bodies: list[dict[str, Any]] = []
        self.paid: list[str] = []
        self.url = ""

    async def order(self, request: web.Request) -> web.Response:
        self.keys.append(request.headers["Idempotency-Key"])
        self.bodies.append(await request.json())
        self.units.append(sum(line["quantity"] for line in self.bodies[-1]["lines"]))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.json_response(body, status=status)

    async def pay(self, request: web.Request) -> web.Response:
        self.paid.append(request.match_info["order"])
        return web.Response(status=204)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        application = web.Application()
        application.router.add_post("/api/checkout", self.order)
        application.router.add_post("/api/payments/sandbox/{order}/act", self.pay)
        async with TestServer(application) as server:
            self.url = str(server.make_url(""))
            yield


def visit(script: Script, **kind: Any) -> Visit:
    """What one shopper meets there, who wants 4 units."""
    with Background() as background:
        background.serve(script.open())
        surge = Surge(script.url, ("A",), shoppers=1, at_once=1, most_units=5, processes=1, seed=5, **kind)
        [only] = surge.run()
    assert script.units[0] == 4, "another seed"
    return only


@pytest.mark.parametrize("kind", [{"twice": 1.0}, {}])
def test_an_order_is_sent_again_with_its_key_until_it_is_decided(kind: dict[str, Any]) -> None:
    script = Script(FAULT, FAULT, SOLD)
    [only] = visit(script, paying=1.0, **kind)
    sends = len(only.orders)
    assert sends == (2 if kind else 1)
    assert script.keys == [only.key] * (2 + sends)
    assert {answer.status for answer in only.orders} == {201}
    assert script.paid == ["1" * 20] * sends


@pytest.mark.parametrize(
    ("answers", "units"),
    [
        pytest.param([left(3), left(1), SOLD], [4, 3, 1], id="what is left, each time"),
        pytest.param([left(2), left(0)], [4, 2], id="until nothing is"),
        pytest.param([left(4)], [4], id="and no more than once the same"),
        pytest.param([(409, {"type": "/problems/unpaid"})], [4], id="and not where the refusal is another"),
    ],
)
def test_a_shopper_takes_what_is_left_with_a_new_key(answers: list[tuple[int, Any]], units: list[int]) -> None:
    script = Script(*answers)
    tries = visit(script)
    assert script.units == [one.wanted["A"] for one in tries] == units
    assert len({*script.keys}) == len(units)


@pytest.mark.parametrize(
    ("answers", "got"),
    [([ENOUGH, SOLD, ENOUGH], [409, 409, 201]), ([ENOUGH], [409, 409, 409]), ([left(4)], [409, 409, 409])],
)
def test_taps_are_orders_of_one_buyer_with_a_key_each_and_what_was_got_is_told_last(
    answers: list[tuple[int, Any]], got: list[int]
) -> None:
    script = Script(*answers)
    tries = visit(script, taps=3, drop="evening", room="kitchen")
    assert [one.orders[0].status for one in tries] == got
    assert len({*script.keys}) == 3
    assert script.bodies == [script.bodies[0]] * 3
    assert (script.bodies[0]["lines"][0]["drop"], script.bodies[0]["room"]) == ("evening", "kitchen")
