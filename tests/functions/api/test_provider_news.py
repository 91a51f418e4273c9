"""Providers' news as API Gateway brings it: raw, also where it is base64; answered so that nobody tells it for ever."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import app as functions
import pytest
from chalicelib import bootstrap
from chalicelib.domain.payments.news import Money
from chalicelib.payments.port import Reply

from tests.functions.helpers.tills import Tills
from tests.functions.helpers.world import World, day
from tests.functions.payments.contract import BENCHES

MakeWorld = Callable[..., World]
HEARD = {"alipay": (200, "success"), "stripe": (204, ""), "wechat": (204, "")}


def event(method: str, headers: dict[str, str], body: bytes, encoded: bool) -> dict[str, Any]:
    """What API Gateway gives a function of a provider's news."""
    given = {"user-agent": "x", "x-forwarded-for": "203.0.113.1, 198.51.100.1", **headers}
    return {
        "httpMethod": "POST",
        "path": f"/payments/{method}/events",
        "resource": "/payments/{provider}/events",
        "pathParameters": {"provider": method},
        "headers": given,
        "multiValueHeaders": {name: [value] for name, value in given.items()},
        "multiValueQueryStringParameters": None,
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/payments/{provider}/events",
            "identity": {"sourceIp": "198.51.100.1"},
        },
        "stageVariables": None,
        "isBase64Encoded": encoded,
        "body": base64.b64encode(body).decode() if encoded else body.decode(),
    }


class Gateway:
    """A shop whose providers tell it by its route; `answers` are what they got."""

    def __init__(self, tills: Tills, patch: pytest.MonkeyPatch, encoded: bool) -> None:
        self.tills, self.encoded, self.answers = tills, encoded, list[tuple[int, str]]()
        patch.setattr(bootstrap, "get_services", lambda: tills.world.services)
        for name, bench in tills.benches.items():
            bench.take = self._mouth(name)  # type: ignore[method-assign]

    def _mouth(self, name: str) -> Any:
        def take(_: str, headers: dict[str, str], body: bytes) -> Reply:
            found: Any = functions.app(event(name, headers, body, self.encoded), None)
            self.answers.append((found["statusCode"], found["body"]))
            return Reply(found["statusCode"], found["headers"], found["body"].encode())

        return take


@pytest.mark.parametrize("encoded", [False, True], ids=["text", "base64"])
@pytest.mark.parametrize("method", sorted(BENCHES))
def test_news_is_believed_byte_for_byte_however_the_gateway_hands_it_on(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, method: str, encoded: bool
) -> None:
    """stripe/stripe-node #1768: the body was no more what had been signed. What is bought has a Chinese name."""
    tills = Tills(make_world({day(2): 3}))
    gateway = Gateway(tills, monkeypatch, encoded)
    placed = tills.world.place()
    tills.pay(placed, method)
    tills.benches[method].stand_in.deliver()
    assert gateway.answers == [HEARD[method]]
    assert tills.order(placed).state == "paid"


@pytest.mark.parametrize("method", sorted(BENCHES))
def test_money_for_an_order_that_is_unknown_is_heard_and_kept(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """odoo/odoo PR #245777, vendurehq/vendure #3249: it was a fault, until the provider told nothing any more."""
    tills = Tills(make_world())
    gateway = Gateway(tills, monkeypatch, encoded=False)
    bill, money = tills.benches[method].paid()
    assert isinstance(money, Money)
    assert tills.benches[method].stand_in.deliver() == 0
    assert gateway.answers == [HEARD[method]]
    [stray] = tills.world.store.strays.all()
    assert (stray.reference, stray.payment, stray.amount) == (bill.reference, money.payment, bill.amount)


@pytest.mark.parametrize("method", sorted(BENCHES))
def test_false_news_is_refused_and_true_news_that_cannot_be_dealt_with_now_is_told_again(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    tills = Tills(make_world({day(2): 3}))
    gateway = Gateway(tills, monkeypatch, encoded=False)
    placed = tills.world.place()
    tills.pay(placed, method)
    bench, payments = tills.benches[method], tills.world.services.payments
    with monkeypatch.context() as patch:
        patch.setattr(payments, "hear", lambda *_: 1 / 0)
        assert bench.stand_in.deliver() == 1
    bench.take("", {}, quote("total_amount=0.01&notify_id=1").encode())
    assert [status for status, _ in gateway.answers] == [500, 401]
    assert bench.stand_in.deliver() == 0
    assert tills.order(placed).state == "paid"
