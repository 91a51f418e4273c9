"""What rooms keep of people beside their orders, each as a part of what a person sees, and has forgotten.

**To keep something new of people, write its part, name it in `parts_of`**, and put its items into
infra/docs/privacy/personal-data.md.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any, Literal, TypeGuard

import msgspec

from chalicelib.domain.aftersales.invoices import InvoiceForgotten, InvoiceState, decide
from chalicelib.domain.conflicts import TRIES, Stale, retrying
from chalicelib.domain.contact import owner
from chalicelib.domain.orders.model import Order
from chalicelib.domain.voices import signup
from chalicelib.domain.voices.signup import OPEN_FOR, Signup, SignupConfirmed
from chalicelib.domain.waitlist import Waiter
from chalicelib.services.aftersales.photos import Photos
from chalicelib.services.stage import Stage
from chalicelib.services.voices.forgetting import forget, voices_of
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

Goes = Literal["now", "later", "tax", "never"]
"""When something goes that a person asks to be forgotten: at once, when the law of orders allows it, when that of
invoices does, or never since it tells of nobody."""


class KeptFact(msgspec.Struct, frozen=True):
    """Something that is kept of a person: what it is (pages have words for that), its value, and when it goes."""

    what: str
    value: Any
    goes: Goes


class PersonalPart:
    """What one room keeps of the buyer of an order, or of whoever has a contact (domain/contact.py).

    An order's own link opens what is kept with the order; what is kept with a contact is for whoever proves that it is
    theirs, since anybody can type a number into an order. What a part does not say is nothing.
    """

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return what it is."""
        return ()

    def forget(self, whose: Order | str) -> None:
        """Delete what no law has the shop keep; the same again changes nothing. Raise Busy."""

    def expunge(self, order: Order) -> None:
        """Delete all that tells of the order's buyer, since its time is over; the same again changes nothing."""

    def is_open(self, order: Order) -> bool:
        """Return whether something has not ended for which the order's buyer must be known."""
        return False


class Places(PersonalPart):
    """Places on the waitlists of what the catalogue has; they end by themselves some time later."""

    def __init__(self, stage: Stage, store: Store, waitlist: Waitlist) -> None:
        self.stage, self.store, self.waitlist = stage, store, waitlist

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return the places of a contact."""
        for one in self._of(whose):
            wish = {"sku": one.sku, "contact": one.contact, "quantity": one.wish.quantity, "state": one.state}
            yield KeptFact("waitlist", wish, "now")

    def forget(self, whose: Order | str) -> None:
        """Give them up, and delete them."""
        for one in self._of(whose):
            self.waitlist.forget(one.number)

    def _of(self, whose: Order | str) -> list[Waiter]:
        if isinstance(whose, Order):
            return []
        keys, skus = self.stage.keys, self.stage.catalog.packs
        return self.store.waitlist.load_many(number for sku in skus for number in keys.places(sku, owner(whose)))


class ClaimsOfOrder(PersonalPart):
    """What a buyer says was wrong, in words and photographs: a record of the sale, and kept as long as that is.

    The words stand in the order and go with its name (domain/voices/forgetting.py); here go the photographs.
    """

    def __init__(self, photos: Photos) -> None:
        self.photos = photos

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return the claims of an order that say something."""
        for one in whose.claims if isinstance(whose, Order) else ():
            if one.words or one.photos or one.reply:
                told = {"at": one.at.isoformat(), "words": one.words, "reply": one.reply, "photos": len(one.photos)}
                yield KeptFact("claims", told, "later")

    def expunge(self, order: Order) -> None:
        """Delete the photographs, also those that no claim has, since it was cut off."""
        self.photos.forget("claim", order.number)

    def is_open(self, order: Order) -> bool:
        """Return whether a claim waits to be decided."""
        return any(one.is_open for one in order.claims)


class Voiced(PersonalPart):
    """Reviews of an order with their photographs, and stories of whoever has a contact."""

    def __init__(self, stage: Stage, store: Store, photos: Photos) -> None:
        self.stage, self.store, self.photos = stage, store, photos

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return what they have said."""
        by = {"order": whose} if isinstance(whose, Order) else {"contact": whose}
        for one in self.store.voices.load_many(voices_of(self.store, self.stage.keys, **by)):
            told = {"name": one.name, "city": one.city, "words": one.words, "state": one.state}
            if one.order:
                yield KeptFact(
                    "reviews", {"sku": one.sku, "stars": one.stars, **told, "photos": len(one.photos)}, "now"
                )
            else:
                yield KeptFact("stories", {"title": one.title, **told, "contact": one.contact}, "now")

    def forget(self, whose: Order | str) -> None:
        """Take it out of the shop's pages, and delete it."""
        if isinstance(whose, Order):
            forget(self.store, self.stage.keys, order=whose)
            self.photos.forget("review", whose.number)
        else:
            forget(self.store, self.stage.keys, contact=whose)

    def expunge(self, order: Order) -> None:
        """Delete the reviews of the order."""
        self.forget(order)


class Subscription(PersonalPart):
    """The newsletter of whoever has a mailbox, and what they have asked for and not confirmed."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return by which addresses it goes out, or would."""
        names = self.stage.keys.pseudonyms("newsletter", owner(whose)) if _is_mailbox(whose) else []
        found = [one for name in names if (one := self.store.readers.load(name))]
        addresses = [*(one.email for one in found), *(one.email for one in self._asked(whose))]
        return [KeptFact("newsletter", address, "now") for address in dict.fromkeys(addresses)]

    def forget(self, whose: Order | str) -> None:
        """Send no more, and use up the links that would begin it."""
        for name in self.stage.keys.pseudonyms("newsletter", owner(whose)) if _is_mailbox(whose) else ():
            self.store.readers.remove(name)
        for one in self._asked(whose):
            retrying(TRIES, "others change it at the same time: ask again", partial(self._end, one.number))

    def _asked(self, whose: Order | str) -> list[Signup]:
        if not _is_mailbox(whose):
            return []
        keys, days = self.stage.keys, [self.stage.today - timedelta(days=n) for n in range(OPEN_FOR.days + 2)]
        numbers = (number for day in days for number in keys.numbers("signup", day.isoformat(), owner(whose)))
        return [one for one in self.store.readers.signups.load_many(numbers) if one.email]

    def _end(self, number: str) -> bool | None:
        before = self.store.readers.signups.load(number)
        after = before and signup.decide(before, SignupConfirmed(), self.stage.clock())
        if before is None or after is None or after is before:
            return True
        try:
            self.store.commit(Transaction().save(before, after))
        except Stale:
            return None
        return True


class InvoiceOfOrder(PersonalPart):
    """Whom an invoice is for, and where it was sent.

    One that nobody has issued yet goes with the wish to be forgotten. Of one that was issued, the address goes then;
    title and tax number stay for the five years that the law asks, and then the item goes by itself.
    """

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def kept(self, whose: Order | str) -> Iterable[KeptFact]:
        """Return what an order's invoice says of whoever asked for it."""
        found = self.store.invoices.load(whose.number) if isinstance(whose, Order) else None
        if found:
            issued = found.state is InvoiceState.ISSUED
            named = {"title": found.wish.title, "tax_number": found.wish.tax_number, "number": found.issued_as}
            told = {name: value for name, value in named.items() if value}
            yield KeptFact("invoice", told, "tax" if issued else "now")
            if found.wish.email:
                yield KeptFact("invoice_email", found.wish.email, "now")

    def forget(self, whose: Order | str) -> None:
        """Delete what no law has the shop keep of an order's invoice."""
        if isinstance(whose, Order):
            number = whose.number
            retrying(TRIES, "others change this invoice at the same time: ask again", lambda: self._forget(number))

    def expunge(self, order: Order) -> None:
        """Delete the same: what was issued has a time of its own."""
        self.forget(order)

    def _forget(self, number: str) -> bool | None:
        before = self.store.invoices.load(number)
        if before is None:
            return True
        if before.state is InvoiceState.ASKED:
            return self.store.invoices.delete(before) or None
        after = decide(before, InvoiceForgotten(), self.stage.clock())
        if after is before:
            return True
        try:
            self.store.commit(Transaction().save(before, after))
        except Stale:
            return None
        return True


def parts_of(stage: Stage, store: Store, waitlist: Waitlist, photos: Photos) -> tuple[PersonalPart, ...]:
    """Return the parts of a shop."""
    return (
        Places(stage, store, waitlist),
        ClaimsOfOrder(photos),
        Voiced(stage, store, photos),
        Subscription(stage, store),
        InvoiceOfOrder(stage, store),
    )


def _is_mailbox(whose: Order | str) -> TypeGuard[str]:
    return isinstance(whose, str) and "@" in whose
