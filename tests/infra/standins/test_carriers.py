"""The stand-in of 快递100 over HTTP: somebody moves a parcel on at its page, and the shop is told by its route."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3
from chalicelib.carriers import make
from chalicelib.carriers.port import Hint
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network.client import Network
from cunbo.standins.carriers.pages import MOVES, WORDS
from cunbo.standins.server import StandIns

from tests.ports import free_port

NUMBER = "75312345678901"
PAGE = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded", "accept-language": "en"}


class Ear(ThreadingHTTPServer):
    """A shop that hears news, and nothing else."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", free_port()), HearingEar)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.service: Any = None
        self.heard: list[Hint] = []
        self.something = threading.Event()


class HearingEar(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        assert self.path == "/api/carriers/kuaidi100/events"
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard += self.server.service.read(dict(self.headers), body)
        heard = self.server.service.heard
        self.send_response(heard.status)
        self.send_header("content-length", str(len(heard.body)))
        self.end_headers()
        self.wfile.write(heard.body)
        self.server.something.set()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def ear() -> Iterator[Ear]:
    server = Ear()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_parcel_is_moved_on_at_a_page_and_the_shop_hears_of_it(ear: Ear) -> None:
    with StandIns(ear.url, {"kuaidi100": free_port()}) as served, urllib3.PoolManager() as browser:
        settings = served.settings()["kuaidi100"]
        news = f"{ear.url}/api/carriers/kuaidi100/events"
        ear.service = make("kuaidi100", json.dumps(settings).encode(), Network(), news, partial(datetime.now, UTC))
        page = f"{served['kuaidi100'].base_url}/"
        assert WORDS["en"]["none"] in browser.request("GET", page, headers=PAGE).data.decode()
        ear.service.follow("zto", NUMBER, "13800138000")
        assert ear.service.track("zto", NUMBER, "13800138000") is None
        for move in MOVES:
            told = browser.request("POST", page, body=urlencode({"number": NUMBER, "move": move}), headers=PAGE)
            assert (told.status, NUMBER in told.data.decode()) == (200, True)
            assert MOVES[move][1] in told.data.decode()
        found = ear.service.track("zto", NUMBER, "13800138000")
        assert found
        assert found.state is ParcelState.RETURNING
        for odd in ({}, {"number": "<b>", "move": "taken"}, {"number": NUMBER, "move": "lost"}):
            assert b"<b><b>" not in browser.request("POST", page, body=urlencode(odd), headers=PAGE).data
        assert ear.something.wait(10)
        assert ear.heard[0] == Hint("zto", NUMBER)
