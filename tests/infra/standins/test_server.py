"""The stand-ins of all providers over HTTP: each is paid at by a client of the shop, and tells the shop of it."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

import msgspec
import pytest
import urllib3
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Money
from chalicelib.network.client import Network
from chalicelib.payments import make
from chalicelib.payments.port import Away, Bill, Payer, Provider
from cunbo.standins.base import Misbehaviour
from cunbo.standins.server import StandIns

from tests.ports import free_port

NAMES = ("wechat", "alipay", "stripe")
CHANNELS = {"wechat": Channel.WECHAT_NATIVE, "alipay": Channel.ALIPAY_WAP, "stripe": Channel.STRIPE_CHECKOUT}
BACK = "https://shop.example/order/"
now = partial(datetime.now, UTC)


class Shop(ThreadingHTTPServer):
    """A shop that hears news, and asks the provider back before it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", free_port()), Hearing)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.providers: dict[str, Provider] = {}
        self.asks_back: Callable[[], object] = lambda: None
        self.heard: list[Money] = []
        self.something = threading.Event()


class Hearing(BaseHTTPRequestHandler):
    server: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        provider = self.server.providers[self.path.split("/")[3]]
        self.server.asks_back()
        for one in provider.read(dict(self.headers), body, now()):
            assert isinstance(one, Money)
            self.server.heard.append(one)
        self.send_response(provider.heard.status)
        if provider.heard.status != 204:
            self.send_header("content-length", str(len(provider.heard.body)))
        self.end_headers()
        self.wfile.write(provider.heard.body)
        self.server.something.set()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    server = Shop()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def stand_ins(shop: Shop, **how: float) -> StandIns:
    return StandIns(shop.url, {name: free_port() for name in NAMES}, how=Misbehaviour(**how))


def connected(shop: Shop, served: StandIns) -> dict[str, Provider]:
    """The shop's clients, with the settings as `PAY_SETTINGS` brings them."""
    found = msgspec.json.decode(msgspec.json.encode(served.settings()), type=dict[str, msgspec.Raw])
    notify = f"{shop.url}/api/payments"
    shop.providers = {name: make(name, bytes(found[name]), Network(), f"{notify}/{name}/events", now) for name in NAMES}
    return shop.providers


def bill(name: str) -> Bill:
    expires = now().replace(microsecond=0) + timedelta(minutes=15)
    return Bill(
        reference=f"{NAMES.index(name):020}_1",
        channel=CHANNELS[name],
        amount=5980,
        title="辣白菜+500g 100%",
        expires=expires,
        back=BACK,
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_is_paid_at_a_stand_in_reaches_the_shop_which_may_ask_back_before_it_answers(
    shop: Shop, name: str
) -> None:
    with stand_ins(shop) as served:
        provider, asked = connected(shop, served)[name], bill(name)
        handle = provider.begin(asked, Payer(ip="203.0.113.9")).handle
        shop.asks_back = lambda: provider.query(asked)
        offered = provider.offer(asked, handle, now())
        browser = urllib3.PoolManager(retries=False)
        if name == "wechat":
            assert served[name].pay(asked.reference)
        else:
            page = browser.request("GET", offered["url"], headers={"accept": "text/html"})
            assert page.status == 200
            assert "59.80" in page.data.decode()
            if name == "stripe":
                url, form = offered["url"], {"act": "pay"}
            else:
                url, form = f"{served[name].base_url}/cashier", {"number": asked.reference, "act": "pay"}
            back = browser.request("POST", url, body=urlencode(form), headers={"accept": "text/html"}, redirect=False)
            assert back.headers["location"].startswith(BACK)
        assert shop.something.wait(20)
    [money] = shop.heard
    assert (money.reference, money.amount) == (asked.reference, 5980)
    assert [one.amount for one in served[name].books] == [5980]


def test_each_answers_on_a_port_of_its_own_and_all_stop_with_the_block(shop: Shop) -> None:
    before = threading.active_count()
    with stand_ins(shop) as served:
        addresses = {found["base_url"] for found in served.settings().values()}
        assert len(addresses) == 3
        ports = [urlsplit(address).port for address in addresses]
    assert threading.active_count() <= before
    for port in ports:
        ThreadingHTTPServer(("127.0.0.1", port or 0), BaseHTTPRequestHandler).server_close()


@pytest.mark.parametrize("how", ["away", "silent", "lost_answer"])
def test_a_shop_that_gets_no_answer_knows_that_the_provider_is_away(shop: Shop, how: str) -> None:
    with stand_ins(shop, **{how: 1.0}) as served:
        with pytest.raises(Away):
            connected(shop, served)["stripe"].begin(bill("stripe"), Payer())
        assert len(served["stripe"].sessions) == (how != "away")
