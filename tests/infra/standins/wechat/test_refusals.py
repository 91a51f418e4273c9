"""What it refuses, as the real one does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.port import Declined, Payer
from cunbo.standins.wechat_trades import APPID, MCHID

from tests.functions.payments.contract import NOTIFY, PAYER, Bench
from tests.infra.standins.wechat.calls import asked, call, make

NUMBER = "1" * 20 + "_1"
ASKED: dict[str, Any] = {
    "appid": APPID,
    "mchid": MCHID,
    "description": "辣白菜",
    "out_trade_no": NUMBER,
    "time_expire": "2026-11-24T12:15:00+08:00",
    "notify_url": NOTIFY,
    "amount": {"total": 5980, "currency": "CNY"},
}
OPENID = {"payer": {"openid": "openid-1"}}
SCENE = {"scene_info": {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "Wap"}}}
MORE = {"jsapi": OPENID, "h5": SCENE, "native": {}}


def prepay(bench: Bench, kind: str = "jsapi", **changes: Any) -> str:
    return call(bench, "POST", f"/v3/pay/transactions/{kind}", {**ASKED, **MORE[kind], **changes})


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "ORDER_NOT_EXIST"),
        ({"mchid": "1900000002"}, "SIGN_ERROR"),
        ({"serial_no": "F" * 40}, "SIGN_ERROR"),
        ({"timestamp": "1795492499"}, "SIGN_ERROR"),  # 301 seconds ago
        ({"timestamp": "1795492500"}, "ORDER_NOT_EXIST"),
        ({"timestamp": "1795493101"}, "SIGN_ERROR"),
        ({"key": "wechat"}, "SIGN_ERROR"),
        ({"nonce_str": ""}, "SIGN_ERROR"),
    ],
)
def test_a_call_of_another_merchant_of_another_time_or_with_another_key_is_refused(
    changes: dict[str, str], answer: str
) -> None:
    bench = make()
    assert bench.clock() == datetime.fromtimestamp(1795492800, UTC)
    assert call(bench, "GET", f"/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={MCHID}", **changes) == answer


def test_a_call_that_was_changed_after_it_was_signed_is_refused() -> None:
    bench = make()
    request = asked(bench, "POST", "/v3/pay/transactions/native", ASKED)
    for changes in (
        {"method": "PUT"},
        {"path": "/v3/pay/transactions/jsapi"},
        {"query": "a=1"},
        {"body": request.body.replace(b"5980", b"1")},
        {"headers": {**request.headers, "authorization": ""}},
    ):
        assert bench.stand_in.answer(msgspec.structs.replace(request, **changes)).status == 401
    for name, status in (("accept", 406), ("user-agent", 406), ("content-type", 415)):
        headers = {key: value for key, value in request.headers.items() if key != name}
        assert bench.stand_in.answer(msgspec.structs.replace(request, headers=headers)).status == status
    other = {**request.headers, "wechatpay-serial": "PUB_KEY_ID_0"}
    assert bench.stand_in.answer(msgspec.structs.replace(request, headers=other)).status == 400
    assert bench.stand_in.trades == {}
    assert bench.stand_in.answer(request).status == 200


@pytest.mark.parametrize("kind", ["jsapi", "h5", "native"])
@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "wx0"},
        {"mchid": "1"},
        {"description": ""},
        {"description": "x" * 128},
        {"description": 5},
        {"out_trade_no": "12345"},
        {"out_trade_no": "1" * 33},
        {"out_trade_no": "村" * 6},
        {"out_trade_no": "111111+"},
        {"time_expire": "2026-11-24 12:15:00"},
        {"time_expire": "2026-11-24T12:15:00"},
        {"time_expire": "2026-11-24T12:00:00+08:00"},
        {"time_expire": None},
        {"notify_url": "http://shop.example/events"},
        {"notify_url": f"{NOTIFY}?a=1"},
        {"notify_url": "https://shop.example/" + "x" * 250},
        {"notify_url": None},
        {"amount": {"total": 59.8, "currency": "CNY"}},
        {"amount": {"total": "5980", "currency": "CNY"}},
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": True, "currency": "CNY"}},
        {"amount": {"total": 5980, "currency": "USD"}},
        {"amount": 5980},
        {"more": 1},
    ],
)
def test_a_payment_in_another_form_is_refused(kind: str, changes: dict[str, Any]) -> None:
    bench = make()
    assert prepay(bench, kind, **changes) not in {"200", "500"}
    assert bench.stand_in.trades == {}
    assert prepay(bench, kind) == "200"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("jsapi", {"payer": None}),
        ("jsapi", {"payer": {}}),
        ("jsapi", {"payer": {"openid": ""}}),
        ("jsapi", {"payer": {"openid": "村村村村村村"}}),
        ("h5", {"scene_info": None}),
        ("h5", {"scene_info": {"payer_client_ip": "203.0.113.9"}}),
        ("h5", {"scene_info": {"h5_info": {"type": "Wap"}}}),
        ("h5", {"scene_info": {"payer_client_ip": "", "h5_info": {"type": "Wap"}}}),
        ("h5", {"scene_info": {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "iOS"}}}),
        ("native", OPENID),
    ],
)
def test_jsapi_wants_an_openid_and_h5_an_address(kind: str, changes: dict[str, Any]) -> None:
    assert prepay(make(), kind, **changes) == "PARAM_ERROR"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"total": 5981, "currency": "CNY"}},
        {"description": "大蒜"},
        {"time_expire": "2026-11-24T12:16:00+08:00"},
        {"payer": {"openid": "openid-2"}},
    ],
)
def test_one_number_is_not_taken_with_other_parameters(changes: dict[str, Any]) -> None:
    bench = make()
    assert [prepay(bench), prepay(bench, **changes), prepay(bench)] == ["200", "INVALID_REQUEST", "200"]


def test_native_and_then_h5_under_one_number_is_refused_and_under_the_next_is_taken() -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_NATIVE)
    bench.begun(bill)
    with pytest.raises(Declined, match="INVALID_REQUEST"):
        bench.begun(msgspec.structs.replace(bill, channel=Channel.WECHAT_H5))
    bench.begun(msgspec.structs.replace(bill, channel=Channel.WECHAT_H5, reference=bill.reference[:-1] + "2"))


def test_a_phone_that_changes_its_network_may_begin_again() -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_H5)
    bench.begun(bill)
    bench.provider.begin(bill, Payer(ip="198.51.100.7"))


def test_handles_live_as_long_as_the_real_ones_and_the_client_offers_none_that_is_dead() -> None:
    for channel, lives in ((Channel.WECHAT_H5, timedelta(minutes=5)), (Channel.WECHAT_NATIVE, timedelta(hours=2))):
        bench = make()
        bill = bench.bill(channel, expires=bench.clock() + timedelta(hours=3))
        begun = bench.provider.begin(bill, PAYER)
        assert begun.until < bench.clock() + lives
        bench.clock.now += lives
        assert not bench.pay(bill, begun.handle)
        assert bench.pay(bill, bench.begun(bill))
