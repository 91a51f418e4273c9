"""The statement of a day, in what was asked for and what was settled."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from chalicelib.domain.payments.news import RowKind
from chalicelib.payments.port import Away

from tests.functions.payments.stripe.account import AT, DISPUTE, INTENT, NOW, RECLAIM, REFERENCE, REFUND, client, listed


def movement(kind: str, amount: int, source: Any = None, **fields: Any) -> dict[str, Any]:
    made = {"id": f"txn_{kind}_{amount}", "object": "balance_transaction", "amount": amount, "created": AT}
    return {**made, "currency": "hkd", "fee": 0, "type": kind, "reporting_category": kind, "source": source, **fields}


CHARGE = {
    "id": "ch_1",
    "object": "charge",
    "amount": 5980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "metadata": {"reference": REFERENCE},
}


def test_a_statement_has_amounts_as_they_were_asked_for_and_fees_as_they_were_settled() -> None:
    newest_first = [
        movement("payout", -7000, "po_1"),
        movement("stripe_fee", -300),
        movement("adjustment", -6518, DISPUTE, fee=8500, reporting_category="dispute"),
        movement("refund_failure", 1068, REFUND),
        movement("payment_refund", -1068, REFUND),
        movement("charge", 6518, CHARGE, fee=456),
    ]
    provider, script = client(
        listed(*newest_first[:4], more=True), listed(*newest_first[4:]), INTENT, now=NOW + timedelta(days=1)
    )
    rows = list(provider.statement(date(2026, 11, 24)))
    assert [(row.kind, row.amount, row.currency, row.fee, row.fee_currency) for row in rows] == [
        (RowKind.PAYMENT, 5980, "CNY", 456, "HKD"),
        (RowKind.REFUND, 980, "CNY", 0, "HKD"),
        (RowKind.OTHER, 1068, "HKD", 0, "HKD"),
        (RowKind.DISPUTE, 5980, "CNY", 8500, "HKD"),
        (RowKind.FEE, 300, "HKD", 0, "HKD"),
        (RowKind.OTHER, 7000, "HKD", 0, "HKD"),
    ]
    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.reference for row in rows[:4]] == [REFERENCE] * 4
    assert (rows[1].key, rows[1].refund) == (RECLAIM.key, "re_1")
    assert [row.detail for row in rows] == ["", "", "refund_failure", "dispute", "", "payout"]
    query = dict(parse_qsl(urlsplit(script.asked[0][1]).query))
    assert query["created[gte]"] == str(int(datetime(2026, 11, 23, 16, tzinfo=UTC).timestamp()))
    assert query["created[lt]"] == str(int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp()))


def test_a_day_that_is_not_over_has_no_statement_yet() -> None:
    provider, script = client(now=datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC))
    with pytest.raises(Away):
        provider.statement(date(2026, 11, 24))
    assert script.asked == []
