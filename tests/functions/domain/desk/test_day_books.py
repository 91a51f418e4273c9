"""The sums of a day against a brute force over the same orders: whatever was sold, given back, claimed or stray."""

from collections import Counter

import msgspec
from chalicelib.domain.desk.day_books import BookSums, sums_of, total
from chalicelib.domain.orders.model import (
    DisputeEntry,
    HistoryEntry,
    Order,
    Refund,
    RefundLine,
    RefundReason,
    RefundState,
    State,
)
from chalicelib.domain.payments.ledger import Billed, LedgerEntry, entries
from chalicelib.domain.payments.news import DisputeState, Money, RowKind
from chalicelib.domain.payments.strays import stray
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.domain.desk.orders import order_of
from tests.functions.helpers.world import JAR, NOON, POT, TODAY

FEW = settings(max_examples=30, deadline=None)
AT = [HistoryEntry(NOON, State.PAID)]
STATES = [RefundState.DONE, RefundState.ASKED, RefundState.FAILED]
WHY = [RefundReason.SELLER, RefundReason.SHORT, RefundReason.CONSOLE]


@st.composite
def orders(draw: st.DrawFn, number: int) -> Order:
    """A paid order of whatever money can become of it."""
    lines = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5_000)), min_size=1, max_size=2))
    order = order_of(draw(st.sampled_from([0, 600])), *lines)
    provider, room = draw(st.sampled_from(["wechat", "alipay"])), draw(st.sampled_from([None, "cabbage-1"]))
    left, refunds = order.total, []
    for n in range(draw(st.integers(0, 3))):
        state, reason = draw(st.sampled_from(STATES)), draw(st.sampled_from(WHY))
        amount = draw(st.integers(1, left)) if left else 0
        if amount:
            named = (RefundLine(0, 1),) if draw(st.booleans()) and amount <= lines[0][1] else ()
            refunds.append(Refund(f"{number}-{n}", f"pay-{number}", amount, NOON, state, reason, lines=named))
            left -= amount if state is not RefundState.FAILED else 0
    if draw(st.booleans()):  # it was paid twice, and that goes back
        again = RefundReason.AGAIN
        refunds.append(Refund(f"{number}-9", f"again-{number}", order.total, NOON, RefundState.DONE, again))
    dispute = draw(st.sampled_from([None, DisputeState.OPEN, DisputeState.WON, DisputeState.LOST]))
    disputes = (DisputeEntry("d", 100, dispute, NOON),) if dispute else ()
    return msgspec.structs.replace(
        order,
        **{"number": f"{number:020}", "provider": provider, "room": room, "signed": draw(st.booleans())},
        **{"payment": f"pay-{number}", "refunds": tuple(refunds), "disputes": disputes, "history": tuple(AT)},
    )


@FEW
@given(st.lists(st.integers(0, 6), max_size=6, unique=True).flatmap(lambda ns: st.tuples(*map(orders, ns))), st.data())
def test_the_sums_are_those_of_a_brute_force(sold: tuple[Order, ...], data: st.DataObject) -> None:
    nowhere = stray("wechat", Money(event="e", reference="?", payment="p", amount=777, currency="CNY"), NOON)
    told = [entry for one in (*sold, nowhere) for entry in entries(one)]
    fees = [data.draw(st.integers(0, 30)) for _ in told]
    lines = [
        (entry, Billed(TODAY, 1, entry.amount, fee) if fee else None) for entry, fee in zip(told, fees, strict=True)
    ]
    sums = sums_of(lines, {one.number: one for one in sold}, {JAR: "a", POT: "b"}.__getitem__)
    again = sum(1 for one in sold for refund in one.refunds if refund.reason is RefundReason.AGAIN)
    doubled = sum(one.total for one in sold for refund in one.refunds if refund.reason is RefundReason.AGAIN)
    back = [refund for one in sold for refund in one.refunds if refund.state is not RefundState.FAILED]
    assert sums.of("came") == sum(one.total for one in sold) + doubled + 777
    assert sums.of("payments") == len(sold) + again + 1
    assert sums.of("went") == sum(refund.amount for refund in back)
    assert sums.of("claimed") == sum(
        {DisputeState.OPEN: 100, DisputeState.WON: -100}.get(d.state, 0) for one in sold for d in one.disputes
    )
    counted = [fee for (entry, _), fee in zip(lines, fees, strict=True) if entry.counts]
    assert sums.of("fees") == sum(counted)
    assert sums.rest == sums.of("came") - sums.of("went") - sums.of("claimed") - sums.of("fees")
    units = Counter[str]()
    for one in sold:
        units.update({line.sku: line.quantity for line in one.lines})
    assert {sku: row.get("units", 0) for sku, row in sums.rows("goods").items()} == dict(units)
    assert sums.of("units", "rooms") == sum(
        line.quantity for one in sold if one.room and one.signed for line in one.lines
    )
    whole = [sums.of(name, "all") for name in ("goods", "postage", "other")]
    assert sum(whole) == sums.of("came"), "each fen that came is of goods, of postage, or of no sale"
    assert sum(sums.of(name, "all") for name in ("back", "postage_back", "other_back")) == sums.of("went")
    for column in ("units", "fen", "back_units", "back"):
        assert sums.of(column, "goods") == sums.of(column, "villages")
    assert sums.of("went", "reasons") == sums.of("went")
    assert total([sums, sums, BookSums()]).of("came") == 2 * sums.of("came")


def test_money_of_another_currency_is_told_apart_and_what_is_not_billed_is_counted() -> None:
    def entry(**fields: object) -> LedgerEntry:
        first = LedgerEntry(kind=RowKind.PAYMENT, provider="stripe", id="p", payment="p", amount=500, at=NOON)
        return msgspec.structs.replace(first, **fields)

    lines = [(entry(currency="HKD"), None), (entry(id="q", payment="q"), None), (entry(provider="sandbox"), None)]
    sums = sums_of(lines, {}, str)
    assert (sums.rows("foreign"), sums.of("unbilled"), sums.of("came")) == ({"HKD": {"came": 500}}, 1, 1000)
    assert sums.of("other", "all") == 1000
