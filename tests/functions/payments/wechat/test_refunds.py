"""Refunds: asked for under their key, and how they go."""

from typing import Any

import msgspec
import pytest
from chalicelib.domain.payments.news import Progress
from chalicelib.payments.port import Away, Declined

from tests.functions.payments.wechat.merchant import BACK, RECLAIM, REFERENCE, answer, refusal, sent, wechat


def test_a_refund_is_asked_for_under_its_key_and_is_not_yet_done() -> None:
    provider, transport = wechat(answer(200, BACK))
    told = provider.refund(RECLAIM)
    assert (told.key, told.amount, told.progress, told.refund) == (RECLAIM.key, 980, Progress.ASKED, "50")
    asked = {
        "transaction_id": "42",
        "out_refund_no": RECLAIM.key,
        "notify_url": "https://shop.example/events",
        "amount": {"refund": 980, "total": 5980, "currency": "CNY"},
    }
    assert sent(transport)[:3] == ("POST", "/v3/refund/domestic/refunds", asked)
    provider, transport = wechat(answer(200, BACK))
    provider.refund(msgspec.structs.replace(RECLAIM, payment=""))
    assert sent(transport)[2]["out_trade_no"] == REFERENCE


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        ("SUCCESS", Progress.DONE),
        ("PROCESSING", Progress.ASKED),
        ("ABNORMAL", Progress.HAND),
        ("CLOSED", Progress.FAILED),
    ],
)
def test_how_a_refund_goes(status: str, progress: Progress) -> None:
    provider, transport = wechat(answer(200, {**BACK, "status": status}))
    told = provider.query_refund(RECLAIM)
    assert told
    assert told.progress is progress
    assert sent(transport)[:2] == ("GET", f"/v3/refund/domestic/refunds/{RECLAIM.key}")
    assert told == provider.query_refund(RECLAIM)


def test_a_refund_that_is_unknown_is_none_and_one_that_is_refused_is_declined() -> None:
    assert wechat(refusal(404, "RESOURCE_NOT_EXISTS"))[0].query_refund(RECLAIM) is None
    for code in ("NOT_ENOUGH", "INVALID_REQUEST", "USER_ACCOUNT_ABNORMAL"):
        with pytest.raises(Declined, match=code):
            wechat(refusal(403, code))[0].refund(RECLAIM)
    with pytest.raises(Declined):
        wechat(refusal(403, "NO_AUTH"))[0].query_refund(RECLAIM)


@pytest.mark.parametrize("changes", [{"out_refund_no": "x"}, {"status": "?"}, {"amount": {"refund": "980"}}])
def test_an_answer_about_another_refund_is_not_believed(changes: dict[str, Any]) -> None:
    for call in ("refund", "query_refund"):
        provider, _ = wechat(answer(200, {**BACK, **changes}))
        with pytest.raises(Away):
            getattr(provider, call)(RECLAIM)
