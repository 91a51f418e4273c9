"""What is sent to WeChat Pay, and which answers are believed."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.port import Away, Declined, Payer, Reply

from tests.functions.payments.wechat.merchant import (
    BILL,
    CERTIFICATE,
    HOSTS,
    KEY_ID,
    NEWER,
    NOW,
    REFERENCE,
    SETTINGS,
    STRANGER,
    THEIRS,
    answer,
    public,
    refusal,
    sent,
    wechat,
    wrapped,
)

PAYER = Payer("203.0.113.9", "openid")
ASKED = {
    "appid": "wxapp",
    "mchid": "1900000001",
    "description": "辣白菜+500g 100%",
    "out_trade_no": REFERENCE,
    "time_expire": "2026-11-25T00:13:30+08:00",
    "notify_url": "https://shop.example/events",
    "amount": {"total": 5980, "currency": "CNY"},
}


@pytest.mark.parametrize(
    ("channel", "place", "handle", "more", "minutes"),
    [
        (Channel.WECHAT_JSAPI, "jsapi", "prepay_id", {"payer": {"openid": "openid"}}, 15),
        (
            Channel.WECHAT_H5,
            "h5",
            "h5_url",
            {"scene_info": {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "Wap"}}},
            4,
        ),
        (Channel.WECHAT_NATIVE, "native", "code_url", {}, 15),
    ],
)
def test_a_payment_is_asked_for_as_the_page_of_its_channel_says(
    channel: Channel, place: str, handle: str, more: dict[str, Any], minutes: int
) -> None:
    provider, transport = wechat(answer(200, {handle: "h"}))
    begun = provider.begin(msgspec.structs.replace(BILL, channel=channel), PAYER)
    assert sent(transport)[:3] == ("POST", f"/v3/pay/transactions/{place}", {**ASKED, **more})
    payer = {"payer": PAYER.name} if place == "jsapi" else {}
    assert (begun.handle, begun.until) == ({handle: "h", **payer}, NOW + timedelta(minutes=minutes))


def test_answers_are_asked_for_by_the_newest_public_key_and_by_none_where_there_are_only_certificates() -> None:
    newest = KEY_ID[:-1] + "2"
    for keys, wanted in (
        (SETTINGS.platform_keys, KEY_ID),
        ({**SETTINGS.platform_keys, newest: public(NEWER)}, newest),
        ({CERTIFICATE: public(THEIRS)}, None),
    ):
        provider, transport = wechat(answer(200, {"prepay_id": "h"}), platform_keys=keys)
        provider.begin(BILL, PAYER)
        assert sent(transport)[3].get("wechatpay-serial") == wanted


@pytest.mark.parametrize(
    ("changes", "payer"),
    [
        ({}, Payer("203.0.113.9")),
        ({"channel": Channel.WECHAT_H5}, Payer(openid="openid")),
        ({"currency": "USD"}, PAYER),
    ],
)
def test_what_a_channel_cannot_take_is_declined_without_asking(changes: dict[str, Any], payer: Payer) -> None:
    provider, transport = wechat()
    with pytest.raises(Declined):
        provider.begin(msgspec.structs.replace(BILL, **changes), payer)
    assert transport.sent == []


@pytest.mark.parametrize("first", [Away("slow"), Reply(500, {}, b""), refusal(502, "SYSTEM_ERROR")])
def test_where_the_first_host_does_not_answer_the_spare_one_is_asked_once(first: Any) -> None:
    provider, transport = wechat(first, answer(200, {"prepay_id": "h"}))
    assert provider.begin(BILL, PAYER).handle["prepay_id"] == "h"
    assert [url.split("/v3")[0] for _, url, _, _ in transport.sent] == [*HOSTS]
    assert len({body for *_, body in transport.sent}) == 1
    provider, transport = wechat(first)
    with pytest.raises(Away):
        provider.begin(BILL, PAYER)
    assert len(transport.sent) == 2


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (Reply(200, {}, b'{"prepay_id": "h"}'), Away),
        (answer(200, {"prepay_id": "h"}, key=STRANGER), Away),
        (answer(200, {"prepay_id": "h"}, serial="F" * 40), Away),
        (answer(200, {"prepay_id": "h"}, at=NOW - timedelta(seconds=301)), Away),
        (answer(200, {"prepay_id": ""}), Away),
        (answer(200, {"prepay_id": 1}), Away),
        (answer(200, {}), Away),
        (answer(200, []), Away),
        (Reply(200, wrapped(b"\xff"), b"\xff"), Away),
        (refusal(429, "FREQUENCY_LIMITED"), Away),
        (refusal(429, "TOO_MANY"), Away),
        (refusal(400, "SYSTEM_ERROR"), Away),
        (Reply(404, {}, b"<html>"), Away),
        (Reply(403, {}, b""), Away),
        (Reply(302, {}, b""), Away),
        (answer(400, {"code": "INVALID_REQUEST"}, key=STRANGER), Away),
        (refusal(400, "INVALID_REQUEST"), Declined),
        (Reply(401, {}, b'{"code": "SIGN_ERROR", "message": "x"}'), Declined),
    ],
)
def test_an_answer_is_believed_by_its_signature_alone(reply: Reply, wanted: type[Exception]) -> None:
    provider, transport = wechat(reply)
    with pytest.raises(wanted):
        provider.begin(BILL, PAYER)
    assert len(transport.sent) == 1


def test_what_is_told_of_a_failed_call_has_its_place_and_nothing_of_its_query() -> None:
    for reply in (Reply(500, {}, b""), Reply(200, {}, b"{}"), Reply(403, {}, b"")):
        with pytest.raises(Away) as raised:
            wechat(reply)[0].query(BILL)
        assert f"/v3/pay/transactions/out-trade-no/{REFERENCE}:" in str(raised.value)
        assert "1900000001" not in str(raised.value)
