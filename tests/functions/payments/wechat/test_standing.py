"""How a payment stands, and how it is closed."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.payments.news import Closed, Money
from chalicelib.payments.port import Away, Declined, Reply

from tests.functions.payments.wechat.merchant import BILL, HOSTS, MONEY, PAID, REFERENCE, answer, refusal, sent, wechat


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (answer(200, PAID), Money),
        (answer(200, {**PAID, "trade_state": "REFUND"}), Money),
        (answer(200, {**PAID, "trade_state": "NOTPAY"}), None),
        (answer(200, {**PAID, "trade_state": "USERPAYING"}), None),
        (answer(200, {**PAID, "trade_state": "PAYERROR"}), None),
        (answer(200, {**PAID, "trade_state": "CLOSED"}), Closed),
        (answer(200, {**PAID, "trade_state": "REVOKED"}), Closed),
        (refusal(404, "ORDER_NOT_EXIST"), None),
        (refusal(404, "ORDERNOTEXIST"), None),
    ],
)
def test_how_a_payment_stands(reply: Reply, wanted: type | None) -> None:
    provider, transport = wechat(reply)
    found = provider.query(BILL)
    assert type(found) is wanted if wanted else found is None
    assert sent(transport)[:3] == ("GET", f"/v3/pay/transactions/out-trade-no/{REFERENCE}?mchid=1900000001", None)
    if isinstance(found, Money):
        assert msgspec.structs.replace(found, event="e1") == MONEY


@pytest.mark.parametrize(
    "changes",
    [{"out_trade_no": "2" * 20 + "_1"}, {"mchid": "1"}, {"appid": "x"}, {"amount": {}}, {"amount": {"total": "5980"}}],
)
def test_an_answer_about_another_payment_is_not_believed(changes: dict[str, Any]) -> None:
    provider, _ = wechat(answer(200, {**PAID, **changes}))
    with pytest.raises(Away):
        provider.query(BILL)


def test_what_is_refused_for_another_reason_is_declined() -> None:
    for call in ("query", "close"):
        provider, _ = wechat(refusal(403, "NO_AUTH"))
        with pytest.raises(Declined, match="NO_AUTH"):
            getattr(provider, call)(BILL, *([{}] if call == "close" else []))


@pytest.mark.parametrize("code", ["ORDER_CLOSED", "ORDERCLOSED"])
def test_closing_the_closed_is_done(code: str) -> None:
    assert isinstance(wechat(answer(204))[0].close(BILL, {}), Closed)
    assert isinstance(wechat(refusal(400, code))[0].close(BILL, {}), Closed)


@pytest.mark.parametrize("code", ["ORDERPAID", "ORDER_PAID", "INVALID_REQUEST"])
def test_a_close_that_is_refused_finds_the_money(code: str) -> None:
    provider, transport = wechat(refusal(400, code), answer(200, PAID))
    found = provider.close(BILL, {})
    assert isinstance(found, Money)
    assert [url.removeprefix(HOSTS[0]).partition("?")[0] for _, url, _, _ in transport.sent] == [
        f"/v3/pay/transactions/out-trade-no/{REFERENCE}{end}" for end in ("/close", "")
    ]


def test_what_is_too_young_to_be_closed_is_tried_again_and_is_over_when_nobody_can_pay_any_more() -> None:
    young = (refusal(400, "INVALID_REQUEST"), answer(200, {**PAID, "trade_state": "NOTPAY"}))
    assert wechat(*young)[0].close(BILL, {}) is None
    late = BILL.expires + timedelta(minutes=10)
    replies = [answer(reply.status, json.loads(reply.body), at=late) for reply in young]
    assert isinstance(wechat(*replies, at=late)[0].close(BILL, {}), Closed)


def test_what_wechat_pay_never_heard_of_is_over_when_nobody_can_pay_any_more() -> None:
    for call in ("close", "query"):
        for after, over in ((timedelta(), False), (timedelta(minutes=9), False), (timedelta(minutes=10), True)):
            at = BILL.expires + after
            provider, _ = wechat(answer(404, {"code": "ORDER_NOT_EXIST"}, at=at), at=at)
            found = provider.close(BILL, {}) if call == "close" else provider.query(BILL)
            assert isinstance(found, Closed) if over else found is None
