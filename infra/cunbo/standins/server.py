"""Serves the stand-ins of all providers on this machine, and tells their news to a shop: the ways to pay of
`PAY=standins make up`, without money, and who follows the parcels of `TRACK=standins make up`, of which there are none.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any, Self
from urllib.parse import urlsplit

import urllib3
from chalicelib.payments.port import Reply

from cunbo.standins.alipay import AlipayStandIn
from cunbo.standins.base import Clock, Misbehaviour, Request
from cunbo.standins.carriers.kuaidi100 import Kuaidi100StandIn
from cunbo.standins.stripe import StripeStandIn
from cunbo.standins.wechat import WechatStandIn

HOST = "127.0.0.1"
OFTEN, SELDOM = 0.25, 4.0
"""Seconds between two rounds of news: while all is heard, and at most while the shop does not hear."""
SETTLES = 20
"""Seconds after which pending refunds go on."""
HEARS = urllib3.Timeout(connect=1, read=5)
"""How long a provider waits for the shop: WeChat Pay 5 s ("支付通知API")."""
LARGEST = 1 << 20
"""Bytes of a request."""
NOW: Clock = partial(datetime.now, UTC)
CALM = Misbehaviour()
STAND_INS = {
    "wechat": WechatStandIn,
    "alipay": AlipayStandIn,
    "stripe": StripeStandIn,
    "kuaidi100": Kuaidi100StandIn,
}


class StandIns:
    """The stand-ins of all providers at work for one shop, from `with` to the end of its block: each answers on a port
    of its own. What they know is in memory, and gone with the block."""

    def __init__(
        self,
        shop_url: str,
        ports: Mapping[str, int],
        clock: Clock = NOW,
        how: Misbehaviour = CALM,
        seed: int = 0,
    ) -> None:
        self.pool = urllib3.PoolManager(retries=False, timeout=HEARS)
        self.stopping = threading.Event()
        self.servers = {name: StandInServer(port, self, clock, how, dice(seed, name)) for name, port in ports.items()}
        for name, server in self.servers.items():
            server.stand_in = STAND_INS[name](clock, server.post, dice(seed, f"{name}'s"), how)
            server.stand_in.base_url = f"http://{HOST}:{server.server_port}"
            if isinstance(server.stand_in, StripeStandIn):  # the others are told with each payment where to tell
                server.stand_in.webhook_url = f"{shop_url}/api/payments/{name}/events"
        self.threads: list[threading.Thread] = []

    def __getitem__(self, name: str) -> Any:
        """Return the stand-in of a provider, to look at its books."""
        return self.servers[name].stand_in

    def settings(self) -> dict[str, dict[str, Any]]:
        """Return what the shop has to know of each, as PAY_SETTINGS has it."""
        return {name: server.stand_in.settings() for name, server in self.servers.items()}

    def __enter__(self) -> Self:
        for name, server in self.servers.items():
            for what, does in (("answers", partial(server.serve_forever, 0.05)), ("tells", server.tell)):
                thread = threading.Thread(target=does, name=f"{name} {what}", daemon=True)
                self.threads.append(thread)
                thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        for server in self.servers.values():
            server.shutdown()
            server.server_close()
        for thread in self.threads:
            thread.join()
        self.pool.clear()


def dice(seed: int, name: str) -> Random:
    """Return what decides how one of them misbehaves, the same for the same seed."""
    return Random(f"{seed}-{name}")  # noqa: S311 - it guards nothing


class StandInServer(ThreadingHTTPServer):
    """One stand-in's port. A stand-in does one thing at a time; while it tells news, it can be asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, all_of: StandIns, clock: Clock, how: Misbehaviour, dice: Random) -> None:
        super().__init__((HOST, port), StandInHandler)
        self.all_of, self.clock, self.how, self.dice = all_of, clock, how, dice
        self.turn = threading.Lock()
        self.stand_in: Any = None

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Post news to the shop, which may ask back before it answers; raise OSError where it does not answer."""
        self.turn.release()
        try:
            answer = self.all_of.pool.request("POST", url, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(type(error).__name__) from error
        finally:
            self.turn.acquire()
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data)

    def tell(self) -> None:
        """Tell news as it comes, again and less often while it is not heard, until all stops."""
        pause, settled = OFTEN, self.clock()
        while not self.all_of.stopping.wait(pause):
            with self.turn:
                left = self.stand_in.deliver()
                if (self.clock() - settled).total_seconds() >= SETTLES:
                    self.stand_in.settle()
                    settled = self.clock()
            pause = min(pause * 2, SELDOM) if left else OFTEN

    def answer(self, request: Request) -> Reply | None:
        """Answer a request; None where the answer is lost, as `how` says. A browser's requests never are."""
        if request.path == "/favicon.ico":  # browsers ask each server for one
            return Reply(204, {}, b"")
        if "text/html" in request.headers.get("accept", ""):
            with self.turn:
                return self.stand_in.answer(request)  # type: ignore[no-any-return]
        with self.turn:
            if self.dice.random() < self.how.away:
                return Reply(500, {}, b"")
            reply: Reply = self.stand_in.answer(request)
            if self.dice.random() < self.how.silent:
                return None
            return Reply(500, {}, b"") if self.dice.random() < self.how.lost_answer else reply


class StandInHandler(BaseHTTPRequestHandler):
    """Takes requests from the wire."""

    server: StandInServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer."""
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            self.close_connection = True
            return self._write(Reply(413, {}, b""))
        parts = urlsplit(self.path)
        lower = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(length))
        reply = self.server.answer(Request(self.command, parts.path, parts.query, lower, body))
        if reply is None:
            self.close_connection = True
            return None
        return self._write(reply)

    do_POST = do_GET  # noqa: N815

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *args: object) -> None:
        """Say nothing: addresses hold signatures."""
