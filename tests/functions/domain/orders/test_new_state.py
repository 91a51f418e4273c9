"""To add a state or an event of an order: what else must know of it. Each test names the place that does not yet.

What is decided of each state stands in `STATES`; the tests hold the rules, pages, letters, figures and papers to it.
"""

import re
from functools import cache
from itertools import product
from typing import Any, NamedTuple, get_args

import msgspec
import pytest
import yaml
from chalicelib.domain.actor import BUYER, SCHEDULE, device
from chalicelib.domain.aftersales.claims import Claim, ClaimFault, ClaimLine, DeclineReason
from chalicelib.domain.aggregate import Done, Failed, RefundPayment
from chalicelib.domain.desk.notes import LetterKind
from chalicelib.domain.live import figures
from chalicelib.domain.orders.events import (
    AddressChanged,
    AttemptBegun,
    AttemptEnded,
    AttemptReady,
    BuyerCancels,
    CameBack,
    ClaimDeclined,
    ClaimMade,
    ClaimReplaced,
    ClaimSettled,
    Disputed,
    EmailCorrected,
    Event,
    Expunged,
    ForgetAsked,
    HandedOver,
    HoldEnded,
    LabelPulled,
    LegalHoldSet,
    LinkAsked,
    Looked,
    Noted,
    NumberSet,
    Packed,
    Paid,
    Postponed,
    Printed,
    QuestionAnswered,
    QuestionAsked,
    Recalled,
    RecallLifted,
    Received,
    RefundAsked,
    RefundTold,
    SellerCancels,
    SentAgain,
    TakenBack,
    Tracked,
    Unpacked,
    Wrote,
)
from chalicelib.domain.orders.model import HOLDS_UNITS, Address, HistoryEntry, Refund, RefundState, State
from chalicelib.domain.orders.parcels import ParcelLine, ParcelState
from chalicelib.domain.orders.questions import Choice, Question, QuestionLine, QuestionReason
from chalicelib.domain.orders.transitions import TRANSITIONS, decide
from chalicelib.domain.payments.attempts import Attempt, Channel
from chalicelib.domain.payments.news import DisputeState
from chalicelib.mail.letters import TO_BE_SHIPPED

from tests.functions.helpers.world import JAR, NOON, ROOT, day, make_order

RULES = "functions/chalicelib/domain/orders/transitions.py"
MONEY = "functions/chalicelib/domain/orders/money.py"
MODEL = "functions/chalicelib/domain/orders/model.py"
LETTERS = "functions/chalicelib/mail/letters.py"
FIGURES = "functions/chalicelib/domain/live/figures.py"
WORDS = "site/storefront/read/messages.yml"
ORDER_PAGE = "site/assets/js/widgets/order-view.js"
ORDERS_PAGE = "site/assets/js/pages/orders/orders.js"
LOOK = "site/assets/css/buying.css"
CONTRACT = "functions/openapi.yaml"
GLOSSARY = "infra/docs/glossary.md"
HERE = "tests/functions/domain/orders/test_new_state.py"
WANG = device("0badcafe")
QUESTION = Question(QuestionReason.SHORT, JAR, day(2), (QuestionLine(0, 1),), NOON, NOON)
CLAIM = Claim("0" * 16, (ClaimLine(0, 1, ClaimFault.BROKEN),), NOON)
ELSEWHERE = Address("李四", "+8613900139000", ("吉林省", "通化市"), "二组")


class Decided(NamedTuple):
    """What is decided of a state."""

    holds: bool
    """Its units are the order's own."""
    ships: bool
    """Its ship-by date still matters: letters and pages tell it."""
    sold: bool
    """It counts as sold in the figures of a live evening."""
    cancellable: bool
    """Its buyer may cancel, and is asked whether they are sure."""
    ends_refunded: bool
    """It becomes `refunded` when all its money is back."""


STATES = {
    "awaiting_payment": Decided(holds=True, ships=True, sold=False, cancellable=True, ends_refunded=False),
    "paid": Decided(holds=True, ships=True, sold=True, cancellable=True, ends_refunded=False),
    "packed": Decided(holds=True, ships=True, sold=True, cancellable=False, ends_refunded=False),
    "shipped": Decided(holds=True, ships=False, sold=True, cancellable=False, ends_refunded=False),
    "delivered": Decided(holds=True, ships=False, sold=True, cancellable=False, ends_refunded=False),
    "returned": Decided(holds=True, ships=False, sold=True, cancellable=False, ends_refunded=False),
    "cancelled": Decided(holds=False, ships=False, sold=False, cancellable=False, ends_refunded=True),
    "expired": Decided(holds=False, ships=False, sold=False, cancellable=False, ends_refunded=True),
    "refunded": Decided(holds=False, ships=False, sold=False, cancellable=False, ends_refunded=False),
}

OVER = (State.CANCELLED, State.EXPIRED, State.REFUNDED)
GONE = (State.SHIPPED, State.DELIVERED, State.RETURNED)
NOT_PAID = (State.AWAITING_PAYMENT, *OVER)
CHANGES_NOTHING: set[tuple[State, type[Any]]] = {
    *product({*State} - {State.AWAITING_PAYMENT}, (AttemptBegun,)),
    *product({*State} - {State.AWAITING_PAYMENT, State.PAID, State.SHIPPED}, (HoldEnded,)),
    *product({*State} - {State.AWAITING_PAYMENT, State.PAID}, (BuyerCancels, Postponed)),
    *product({*State} - {State.AWAITING_PAYMENT, State.PAID, State.PACKED}, (SellerCancels,)),
    *product({*State} - {State.PAID, State.PACKED}, (Printed, HandedOver)),
    *product({*State} - {State.PAID}, (AddressChanged, Packed, QuestionAsked, QuestionAnswered)),
    *product({*State} - {State.PAID, State.PACKED, State.SHIPPED}, (TakenBack,)),
    *product({*State} - {State.SHIPPED}, (Received, Looked)),
    *product(NOT_PAID, (RefundAsked, NumberSet, Tracked, CameBack, SentAgain, Recalled)),
    *product(NOT_PAID, (ClaimMade, ClaimSettled, ClaimReplaced, ClaimDeclined)),
    *product({*State} - {State.CANCELLED, State.REFUNDED}, (LabelPulled,)),
    *product((State.AWAITING_PAYMENT, State.EXPIRED, *GONE), (Unpacked,)),
}
"""Pairs that have no rule, on purpose."""


def read(place: str) -> str:
    return (ROOT / place).read_text(encoding="utf-8")


@cache
def document(place: str) -> Any:
    """What a YAML file says, read once."""
    return yaml.load(read(place), yaml.CSafeLoader)


def decided(state: State) -> Decided:
    if state not in STATES:
        pytest.fail(f"{HERE}: decide in STATES what {state} means")
    return STATES[state]


def states_in(place: str, pattern: str) -> set[str]:
    """Of the words that stand in quotes in what `pattern` finds first, those that are states."""
    found = re.search(pattern, read(place))
    assert found, f"{place}: nothing is found of {pattern}"
    return {*re.findall(r'"([a-z_]+)"', found[1])} & {state.value for state in State}


def words(*path: str) -> dict[str, Any]:
    """Words of the pages, in their languages."""
    found = document(WORDS)
    for name in path:
        found = found[name]
    return dict(found)


def test_each_event_has_a_rule_in_each_state_or_changes_nothing_on_purpose() -> None:
    pairs = {*product(State, get_args(Event))}
    known = {*TRANSITIONS, *CHANGES_NOTHING}
    missing = sorted(f"({state.name}, {event.__name__})" for state, event in pairs - known)
    assert not missing, f"{RULES}: no line in TRANSITIONS, nor in CHANGES_NOTHING of {HERE}: {', '.join(missing)}"
    twice = sorted(f"({state.name}, {event.__name__})" for state, event in CHANGES_NOTHING & TRANSITIONS.keys())
    assert not twice, f"{HERE}: it has a rule, so it stands in CHANGES_NOTHING for nothing: {', '.join(twice)}"
    assert known <= pairs, f"{HERE}: CHANGES_NOTHING names what is no state or no event any more"


@pytest.mark.parametrize("state", State)
def test_what_a_state_means_is_decided(state: State) -> None:
    decided(state)


@pytest.mark.parametrize("state", State)
def test_a_state_holds_units_as_decided(state: State) -> None:
    assert (state in HOLDS_UNITS) is decided(state).holds, f"{MODEL}: HOLDS_UNITS says otherwise of {state}"


@pytest.mark.parametrize("state", State)
def test_letters_tell_the_ship_by_date_of_a_state_as_decided(state: State) -> None:
    assert (state in TO_BE_SHIPPED) is decided(state).ships, f"{LETTERS}: TO_BE_SHIPPED says otherwise of {state}"


@pytest.mark.parametrize("place", [ORDER_PAGE, ORDERS_PAGE])
def test_pages_tell_the_ship_by_date_of_a_state_as_decided(place: str) -> None:
    assert states_in(place, r"const STILL_HERE = \[(.*)\]") == {state for state in State if decided(state).ships}, (
        f"{place}: STILL_HERE says otherwise"
    )


@pytest.mark.parametrize("state", State)
def test_figures_count_a_state_as_decided(state: State) -> None:
    order = make_order(state, history=(HistoryEntry(NOON, State.AWAITING_PAYMENT), HistoryEntry(NOON, State.PAID)))
    sold = figures.of(order)[figures.day_scope(NOON), "paid"] == 1
    assert sold is decided(state).sold, f"{FIGURES}: `of` says otherwise of {state}"


@pytest.mark.parametrize("state", State)
def test_a_buyer_may_cancel_in_a_state_as_decided(state: State) -> None:
    may = decided(state).cancellable
    assert ((state, BuyerCancels) in TRANSITIONS) is may, f"{RULES}: BuyerCancels says otherwise of {state}"
    on_page = states_in(ORDER_PAGE, r"const CANCELLABLE = \[(.*)\]")
    assert (state in on_page) is may, f"{ORDER_PAGE}: CANCELLABLE says otherwise of {state}"
    asked = f"confirm_{state}" in words("scripts", "order")
    assert asked is may, f"{WORDS}: scripts.order.confirm_{state} asks whether its buyer is sure"


@pytest.mark.parametrize("state", State)
def test_an_order_ends_refunded_from_a_state_as_decided(state: State) -> None:
    refund = Refund("key", "payment", 1, NOON)
    order = make_order(state, refunds=(refund,), outbox=(RefundPayment(refund.key),))
    ends = (
        decide(order, RefundTold(refund.key, RefundState.DONE), NOON).state is State.REFUNDED
        and state is not State.REFUNDED
    )
    assert ends is decided(state).ends_refunded, f"{MONEY}: `_refunded` says otherwise of {state}"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("use", [("states",), ("order", "meaning")], ids=".".join)
def test_pages_have_words_for_a_state_in_both_languages(state: State, use: tuple[str, str]) -> None:
    said = words("scripts", *use).get(state, {})
    where = f"{WORDS}: scripts.{'.'.join(use)}.{state}"
    assert said.keys() == {"zh", "en"}, f"{where} is missing, or one of its languages"
    assert all(said.values()), f"{where} is empty"


@pytest.mark.parametrize("state", State)
def test_an_order_in_a_state_has_a_look(state: State) -> None:
    """That of one that awaits payment is the card's own."""
    look = f'.state[data-state="{state}"]'
    assert state is State.AWAITING_PAYMENT or look in read(LOOK), f"{LOOK}: there is no {look}"


def test_the_contract_lists_every_state() -> None:
    listed = document(CONTRACT)["components"]["schemas"]["Order"]["properties"]["state"]["enum"]
    assert listed == [state.value for state in State], f"{CONTRACT}: components.schemas.Order.properties.state"


@pytest.mark.parametrize("state", State)
def test_the_glossary_has_every_state(state: State) -> None:
    assert f"`{state.name}`" in read(GLOSSARY), f"{GLOSSARY}: there is no row for {state.name}"


@pytest.mark.parametrize("state", State)
def test_an_order_in_a_state_takes_every_event_without_an_error_and_is_read_again_as_it_was(state: State) -> None:
    order = make_order(state, payment="payment-1", email="a@example.com")
    parts = tuple(line.parts for line in order.lines)
    events: list[Event] = [
        Paid("event", "payment", order.total, parts), HoldEnded(), BuyerCancels(), SellerCancels(), Postponed(parts),
        LinkAsked(), Done("key"), Failed(("key",)), AttemptBegun(Attempt(1, Channel.SANDBOX, NOON, NOON)),
        AttemptReady(1, {"url": "/"}, NOON), AttemptEnded(1), RefundAsked(Refund("", "payment-1", 1, NOON)),
        RefundTold("key", RefundState.DONE, "payment-1", 1), Disputed("dispute", 1, DisputeState.OPEN),
        Printed(WANG, "wave"), LabelPulled(WANG), AddressChanged(ELSEWHERE, "d00rd00r", WANG),
        Packed(1, (ParcelLine(0, 1),), WANG, "request"), Unpacked(1, WANG), HandedOver(1, WANG, "sf", "SF1"),
        NumberSet(1, "sf", "SF2", WANG), TakenBack(1, WANG), Tracked(1, ParcelState.DELIVERED, NOON, SCHEDULE),
        Looked(NOON), Received(BUYER), CameBack(1, WANG), SentAgain(1, WANG), Recalled("1", JAR, day(2), "瓶盖松"),
        RecallLifted("1"),
        Noted("打过电话", WANG, "request"), Wrote(LetterKind.LATE, WANG, "request"),
        QuestionAsked(QUESTION), QuestionAnswered(0, Choice.MONEY),
        ClaimMade(CLAIM), ClaimSettled(CLAIM.id, WANG), ClaimDeclined(CLAIM.id, DeclineReason.NOT_SHOWN, WANG),
        ClaimReplaced(CLAIM.id, "9" * 20, day(3), WANG),
        EmailCorrected("b@example.com", "b" * 24), ForgetAsked(), Expunged(), LegalHoldSet("法院要"),
    ]  # fmt: skip
    assert {type(event) for event in events} == {*get_args(Event)}, f"{HERE}: a new event is not tried here"
    for event in events:
        after = decide(order, event, NOON)
        assert after.due is None or after.due >= order.placed
        assert msgspec.json.decode(msgspec.json.encode(after), type=type(after)) == after
