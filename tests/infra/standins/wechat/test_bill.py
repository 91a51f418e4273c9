"""The bill of a day, packed as the public one."""

import gzip
import hashlib
import json
from datetime import date

import pytest
from chalicelib.domain.payments.news import RowKind
from cunbo.core.paths import ROOT
from cunbo.standins.base import Request

from tests.infra.standins.wechat.calls import asked, call, make, refund

PUBLIC_BILL = (ROOT / "tests/functions/payments/wechat_bill.csv").read_text(encoding="utf-8")


def test_its_bill_is_packed_has_the_public_ones_head_and_rows_that_nobody_knows() -> None:
    bench = make()
    first, money = bench.paid(title="辣白菜, 500g,`大份")
    refund(bench, first, money, 980)
    bench.stand_in.odd_rows = ["`2026-11-24 12:00:00,`新业务,`1", "`" + "?,`" * 26 + "?"]
    bench.clock.go(days=1)
    found = list(bench.provider.statement(date(2026, 11, 24)))
    assert [row.kind for row in found] == [RowKind.PAYMENT, RowKind.REFUND, RowKind.OTHER, RowKind.OTHER]
    assert [(row.amount, row.fee) for row in found[:2]] == [(5980, 36), (980, 0)]
    url = "/v3/bill/tradebill?bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP"
    named = json.loads(bench.stand_in.answer(asked(bench, "GET", url)).body)
    packed = bench.stand_in.answer(asked(bench, "GET", named["download_url"].removeprefix(bench.stand_in.base_url)))
    whole = gzip.decompress(packed.body)
    assert hashlib.sha1(whole).hexdigest() == named["hash_value"]
    assert "wechatpay-signature" not in packed.headers
    lines = whole.decode().splitlines()
    real = PUBLIC_BILL.splitlines()
    assert (lines[0], lines[-2]) == (real[0], real[-2])
    assert len(lines[1].split(",`")) - 1 == len(real[3].split(",`"))  # but for the comma in its name
    assert lines[-1] == "`2.0,`59.80,`9.80,`0.00,`0.36,`59.80,`9.80"


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP", "STATEMENT_CREATING"),
        ("bill_date=2026-11-23&bill_type=ALL&tar_type=GZIP", "NO_STATEMENT_EXIST"),
        ("bill_date=2026-08-01&bill_type=ALL&tar_type=GZIP", "INVALID_REQUEST"),
        ("bill_date=2026-11-23&bill_type=ODD&tar_type=GZIP", "INVALID_REQUEST"),
        ("bill_date=20261123&bill_type=ALL&tar_type=GZIP", "PARAM_ERROR"),
        ("bill_date=2026-11-23&bill_type=ALL", "PARAM_ERROR"),
    ],
)
def test_there_is_a_bill_from_ten_on_the_next_day_for_three_months(query: str, answer: str) -> None:
    assert call(make(), "GET", f"/v3/bill/tradebill?{query}") == answer


def test_the_address_of_a_bill_lives_for_five_minutes_and_wants_a_signature() -> None:
    bench = make()
    bench.paid()
    bench.clock.go(days=1)
    url = "/v3/bill/tradebill?bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP"
    named = json.loads(bench.stand_in.answer(asked(bench, "GET", url)).body)
    place = named["download_url"].removeprefix(bench.stand_in.base_url)
    path, _, query = place.partition("?")
    assert bench.stand_in.answer(asked(bench, "GET", place)).status == 200
    assert bench.stand_in.answer(Request("GET", path, query, {}, b"")).status == 406
    bench.clock.go(minutes=5)
    assert bench.stand_in.answer(asked(bench, "GET", place)).status == 400
