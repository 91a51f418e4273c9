"""The ledger: what has moved between the shop and its payment providers, entry by entry. Pure rules, no I/O.

Each entry follows from an order, or from money that fits nowhere, as it stands: so it is the same however often it is
written, and nothing is counted that could be counted twice. A provider's statement is held against it.
"""

from collections.abc import Iterator
from datetime import date, datetime

from chalicelib.domain.aggregate import Aggregate, Stored
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.model import Order, RefundReason, RefundState, State
from chalicelib.domain.payments.news import CURRENCY, DisputeState, RowKind
from chalicelib.domain.payments.strays import Stray, StrayState, number_of


class LedgerEntry(Stored, frozen=True, kw_only=True):
    """`amount` in `currency` that moved at `provider`: a payment, a refund, or what a dispute takes or brings.

    `id` names it among those of its kind: the provider's payment, our key of a refund, a dispute with its state. `at`
    is when the shop has heard of it, or has asked for it. `order` is empty while the money fits nowhere. `state` is
    that of a refund or a dispute, `refund` the provider's id of a refund.
    """

    kind: RowKind
    provider: str
    id: str
    payment: str
    amount: int
    at: datetime
    currency: str = CURRENCY
    order: str = ""
    reference: str = ""
    state: str = ""
    refund: str = ""

    @property
    def day(self) -> date:
        """The village's day in whose books it stands."""
        return village_day(self.at)

    @property
    def counts(self) -> bool:
        """Whether money has moved, or is to: of a refund that failed nothing ever does."""
        return self.state != RefundState.FAILED


class Billed(Stored, frozen=True):
    """What the provider's statement of `day` says of an entry, in its line `line`; `fee` is what it kept of it."""

    day: date
    line: int
    amount: int
    fee: int = 0
    fee_currency: str = CURRENCY


def entries(aggregate: Aggregate | None) -> tuple[LedgerEntry, ...]:
    """Return the entries of an order or of stray money as it stands; none of anything else."""
    if isinstance(aggregate, Order):
        return tuple(_of_order(aggregate))
    return tuple(_of_stray(aggregate)) if isinstance(aggregate, Stray) else ()


def _of_order(order: Order) -> Iterator[LedgerEntry]:
    came: set[str] = set()
    if order.payment is not None and not _was_stray(order, order.provider, order.payment):
        at = next((entry.at for entry in order.history if entry.event is State.PAID), order.placed)
        yield LedgerEntry(
            kind=RowKind.PAYMENT,
            provider=order.provider,
            id=order.payment,
            payment=order.payment,
            amount=order.total,
            at=at,
            order=order.number,
            reference=order.reference,
        )
    for refund in order.refunds:
        provider = order.provider_of(refund)
        other = refund.payment not in {order.payment, *came} and refund.reason is not RefundReason.CONSOLE
        if other and not _was_stray(order, provider, refund.payment):
            came.add(refund.payment)
            yield LedgerEntry(
                kind=RowKind.PAYMENT,
                provider=provider,
                id=refund.payment,
                payment=refund.payment,
                amount=refund.paid or order.total,
                at=refund.at,
                order=order.number,
                reference=refund.reference,
            )
        yield LedgerEntry(
            kind=RowKind.REFUND,
            provider=provider,
            id=refund.key,
            payment=refund.payment,
            amount=refund.amount,
            at=refund.at,
            order=order.number,
            reference=refund.reference,
            state=refund.state,
            refund=refund.id,
        )
    for dispute in order.disputes:
        if dispute.state is DisputeState.LOST:
            continue  # what was claimed has moved already, when the dispute was opened
        yield LedgerEntry(
            kind=RowKind.DISPUTE,
            provider=order.provider,
            id=f"{dispute.dispute}-{dispute.state}",
            payment=order.payment or "",
            amount=dispute.amount,
            at=dispute.at,
            order=order.number,
            state=dispute.state,
        )


def _was_stray(order: Order, provider: str, payment: str) -> bool:
    """Whether a person has booked it to the order: then it stands in the ledger since it came."""
    return f"stray-{number_of(provider, payment)}" in order.events


def _of_stray(stray: Stray) -> Iterator[LedgerEntry]:
    yield LedgerEntry(
        kind=RowKind.PAYMENT,
        provider=stray.provider,
        id=stray.payment,
        payment=stray.payment,
        amount=stray.amount,
        at=stray.seen,
        currency=stray.currency,
        order=stray.order,
        reference=stray.reference,
    )
    if stray.decided and stray.state is not StrayState.BOOKED:
        yield LedgerEntry(
            kind=RowKind.REFUND,
            provider=stray.provider,
            id=stray.key,
            payment=stray.payment,
            amount=stray.amount,
            at=stray.decided,
            currency=stray.currency,
            reference=stray.reference,
            state=REFUND_OF[stray.state],
        )


REFUND_OF = {
    StrayState.OPEN: RefundState.FAILED,
    StrayState.GOING_BACK: RefundState.ASKED,
    StrayState.RETURNED: RefundState.DONE,
}
"""How the refund of stray money goes that a person has decided to give back."""
