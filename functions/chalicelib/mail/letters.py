"""Writes the letters: facts, mostly of an order, put into the templates of letters/, as text and as HTML.

**A letter is four files, letters/NAME/LANG.txt and .html for both languages.** The text's first line is the subject;
what letters share (the order's lines, the link, who sells) is in the frames, in blocks that one of another kind leaves
empty. Texts tell the day, the amounts and the names that the order itself holds.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib.catalog import ITEMS, Catalog
from chalicelib.domain.aftersales.invoices import Invoice
from chalicelib.domain.calendar import VILLAGE, village_day
from chalicelib.domain.desk.notes import letter_in
from chalicelib.domain.mailbox import parts
from chalicelib.domain.orders.answers import money_back
from chalicelib.domain.orders.lots import packable
from chalicelib.domain.orders.model import Order, OrderLine, RefundReason, RefundState, State
from chalicelib.domain.orders.parcels import FORWARD, Parcel
from chalicelib.domain.orders.questions import QuestionReason
from chalicelib.domain.orders.refunds import left_of_lines
from chalicelib.domain.packing.carriers import followed_at, name_of
from chalicelib.domain.waitlist import Waiter, WaiterState

LETTERS = frozenset(
    {
        "placed",
        "paid",
        "cancelled",
        "withdrawn",
        "refunded",
        "postponed",
        "short",
        "asked",
        "shipped",
        "tracking",
        "link",
        "recalled",
        "unrecalled",
        "claimed",
        "settled",
        "declined",
        "desk",
    }
)
"""The names of the letters to an order's buyer, as `orders.Mail` has them; `desk-1`, `desk-2`, … are what the desk has
written, in the letter `desk`."""
WAITER_LETTERS = frozenset({"unconfirmed", "waiting", "invited", "lapsed", "over"})
"""The names of the letters to those who wait: each is that of the state of which it tells."""
READER_LETTERS = frozenset({"confirm", "news"})
"""The names of the letters of the newsletter."""
INVOICE_LETTERS = frozenset({"invoiced"})
"""The names of the letters to whoever an invoice is for."""
MANAGER_LETTERS = frozenset({"full", "held", "spent", "trouble"})
"""The names of the letters to the manager."""
TO_BE_SHIPPED = frozenset({State.AWAITING_PAYMENT, State.PAID, State.PACKED})
"""States in which the ship-by date still matters."""
LONGEST = 100
"""Characters of a name that are shown at most."""
TURNS_TEXT = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that change the direction of what follows, and so could make a line look like another."""


class Envelope(msgspec.Struct, frozen=True):
    """To whom a letter goes, from whom and when; its id says what it is `about`: an order, a place, or a day."""

    to: str
    about: str
    sender: str
    now: datetime


def letter(text: str, order: Order, catalog: Catalog, link: str, envelope: Envelope) -> EmailMessage:
    """Return the letter named `text` to the order's buyer."""
    facts = _facts(order, catalog, link, envelope.now) | {"desk": _of_desk(order, text, catalog)}
    return message("desk" if letter_in(text) else text, order.lang, facts, catalog, envelope)


def invoice_letter(order: Order, invoice: Invoice, catalog: Catalog, link: str, envelope: Envelope) -> EmailMessage:
    """Return the letter that tells that an invoice for the order is issued, for whom, and over how much."""
    told = {"title": tame(invoice.wish.title), "issued_as": invoice.issued_as, "invoiced": yuan(invoice.fen)}
    return message("invoiced", order.lang, {**_facts(order, catalog, link, envelope.now), **told}, catalog, envelope)


def waiter_letter(text: str, waiter: Waiter, catalog: Catalog, link: str, envelope: Envelope) -> EmailMessage:
    """Return the letter named `text` to somebody on a waitlist."""
    lang = waiter.wish.lang
    product = catalog.product_of.get(waiter.sku)
    unit = product.unit if product else ITEMS
    kept = waiter.units if waiter.state is WaiterState.INVITED else 0
    facts = {
        "name": goods(waiter.sku, lang, catalog, waiter.wish.name),
        "quantity": waiter.wish.quantity,
        "fewer": waiter.wish.fewer,
        "units": kept,
        "wanted": unit.count(waiter.wish.quantity, lang),
        "kept": unit.count(kept, lang),
        "ship_by": day_in(max(part.ship_by for part in waiter.parts), lang, envelope.now) if waiter.parts else "",
        "until": _moment(waiter.until, lang) if waiter.until else "",
        "lost": unit.count(waiter.units, lang) if waiter.units else "",
        "again": _shop_of(link),
        "link": link,
    }
    return message(text, lang, facts, catalog, envelope)


def message(text: str, lang: str, facts: Mapping[str, Any], catalog: Catalog, envelope: Envelope) -> EmailMessage:
    """Return the letter named `text` in that language, with its own `facts` and who sells.

    Raise ValueError where an address is none.
    """
    facts = {**_seller(catalog, lang), **facts}
    subject, _, plain = _rendered(f"{text}/{lang}.txt", facts).partition("\n")
    written = EmailMessage()
    written["Subject"] = subject
    # Built from their parts: a header that is parsed from a string may name another mailbox than was meant.
    written["From"] = Address(facts["shop"], *parts(envelope.sender))
    written["To"] = Address("", *parts(envelope.to))
    written["Date"] = envelope.now
    written["Message-ID"] = make_msgid(f"{envelope.about}-{text}", domain=envelope.sender.partition("@")[2])
    # Quoted: no server on the way has to understand eight bits, and no line is too long.
    written.set_content(plain.lstrip("\n"), cte="quoted-printable")
    page = _rendered(f"{text}/{lang}.html", {**facts, "subject": subject})
    written.add_alternative(page, subtype="html", cte="quoted-printable")
    return written


def yuan(fen: int) -> str:
    """Return fen as yuan, by whole numbers only: 2990 is ¥29.90."""
    return f"¥{fen // 100}.{fen % 100:02}"


def tame(words: str, longest: int = LONGEST) -> str:
    """Return words of others in one line of at most `longest` characters: no control characters, none that turn the
    text around."""
    line = " ".join(TURNS_TEXT.sub("", words).split())
    line = "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cs"))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _facts(order: Order, catalog: Catalog, link: str, now: datetime) -> dict[str, Any]:
    """All that a letter to an order's buyer may name beside who sells."""
    lang = order.lang
    return {
        "number": order.number,
        "lines": [(line.quantity, _name(line, lang, catalog)) for line in order.lines],
        "postage": yuan(order.postage) if order.postage else "",
        "total": yuan(order.total),
        "owed": yuan(owed) if (owed := sum(refund.amount for refund in order.refunds)) else "",
        "refunded": yuan(sum(refund.amount for refund in order.refunds if refund.state is RefundState.DONE)),
        "ships": order.state in TO_BE_SHIPPED and (not order.recalls or any(packable(order))),
        "ship_by": day_in(order.ship_by, lang, now),
        "first_ship_by": day_in(order.first_ship_by, lang, now) if order.first_ship_by else "",
        "pay_by": _moment(order.pay_by, lang),
        "late": order.late_refund or "",
        "again": _again(order, catalog, link),
        "note": tame(order.note, len(order.note)),
        "link": link,
        "parcels": [_followed(one, lang) for one in order.parcels if one.state in FORWARD],
        "rest": order.state in TO_BE_SHIPPED,
        "recalled": _recalled(order, catalog, now),
        "missing": [(units, _name(order.lines[index], lang, catalog)) for index, units in _missing(order).items()],
        "missing_back": yuan(missing_money(order)),
        "question": _question(order, catalog, now),
        "claim": _claim(order, catalog, now),
    }


def _claim(order: Order, catalog: Catalog, now: datetime) -> dict[str, Any]:
    """What its buyer has claimed, and how it ended: the claim of which was heard last; empty where there is none."""
    told: dict[str, Any] = {"lines": [], "amount": "", "reason": "", "reply": "", "again": ""}
    for one in sorted(order.claims, key=lambda claim: claim.ended or claim.at):
        told = {
            "lines": [(line.quantity, _name(order.lines[line.line], order.lang, catalog)) for line in one.lines],
            "amount": yuan(one.amount),
            "reason": one.reason or "",
            "reply": tame(one.reply, len(one.reply)),
            "again": day_in(one.ship_by, order.lang, now) if one.ship_by else "",
        }
    return told


def _of_desk(order: Order, text: str, catalog: Catalog) -> dict[str, str]:
    """What the desk writes in the letter of that name; nothing in any other."""
    n = letter_in(text)
    if not 0 < n <= len(order.letters):
        return {"kind": "", "goods": "", "words": ""}
    one = order.letters[n - 1]
    line = next((line for line in order.lines if line.sku == one.sku), None)
    named = _name(line, order.lang, catalog) if line else ""
    return {"kind": one.kind, "goods": named, "words": tame(one.words, len(one.words))}


def _question(order: Order, catalog: Catalog, now: datetime) -> dict[str, Any]:
    """What its buyer is asked, by the latest question that is open, else by the latest of all; empty where none is."""
    lang, asked = order.lang, (order.open_questions or order.questions)[-1:]
    told = {"late": False, "day": "", "lines": [], "later": "", "part": False, "back": "", "rest": False, "until": ""}
    for one in asked:
        told = {
            "late": one.why is QuestionReason.LATE,
            "day": day_in(one.day, lang, now),
            "lines": [(line.quantity, _name(order.lines[line.line], lang, catalog)) for line in one.lines],
            "later": day_in(one.later, lang, now) if one.later else "",
            "part": one.most_kept > 0,
            "back": yuan(money_back(order, one)[0]),
            "rest": sum(left_of_lines(order)) > one.units,
            "until": _moment(one.until, lang),
        }
    return told


def _followed(parcel: Parcel, lang: str) -> tuple[str, str, str]:
    """Who brings a parcel, its number, and where that is followed; each empty as long as it is not known."""
    link = followed_at(parcel.carrier, parcel.tracking) if parcel.tracking else ""
    return name_of(parcel.carrier, lang), tame(parcel.tracking), link


def _recalled(order: Order, catalog: Catalog, now: datetime) -> list[tuple[str, str, str]]:
    """What of the order is recalled: what it is called, the day on its jars, and why, in the buyer's language."""
    return [
        (
            next((_name(one, order.lang, catalog) for one in order.lines if one.sku == mark.sku), mark.sku),
            day_in(mark.ship_by, order.lang, now),
            tame(mark.why if order.lang == "zh" else mark.why_en or mark.why, 200),
        )
        for mark in order.recalls
    ]


def missing_money(order: Order) -> int:
    """Return what goes back for what turned out to be missing, in fen."""
    going = (one for one in order.refunds if one.state is not RefundState.FAILED)
    return sum(one.amount for one in going if one.reason is RefundReason.SHORT)


def _missing(order: Order) -> dict[int, int]:
    """How many units of its lines turned out to be missing, or were given up for money, by the line's index."""
    lines = ((index, (*line.missing, *line.given_up)) for index, line in enumerate(order.lines))
    units = {index: sum(part.quantity for part in parts) for index, parts in lines}
    return {index: count for index, count in units.items() if count}


def _again(order: Order, catalog: Catalog, link: str) -> str:
    """Where the same can be ordered again: the first product's page, or the shop's where that is not sold any more."""
    product = catalog.product_of.get(order.lines[0].sku)
    return f"{_shop_of(link)}products/{product.id}/" if product else _shop_of(link)


def _shop_of(link: str) -> str:
    """The shop's first page in the letter's language: one folder above the page that the link opens."""
    return urljoin(link, "../")


def _seller(catalog: Catalog, lang: str) -> dict[str, str]:
    return {
        "shop": tame(getattr(catalog.shop.name, lang)),
        "seller": tame(getattr(catalog.shop.seller, lang)),
        "contact": tame(catalog.shop.contact),
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "letters"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _rendered(template: str, facts: dict[str, Any]) -> str:
    return _templates().get_template(template).render(facts)


def day_in(day: date, lang: str, now: datetime) -> str:
    """Return a day in words, with its year only where that is another than the village's own at `now`."""
    same = day.year == village_day(now).year
    if lang == "zh":
        return f"{day.month} 月 {day.day} 日" if same else f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {day:%B}" if same else f"{day.day} {day:%B %Y}"


def _moment(at: datetime, lang: str) -> str:
    """An instant as the village's clocks show it."""
    at = at.astimezone(VILLAGE)
    return f"{at.month} 月 {at.day} 日 {at:%H:%M}" if lang == "zh" else f"{at:%H:%M} on {at.day} {at:%B}"


def _name(line: OrderLine, lang: str, catalog: Catalog) -> str:
    """What the line was called when it was bought; else what it is called now."""
    return tame(line.name) if line.name else goods(line.sku, lang, catalog)


def goods(sku: str, lang: str, catalog: Catalog, then: str = "") -> str:
    """Return what the goods of a SKU are called now; where it is sold no more, what they were called `then`, if known,
    else the SKU.
    """
    product, pack = catalog.product_of.get(sku), catalog.packs.get(sku)
    if product is None or pack is None:
        return tame(then) or sku
    between = " " if lang == "zh" else ", "
    return tame(f"{getattr(product.name, lang)}{between}{getattr(pack.name, lang)}")
