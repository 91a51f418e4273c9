"""Claims: a buyer makes one, once a request; the desk settles or declines it, once, also where two press at once.

What a claim comes to is decided on the order as it is written, so whatever else gives money back at the same time,
never more goes back than was paid.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from chalicelib.domain.actor import SCHEDULE, Actor
from chalicelib.domain.aftersales.claims import Claim, ClaimLine
from chalicelib.domain.aftersales.commands import DeclineClaim, MakeClaim, SettleClaim
from chalicelib.domain.aftersales.settling import claim_of, claimable, quote_claim, settles_at_once, worth
from chalicelib.domain.errors import Fault, Invalid, NotFound, WrongState
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.orders.events import ClaimDeclined, ClaimMade, ClaimSettled, Event
from chalicelib.domain.orders.lots import batches_in, lots_in
from chalicelib.domain.orders.model import Order
from chalicelib.domain.text import tidy_note
from chalicelib.services.aftersales.photos import Photos
from chalicelib.services.order_changes import change
from chalicelib.services.stage import Clock
from chalicelib.storage.desk.claims import ENDED, OPEN, ClaimEntry
from chalicelib.storage.store import Store

MOST_SHOWN = 100
"""Claims that the desk is shown at once, the oldest first."""
LATEST = 20
"""Claims that it is shown of those that were decided."""
UNWRITTEN = timedelta(minutes=10)
"""How long an entry of a list waits for its claim to be written; the request that made it has ended long before."""


class ClaimFound(msgspec.Struct, frozen=True):
    """A claim with its order."""

    order: Order
    claim: Claim


class Claims:
    """The claims of a shop. Up to `at_once` fen are paid by rule; 0: none are."""

    def __init__(self, store: Store, photos: Photos, clock: Clock, at_once: int = 0) -> None:
        self.store, self.photos, self.clock, self.at_once = store, photos, clock, at_once

    def make(self, order: Order, asked: MakeClaim, key: str) -> tuple[Order, Claim]:
        """Make a claim for the order's buyer, and return both; the same `key` again gives the same.

        Raise Invalid for what cannot be claimed, or for what is no photograph; Busy.
        """
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise Invalid([Fault("/Idempotency-Key", "the header Idempotency-Key: 16 to 64 letters, digits, _ and -")])
        name = hashlib.sha256(f"{order.number} {key}".encode()).hexdigest()[:16]
        if before := claim_of(order, name):
            return order, before
        _refuse(order, asked, claimable(order, self.clock()))
        photos = tuple(self.photos.accept("claim", order.number, asked.photos)) if asked.photos else ()
        lines = tuple(ClaimLine(one.line, one.quantity, one.fault) for one in asked.lines)
        now = self.clock()
        claim = Claim(name, lines, now, photos, tidy_note(asked.words))
        entry = ClaimEntry(now, order.number, name)
        self.store.claims.add(OPEN, entry)
        for batch in _batches(order, claim):
            self.store.claims.add(batch, entry)
        after = self._apply(order.number, ClaimMade(claim))
        made = claim_of(after, name)
        if made is None:
            self.store.claims.strike(OPEN, entry)
            raise WrongState("what is claimed has been claimed or paid back meanwhile, or its time is over")
        if made.is_open and self.at_once and settles_at_once(after, made, self.at_once):
            return self._end(after.number, made, ClaimSettled(made.id, SCHEDULE))
        return after, made

    def settle(self, number: str, claim: str, asked: SettleClaim, by: Actor) -> tuple[Order, Claim]:
        """Pay for a claim, all of it or so much by line, and return it; one that is settled is returned as it is.

        Raise NotFound, Invalid for more than a line comes to, WrongState where it was declined or nothing is left,
        Busy.
        """
        order, found = self._load(number, claim)
        if not found.is_open:
            return _as_wished(order, found, ClaimSettled)
        amounts = None
        if asked.lines is not None:
            most, amounts = worth(order, found), {one.line: one.amount for one in asked.lines}
            faults = [
                Fault(f"/lines/{place}/amount", f"at most {most.get(one.line, 0)} fen")
                for place, one in enumerate(asked.lines)
                if one.amount > most.get(one.line, 0)
            ]
            if len(amounts) < len(asked.lines):
                faults.append(Fault("/lines", "each line once"))
            if faults:
                raise Invalid(faults)
        if not quote_claim(order, found, amounts).amount:
            raise WrongState("nothing is left to be paid for it")
        return self._end(number, found, ClaimSettled(claim, by, amounts, tidy_note(asked.words)))

    def decline(self, number: str, claim: str, asked: DeclineClaim, by: Actor) -> tuple[Order, Claim]:
        """Decline a claim, and return it as it is then; raise NotFound, WrongState where it was settled, Busy."""
        order, found = self._load(number, claim)
        if not found.is_open:
            return _as_wished(order, found, ClaimDeclined)
        return self._end(number, found, ClaimDeclined(claim, asked.reason, by, tidy_note(asked.words)))

    def latest(self) -> list[ClaimFound]:
        """Return the claims that were decided last, the latest first."""
        return [*_found(self.store, self.store.claims.listed(ENDED, LATEST, latest=True), is_open=False)]

    def of_batch(self, sku: str, ship_by: str) -> int:
        """Return how many claims are about units of a batch."""
        entries = self.store.claims.listed(f"{sku}#{ship_by}", MOST_SHOWN)
        return len([*_found(self.store, entries)])

    def _load(self, number: str, claim: str) -> tuple[Order, Claim]:
        order = self.store.orders.load(number)
        found = claim_of(order, claim) if order else None
        if order is None or found is None:
            raise NotFound("there is no such claim")
        return order, found

    def _end(self, number: str, claim: Claim, event: ClaimSettled | ClaimDeclined) -> tuple[Order, Claim]:
        after = self._apply(number, event)
        ended = claim_of(after, claim.id)
        assert ended is not None, "a claim stays in its order"  # noqa: S101 - for the type checker and the reader
        if ended.is_open or ended.ended is None:
            raise WrongState("nothing is left to be paid for it")
        self.store.claims.add(ENDED, ClaimEntry(ended.ended, number, claim.id))
        self.store.claims.strike(OPEN, ClaimEntry(claim.at, number, claim.id))
        return _as_wished(after, ended, type(event))

    def _apply(self, number: str, event: Event) -> Order:
        return change(self.store, self.clock, number, lambda _: event)


def open_claims(store: Store, clock: Clock) -> list[ClaimFound]:
    """Return the claims that nobody has decided, the oldest first, at most MOST_SHOWN; by a query, without a scan."""
    entries = store.claims.listed(OPEN, MOST_SHOWN)
    found = [*_found(store, entries, is_open=True)]
    there = {ClaimEntry(one.claim.at, one.order.number, one.claim.id) for one in found}
    for entry in entries:  # left behind by a request that was cut off
        if entry not in there and entry.at + UNWRITTEN < clock():
            store.claims.strike(OPEN, entry)
    return found


def _found(store: Store, entries: Sequence[ClaimEntry], is_open: bool | None = None) -> Iterable[ClaimFound]:
    orders = {one.number: one for one in store.orders.load_many(dict.fromkeys(one.number for one in entries))}
    for entry in entries:
        claim = claim_of(orders[entry.number], entry.claim) if entry.number in orders else None
        if claim and is_open in (None, claim.is_open) and entry.at in (claim.at, claim.ended):
            yield ClaimFound(orders[entry.number], claim)


def claimed_batches(order: Order, claim: Claim) -> list[tuple[str, str]]:
    """Return the batches that units of a claim may come from, by SKU and day."""
    lines = {one.line for one in claim.lines}
    lots = [lot for some in lots_in(order).values() for lot in some if lot.line in lines]
    return [(sku, day.isoformat()) for sku, day in batches_in(order, lots)]


def _batches(order: Order, claim: Claim) -> list[str]:
    return [f"{sku}#{day}" for sku, day in claimed_batches(order, claim)]


def _as_wished(order: Order, claim: Claim, event: type[ClaimSettled] | type[ClaimDeclined]) -> tuple[Order, Claim]:
    """The claim where it ended so; raises WrongState where somebody else was first, and ended it otherwise."""
    if (claim.reason is None) is not (event is ClaimSettled):
        raise WrongState(f"the claim is {claim.state} already")
    return order, claim


def _refuse(order: Order, asked: MakeClaim, there: Sequence[int]) -> None:
    """Raise Invalid, which names each line that cannot be claimed so."""
    faults, taken = [], [0] * len(there)
    for place, wish in enumerate(asked.lines):
        if wish.line >= len(there):
            faults.append(Fault(f"/lines/{place}/line", "the order has no such line"))
            continue
        taken[wish.line] += wish.quantity
        if taken[wish.line] > there[wish.line]:
            sku, left = order.lines[wish.line].sku, there[wish.line]
            faults.append(Fault(f"/lines/{place}/quantity", f"at most {left} can be claimed now", sku=sku, left=left))
    if not asked.photos and any(one.fault != "missing" for one in asked.lines):
        faults.append(Fault("/photos", "at least one photograph"))
    if faults:
        raise Invalid(faults)
