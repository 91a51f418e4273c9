"""A purchase with WeChat Pay over real HTTP."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

import msgspec
import pytest
import urllib3
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money
from chalicelib.network.client import Network
from chalicelib.payments.wechat import WechatPay
from chalicelib.payments.wechat_gateway import WechatSettings
from cunbo.standins.base import Misbehaviour
from cunbo.standins.server import StandIns
from cunbo.standins.wechat import WechatStandIn

from tests.functions.payments.contract import BACK, NOTIFY, PAYER, Ticker
from tests.infra.standins.wechat.calls import make
from tests.ports import free_port


@pytest.fixture
def served() -> Iterator[tuple[WechatStandIn, Ticker]]:
    """A stand-in that answers on this machine, and tells nobody."""
    clock = Ticker()
    with StandIns("", {"wechat": free_port()}, clock, Misbehaviour(never=1)) as stand_ins:
        yield stand_ins["wechat"], clock


def test_a_purchase_over_real_http(served: tuple[WechatStandIn, Ticker]) -> None:
    stand_in, clock = served
    stand_in.switch_keys()
    provider = WechatPay(msgspec.convert(stand_in.settings(), WechatSettings), Network(), NOTIFY, clock)
    provider.check()
    bill = make().bill(Channel.WECHAT_H5)
    url = provider.offer(bill, provider.begin(bill, PAYER).handle, clock())["url"]
    browser = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5))
    page = browser.request("GET", url, headers={"referer": BACK}).data.decode()
    assert "¥59.80" in page
    fields: Mapping[str, str] = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', page.split("<button")[0]))
    form = urlencode({**fields, "act": "pay"})
    back = browser.request("POST", f"{stand_in.base_url}/cashier", body=form, redirect=False)
    assert back.headers["location"] == BACK
    money = provider.query(bill)
    assert isinstance(money, Money)
    assert money.amount == bill.amount
    clock.go(days=1)
    [row] = provider.statement(date(2026, 11, 24))
    assert row.payment == money.payment
    other = make().bill(reference="9" * 20 + "_1", expires=clock() + timedelta(minutes=15))
    provider.begin(other, PAYER)
    clock.go(minutes=5)
    assert isinstance(provider.close(other, {}), Closed)  # a 204 without a body is signed as well
