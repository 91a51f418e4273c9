"""What the shop keeps of a person: told, put right, forgotten. By an order's own link; for all orders of a phone or
mailbox by a link that was sent there, or by the manager, who makes sure otherwise.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib.domain import contact
from chalicelib.domain.actor import Actor
from chalicelib.domain.aggregate import Account
from chalicelib.domain.calendar import village_day
from chalicelib.domain.desk.rows import TAIL, phone_begins, terms_by
from chalicelib.domain.errors import Fault, Invalid, Unauthorized, WrongState
from chalicelib.domain.keys import Proof
from chalicelib.domain.mailbox import mailbox
from chalicelib.domain.orders.events import BuyerCancels, EmailCorrected, Event, Expunged, ForgetAsked, LegalHoldSet
from chalicelib.domain.orders.model import FOUND_FOR, Order, State
from chalicelib.domain.voices.forgetting import STORY_OVER, is_uncounted, open_by, tells_until, was_no_sale
from chalicelib.services.aftersales.photos import Photos
from chalicelib.services.order_changes import change
from chalicelib.services.orders import Orders
from chalicelib.services.stage import Stage
from chalicelib.services.voices.parts import Goes, KeptFact, PersonalPart, parts_of
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

MOST_OF_TERM = 1_000
"""Orders of one contact, at most."""
PROVES_FOR = timedelta(days=2)
"""How long a link that was sent proves whose phone or mailbox it reached: its day, and the next."""


class KeptOfOrder(msgspec.Struct, frozen=True):
    """All that is kept of the buyer of an order; `until` is when the law lets go of the rest, None while it is open."""

    order: Order
    facts: tuple[KeptFact, ...]
    until: datetime | None


class KeptOfPerson(msgspec.Struct, frozen=True):
    """All that is kept of whoever has a contact: of their orders, and beside them."""

    orders: tuple[KeptOfOrder, ...]
    facts: tuple[KeptFact, ...]


class PersonalData:
    """What a shop keeps of people."""

    def __init__(self, stage: Stage, store: Store, orders: Orders, parts: Sequence[PersonalPart]) -> None:
        self.stage, self.store, self.orders, self.parts = stage, store, orders, parts
        self.keys, self.clock = stage.keys, stage.clock

    # ---- What is kept ----

    def of_order(self, order: Order) -> KeptOfOrder:
        """Return all that is kept of an order's buyer with the order."""
        facts = (*_facts(order), *(fact for part in self.parts for fact in part.kept(order)))
        until = None if order.person.gone or open_by(order) else tells_until(order)
        return KeptOfOrder(order, facts, until)

    def of_person(self, contact_: str, orders: Iterable[Order]) -> KeptOfPerson:
        """Return all that is kept of whoever has the contact, with these orders of theirs."""
        beside = tuple(fact for part in self.parts for fact in part.kept(contact_))
        return KeptOfPerson(tuple(map(self.of_order, orders)), beside)

    def proven(self, order: Order, token: str) -> str | None:
        """Return the contact that the link proves by which the order was opened: a number, or an e-mail address.

        None for every other link, for one that is too old, or since which the order got another contact.
        """
        proof = self.keys.proof(order.number, token)
        if proof is None or not self._is_fresh(proof, order.person.corrected):
            return None
        if proof.by_phone:
            return order.ship_to.number if order.lookup else None
        return order.email if order.mail_lookup else None

    def orders_proven(self, order: Order, token: str) -> tuple[str, list[Order]]:
        """Return the contact that the link proves, and all orders of it, this one last; raise Unauthorized.

        By phone those of the last FOUND_FOR alone: a number goes to somebody else some time.
        """
        proven = self.proven(order, token)
        if proven is None:
            raise Unauthorized("have the order's link sent to you once more, and open it by that on the same day")
        since = self.clock() - FOUND_FOR
        found = [one for one in self.orders_of(proven) if "@" in proven or one.placed > since]
        return proven, [*(one for one in found if one.number != order.number), order]

    def read_contact(self, typed: str) -> str:
        """Return a phone number or an e-mail address in its one form; raise Invalid for what is neither."""
        try:
            return contact.read(typed)
        except ValueError as wrong:
            raise Invalid([Fault("/contact", str(wrong))]) from None

    def orders_of(self, contact_: str) -> list[Order]:
        """Return all orders of a contact, the latest first: of a mailbox those that were paid.

        They are found by what the desk finds them by, so it may miss what is seconds old.
        """
        orders = self.store.orders.load_many(sorted({*self._numbers(contact_)}))
        mine = contact.owner(contact_)
        fitting = [one for one in orders if mine in (one.ship_to.number, mailbox(one.email) if one.email else "")]
        return sorted(fitting, key=lambda order: order.placed, reverse=True)

    def _numbers(self, contact_: str) -> Iterator[str]:
        search = self.store.search
        if not contact.is_phone(contact_):
            for term in terms_by(self.keys, "mail", mailbox(contact_)):
                yield from search.numbers(term, most=MOST_OF_TERM)
            return
        terms = terms_by(self.keys, "phone", contact_[-TAIL:])
        for term, begins in zip(terms, phone_begins(self.keys, contact_), strict=True):
            yield from search.numbers(term, begins, MOST_OF_TERM)

    # ---- What is put right, forgotten, held ----

    def correct_email(self, number: str, email: str | None) -> Order:
        """Have the order's letters go to another address, or to none; raise NotFound, WrongState, Busy."""
        lookup = self.keys.pseudonyms("find", mailbox(email))[0] if email else None

        def news(order: Order) -> Event:
            if order.person.asked or order.person.gone:
                raise WrongState("its buyer is forgotten: nothing new is kept of them")
            return EmailCorrected(email, lookup)

        return change(self.store, self.clock, number, news)

    def hold(self, number: str, reason: str, by: Actor) -> Order:
        """Keep the order as it is for a dispute, by a reason; none: not any more. Raise NotFound, WrongState, Busy."""

        def news(order: Order) -> Event:
            if order.person.gone:
                raise WrongState("nothing is left of its buyer that could be kept")
            return LegalHoldSet(reason, by)

        return change(self.store, self.clock, number, news)

    def forget(self, number: str) -> Order:
        """Forget the buyer of the order, as far as the law allows; again changes nothing.

        An order that nobody has paid is cancelled first. Raise NotFound, WrongState where a dispute holds it, Busy.
        """
        order = self.orders.load(number)
        if order.person.hold:
            raise WrongState("it is kept for a dispute: ask again when that is over")
        if order.state is State.AWAITING_PAYMENT:
            self.orders.apply(number, BuyerCancels())
        for part in self.parts:
            part.forget(order)
        return self._change(number, ForgetAsked())

    def forget_person(self, contact_: str, orders: Iterable[Order]) -> list[Order]:
        """Forget whoever has the contact: with these orders of theirs, and beside them; return the orders as they are.

        Those that a dispute holds stay as they are. The last order is the last to go: whoever is cut off asks by it
        again. Raise Busy.
        """
        for part in self.parts:
            part.forget(contact_)
        return [one if one.person.hold else self.forget(one.number) for one in orders]

    def expunge(self, number: str) -> str:
        """Take away all that tells of the order's buyer, if its time is over; return why it was not. Raise Busy."""
        order = self.store.orders.load(number)
        if order is None or order.person.gone:
            return ""
        why = open_by(order) or ("young" if self.clock() < tells_until(order) else "")
        if why or any(part.is_open(order) for part in self.parts):
            return why or "part"
        # The order last: it says that all is gone, and until it does, whoever comes again begins here.
        for part in self.parts:
            part.expunge(order)
        return "" if self._change(number, Expunged()).person.gone else "changed"

    def _is_fresh(self, proof: Proof, corrected: datetime | None) -> bool:
        in_time = proof.day <= self.stage.today < proof.day + PROVES_FOR
        return in_time and (corrected is None or proof.day > village_day(corrected))

    def _change(self, number: str, event: Event) -> Order:
        today = self.stage.today

        def guarded(before: Order, after: Order, transaction: Transaction) -> None:
            """Let accounts of a pseudonym that goes go with it, uncounted: they have ended."""
            ended = {account for line in before.lines if is_uncounted(line, today) for account in line.bought}
            transaction.let_go(ended - _accounts(after))

        return change(self.store, self.clock, number, lambda _: event, guarded)


def people_of(stage: Stage, store: Store, orders: Orders, photos: Photos) -> PersonalData:
    """Return what a shop keeps of people, with all of its parts."""
    return PersonalData(stage, store, orders, parts_of(stage, store, orders.waitlist, photos))


def _accounts(order: Order) -> set[Account]:
    return {account for line in order.lines for account in line.bought}


def _facts(order: Order) -> Iterator[KeptFact]:
    """What the order itself holds of its buyer, and of what was sold."""
    to = order.ship_to
    needed: Goes = "now" if was_no_sale(order) else "later"
    told: list[tuple[str, Any, Goes]] = [
        ("name", to.name, needed),
        ("phone", to.phone, needed),
        ("address", " ".join((*to.region, to.street)) if to.street else "", needed),
        ("email", order.email, "now"),
        ("note", order.note, "now"),
        ("codes", [one for one in (order.lookup, order.mail_lookup) if one], "now"),
        ("door", order.recipient, "now" if order.state in STORY_OVER else "later"),
        ("limits", sorted({line.buyer for line in order.lines if line.buyer}), "later"),
        ("parcels", [f"{one.carrier} {one.tracking}" for one in order.parcels if one.tracking], "later"),
        ("letters", [one.words for one in order.letters if one.words], "later"),
        ("notes", [one.text for one in order.notes if one.text], "later"),
        ("reasons", [one.why for one in order.refunds if one.why], "later"),
        ("goods", [f"{line.quantity} × {line.name or line.sku}" for line in order.lines], "never"),
        ("payment", [one for one in (order.payment and order.provider, order.payment) if one], "never"),
        ("refunds", [{"amount": one.amount, "state": one.state} for one in order.refunds], "never"),
    ]
    return (KeptFact(what, value, goes) for what, value, goes in told if value)
