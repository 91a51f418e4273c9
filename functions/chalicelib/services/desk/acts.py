"""What a manager does about an order: all of it goes through `order_changes.change`, the one place that decides.

Refunds and addresses have their own use cases (services/payments/refunds.py, services/packing/addresses.py); together
with these they are all that people of the village may do to an order that is not at the bench.
"""

import hashlib

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.desk.commands import AddNote, WriteBuyer
from chalicelib.domain.desk.notes import LONGEST_WORDS, MOST_LETTERS, MOST_NOTES, LetterKind, letter_name
from chalicelib.domain.errors import Fault, Invalid, KeyReused, WrongState
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.orders.events import Event, Noted, Wrote
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.text import tidy_note
from chalicelib.mail.letters import Envelope, letter
from chalicelib.services.order_changes import change
from chalicelib.services.packing.questions import told_by
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


class LetterDraft(msgspec.Struct, frozen=True):
    """How a letter would read, and how it would go: "mail", "sms", or "" where somebody must call."""

    by: str
    subject: str
    text: str


class DeskActs:
    """A manager's acts on the orders of a shop."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def add_note(self, number: str, asked: AddNote, key: str, by: Actor) -> Order:
        """Note something about an order for the team, once for each key; return the order.

        Raise NotFound, Invalid, WrongState where it has as many notes as an order takes, KeyReused, Busy.
        """
        text, request = _words(asked.text, "/text"), _request(key)
        if not text:
            raise Invalid([Fault("/text", f"1 to {LONGEST_WORDS} characters")])

        def news(order: Order) -> Event | None:
            before = next((one for one in order.notes if one.request == request), None)
            if before:
                _must_say_the_same(before.text == text)
                return None
            if len(order.notes) >= MOST_NOTES:
                raise WrongState(f"an order takes {MOST_NOTES} notes")
            return Noted(text, by, request)

        return change(self.store, self.stage.clock, number, news)

    def write(self, number: str, asked: WriteBuyer, key: str, by: Actor) -> Order:
        """Write to an order's buyer, once for each key; return the order.

        Raise NotFound, Invalid, WrongState where nothing reaches the buyer, or they were written to often enough,
        KeyReused, Busy.
        """
        words, request = _words(asked.words, "/words"), _request(key)

        def news(order: Order) -> Event | None:
            before = next((one for one in order.letters if one.request == request), None)
            if before:
                _must_say_the_same((before.kind, before.sku, before.words) == (asked.kind, asked.sku or "", words))
                return None
            _check(order, asked, words)
            if len(order.letters) >= MOST_LETTERS:
                raise WrongState(f"{MOST_LETTERS} letters were written about this order: call its buyer")
            way = way_to(self.stage, order, asked.kind)
            if not way:
                raise WrongState("its buyer left no e-mail address, and this does not go by text message: call them")
            return Wrote(asked.kind, by, request, asked.sku or "", words, sms=way == "sms")

        return change(self.store, self.stage.clock, number, news)


def draft(stage: Stage, order: Order, asked: WriteBuyer) -> LetterDraft:
    """Return how what is asked for would read, and changes nothing; raise Invalid."""
    from chalicelib.sms import messages  # here, since the public API sends none

    words = _words(asked.words, "/words")
    _check(order, asked, words)
    now, link = stage.clock(), f"{stage.settings.shop_url}/order/"
    way = way_to(stage, order, asked.kind)
    event = Wrote(asked.kind, Actor(""), "draft", asked.sku or "", words, sms=way == "sms")
    after = decide(msgspec.structs.replace(order, letters=()), event, now)
    if way == "sms":
        return LetterDraft(way, "", messages.to_buyer(letter_name(1), after, stage.catalog, link).words)
    envelope = Envelope("buyer@example.com", order.number, "shop@example.com", now)
    mail = letter(letter_name(1), after, stage.catalog, link, envelope)
    body = mail.get_body(("plain",))
    return LetterDraft(way, str(mail["Subject"]), str(body.get_content()) if body else "")


def way_to(stage: Stage, order: Order, kind: LetterKind) -> str:
    """Return how a letter of this kind reaches the buyer: "mail", "sms", or "" where somebody must call.

    Words of one's own go by mail alone: carriers take text messages only as they were approved.
    """
    way = told_by(order, bool(stage.settings.sms_by))
    return "" if way == "sms" and kind is LetterKind.WORDS else way


def _check(order: Order, asked: WriteBuyer, words: str) -> None:
    if asked.kind is LetterKind.WORDS and not words:
        raise Invalid([Fault("/words", f"1 to {LONGEST_WORDS} characters")])
    if (asked.kind is LetterKind.OUT) != (asked.sku is not None):
        raise Invalid([Fault("/sku", "what is not there, in a letter that says so; in no other")])
    if asked.sku is not None and all(line.sku != asked.sku for line in order.lines):
        raise Invalid([Fault("/sku", f"the order has no {asked.sku}", sku=asked.sku)])


def _words(text: str, pointer: str) -> str:
    """The words on one line; raises Invalid."""
    words = tidy_note(text)
    if len(words) > LONGEST_WORDS:
        raise Invalid([Fault(pointer, f"at most {LONGEST_WORDS} characters")])
    return words


def _request(key: str) -> str:
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid([Fault("/Idempotency-Key", "the header Idempotency-Key: 16 to 64 letters, digits, _ and -")])
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _must_say_the_same(is_same: bool) -> None:
    if not is_same:
        detail = "it has said something else: take a new one"
        raise KeyReused(f"the header Idempotency-Key: {detail}", [Fault("/Idempotency-Key", detail)])
