"""The waitlist's rules: what an event makes of a place, who is invited to what; and where a drop's units come from."""

from collections import Counter
from datetime import date, datetime, timedelta

import msgspec
import pytest
from chalicelib.domain.aggregate import Done, Failed, Mail, Shard, Sms
from chalicelib.domain.stock.capacity import Declared, Share
from chalicelib.domain.stock.drops import pick
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.waitlist import (
    CONFIRM_WITHIN,
    LASTS,
    TRANSITIONS,
    Asked,
    Confirmed,
    Deadlines,
    Event,
    GaveUp,
    Invited,
    Lapsed,
    LeftCatalogue,
    OfferWithdrawn,
    Ordered,
    QueueEntry,
    Waiter,
    WaiterState,
    WaitlistInvitation,
    Wish,
    asked_for,
    decide,
    invitation,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.functions.helpers.world import JAR, NOON, day

HOLD = timedelta(seconds=900)
UNTIL = NOON + LASTS * HOLD
PARTS = (Part(day(2), 0, 1), Part(day(3), 1, 2))


def make_waiter(state: WaiterState, **fields: object) -> Waiter:
    """A place with nothing to be done for it; invited to three units where it has been invited."""
    known = {"state": state, "outbox": (), "retry_at": None} | fields
    if state not in (WaiterState.UNCONFIRMED, WaiterState.WAITING):
        known = {"parts": PARTS, "until": UNTIL, "counted": True} | known
    wish = Wish(3)
    place = Waiter(number="7" * 20, sku=JAR, contact="li@example.com", wish=wish, joined=NOON, since=NOON)
    return msgspec.structs.replace(asked_for(place, NOON), **known)


# ---- What each event makes of a place ----

EVENTS: dict[type[Event], Event] = {
    Asked: Asked(Wish(2), "li+2@example.com"),
    Confirmed: Confirmed(),
    Invited: Invited(PARTS, UNTIL),
    Ordered: Ordered("1" * 20),
    GaveUp: GaveUp(),
    Lapsed: Lapsed(),
    OfferWithdrawn: OfferWithdrawn(),
    LeftCatalogue: LeftCatalogue(),
    Done: Done("waiting-1"),
    Failed: Failed(("waiting-1",)),
}
EARLY, LATE = UNTIL - timedelta(microseconds=1), UNTIL
MOVES = {
    (WaiterState.UNCONFIRMED, Asked, EARLY): (WaiterState.UNCONFIRMED, "unconfirmed"),
    (WaiterState.UNCONFIRMED, Confirmed, EARLY): (WaiterState.WAITING, ""),
    (WaiterState.UNCONFIRMED, GaveUp, EARLY): (WaiterState.GIVEN_UP, ""),
    (WaiterState.WAITING, Asked, EARLY): (WaiterState.WAITING, "waiting"),
    (WaiterState.WAITING, Invited, EARLY): (WaiterState.INVITED, "invited"),
    (WaiterState.WAITING, GaveUp, EARLY): (WaiterState.GIVEN_UP, ""),
    (WaiterState.INVITED, Asked, EARLY): (WaiterState.INVITED, "invited"),
    (WaiterState.INVITED, Ordered, EARLY): (WaiterState.TAKEN, ""),
    (WaiterState.INVITED, GaveUp, EARLY): (WaiterState.GIVEN_UP, ""),
    (WaiterState.INVITED, OfferWithdrawn, EARLY): (WaiterState.LAPSED, "lapsed"),
    (WaiterState.TAKEN, Asked, EARLY): (WaiterState.UNCONFIRMED, "unconfirmed"),
    (WaiterState.GIVEN_UP, Asked, EARLY): (WaiterState.UNCONFIRMED, "unconfirmed"),
    (WaiterState.LAPSED, Asked, EARLY): (WaiterState.UNCONFIRMED, "unconfirmed"),
    (WaiterState.OVER, Asked, EARLY): (WaiterState.UNCONFIRMED, "unconfirmed"),
    (WaiterState.UNCONFIRMED, LeftCatalogue, EARLY): (WaiterState.OVER, ""),
    (WaiterState.WAITING, LeftCatalogue, EARLY): (WaiterState.OVER, "over"),
    (WaiterState.INVITED, LeftCatalogue, EARLY): (WaiterState.OVER, "over"),
}
"""Where an event leads from a state, and the letter that tells of it; all else changes nothing."""
LATER = {key[:2]: end for key, end in MOVES.items() if key[:2] != (WaiterState.INVITED, Ordered)} | {
    (WaiterState.INVITED, Lapsed): (WaiterState.LAPSED, "lapsed")
}
MOVES |= {(*key, LATE): end for key, end in LATER.items()}


@pytest.mark.parametrize("now", [EARLY, LATE], ids=["before its end", "at its end"])
@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", WaiterState)
def test_a_place_becomes(state: WaiterState, event: type[Event], now: datetime) -> None:
    before = make_waiter(state)
    after = decide(before, EVENTS[event], now)
    if (state, event, now) not in MOVES:
        assert after is before
        return
    end, letter = MOVES[state, event, now]
    assert (after.state, after.version) == (end, before.version + 1)
    assert [intent.text for intent in after.outbox if isinstance(intent, Mail)] == [letter] * bool(letter)
    asked_again = state is WaiterState.UNCONFIRMED and event is Asked
    assert after.since == (before.since if end is state and not asked_again else now)


@pytest.mark.parametrize("state", [WaiterState.WAITING, WaiterState.INVITED])
def test_whoever_left_a_number_is_told_by_text_message_and_never_by_letter(state: WaiterState) -> None:
    before = make_waiter(state, contact="+8613900139000")
    for event in (Asked(Wish(2), "+8613900139000"), Invited(PARTS, UNTIL), Lapsed(), LeftCatalogue()):
        after = decide(before, event, LATE)
        assert all(isinstance(intent, Sms) for intent in after.outbox)


def test_each_line_of_the_table_is_tried() -> None:
    tried = {(state, event) for state, event, _ in MOVES}
    assert {key for key in TRANSITIONS if key[1] not in (Done, Failed)} == tried


@pytest.mark.parametrize("state", WaiterState)
def test_units_are_claimed_while_it_is_invited_alone(state: WaiterState) -> None:
    place = make_waiter(state)
    invited = state is WaiterState.INVITED
    assert place.allocated == (Counter({(JAR, day(2), 0): 1, (JAR, day(3), 1): 2}) if invited else Counter())
    assert place.offered == (Counter({(JAR, day(2)): 1, (JAR, day(3)): 2}) if invited else Counter())
    assert place.due == (UNTIL if invited else None)


def test_an_invitation_that_older_code_made_was_never_counted_as_offered() -> None:
    assert make_waiter(WaiterState.INVITED, counted=False).offered == Counter()


@pytest.mark.parametrize("state", WaiterState)
def test_a_letter_is_struck_out_or_put_off_in_any_state(state: WaiterState) -> None:
    place = make_waiter(state, outbox=(Mail("waiting-1", "waiting"),))
    assert decide(place, Done("waiting-1"), NOON).outbox == ()
    assert decide(place, Done("invited-1"), NOON) is place
    failed = decide(place, Failed(("waiting-1",)), NOON)
    assert (failed.outbox, failed.failures) == ((Mail("waiting-1", "waiting", tries=1),), 1)
    assert failed.due and failed.due > NOON


def test_who_asks_again_gets_no_second_letter_while_the_first_is_on_its_way() -> None:
    place = decide(make_waiter(WaiterState.WAITING), EVENTS[Asked], NOON)
    assert decide(place, EVENTS[Asked], NOON) is place
    unconfirmed = asked_for(make_waiter(WaiterState.UNCONFIRMED), NOON)
    assert decide(unconfirmed, EVENTS[Asked], NOON).outbox == unconfirmed.outbox


def test_who_asks_again_before_the_link_is_opened_has_the_last_wish_and_the_first_rank() -> None:
    later = NOON + timedelta(hours=23)
    after = decide(make_waiter(WaiterState.UNCONFIRMED), Asked(Wish(5, fewer=True), "li+2@example.com"), later)
    assert after.entry == QueueEntry(NOON, after.number, 5, True)
    assert (after.contact, after.since) == ("li+2@example.com", later)


def test_a_link_that_nobody_opens_within_a_day_opens_nothing_and_who_asks_then_asks_anew() -> None:
    place = make_waiter(WaiterState.UNCONFIRMED)
    late = NOON + CONFIRM_WITHIN
    early = late - timedelta(microseconds=1)
    assert (place.is_gone(early), place.is_gone(late)) == (False, True)
    assert decide(place, Confirmed(), early).state is WaiterState.WAITING
    assert decide(place, Confirmed(), late) is place
    assert decide(place, EVENTS[Asked], late).joined == late


def test_who_joins_anew_is_the_last_in_line_with_a_new_wish_and_nothing_of_the_old_turn() -> None:
    asked = Asked(Wish(5, fewer=True), "li@example.com")
    after = decide(make_waiter(WaiterState.TAKEN, order="1" * 20), asked, LATE)
    assert (after.parts, after.until, after.order, after.counted) == ((), None, None, False)
    assert after.entry == QueueEntry(LATE, after.number, 5, True)


# ---- Whom what came free is for ----

DAYS = [day(0), day(1), day(2)]


@st.composite
def settled_batches(draw: st.DrawFn, most: int = 3) -> list[Declared]:
    """Batches with units on sale, kept, or promised beyond a share; also one whose shares are to follow."""
    batches = []
    for ship_by in DAYS[: draw(st.integers(0, most))]:
        left = draw(st.lists(st.integers(-2, 4), max_size=3))
        shares = {shard: Share(max(units, 0) + 2, units) for shard, units in enumerate(left)}
        kept = draw(st.integers(0, 4)) if left and min(left) >= 0 else 0
        cap = sum(share.cap + share.over for share in shares.values()) + kept
        offered = draw(st.integers(0, 3))
        batches.append(Declared(ship_by, cap, max(len(left), 1), 1, shares, kept=kept, offered=offered))
    return batches


entries = st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=5).map(
    lambda wishes: [
        QueueEntry(NOON + timedelta(seconds=place), f"{place:020}", quantity, fewer)
        for place, (quantity, fewer) in enumerate(wishes)
    ]
)


def closing(minutes: list[int]) -> dict[date, datetime]:
    return {ship_by: NOON + timedelta(minutes=count) for ship_by, count in zip(DAYS, minutes, strict=True)}


closings = st.lists(st.integers(-5, 90), min_size=3, max_size=3).map(closing)
"""When the sale of each day's batch ends: before now, within a hold, within an invitation, or after it."""


def there(batches: list[Declared], closes: dict[date, datetime]) -> Counter[Shard]:
    """What may be given, by shard; what is kept lies in shard -1."""
    units: Counter[Shard] = Counter()
    for batch in batches:
        if batch.shares and closes[batch.ship_by] - NOON >= HOLD:
            units[JAR, batch.ship_by, -1] = batch.kept
            units |= {(JAR, batch.ship_by, shard): share.sellable for shard, share in batch.shares.items()}
    return units


def turn_in(batches: list[Declared], line: list[QueueEntry], closes: dict[date, datetime]) -> WaitlistInvitation | None:
    return invitation(JAR, line, batches, Deadlines(NOON, HOLD, closes.__getitem__))


@given(settled_batches(), entries, closings)
def test_the_first_in_line_whom_it_fits_is_invited_and_nobody_where_it_fits_nobody(
    batches: list[Declared], line: list[QueueEntry], closes: dict[date, datetime]
) -> None:
    left = there(batches, closes)
    fitting = [entry for entry in line if entry.quantity <= left.total() or (entry.fewer and left.total())]
    shares = Counter(
        {
            batch.ship_by: min(units, max((batch.cap + 1) // 2 - batch.offered, 0))
            for batch in batches
            if (units := sum(count for (_, when, _), count in left.items() if when == batch.ship_by))
        }
    )
    alone = {
        batch.ship_by: sum(count for (_, when, _), count in left.items() if when == batch.ship_by)
        for batch in batches
        if not batch.offered
    }
    turn = turn_in(batches, line, closes)
    if not fitting:
        assert turn is None
        return
    most = shares.total()
    if fitting[0].fits(most) == 0:
        most = (shares | Counter(alone)).total()
    units = fitting[0].fits(most)
    assert (turn and turn.number) == (fitting[0].number if units else None)
    if turn:
        assert sum(part.quantity for part in turn.parts) == units


@given(settled_batches(), entries, closings)
def test_no_more_than_half_of_a_batch_is_offered_at_a_time_but_for_one_invitation(
    batches: list[Declared], line: list[QueueEntry], closes: dict[date, datetime]
) -> None:
    turn = turn_in(batches, line, closes)
    assume(turn)
    assert turn
    for batch in batches:
        new = sum(part.quantity for part in turn.parts if part.ship_by == batch.ship_by)
        assert not new or not batch.offered or batch.offered + new <= (batch.cap + 1) // 2


@given(settled_batches(), entries, closings)
def test_where_units_are_there_and_nothing_is_offered_somebody_whom_they_fit_is_invited(
    batches: list[Declared], line: list[QueueEntry], closes: dict[date, datetime]
) -> None:
    free = [msgspec.structs.replace(batch, offered=0) for batch in batches]
    left = there(free, closes).total()
    assert (turn_in(free, line, closes) is not None) is any(entry.fits(left) for entry in line)


@given(settled_batches(), entries, closings)
def test_an_invitation_is_made_of_what_is_there_and_of_each_shard_once(
    batches: list[Declared], line: list[QueueEntry], closes: dict[date, datetime]
) -> None:
    turn = turn_in(batches, line, closes)
    assume(turn)
    assert turn
    units, kept = there(batches, closes), Counter(turn.kept)
    given_ = {(JAR, part.ship_by, part.shard): part.quantity for part in turn.parts}
    assert len(given_) == len(turn.parts)
    assert all(quantity > 0 for quantity in (*given_.values(), *kept.values()))
    assert set(kept) <= set(given_)
    for shard, quantity in given_.items():
        assert 0 <= quantity - kept[shard] <= units[shard]
    for ship_by in DAYS:
        assert sum(count for (_, when, _), count in kept.items() if when == ship_by) <= units[JAR, ship_by, -1]


@given(settled_batches(), entries, closings)
def test_an_invitation_ends_before_the_sale_of_any_of_its_parts_and_leaves_time_to_order(
    batches: list[Declared], line: list[QueueEntry], closes: dict[date, datetime]
) -> None:
    turn = turn_in(batches, line, closes)
    assume(turn)
    assert turn
    assert turn.until == min(UNTIL, *(closes[part.ship_by] for part in turn.parts))
    assert turn.until - NOON >= HOLD


@given(settled_batches(most=1), entries)
def test_what_is_kept_is_given_before_what_is_on_sale(batches: list[Declared], line: list[QueueEntry]) -> None:
    turn = turn_in(batches, line, closing([90, 90, 90]))
    if turn is None:
        return
    units = sum(part.quantity for part in turn.parts)
    assert sum(turn.kept.values()) == min(units, batches[0].kept)


# ---- Where a drop's units come from ----

lots = st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 5), st.integers(-2, 9)), max_size=9).map(
    lambda found: [*{(when, shard): (when, shard, left) for when, shard, left in found}.values()]
)


@given(st.integers(0, 40), lots)
def test_a_drop_gets_its_units_from_the_earliest_days_and_of_each_from_the_fullest_shards(
    units: int, found: list[tuple[date, int, int]]
) -> None:
    left = {(when, shard): count for when, shard, count in found}
    picked = [*pick(units, found)]
    assert sum(taken for *_, taken in picked) == min(units, sum(max(count, 0) for count in left.values()))
    assert len({(when, shard) for when, shard, _ in picked}) == len(picked)
    for when, shard, taken in picked:
        assert 0 < taken <= left[when, shard]
    order = [(when, -left[when, shard]) for when, shard, _ in picked]
    assert order == sorted(order)
    assert all(taken == left[when, shard] for when, shard, taken in picked[:-1])
    if picked:
        reached = order[-1]
        untouched = {(when, shard) for when, shard, _ in found} - {(when, shard) for when, shard, _ in picked}
        assert all((when, -left[when, shard]) >= reached for when, shard in untouched if left[when, shard] > 0)
