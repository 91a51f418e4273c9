"""What all stand-ins have in common: requests as they come, the books that they keep, and how they misbehave."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from chalicelib.payments.port import Away, Reply

Clock = Callable[[], datetime]
Deliver = Callable[[str, dict[str, str], bytes], Reply]
"""Posts a notification: the address, its headers, its body; gives the shop's answer, or raises OSError."""


class Request(msgspec.Struct, frozen=True):
    """A request as it comes to a provider; header names are in lower case, `query` has no question mark."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in a stand-in's own books: money in (`payment`), back (`refund`), or claimed back (`dispute`)."""

    kind: str
    reference: str
    payment: str
    amount: int
    at: datetime
    key: str = ""


class Misbehaviour(msgspec.Struct, frozen=True, kw_only=True):
    """How often a stand-in misbehaves, from 0 to 1 each; by itself never.

    `twice`: it tells its news twice at once. `late`: after other news. `never`: not at all. `lost_answer`: it acts,
    and answers 500. `silent`: it acts, and answers too late. `away`: it does nothing, and answers 500. `probe`: news
    with a signature that must be refused comes first. `paid_late`: a payer pays in the moment of the closing.
    `refund_pending`: a refund goes on only when `settle` is called. `refund_fails`: it needs a person, or never comes.
    """

    twice: float = 0
    late: float = 0
    never: float = 0
    lost_answer: float = 0
    silent: float = 0
    away: float = 0
    probe: float = 0
    paid_late: float = 0
    refund_pending: float = 0
    refund_fails: float = 0


class StandIn(Protocol):
    """One provider's servers: its API, and the page where somebody pays."""

    books: list[Movement]
    """What has really moved, in order: the truth that the shop's books are held to."""

    def answer(self, request: Request) -> Reply:
        """Answer a request of the shop, or of the browser of somebody who pays."""

    def deliver(self) -> int:
        """Post the news that is due to the shop; return how many are left, of which it tries again."""


class Post:
    """News on its way: it is told once, twice, late or never, and again until it is heard."""

    def __init__(self, send: Deliver, dice: Random, how: Misbehaviour) -> None:
        self.send, self.dice, self.how = send, dice, how
        self.waiting: deque[tuple[str, dict[str, str], bytes]] = deque()

    def add(self, url: str, headers: dict[str, str], body: bytes) -> None:
        """Have it told."""
        if self.dice.random() < self.how.never:
            return
        for _ in range(2 if self.dice.random() < self.how.twice else 1):
            if self.dice.random() < self.how.late:
                self.waiting.append((url, headers, body))
            else:
                self.waiting.appendleft((url, headers, body))

    def deliver(self, heard: Callable[[Reply], bool]) -> int:
        """Tell each once; what is not `heard` stays for the next time. Return how many stay."""
        for _ in range(len(self.waiting)):
            one = self.waiting.popleft()
            try:
                taken = heard(self.send(*one))
            except OSError:
                taken = False
            if not taken:
                self.waiting.append(one)
        return len(self.waiting)


class InProcess:
    """A transport of the shop (payments/port.py) that goes straight to a stand-in, and loses answers as it says."""

    def __init__(self, stand_in: StandIn, dice: Random, how: Misbehaviour) -> None:
        self.stand_in, self.dice, self.how = stand_in, dice, how

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Return the stand-in's answer; raise Away where it is too slow."""
        if self.dice.random() < self.how.away:
            return Reply(500, {}, b"")
        parts = urlsplit(url)
        lower = {name.lower(): value for name, value in headers.items()}
        answer = self.stand_in.answer(Request(method, parts.path, parts.query, lower, body))
        if self.dice.random() < self.how.silent:
            raise Away("no answer in time")
        return Reply(500, {}, b"") if self.dice.random() < self.how.lost_answer else answer


def language(headers: Mapping[str, str]) -> str:
    """Return the language of a payer's page, by what their browser asks for."""
    return "en" if headers.get("accept-language", "").lower().startswith("en") else "zh"


def page(status: int, lang: str, title: str, style: str, main: str) -> Reply:
    """Return a payer's page; `main` is HTML."""
    text = (
        f'<!doctype html><html lang="{lang}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
        f"<style>{style}</style><header>{title}</header><main>{main}</main></html>"
    )
    return Reply(status, {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}, text.encode())
