"""Prices and goods at the desk: what may be changed at once of a SKU, as amendments of what the catalogue says."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from chalicelib.catalog import Catalog, shown
from chalicelib.domain.actor import Actor
from chalicelib.domain.conflicts import TRIES, retrying
from chalicelib.domain.desk.plan_commands import Amend
from chalicelib.domain.errors import ChangedMeanwhile, Fault, Invalid, NotFound
from chalicelib.domain.stock.amendments import Amended, Amendment, Offer, ever_offered, in_force, offered, said
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.allocation import Stock
from chalicelib.services.stage import Stage
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.store import Store

BOUNDS = {
    Amended.PRICE: (1, 10_000_000),
    Amended.PER_ORDER: (1, 20),
    Amended.PER_BUYER: (0, 20),
    Amended.SHELF: (0, 1),
}
"""What each may be; as in the catalogue."""


class Good(msgspec.Struct, frozen=True):
    """A SKU as the desk sees it: what is offered of it, its amendments in force, what is left, its drops, who waits.

    `invited` units are held for people who are invited to buy them.
    """

    sku: str
    offer: Offer
    amendments: dict[Amended, Amendment]
    left: int
    drops: tuple[Drop, ...]
    waiting: int
    invited: int


class GoodsDesk:
    """What the desk may change of the goods of a shop."""

    def __init__(self, stage: Stage, store: Store, stock: Stock, waitlist: Waitlist) -> None:
        self.stage, self.store, self.stock, self.waitlist = stage, store, stock, waitlist
        self.catalog = stage.catalog

    def see(self) -> list[Good]:
        """Return every SKU of the catalogue as it is offered now; one read each."""
        return [self._see(sku) for sku in self.catalog.packs]

    def amend(self, sku: str, what: Amended, asked: Amend, by: Actor) -> Good:
        """Amend what the catalogue says of a SKU, or take the amendment back; the same again changes nothing.

        Raise NotFound, Invalid, and ChangedMeanwhile where the catalogue, or somebody else, says another value by now.
        """
        self._check(sku, what, asked)
        now = self.stage.clock()
        until = asked.until if asked.to != asked.of else None
        wanted = Amendment(what, asked.to, asked.of, now, by, until)

        def attempt() -> bool | None:
            before = self.store.amendments.load(sku)
            held = in_force(self.catalog, sku, before, now)
            was = held.get(what)
            value = was.to if was else asked.of
            if (value, was.until if was else None) == (asked.to, until):
                return True
            if value not in (asked.seen, asked.to):
                raise ChangedMeanwhile(f"{sku}: somebody else has just made it {value}", value)
            others = tuple(one for one in held.values() if one.what != what)
            after = others if asked.to == asked.of else (*others, wanted)
            keep_evidence(self.catalog, self.store, sku, after)
            return self.store.amendments.change(sku, before, after) or None

        retrying(TRIES, "others change it at the same time: ask again", attempt)
        self.stock.forget([sku])
        if what is Amended.SHELF and asked.to:
            self.waitlist.try_to_serve([sku])
        return self._see(sku)

    def _check(self, sku: str, what: Amended, asked: Amend) -> None:
        if sku not in self.catalog.packs:
            raise NotFound(f"{sku} is not sold here")
        says = said(self.catalog, sku)[what]
        if asked.of != says:
            raise ChangedMeanwhile(f"{sku}: the catalogue says {says} by now", says)
        first, last = BOUNDS[what]
        if not first <= asked.to <= last:
            raise Invalid([Fault("/to", f"a whole number from {first} to {last}")])
        if asked.until is not None and asked.until <= self.stage.clock():
            raise Invalid([Fault("/until", "an instant to come; leave it out for none")])

    def _see(self, sku: str) -> Good:
        view, now = self.stock.look(sku), self.stage.clock()
        shelf_drops = tuple(drop for drop in view.drops if now < drop.closes)
        return Good(
            sku,
            offered(self.catalog, sku, view.amendments, now),
            in_force(self.catalog, sku, view.amendments, now),
            view.left,
            shelf_drops,
            view.waiting,
            view.invited,
        )


def put_away(catalog: Catalog, store: Store, sku: str, seen: Sequence[Amendment], now: datetime) -> None:
    """Put away what is in force no more, so that no later build brings it back; nothing where it has changed since."""
    alive = tuple(in_force(catalog, sku, seen, now).values())
    if len(alive) < len(seen):
        store.amendments.change(sku, seen, alive)


def keep_evidence(catalog: Catalog, store: Store, sku: str, amendments: Sequence[Amendment]) -> None:
    """Store what is said of a product while these amendments hold: orders point at it, as long as the law requires."""
    for product in ever_offered(catalog, sku, amendments):
        store.orders.keep_shown(*shown(catalog, product))


def amended(catalog: Catalog, store: Store, now: datetime) -> list[tuple[str, Amendment]]:
    """Return every amendment that is in force beside this catalogue, by SKU; one read each."""
    found = ((sku, in_force(catalog, sku, store.amendments.load(sku), now)) for sku in catalog.packs)
    return [(sku, one) for sku, held in found for one in held.values()]
