"""Sending again what a buyer has claimed: by an order of its own, at no price, which holds units as any other does.

It is written with the claim's end, so that goods are promised again once, and only what the village can make. It is
packed, shipped and followed like all orders, and its buyer opens it from the claim.
"""

from collections import Counter
from datetime import date

from chalicelib.domain.actor import Actor
from chalicelib.domain.aftersales.claims import Claim, ClaimState
from chalicelib.domain.aftersales.commands import ReplaceClaimed
from chalicelib.domain.aftersales.settling import claim_of
from chalicelib.domain.calendar import first_on_sale
from chalicelib.domain.conflicts import TRIES, Exists, Short, Stale, retrying
from chalicelib.domain.errors import Fault, NotFound, SoldOut, WrongState
from chalicelib.domain.orders.events import ClaimReplaced
from chalicelib.domain.orders.model import HistoryEntry, Order, OrderLine, State
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.promise import TooFew, promise
from chalicelib.domain.text import tidy_note
from chalicelib.services.stage import Stage
from chalicelib.storage.desk.claims import ENDED, OPEN, ClaimEntry
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction


class Replacements:
    """What a shop sends again."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def send(self, number: str, claim: str, asked: ReplaceClaimed, by: Actor) -> tuple[Order, Claim]:
        """Send the goods of a claim again, from the earliest batches, and return its order and the claim as it is then.

        One that was replaced already is returned as it is. Raise NotFound, WrongState where it ended otherwise or the
        address is forgotten, SoldOut where the batches hold too little, Busy.
        """

        def attempt() -> tuple[Order, Claim] | None:
            order = self.store.orders.load(number)
            found = claim_of(order, claim) if order else None
            if order is None or found is None:
                raise NotFound("there is no such claim")
            if not found.is_open:
                if found.state is not ClaimState.SETTLED or not found.replaced_by:
                    raise WrongState(f"the claim is {found.state} already")
                return order, found
            if not order.ship_to.street:
                raise WrongState("where it went is forgotten: nothing can be sent there")
            fresh = self._order(order, found, by)
            event = ClaimReplaced(claim, fresh.number, fresh.ship_by, by, tidy_note(asked.words))
            after = decide(order, event, self.stage.clock())
            ended = claim_of(after, claim)
            if ended is None or ended.is_open:
                raise WrongState(f"of an order that is {order.state} nothing is sent again")
            try:
                self.store.commit(Transaction().create(fresh).save(order, after))
            except (Exists, Short, Stale):
                return None
            return after, ended

        after, ended = retrying(TRIES, "others change this order at the same time: ask again", attempt)
        if ended.ended:
            self.store.claims.add(ENDED, ClaimEntry(ended.ended, number, claim))
            self.store.claims.strike(OPEN, ClaimEntry(ended.at, number, claim))
        return after, ended

    def _order(self, order: Order, claim: Claim, by: Actor) -> Order:
        now = self.stage.clock()
        first = first_on_sale(now, self.stage.catalog.shop.calendar)
        units: Counter[int] = Counter()
        for one in claim.lines:
            units[one.line] += one.quantity
        return Order(
            number=self.stage.keys.numbers("replacement", order.number, claim.id)[0],
            state=State.PAID,
            placed=now,
            pay_by=now,
            lines=tuple(self._line(order.lines[line], count, first) for line, count in sorted(units.items())),
            postage=0,
            total=0,
            ship_to=order.ship_to,
            lang=order.lang,
            provider=order.provider,
            fingerprint="",
            history=(HistoryEntry(now, State.PAID, by),),
            email=order.email,
            lookup=order.lookup,
            mail_lookup=order.mail_lookup,
            recipient=order.recipient,
            replaces=order.number,
        )

    def _line(self, line: OrderLine, units: int, first: date) -> OrderLine:
        """The same goods at no price, from the SKU's own batches; no limit counts what was bought before."""
        try:
            parts = promise(units, self.store.stock.batches(line.sku, first))
        except TooFew as few:
            faults = [Fault("/sku", f"{few.left} left", sku=line.sku, left=few.left)]
            raise SoldOut("too few are made to send it again", faults) from few
        return OrderLine(line.sku, units, 0, parts, name=line.name, shown=line.shown, no_return=line.no_return)
