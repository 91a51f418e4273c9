"""Waiting for what is sold out: asking for a place, confirming it, being invited, giving up.

The use cases of waitlist.py's rules.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from chalicelib.catalog import pack_name
from chalicelib.domain.calendar import closes, village_day
from chalicelib.domain.commands import JoinWaitlist, PlaceOrder
from chalicelib.domain.conflicts import TRIES, Stale, retrying
from chalicelib.domain.contact import is_phone, owner
from chalicelib.domain.errors import (
    Busy,
    Fault,
    Invalid,
    ListFull,
    NoLetters,
    NoSms,
    NotFound,
    OnSale,
    Unauthorized,
    WrongState,
)
from chalicelib.domain.keys import NUMBER
from chalicelib.domain.stock.amendments import offered
from chalicelib.domain.waitlist import (
    ENDED,
    MOST_WAITING,
    Asked,
    Confirmed,
    Deadlines,
    GaveUp,
    Invited,
    Lapsed,
    LeftCatalogue,
    Waiter,
    WaiterState,
    Wish,
    asked_for,
    decide,
    invitation,
)
from chalicelib.services.allocation import Stock, Unavailable
from chalicelib.services.checkout import Checkout, Placed
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

log = logging.getLogger("cunbo")

MOST_TURNS = 500
"""How many steps of serving a list are taken at once; the next minute goes on."""


class Waitlist:
    """The waitlists of a shop."""

    def __init__(self, stage: Stage, store: Store, stock: Stock, checkout: Checkout) -> None:
        self.stage, self.store, self.stock, self.checkout = stage, store, stock, checkout
        self.catalog, self.keys, self.clock = stage.catalog, stage.keys, stage.clock

    def join(self, asked: JoinWaitlist) -> None:
        """Give a place that counts once the link that it is sent is opened; whoever has one gets its link again.

        The answer tells nobody else who waits: the link comes by letter or text message alone. How many go to one
        mailbox or number is for whoever sends them (jobs/): a refusal here would let a stranger bar its owner. Raise
        Invalid, OnSale where nobody has to wait, NoLetters, NoSms, Busy.
        """
        self._must_be_sold(asked)
        now = self.clock()
        self._must_be_told(asked)
        detail = "others change this list at the same time: ask again"
        retrying(TRIES, detail, lambda: self._ask(asked, now) or None)

    def open(self, number: str, token: str) -> Waiter:
        """Return the place that the token opens; opened for the first time it takes its rank in the line.

        Its letter has reached whoever has its link. Raise Unauthorized, NotFound, ListFull, Busy.
        """

        def attempt() -> Waiter | None:
            before = self.get(number, token)
            if self._has_left(before):
                return self.get(number, token) if self._end(before) else None
            after = decide(before, Confirmed(), self.clock())
            if after is before:
                return before
            if self.store.waitlist.join(before, after):
                self.try_to_serve([after.sku])  # units may have come back since the place was asked for
                return self.get(number, token)
            if self.store.waitlist.queue(after.sku).count >= MOST_WAITING:
                raise ListFull("so many wait for it already that it would be in vain")
            return None

        return retrying(TRIES, "others change this list at the same time: ask again", attempt)

    def get(self, number: str, token: str) -> Waiter:
        """Return the place that the token opens, as it is; raise Unauthorized, NotFound."""
        if not NUMBER.fullmatch(number) or not self.keys.opens(number, token):
            raise Unauthorized("this place needs its own token: open it by the link that you were sent")
        waiter = self.store.waitlist.load(number)
        if waiter is None or waiter.is_gone(self.clock()):
            raise NotFound("there is no such place any more")
        return waiter

    def take(self, waiter: Waiter, command: PlaceOrder, key: str) -> Placed:
        """Order what the place is invited to, once for each key; then it is the next one's turn.

        Also where all of it is ordered: as much more of the batch may be offered to the list.

        Raise InvitationOver, and what `Checkout.place` does.
        """
        taken = self.checkout.place(command, key, waiter.number)
        self.try_to_serve([waiter.sku])
        return taken

    def give_up(self, number: str, token: str) -> Waiter:
        """Give up the place, or its invitation, however often it is asked; return the place as it is then.

        Raise Unauthorized, NotFound, WrongState where it was taken, Busy.
        """

        def attempt() -> Waiter | None:
            before = self.get(number, token)
            if before.state is WaiterState.TAKEN:
                raise WrongState("what it was for has been ordered: cancel the order instead")
            after = decide(before, GaveUp(), self.clock())
            return after if after is before or self._leave(before, after) else None

        return retrying(TRIES, "others change this place at the same time: ask again", attempt)

    def forget(self, number: str) -> None:
        """Give a place up, so that it is the next one's turn, and delete it; again changes nothing. Raise Busy."""

        def attempt() -> bool | None:
            before = self.store.waitlist.load(number)
            if before is None:
                return True
            after = decide(before, GaveUp(), self.clock())
            if after is before:
                return self.store.waitlist.delete(before) or None
            self._leave(before, after)
            return None

        retrying(TRIES, "others change this place at the same time: ask again", attempt)

    def lapse(self, waiter: Waiter) -> None:
        """End an invitation whose time is over, if it is still as it was read; raise Stale."""
        after = decide(waiter, Lapsed(), self.clock())
        if after is not waiter:
            self.serve(self.store.commit(Transaction().save(waiter, after)))

    def close(self, skus: Iterable[str]) -> None:
        """End every place on the lists of SKUs that have left the catalogue, tell who has them, free what is kept.

        The places in line first, so that what those who are invited had is kept for nobody. What is left to do the next
        minute does. Raise Busy.
        """
        gone = {sku for sku in skus if sku not in self.catalog.packs}
        if not gone:
            return
        invited = [one for each in self.store.waitlist.due() for one in each if one.state is WaiterState.INVITED]
        for sku in sorted(gone):
            places = [entry.number for entry in islice(self.store.waitlist.line(sku), MOST_TURNS)]
            for number in [*places, *(one.number for one in invited if one.sku == sku)]:
                waiter = self.store.waitlist.load(number)
                if waiter and self._has_left(waiter):
                    self._end(waiter)
        self.serve(gone)

    def serve(self, skus: Iterable[str]) -> None:
        """Give what is kept to those whom it fits, the first in line first; the rest goes on sale. Raise Busy."""
        for sku in skus:
            for _ in range(MOST_TURNS):
                if not self._serve(sku):
                    break

    def try_to_serve(self, skus: Iterable[str]) -> None:
        """Serve those who wait for what has just come free; what cannot be done now, the sweep does."""
        try:
            self.serve(skus)
        except Busy:
            log.warning("waitlist: busy just now, left to the sweep")

    def _must_be_told(self, asked: JoinWaitlist) -> None:
        """Raise NoLetters, NoSms where nobody at that contact could be invited."""
        settings = self.stage.settings
        if not is_phone(asked.contact):
            if not settings.mail_from:
                raise NoLetters("this shop sends no letters yet, so it could not invite anybody")
        elif not settings.sms_by:
            raise NoSms("this shop sends no text messages yet: leave an e-mail address")
        elif self.store.limits.sms_ended(self.stage.today):
            raise NoSms("this shop has sent as many text messages as it does in a day: leave an e-mail address")

    def _must_be_sold(self, asked: JoinWaitlist) -> None:
        """Raise Invalid where the shop does not sell it, or not so much in one order; WrongState where it is off."""
        if asked.sku not in self.catalog.packs:
            raise Invalid([Fault("/sku", f"{asked.sku} is not sold here", sku=asked.sku)])
        offer = self.stock.offer(self.catalog, asked.sku)
        product = offer.product
        if offer.off:
            raise WrongState(f"{asked.sku} is off the shelf for now: nobody can be told when there are units again")
        if asked.quantity > product.per_order:
            raise Invalid([Fault("/quantity", f"at most {product.per_order} units of {asked.sku} in one order")])

    def _ask(self, asked: JoinWaitlist, now: datetime) -> bool:
        """Whether it could be done; not where others have changed the same since it was read."""
        product, pack = self.catalog.product_of[asked.sku], self.catalog.packs[asked.sku]
        wish = Wish(asked.quantity, asked.fewer, asked.lang, pack_name(product, pack, asked.lang))
        numbers = self.keys.places(asked.sku, owner(asked.contact))
        before = next(filter(None, map(self.store.waitlist.load, numbers)), None)
        if before is None or before.state in ENDED or before.is_gone(now):
            self._must_be_sold_out(asked)
        if before:
            after = decide(before, Asked(wish, asked.contact), now)
            return after is before or self._committed(Transaction().save(before, after))
        new = Waiter(number=numbers[0], sku=asked.sku, contact=asked.contact, wish=wish, joined=now, since=now)
        return self._committed(Transaction().create(asked_for(new, now)))

    def _must_be_sold_out(self, asked: JoinWaitlist) -> None:
        """Raises OnSale where a walk-in would get it, ended holds included."""
        self.stock.forget([asked.sku])
        try:
            self.stock.allocate([(asked.sku, asked.quantity)])
            left = max(self.stock.view(asked.sku).left, asked.quantity)
        except Unavailable as refused:
            left = refused.left[asked.sku] if asked.fewer else 0
        if left:
            words = f"{left} left: they can be bought"
            raise OnSale("it is not sold out", [Fault("/sku", words, sku=asked.sku, left=left)])

    def _has_left(self, waiter: Waiter) -> bool:
        """Whether it waits for, or is invited to, what the catalogue has no more."""
        return waiter.sku not in self.catalog.packs and waiter.state not in ENDED

    def _end(self, before: Waiter) -> bool:
        """End a place for what is sold no more; whether it was as it was read."""
        return self._leave(before, decide(before, LeftCatalogue(), self.clock()))

    def _leave(self, before: Waiter, after: Waiter) -> bool:
        if before.state is WaiterState.WAITING:
            return self.store.waitlist.leave(before, after)
        return self._committed(Transaction().save(before, after))

    def _committed(self, transaction: Transaction) -> bool:
        try:
            waited = self.store.commit(transaction)
        except Stale:
            return False
        self.serve(waited)
        return True

    def _serve(self, sku: str) -> bool:
        """One step, if the line and what is kept for it are as they were seen; whether there may be more to do."""
        queue = self.store.waitlist.queue(sku)
        now, calendar = self.clock(), self.catalog.shop.calendar
        shelf = self.store.stock.settle(sku, village_day(now))
        batches, sold = shelf.batches, sku in self.catalog.packs  # who waits for what has left is told by `close`
        if sold and offered(self.catalog, sku, shelf.amendments, now).off:
            return False  # what is kept for those who wait stays so until it is back on the shelf
        line = self.store.waitlist.line(sku) if queue.count and sold else ()
        deadlines = Deadlines(now, self.stage.settings.hold, lambda day: closes(day, calendar))
        turn = invitation(sku, line, batches, deadlines)
        if turn:
            before = self.store.waitlist.load(turn.number)
            after = decide(before, Invited(turn.parts, turn.until), now) if before else None
            if before and after and after is not before:
                self.store.waitlist.invite(before, after, turn.kept, queue)
            return True
        kept = [batch for batch in batches if batch.kept]
        for batch in kept:
            self.store.stock.put_kept_on_sale(sku, batch, queue)
        return bool(kept)
