"""Questions to a buyer, whatever happens to the order meanwhile: no promise moves without a yes, no unit is lost."""

from datetime import timedelta

import msgspec
from chalicelib.domain.actor import device
from chalicelib.domain.orders.answers import held, money_back
from chalicelib.domain.orders.events import (
    BuyerCancels,
    Event,
    HoldEnded,
    Packed,
    Postponed,
    QuestionAnswered,
    QuestionAsked,
    RefundAsked,
    SellerCancels,
    Unpacked,
)
from chalicelib.domain.orders.model import (
    SOLD,
    HistoryEntry,
    Order,
    OrderLine,
    Refund,
    RefundLine,
    RefundReason,
    State,
)
from chalicelib.domain.orders.parcels import GONE, ParcelLine
from chalicelib.domain.orders.questions import Choice, Question, QuestionLine, QuestionReason
from chalicelib.domain.orders.shipping import to_pack, to_ship
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.promise import Part
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.world import JAR, NOON, POT, day, make_order

WANG = device("0badcafe")
UNTIL = NOON + timedelta(days=1)


def bought(*lines: OrderLine, postage: int = 0) -> Order:
    total = sum(line.quantity * line.unit_price for line in lines) + postage
    history = (HistoryEntry(NOON, State.AWAITING_PAYMENT), HistoryEntry(NOON, State.PAID))
    return make_order(State.PAID, lines=lines, postage=postage, total=total, history=history)


def line(sku: str, *parts: tuple[int, int], drop: str = "") -> OrderLine:
    """A line with so many units of each day, by pairs."""
    taken = tuple(Part(day(after), 0, units) for after, units in parts)
    return OrderLine(sku, sum(units for _, units in parts), 2990, taken, drop=drop)


def question(order: Order, units: int, later: int = 5, why: QuestionReason = QuestionReason.SHORT) -> Question:
    """One about so many units of the first line on day 2, with as many reserved of another day."""
    empty = Question(why, JAR if why is QuestionReason.SHORT else "*", day(2), (), NOON, UNTIL)
    wanted = {0: units} if why is QuestionReason.SHORT else {n: held(order, empty, n) for n in range(len(order.lines))}
    reserved = [QuestionLine(n, some, (Part(day(later), 0, some),)) for n, some in wanted.items() if some]
    return msgspec.structs.replace(empty, lines=tuple(reserved))


def asked(order: Order, units: int, **fields: int) -> Order:
    after = decide(order, QuestionAsked(question(order, units, **fields)), NOON)
    assert after is not order
    return after


def test_a_part_of_a_line_with_several_days_moves_and_the_others_stay() -> None:
    order = asked(bought(line(JAR, (1, 2), (2, 3)), line(POT, (3, 1))), 2, later=4)
    after = decide(order, QuestionAnswered(0, Choice.LATER), NOON)
    assert after.lines[0].parts == (Part(day(1), 0, 2), Part(day(2), 0, 1), Part(day(4), 0, 2))
    assert (after.ship_by, after.first_ship_by, after.lines[1]) == (day(4), day(3), order.lines[1])


def test_where_something_else_ships_later_anyway_the_promise_stays_as_it_was() -> None:
    order = asked(bought(line(JAR, (2, 1)), line(POT, (5, 1))), 1, later=4)
    after = decide(order, QuestionAnswered(0, Choice.LATER), NOON)
    assert (after.ship_by, after.first_ship_by) == (day(5), None)


def test_money_back_brings_the_postage_back_only_where_nothing_else_is_sent() -> None:
    all_of_it = asked(bought(line(JAR, (2, 3)), postage=1500), 3)
    assert money_back(all_of_it, all_of_it.questions[0]) == [10_470, 5_980, 2_990]
    some = asked(bought(line(JAR, (2, 3)), line(POT, (2, 1)), postage=1500), 3)
    assert money_back(some, some.questions[0]) == [8_970, 5_980, 2_990]


def test_a_drops_line_is_asked_about_as_a_whole_or_not_at_all() -> None:
    order = bought(line(JAR, (1, 1), (2, 2), drop="evening"))
    assert held(order, question(order, 1), 0) == 0
    whole = asked(bought(line(JAR, (2, 2), drop="evening")), 2)
    after = decide(whole, QuestionAnswered(0, Choice.LATER), NOON)
    assert (after.lines[0].drop, after.allocated) == ("", {(JAR, day(5), 0): 2})


PARTS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3]), st.integers(1, 3)), min_size=1, max_size=2, unique_by=lambda one: one[0]
)
LINES = st.lists(
    st.builds(
        lambda sku, parts: line(sku, *parts),
        st.sampled_from([JAR, POT]),
        PARTS,
    ),
    min_size=1,
    max_size=2,
)  # fmt: skip
HAPPENS = st.sampled_from(
    ["later", "part", "money", "silence", "pack", "unpack", "cancel", "withdraw", "postpone", "refund", "short", "ask"]
)


def event(name: str, order: Order) -> Event:
    """What happens, as it can be said of this order."""
    left = [max(units, 0) for units in to_ship(order)]
    back = tuple(RefundLine(n, 1) for n, units in enumerate(left) if units)[:1]
    amount = min(2990, order.refundable)
    given = Refund("", order.payment or "", amount, NOON, lines=back, request=str(len(order.refunds)))
    events: dict[str, Event] = {
        "later": QuestionAnswered(0, Choice.LATER),
        "part": QuestionAnswered(0, Choice.PART, 1),
        "money": QuestionAnswered(0, Choice.MONEY),
        "silence": HoldEnded(),
        "pack": Packed(
            order.revision, tuple(ParcelLine(n, units) for n, units in enumerate(to_pack(order)) if units > 0), WANG
        ),
        "unpack": Unpacked(len(order.parcels), WANG),
        "cancel": BuyerCancels(),
        "withdraw": SellerCancels(),
        "postpone": Postponed(
            tuple((Part(day(6), 0, sum(part.quantity for part in one.parts)),) for one in order.lines)
        ),
        "refund": RefundAsked(msgspec.structs.replace(given, reason=RefundReason.SELLER)),
        "short": RefundAsked(msgspec.structs.replace(given, reason=RefundReason.SHORT)),
        "ask": QuestionAsked(question(order, 1, why=QuestionReason.LATE)),
    }
    return events[name]


@settings(deadline=None, max_examples=150)
@given(LINES, st.integers(0, 1500), st.integers(1, 3), st.lists(HAPPENS, max_size=6))
def test_whatever_happens_no_unit_is_lost_no_money_too_much_and_no_day_moves_without_a_yes(
    lines: list[OrderLine], postage: int, units: int, acts: list[str]
) -> None:
    order = bought(*lines, postage=postage)
    order = decide(order, QuestionAsked(question(order, units)), NOON)
    for act in acts:
        if any(not one.parts for one in order.lines) and act == "postpone":
            continue
        before, order = order, decide(order, event(act, order), UNTIL if act == "silence" else NOON)
        assert order.refundable >= 0
        assert order.ship_by == before.ship_by or act in ("later", "postpone")
        assert order.ship_by >= before.ship_by or order.state not in SOLD
        for one in order.lines:
            assert sum(part.quantity for part in (*one.parts, *one.missing, *one.given_up)) == one.quantity
        for one in order.questions:
            assert one.is_open is (one in order.open_questions)
            assert not one.is_open or all(parcel.state in GONE for parcel in order.parcels)
            assert not one.is_open or all(held(order, one, each.line) >= each.quantity for each in one.lines)
        reserved = sum(part.quantity for one in order.open_questions for each in one.lines for part in each.later)
        own = sum(part.quantity for one in order.lines for part in one.parts) if order.state in SOLD else 0
        missing = sum(part.quantity for one in order.lines for part in one.missing)
        assert sum(order.allocated.values()) == own + missing + reserved
        assert msgspec.json.decode(msgspec.json.encode(order), type=Order) == order
