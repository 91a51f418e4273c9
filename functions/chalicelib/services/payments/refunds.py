"""Giving money back for the village: by line, of postage, by amount, or for what cannot be sent; once a request."""

import hashlib

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import AskRefund, ReportShort
from chalicelib.domain.conflicts import TRIES, Short, Stale, retrying
from chalicelib.domain.errors import Fault, Invalid, KeyReused, NotFound, WrongState
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.orders.events import RefundAsked, RefundTold
from chalicelib.domain.orders.model import Order, Refund, RefundState
from chalicelib.domain.orders.refunds import quote, quote_short
from chalicelib.domain.orders.transitions import decide
from chalicelib.services.order_changes import change
from chalicelib.services.stage import Clock
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction


class Refunds:
    """Refunds that the village asks for."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def ask(self, number: str, asked: AskRefund | ReportShort, key: str, by: Actor) -> tuple[Order, Refund]:
        """Have what is asked for go back, and return the order and the refund; the same `key` again gives the same.

        What it comes to is decided on the order as it is written, so two who press at once get no more than was paid.
        Raise NotFound, Invalid, WrongState where nothing of it can go back, KeyReused, Busy.
        """
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise Invalid([Fault("/Idempotency-Key", "the header Idempotency-Key: 16 to 64 letters, digits, _ and -")])
        if isinstance(asked, AskRefund) and (asked.amount is None) == (not asked.lines and not asked.postage):
            where = "/lines" if asked.amount is None else "/amount"
            raise Invalid([Fault(where, "either an amount, or lines, postage, or both")])
        request, words = _digest(key.encode()), _digest(msgspec.json.encode(asked))

        def attempt() -> tuple[Order, Refund] | None:
            order = self.store.orders.load(number)
            if order is None:
                raise NotFound("there is no order of this number")
            if before := next((one for one in order.refunds if one.request.startswith(request)), None):
                if before.request != request + words:
                    detail = "it has asked for another refund of this order: take a new one"
                    raise KeyReused(f"the header Idempotency-Key: {detail}", [Fault("/Idempotency-Key", detail)])
                return order, before
            back = quote_short(order, asked) if isinstance(asked, ReportShort) else quote(order, asked)
            refund = msgspec.structs.replace(back, request=request + words, by=by)
            after = decide(order, RefundAsked(refund), self.clock())
            assert after is not order, "what was quoted can be given back"  # noqa: S101 - else it asks for ever
            try:
                self.store.commit(Transaction().save(order, after))
            except (Short, Stale):
                return None
            return after, next(one for one in after.refunds if one.request == refund.request)

        return retrying(TRIES, "others change this order at the same time: ask again", attempt)

    def paid_by_hand(self, number: str, key: str) -> Order:
        """Note that a person has brought back what no provider could, and return the order; again changes nothing.

        Its buyer is told. Raise NotFound, WrongState where the refund waits for nobody, Busy.
        """

        def news(order: Order) -> RefundTold | None:
            refund = next((one for one in order.refunds if one.key == key), None)
            if refund is None:
                raise NotFound("the order has no refund of this name")
            if refund.state is RefundState.DONE:
                return None
            if refund.state is not RefundState.HAND:
                raise WrongState(f"the refund is {refund.state}: no person has to bring it back")
            return RefundTold(key=key, state=RefundState.DONE, payment=refund.payment, id=refund.id)

        return change(self.store, self.clock, number, news)


def _digest(words: bytes) -> str:
    return hashlib.sha256(words).hexdigest()[:16]
