"""Writes the text messages of messages.toml: few words, the sign of the shop in front, one link at the end.

What a letter tells at length, the page behind the link tells here.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from chalicelib.catalog import ITEMS, Catalog
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.desk.notes import letter_in
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.domain.waitlist import Waiter
from chalicelib.mail.letters import goods, missing_money, tame, yuan
from chalicelib.sms import SmsMessage

LONGEST = 14
"""Characters of the goods' name that are shown at most."""
DIGITS = 4
"""Last digits by which an order is named: its whole number stands behind the link."""


def to_buyer(text: str, order: Order, catalog: Catalog, link: str) -> SmsMessage:
    """Return the message named `text` to the phone number of the order."""
    owed = sum(refund.amount for refund in order.refunds)
    done = sum(refund.amount for refund in order.refunds if refund.state is RefundState.DONE)
    asked = order.open_questions or order.questions
    facts = {
        "tail": order.number[-DIGITS:],
        "owed": yuan(owed) if owed else "",
        "refunded": yuan(done),
        "missing_back": yuan(missing_money(order)),
        "until": _moment(asked[-1].until, order.lang) if asked else "",
        "ship_by": _day(order.ship_by, order.lang),
        "link": link,
    }
    if n := letter_in(text):
        text = f"desk-{order.letters[n - 1].kind}"
    return SmsMessage(order.ship_to.phone, order.number, text, _words(text, order.lang, catalog, facts))


def to_waiter(text: str, waiter: Waiter, catalog: Catalog, link: str) -> SmsMessage:
    """Return the message named `text` to somebody on a waitlist who has left a phone number."""
    lang, product = waiter.wish.lang, catalog.product_of.get(waiter.sku)
    name = goods(waiter.sku, lang, catalog, waiter.wish.name)
    facts = {
        "name": name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…",
        "kept": (product.unit if product else ITEMS).count(waiter.units, lang),
        "until": _moment(waiter.until, lang) if waiter.until else "",
        "link": link,
    }
    return SmsMessage(waiter.contact, waiter.number, text, _words(text, lang, catalog, facts))


def _words(text: str, lang: str, catalog: Catalog, facts: Mapping[str, Any]) -> str:
    return _templates()[text, lang].render(shop=tame(getattr(catalog.shop.name, lang)), **facts)


@cache
def _templates() -> dict[tuple[str, str], Template]:
    found = tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))
    environment = Environment(undefined=StrictUndefined)  # noqa: S701 - plain text, no HTML
    return {
        (text, lang): environment.from_string(words) for text, said in found.items() for lang, words in said.items()
    }


def _day(day: date, lang: str) -> str:
    return f"{day.month} 月 {day.day} 日" if lang == "zh" else f"{day.day} {day:%B}"


def _moment(at: datetime, lang: str) -> str:
    """An instant as the village's clocks show it, without blanks in Chinese: each counts."""
    at = at.astimezone(VILLAGE)
    return f"{at.month}月{at.day}日 {at:%H:%M}" if lang == "zh" else f"{at:%H:%M} on {at.day} {at:%b}"
