"""WeChat Pay's bill of a day: the public one, and what odd rows become."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from chalicelib.domain.payments.news import RowKind
from chalicelib.payments.port import Away
from chalicelib.payments.wechat_bill import fen, rows
from hypothesis import given
from hypothesis import strategies as st

PUBLIC = (Path(__file__).parent / "wechat_bill.csv").read_bytes()
"""wechatpay-apiv3/wechatpay-php (Apache-2.0): tests/fixtures/bill.ALL.csv."""
DAY = date(2019, 2, 19)
LINES = PUBLIC.decode().split("\r\n")


def bill(*lines: str) -> bytes:
    return "\r\n".join([LINES[0], *lines, LINES[-3], LINES[-2], ""]).encode()


def changed(line: str, **cells: str) -> str:
    head, values = LINES[0].lstrip("\ufeff").split(","), line[1:].split(",`")
    for name, value in cells.items():
        values[head.index(name)] = value
    return ",".join(f"`{value}" for value in values)


BACK, PAID = LINES[1], LINES[3]


def test_the_public_bill_comes_to_its_own_sums() -> None:
    found = rows(PUBLIC, DAY)
    paid = [row for row in found if row.kind is RowKind.PAYMENT]
    back = [row for row in found if row.kind is RowKind.REFUND]
    assert len(found) == len(paid) + len(back) == 45
    assert (sum(row.amount for row in paid), sum(row.amount for row in back)) == (47, 14)
    assert sum(row.fee for row in found) == 8
    assert [row.line for row in found] == [*range(2, 47)]
    assert {row.currency for row in found} == {"CNY"}


def test_a_row_of_the_public_bill_has_its_names_and_its_instant() -> None:
    refund = rows(PUBLIC, DAY)[0]
    assert (refund.reference, refund.payment) == ("autotest_20190216081946_82335", "4200000263201902167700134212")
    assert (refund.key, refund.refund) == ("REF4200000263201902167700963919", "50000709672019011908420787722")
    assert refund.at == datetime(2019, 2, 18, 21, 1, 46, tzinfo=UTC)
    payment = rows(PUBLIC, DAY)[2]
    assert (payment.key, payment.refund, payment.amount, payment.fee) == ("", "", 3, 1)


def test_columns_are_found_by_name_wherever_they_stand() -> None:
    head = "新列,商户订单号,微信订单号,交易状态,手续费,订单金额,交易时间"
    [row] = rows(f"{head}\n`x,`1_1,`42,`SUCCESS,`0.36000,`59.80,`2026-11-24 12:00:00\n".encode(), DAY)
    assert (row.kind, row.reference, row.payment, row.amount, row.fee) == (RowKind.PAYMENT, "1_1", "42", 5980, 36)


@pytest.mark.parametrize(
    ("line", "kind", "detail"),
    [
        (changed(PAID, 交易状态="REVOKED"), RowKind.OTHER, "REVOKED"),
        (changed(PAID, 订单金额="?"), RowKind.OTHER, "SUCCESS"),
        (changed(PAID, 交易时间=""), RowKind.OTHER, "SUCCESS"),
        (changed(BACK, 退款状态="FAIL"), RowKind.OTHER, "REFUND FAIL"),
        (changed(BACK, 退款状态="PROCESSING"), RowKind.REFUND, ""),
        ("`nonsense", RowKind.OTHER, ""),
        ("nonsense", RowKind.OTHER, ""),
        (PAID + ",`more", RowKind.OTHER, "SUCCESS"),
        (changed(PAID, 商品名称="辣白菜, 500g,`大份"), RowKind.PAYMENT, ""),
    ],
)
def test_a_row_that_nobody_knows_is_told_and_hides_no_other(line: str, kind: RowKind, detail: str) -> None:
    found = rows(bill(line, "", PAID), DAY)
    assert [row.kind for row in found] == [kind, RowKind.PAYMENT]
    assert found[0].detail == detail


def test_a_fee_that_is_given_back_is_negative() -> None:
    [row] = rows(bill(changed(BACK, 手续费="-0.06000")), DAY)
    assert (row.kind, row.fee) == (RowKind.REFUND, -6)


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",))))
def test_no_name_of_goods_moves_a_column_or_a_row(name: str) -> None:
    [first, second] = rows(bill(changed(PAID, 商品名称=name), PAID), DAY)
    assert first == second.__class__(
        **{**{f: getattr(second, f) for f in second.__struct_fields__}, "line": first.line}
    )


@pytest.mark.parametrize("text", [b"", b"x", b"<html>\n", "交易时间,商户订单号\n".encode()])
def test_what_has_no_table_is_away(text: bytes) -> None:
    with pytest.raises(Away):
        rows(text, DAY)


@given(st.integers(0, 10**9))
def test_yuan_are_read_to_the_fen(amount: int) -> None:
    for text in (f"{amount // 100}.{amount % 100:02}", f"{amount // 100}.{amount % 100:02}000"):
        assert fen(text) == amount
        assert fen(f"-{text}") == -amount


@pytest.mark.parametrize(("text", "amount"), [("0.004", 0), ("0.00500", 1), ("0.0049", 0), ("0.1", 10), ("3", 300)])
def test_parts_of_a_fen_are_rounded(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize("text", ["", "x", "1,000", "٣", "1.2.3", ".5", "1e3", "1" * 10])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="yuan"):
        fen(text)


def test_the_day_of_an_unreadable_row_is_the_bills() -> None:
    [row] = rows(bill("`nonsense"), DAY)
    assert row.at - datetime(2019, 2, 19, 16, tzinfo=UTC) == timedelta()
