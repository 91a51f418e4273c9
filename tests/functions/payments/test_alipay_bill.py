"""Alipay's bill of a day: found by its columns, and no row of it lost."""

from datetime import UTC, datetime

import msgspec
import pytest
from chalicelib.domain.payments.news import RowKind
from chalicelib.payments.alipay_bill import fen, rows
from chalicelib.payments.port import Away

from tests.functions.payments.alipay.bills import PAYMENT, REFERENCE, packed, table


def test_a_bill_is_read_by_the_names_of_its_columns_in_any_order_and_with_either_brackets() -> None:
    other = "备注,服务费(元),订单金额(元),完成时间,业务类型,商户订单号,支付宝交易号"
    line = f",-0.36,59.80,2026-11-24 23:59:00,交易,{REFERENCE},2026"
    for text in (table(PAYMENT), table(line, head=other)):
        [row] = rows(packed("门店编号,订单金额（元）\r\n合计,59.80\r\n", text))
        assert (row.kind, row.reference, row.payment, row.amount, row.fee) == (
            RowKind.PAYMENT,
            REFERENCE,
            "2026",
            5980,
            36,
        )
        assert (row.at, row.line, row.key) == (datetime(2026, 11, 24, 15, 59, tzinfo=UTC), 4, "")


@pytest.mark.parametrize(
    ("line", "kind", "amount"),
    [
        (PAYMENT.replace("辣白菜", "a,b,辣白菜"), RowKind.PAYMENT, 5980),
        (PAYMENT.replace("辣白菜", '"a,b"'), RowKind.PAYMENT, 5980),
        (PAYMENT.replace("59.80", '"1,059.80"'), RowKind.PAYMENT, 105980),
        (PAYMENT.replace("交易", "退款").replace("59.80", "-59.80"), RowKind.REFUND, 5980),
        (PAYMENT.replace("交易", "分账"), RowKind.OTHER, 5980),
        (PAYMENT.replace("59.80", "?"), RowKind.OTHER, 0),
        (PAYMENT.replace("2026-11-24 23:59:00", ""), RowKind.OTHER, 0),
        ("2026", RowKind.OTHER, 0),
        (PAYMENT.replace("辣白菜", "😀"), RowKind.PAYMENT, 5980),
    ],
)
def test_no_row_of_a_bill_is_lost_however_odd_it_is(line: str, kind: RowKind, amount: int) -> None:
    first, odd, last = rows(packed(table(PAYMENT, line, PAYMENT)))
    assert first == msgspec.structs.replace(last, line=first.line)
    assert (odd.kind, odd.amount, odd.payment, odd.line) == (kind, amount, "2026", first.line + 1)


def test_a_bill_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.payments.alipay_bill.MOST", 10)
    with pytest.raises(Away, match="large"):
        rows(packed(table(PAYMENT)))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", packed(), packed("x,y\r\n1,2\r\n"), packed(table(PAYMENT))[:-30], packed(table(PAYMENT))[:60]],
    ids=["nothing", "a page", "no table", "another table", "without its end", "its beginning"],
)
def test_a_bill_that_is_cut_off_or_none_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(Away):
        rows(body)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("0.00", 0), ("12", 1200), ("12.3", 1230), ("-12.34", -1234), ("+1.00", 100), (" 7.01\t", 701)],
)
def test_yuan_are_read_as_fen(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize("text", ["", "1.234", "1e3", "０.５", ".5", "--1", "1 2", "NaN"])
def test_what_is_no_amount_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        fen(text)
