"""The bill of a day, fetched and believed by its hash."""

import gzip
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from chalicelib.payments import wechat_bill
from chalicelib.payments.port import Away, Declined, Reply
from chalicelib.payments.wechat import WechatPay

from tests.functions.payments.wechat.merchant import HOSTS, answer, wechat

DAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 25, 2, tzinfo=UTC)  # ten in the village
TABLE = "\ufeff交易时间,微信订单号,商户订单号,交易状态\r\n总交易单数\r\n`0.0\r\n".encode()


def named(packed: bytes = b"", url: str = f"{HOSTS[0]}/v3/billdownload/file?token=t", **changes: Any) -> list[Any]:
    """The answer that names a bill, and the bill."""
    fields = {"hash_type": "SHA1", "hash_value": hashlib.sha1(TABLE).hexdigest(), "download_url": url, **changes}
    return [answer(200, fields, at=MORNING), Reply(200, {}, packed or gzip.compress(TABLE))]


def test_a_bill_is_asked_for_and_fetched_with_signatures() -> None:
    provider, transport = wechat(*named(), at=MORNING)
    assert list(provider.statement(DAY)) == []
    [(_, asked, _, _), (_, fetched, headers, _)] = transport.sent
    assert asked == f"{HOSTS[0]}/v3/bill/tradebill?bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP"
    assert fetched == f"{HOSTS[0]}/v3/billdownload/file?token=t"
    assert 'mchid="1900000001"' in headers["authorization"]


def test_a_bill_that_was_unpacked_on_its_way_is_taken_by_its_hash() -> None:
    assert list(wechat(*named(TABLE), at=MORNING)[0].statement(DAY)) == []


def test_a_bill_is_unpacked_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_bill, "MOST", len(TABLE) - 1)
    with pytest.raises(Away):
        wechat(*named(), at=MORNING)[0].statement(DAY)


def test_a_day_without_a_bill_is_empty_and_one_that_is_not_ready_is_away() -> None:
    def said(code: str) -> WechatPay:
        return wechat(answer(400, {"code": code}, at=MORNING), at=MORNING)[0]

    assert list(said("NO_STATEMENT_EXIST").statement(DAY)) == []
    with pytest.raises(Away):
        said("STATEMENT_CREATING").statement(DAY)
    with pytest.raises(Declined):
        said("NO_AUTH").statement(DAY)
    provider, transport = wechat(at=MORNING - timedelta(seconds=1))
    with pytest.raises(Away):
        provider.statement(DAY)
    assert transport.sent == []


@pytest.mark.parametrize(
    "replies",
    [
        named(hash_value="0" * 40),
        named(hash_value=None),
        named(hash_type="MD5"),
        named(gzip.compress(TABLE)[:-12]),
        named(gzip.compress(TABLE)[:3]),
        named(b"\x1f\x8b" + TABLE),
        named(TABLE[:-1]),
        named(gzip.compress(b"x")),
        named(url="https://elsewhere.example/v3/billdownload/file?token=t"),
        named(url="https://api.mch.weixin.qq.com.elsewhere.example/v3/billdownload/file"),
        named(url=""),
        [named()[0], Reply(403, {}, gzip.compress(TABLE))],
        [named()[0], Away("slow")],
    ],
)
def test_a_bill_that_is_not_the_one_that_was_named_is_away(replies: list[Any]) -> None:
    provider, _ = wechat(*replies, at=MORNING)
    with pytest.raises(Away):
        provider.statement(DAY)
