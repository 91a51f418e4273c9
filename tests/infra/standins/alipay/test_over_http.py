"""A purchase with Alipay over real HTTP."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

import msgspec
import pytest
import urllib3
from chalicelib.domain.payments.news import Money
from chalicelib.network.client import Network
from chalicelib.payments.alipay import Alipay
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Payer
from cunbo.standins.alipay import AlipayStandIn
from cunbo.standins.base import Misbehaviour
from cunbo.standins.server import StandIns

from tests.functions.payments.contract import BACK, NOTIFY, Ticker
from tests.infra.standins.alipay.calls import make
from tests.ports import free_port


@pytest.fixture
def served() -> Iterator[tuple[AlipayStandIn, Ticker]]:
    """A stand-in that answers on this machine, and tells nobody."""
    clock = Ticker()
    with StandIns("", {"alipay": free_port()}, clock, Misbehaviour(never=1)) as stand_ins:
        yield stand_ins["alipay"], clock


def test_a_purchase_over_real_http(served: tuple[AlipayStandIn, Ticker]) -> None:
    stand_in, clock = served
    provider = Alipay(msgspec.convert(stand_in.settings(), AlipaySettings), Network(), NOTIFY, clock)
    bench = make()
    bill = bench.bill()
    provider.check()
    url = provider.begin(bill, Payer()).handle["url"]
    browser = urllib3.PoolManager(retries=False)
    assert "¥59.80" in browser.request("GET", url).data.decode()
    form = urlencode({"number": bill.reference, "act": "pay"})
    back = browser.request(
        "POST", f"{stand_in.base_url}/cashier", body=form, redirect=False, timeout=urllib3.Timeout(5)
    )
    assert back.headers["location"].startswith(BACK)
    money = provider.query(bill)
    assert isinstance(money, Money)
    assert money.amount == bill.amount
    clock.go(days=1)
    [row] = provider.statement(date(2026, 11, 24))
    assert row.payment == money.payment
