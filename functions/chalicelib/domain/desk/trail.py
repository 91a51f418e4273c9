"""The trail: who did what, when, about what, and what came of it. Pure rules, no I/O.

An entry holds no word of a buyer: what it is about are numbers, SKUs and days, and of what was asked it keeps `FACTS`
alone. **A fact that entries are to tell is added to `FACTS`.** A reason is in somebody's own words: numbers as long as
a phone's and addresses of mail are taken out of it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.calendar import VILLAGE, village_day

KEPT_FOR = timedelta(days=4 * 365 + 1)
"""How long an entry is kept: the law asks three years from when a deal is done (E-Commerce Law, article 31), and a deal
is done months after an act about it, at most."""
TAKES_OUTCOMES_FOR = timedelta(minutes=20)
"""How long after a day's end what came of its acts is put to it; then comes the day's seal."""
MOST_OF_FACT = 100
"""Characters of a fact, at most."""
FACTS = (
    *("amount", "price", "postage", "units", "quantity", "minutes", "limit", "left", "rate"),
    *("ship_by", "day", "days", "date", "until", "drill", "closed", "carrier", "role", "about", "choice", "state"),
    *("reason", "why", "wave", "batches", "orders", "decision", "template", "lang", "provider", "kind"),
)
"""What an entry may tell of what was asked, and of what came of it: its name there."""
LISTS = ("orders", "batches", "skus", "days", "drops")
"""Facts of which an entry tells how many there are, where they are a list."""
INDEXED = ("order", "sku", "room")
"""What entries are found by without reading days."""
LAST_DIGITS = 4
"""Digits of an order's number that it can be found by, at least."""

Fact = str | int | bool

_PHONE = re.compile(r"(?<![\d-])(?!20\d\d-\d\d-\d\d(?!\d))\+?\d(?:[ -]?\d){6,18}(?!\d)")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_NAME = re.compile(r"[\w.@-]{1,64}")
_DIGITS = re.compile(r"(?<!\d)(?!20\d{6}(?!\d))\d{7,13}(?!\d)")
_DEVICE = re.compile(r"[0-9a-f]{8}")
_ORDER = re.compile(r"\d{20}")


class TrailOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of an act: the HTTP status of its answer, or what it would be, a problem's type and reason, facts."""

    at: datetime
    status: int
    problem: str = ""
    reason: str = ""
    facts: dict[str, Fact] = {}


class TrailEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An act: when it began, who (`name` as they were called then), what, about what, and facts of what was asked.

    Without an `outcome` nobody knows what came of it: the process was cut off in the middle of it.
    """

    at: datetime
    id: str
    by: Actor
    act: str
    name: str = ""
    about: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    outcome: TrailOutcome | None = None

    @property
    def day(self) -> date:
        """The village's day on which it began, and under which it is kept."""
        return village_day(self.at)

    def takes(self, at: datetime) -> bool:
        """Return whether what came of it by this instant can still be put to its day."""
        return at < datetime.combine(self.day + timedelta(days=1), time(), VILLAGE) + TAKES_OUTCOMES_FOR

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """What it can be found by, as kind and name."""
        return [(kind, self.about[kind]) for kind in INDEXED if kind in self.about]


class Seal(msgspec.Struct, frozen=True):
    """The seal of a day: the SHA-256, in hex, of its `entries` in order and of the `previous` day's seal."""

    day: date
    entries: int
    sha: str
    previous: str = ""


class TrailQuery(msgspec.Struct, frozen=True):
    """Which entries are asked for: of these days, by whom, which act, about what; those before a place in the trail.

    `by` is an actor, or "people" for all but the schedule. `about` is kind and name; an order's last digits will do.
    """

    first: date
    last: date
    by: str = ""
    act: str = ""
    about: tuple[str, str] | None = None
    before: str = ""

    def wants(self, entry: TrailEntry) -> bool:
        """Return whether the entry is by the one, and is the act, that are asked for."""
        by = entry.by != "schedule" if self.by == "people" else self.by in ("", entry.by)
        return by and self.act in ("", entry.act) and self.first <= entry.day <= self.last


def about(parts: Mapping[str, str], asked: Any) -> dict[str, str]:
    """Return what an act is about: the parts of its path by name, and the batch, order or room that the body names.

    What could be a phone number, or is none of the shop's names, is left out: somebody typed it.
    """
    found = {{"other": "device"}.get(name, name): value for name, value in parts.items()}
    if "parcel" in found:
        found["order"] = found["parcel"].rpartition("-")[0]
    if isinstance(asked, Mapping):
        named = {"sku": "sku", "order": "order", "room": "room", "ship_by": "day", "day": "day"}
        found = {
            named[name]: value for name, value in asked.items() if name in named and isinstance(value, str)
        } | found
    return {name: value for name, value in found.items() if _is_name(name, value)}


def facts(told: Any) -> dict[str, Fact]:
    """Return those `FACTS` that a body tells, of an asked or an answered one; of lists how many, of lines which."""
    if not isinstance(told, Mapping):
        return {}
    found: dict[str, Fact] = {}
    for name, value in told.items():
        if name in LISTS and isinstance(value, list | tuple):
            found[name] = len(value)
        elif name in FACTS and isinstance(value, bool | int):
            found[name] = value
        elif name in FACTS and isinstance(value, str | date) and str(value):
            found[name] = plain(str(value))
    if lines := _lines(told.get("lines")):
        found["lines"] = lines
    inner = told.get("refund")
    return found | (facts({"amount": inner.get("amount")}) if isinstance(inner, Mapping) else {})


def plain(words: str) -> str:
    """Return a fact in words without what could be a phone number or an address of mail, cut to its longest."""
    text = " ".join(_MAIL.sub("…", _PHONE.sub("…", words)).split())
    return text if len(text) <= MOST_OF_FACT else f"{text[: MOST_OF_FACT - 1]}…"


def kind_of_subject(words: str, rooms: Sequence[str]) -> tuple[str, str] | None:
    """Return what somebody means who types this to find entries; None where it can be nothing.

    Digits are an order, by its number or the last of it; the name of a parcel is its order; a room is known by its id,
    and all else is a SKU.
    """
    text = words.strip().lower()
    if parcel := re.fullmatch(r"(\d{20})-\d{1,3}", text):
        return "order", parcel[1]
    if text.isascii() and text.isdigit():
        return ("order", text) if LAST_DIGITS <= len(text) <= 20 else None
    if text in rooms:
        return "room", text
    return ("sku", text) if _NAME.fullmatch(text) else None


def _is_name(name: str, value: str) -> bool:
    if name == "order":
        return bool(_ORDER.fullmatch(value))
    if name == "device" and _DEVICE.fullmatch(value):
        return True
    return bool(_NAME.fullmatch(value)) and not _DIGITS.search(value)


def _lines(lines: Any) -> str:
    told = lines if isinstance(lines, list | tuple) else ()
    words = [
        f"{one['sku']} x {one['quantity']}"
        for one in told
        if isinstance(one, Mapping) and isinstance(one.get("sku"), str) and isinstance(one.get("quantity"), int)
    ]
    return plain(", ".join(words))
