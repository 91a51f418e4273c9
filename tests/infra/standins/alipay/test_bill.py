"""The bill of a day, in GBK."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from chalicelib.domain.payments.news import RowKind
from cunbo.standins.alipay import SELLER
from cunbo.standins.base import Request

from tests.functions.payments.contract import Bench
from tests.infra.standins.alipay.calls import asked, call, make


def test_its_bill_is_a_zip_in_gbk_with_remarks_tabs_and_rows_that_nobody_knows() -> None:
    bench = make()
    bill, money = bench.paid(title="辣白菜, 500g")
    bench.clock.go(seconds=5)
    bench.provider.refund(bench.reclaim(bill, money, 980))
    bench.stand_in.odd_rows = [f"{money.payment}\t,\t,积分充值\t,x,,2026-11-24 20:00:00" + "," * 5 + ",1.00" + "," * 13]
    bench.clock.go(days=1)
    found = call_fields(bench, "alipay.data.dataservice.bill.downloadurl.query")
    packed = bench.stand_in.answer(Request("GET", "/bill", urlsplit(found["bill_download_url"]).query, {}, b"")).body
    with zipfile.ZipFile(io.BytesIO(packed), metadata_encoding="gbk") as archive:
        names = archive.namelist()
        assert names == [f"{SELLER}0156_20261124_业务明细(汇总).csv", f"{SELLER}0156_20261124_业务明细.csv"]
        text = archive.read(names[1]).decode("gbk")
    assert text.startswith("#支付宝业务明细查询\r\n")
    assert f"{money.payment}\t,{bill.reference}\t,交易\t,辣白菜, 500g," in text
    rows = list(bench.provider.statement(date(2026, 11, 24)))
    assert [(row.kind, row.amount, row.fee, row.detail) for row in rows] == [
        (RowKind.PAYMENT, 5980, 36, ""),
        (RowKind.REFUND, 980, 0, ""),
        (RowKind.OTHER, 100, 0, "积分充值"),
    ]


def call_fields(bench: Bench, method: str) -> dict[str, str]:
    content = {"bill_type": "trade", "bill_date": "2026-11-24"}
    found = json.loads(bench.stand_in.answer(asked(bench, method, content)).body)
    fields: dict[str, str] = found[method.replace(".", "_") + "_response"]
    return fields


def test_the_address_of_a_bill_lives_for_thirty_seconds_and_from_ten_on_the_next_day() -> None:
    bench = make()
    bench.paid()
    method = "alipay.data.dataservice.bill.downloadurl.query"
    bench.clock.now = datetime(2026, 11, 25, 1, 59, tzinfo=UTC)
    assert call_fields(bench, method)["sub_code"] == "isp.bill_not_exist"
    bench.clock.go(minutes=1)
    query = urlsplit(call_fields(bench, method)["bill_download_url"]).query
    fetch = Request("GET", "/bill", query, {}, b"")
    bench.clock.go(seconds=29)
    assert bench.stand_in.answer(fetch).status == 200
    bench.clock.go(seconds=1)
    assert bench.stand_in.answer(fetch).status == 403
    assert call(bench, method, {"bill_type": "trade", "bill_date": "today"}) == "isp.invalid-arguments"
