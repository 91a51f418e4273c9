"""The sandbox: a provider that moves no money, for trying the shop. It behaves as a real one does.

One order number is one payment (as with WeChat Pay and Alipay), told by events that are signed over the raw body
and may come twice. It takes a payment at any time, also when the shop has asked it to close: late payments are what
it is there to try.
"""

import re
import secrets
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.domain.errors import Busy, Malformed, Unauthorized
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Order
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, News, Progress, RefundNews, Row
from chalicelib.payments.port import Begun, Bill, Payer, Reclaim, Reply

TOLERANCE = 300
"""Seconds that an event's time may differ from ours, both ways: an old one is replayed, a future one made up."""
SIGNATURE = "sandbox-signature"

Post = Callable[[str, dict[str, str], bytes], None]


class SandboxEvent(msgspec.Struct, frozen=True):
    """What the sandbox sends; amounts in fen."""

    id: str
    type: Literal["paid", "declined"]
    order: str
    payment: str
    amount: int


def post(url: str, headers: dict[str, str], body: bytes) -> None:
    """Deliver one event; raise OSError unless it is answered with 2xx."""
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - the shop's own URL
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310
        pass


class Sandbox:
    """The provider of sandbox stages, both its sides: the port, and the acts of its own page."""

    channels = (Channel.SANDBOX,)
    heard = Reply(204, {}, b"")

    def __init__(self, shop_url: str, keys: Keys, post: Post = post) -> None:
        self.shop_url = shop_url
        self.keys = keys
        self.post = post

    def begin(self, bill: Bill, payer: Payer) -> Begun:
        """Return that there is nothing to ask: its page is there at any time."""
        return Begun({}, bill.expires)

    def offer(self, bill: Bill, handle: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return the sandbox's own page, with the order's token in the fragment."""
        prefix = "" if bill.lang == "zh" else f"/{bill.lang}"
        return {"action": "redirect", "url": f"{self.shop_url}{prefix}/pay/sandbox/#{bill.reference}.{bill.token}"}

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[News]:
        """Return the event, if `Sandbox-Signature: t=<unix seconds>,v1=<hex>` fits the raw body and the clock."""
        given = {name.lower(): value for name, value in headers.items()}.get(SIGNATURE, "")
        parts = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", given, re.ASCII)
        if not parts or not self.keys.signed("sandbox", f"{parts[1]}.{body.hex()}", parts[2]):
            raise Unauthorized("the event's signature is missing or wrong")
        if abs(now.timestamp() - int(parts[1])) > TOLERANCE:
            raise Unauthorized(f"the event's time is more than {TOLERANCE} s from ours")
        try:
            event = msgspec.json.decode(body, type=SandboxEvent)
        except msgspec.DecodeError as error:
            raise Malformed(f"the event cannot be read: {error}") from None
        if event.type != "paid":
            return []
        return [
            Money(
                event=event.id,
                reference=event.order,
                payment=event.payment,
                amount=event.amount,
                currency="CNY",
            )
        ]

    def query(self, bill: Bill) -> None:
        """Return that nothing is known: it tells all at once."""

    def close(self, bill: Bill, handle: Mapping[str, str]) -> Closed:
        """Stay open on purpose: see the module's text."""
        return Closed(event=f"closed-{bill.reference}", reference=bill.reference)

    def refund(self, reclaim: Reclaim) -> RefundNews:
        """Return that it is done: there is no money to move."""
        return RefundNews(event=reclaim.key, key=reclaim.key, amount=reclaim.amount, progress=Progress.DONE)

    def query_refund(self, reclaim: Reclaim) -> RefundNews:
        """Return the same."""
        return self.refund(reclaim)

    def statement(self, day: date) -> list[Row]:
        """Return nothing: no bank knows of its money."""
        return []

    def act(self, order: Order, act: str, now: datetime) -> None:
        """Do what a person does on the sandbox's page; `pay-twice` sends two events of one payment at once."""
        kind: Literal["paid", "declined"] = "declined" if act == "decline" else "paid"
        events = [
            SandboxEvent(secrets.token_hex(12), kind, order.number, f"sandbox-{order.number}", order.total)
            for _ in range(2 if act == "pay-twice" else 1)
        ]
        with ThreadPoolExecutor(len(events)) as pool:
            list(pool.map(lambda event: self._deliver(event, now), events))

    def signed(self, event: SandboxEvent, now: datetime) -> tuple[dict[str, str], bytes]:
        """Return an event's headers and body, as they go out."""
        body = msgspec.json.encode(event)
        at = str(int(now.timestamp()))
        return {"Content-Type": "application/json", "Sandbox-Signature": f"t={at},v1={self._sign(at, body)}"}, body

    def _deliver(self, event: SandboxEvent, now: datetime) -> None:
        """Tells the shop, again where it was away: a provider repeats its news until it is heard."""
        headers, body = self.signed(event, now)
        for last in (False, False, True):
            try:
                return self.post(f"{self.shop_url}/api/payments/sandbox/events", headers, body)
            except OSError as error:
                if last:
                    raise Busy(f"the shop did not take the event: {error}") from error
        return None

    def _sign(self, at: str, body: bytes) -> str:
        return self.keys.signature("sandbox", f"{at}.{body.hex()}")
