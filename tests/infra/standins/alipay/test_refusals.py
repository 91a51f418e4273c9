"""What it refuses, as the real one does."""

import msgspec
import pytest

from tests.infra.standins.alipay.calls import LINK, NUMBER, asked, call, code, make, open_link


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"app_id": "2021000000000009"}, "isv.invalid-app-id"),
        ({"sign": ""}, "isv.missing-sign"),
        ({"sign": "AAAA"}, "isv.invalid-signature"),
        ({"version": ""}, "isv.missing-version"),
        ({"biz_content": '{"out_trade_no": "2"}'}, "isv.invalid-signature"),
        ({"sign_type": "RSA"}, "isv.invalid-signature-type"),
        ({"timestamp": "2026-11-24 12:00:01"}, "isv.invalid-signature"),
    ],
)
def test_a_call_that_was_changed_after_it_was_signed_is_refused(changes: dict[str, str], answer: str) -> None:
    bench = make()
    request = asked(bench, "alipay.trade.query", {"out_trade_no": NUMBER}, changes, at_end=True)
    assert code(bench.stand_in.answer(request)) == answer


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "ACQ.TRADE_NOT_EXIST"),
        ({"timestamp": "2026-11-24 04:00:00"}, "isv.invalid-timestamp"),  # UTC in place of Beijing's time
        ({"timestamp": "2026-11-24T12:00:00"}, "isv.invalid-timestamp"),
        ({"biz_content": "{"}, "ACQ.INVALID_PARAMETER"),
    ],
)
def test_a_call_that_is_signed_and_wrong_is_refused(changes: dict[str, str], answer: str) -> None:
    assert call(make(), "alipay.trade.query", {"out_trade_no": NUMBER}, **changes) == answer
    assert call(make(), "alipay.trade.cancel", {"out_trade_no": NUMBER}) == "isv.invalid-method"


def test_chinese_is_read_as_gbk_and_its_signature_is_wrong_where_the_address_names_no_charset() -> None:
    bench = make()
    request = asked(bench, "alipay.trade.query", {"out_trade_no": "村"})
    query = "&".join(part for part in request.query.split("&") if not part.startswith("charset="))
    moved = msgspec.structs.replace(request, query=query, body=b"charset=utf-8")
    assert code(bench.stand_in.answer(moved)) == "isv.invalid-signature"
    assert code(bench.stand_in.answer(request)) == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize(
    "changes",
    [
        {"total_amount": 59.8},
        {"total_amount": "59.8"},
        {"total_amount": "59"},
        {"total_amount": "0.00"},
        {"total_amount": "-1.00"},
        {"total_amount": "100000000.01"},
        {"out_trade_no": "1-1"},
        {"out_trade_no": "村1"},
        {"out_trade_no": "1" * 65},
        {"out_trade_no": ""},
        {"subject": "a/b"},
        {"subject": "a=b"},
        {"subject": "a&b"},
        {"subject": ""},
        {"subject": "x" * 257},
        {"product_code": "FAST_INSTANT_TRADE_PAY"},
        {"product_code": None},
        {"time_expire": "15m"},
        {"time_expire": None},
        {"timeout_express": "15m"},
        {"quit_url": "weixin://x"},
        {"time_expire": "2026-11-24 12:00:00"},
    ],
)
def test_a_link_with_floats_foreign_characters_or_a_relative_end_opens_no_page_to_pay_on(
    changes: dict[str, object],
) -> None:
    bench = make()
    assert open_link(bench, LINK).status == 200
    assert open_link(make(), {**LINK, **changes}).status == 400


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({"total_amount": "59.81"}, "alipay.trade.wap.pay"),
        ({"time_expire": "2026-11-24 12:16:00"}, "alipay.trade.wap.pay"),
        ({"product_code": "FAST_INSTANT_TRADE_PAY"}, "alipay.trade.page.pay"),
    ],
)
def test_one_number_is_not_taken_with_other_parameters_or_by_another_channel(
    changes: dict[str, str], method: str
) -> None:
    bench = make()
    assert open_link(bench, LINK).status == 200
    assert b"ACQ.CONTEXT_INCONSISTENT" in open_link(bench, {**LINK, **changes}, method).body
    assert open_link(bench, LINK).status == 200
