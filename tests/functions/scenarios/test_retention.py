"""A table of four years, moved through simulated time: what must go goes, what must stay stays, nothing else moves.

What stands of people is looked for in the raw items of the whole table, whatever they are.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from chalicelib.domain.aftersales.invoices import INVOICE_KEPT_FOR
from chalicelib.domain.orders.events import Disputed, LegalHoldSet, RefundAsked
from chalicelib.domain.orders.model import Refund, State
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.voices.forgetting import KEPT_FOR
from chalicelib.jobs.nightly import retention
from chalicelib.jobs.nightly.retention import MARGIN, run
from chalicelib.storage.keys import Item

from tests.functions.helpers.crash_points import CrashPoints, Died
from tests.functions.helpers.people import KINDS, Person, Years, complain, live, read, speak
from tests.functions.helpers.world import NOON, World, day

MakeWorld = Callable[..., World]
WAVES = 3
"""Times, some weeks apart, at which an order of each kind is placed."""
MONTH = 30.5
MONTHS = (1, 18, 34, 35, 36, 37, 38, 39, 40, 47)
"""After how many months the table is looked at: nothing happens to it in years, and then something each month."""
COURT = 39
"""The month in which the disputes are over for which orders are held."""
BOOKS = ("ledger", "stock", "passport", "shown", "skus")
"""Kinds of items that tell of money and goods, and of nobody."""


@pytest.fixture
def years(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Years:
    # Days before the first order are nobody's: each of them would be four queries.
    monkeypatch.setattr(retention, "FIRST_DAY", NOON.date())
    return Years(make_world(per_buyer=5))


def wave(years: Years, kinds: list[str]) -> None:
    """An order of each kind is placed, and goes its way."""
    world = years.world
    world.stock(40, world.services.stage.today + timedelta(days=2))
    found = [live(years, kind) for kind in kinds]
    years.flow()
    world.later(3600)
    world.sweep()  # holds end
    world.settle()
    years.on(3)
    for person in found:
        order = years.load(person)
        if person.kind == "delivered":
            complain(years, person)
        if person.kind == "paid late":
            years.pay(person)
        if person.kind == "returned":
            why = f"{person.needles[0]}不想要了"
            refund = Refund("", order.payment or "", order.refundable, world.now, why=why, request="1")
            years.happens(person, RefundAsked(refund))
            person.needles.append(why)
    world.settle()
    years.on(14)
    for person in found:
        if person.kind == "delivered":
            speak(years, person)
    world.settle()
    years.flow()


def there(years: Years, raw: str, said: dict[str, str]) -> set[str]:
    """What of it is found, in the table or among the keys of photographs."""
    everywhere = raw + "".join(years.world.uploads.keys("kept/"))
    return {what for what, needle in said.items() if needle in everywhere}


def books(years: Years) -> list[Item]:
    return [item for item in years.items() if item["pk"]["S"].partition("#")[0] in BOOKS]


def test_four_years_of_orders_of_every_kind_end_as_the_law_and_the_page_say(years: Years) -> None:
    world = years.world
    for _ in range(WAVES):
        wave(years, [*KINDS])
    by_kind = {kind: [one for one in years.people if one.kind == kind] for kind in KINDS}
    forgotten = by_kind["delivered"][0]
    readers = [read(years, name) for name in ("lin", "zhao")]
    assert all(there(years, years.raw(), said) == {*said} for said in (forgotten.said, *readers))
    years.data.forget(forgotten.number)
    years.data.forget_person(readers[0]["email"], [])
    for person in by_kind["disputed"]:
        years.happens(person, Disputed("dispute-" + person.number, 2990, DisputeState.WON))
    world.settle()
    years.on(1)
    years.told()
    passing = {State.PACKED, State.SHIPPED, State.AWAITING_PAYMENT}
    assert {years.load(one).state for one in years.people} == {*State} - passing
    kept, start = books(years), world.now

    for months in MONTHS:
        world.now = start + timedelta(days=months * MONTH)
        if months == COURT:
            for person in by_kind["held"]:
                years.happens(person, LegalHoldSet(""))
        run(world.services, lambda: True)
        years.flow()
        raw = years.raw()
        for person in years.people:
            found, where = {*years.found(raw, person)}, f"month {months}: {person}"
            assert must_be(world, person, person is forgotten) in (None, there(years, raw, person.said)), where
            name, phone, street, email, note, *codes = person.needles
            if person.ended is None or (person.kind == "held" and months < COURT):
                assert {name, phone, street} <= found, where
            elif world.now > person.ended + KEPT_FOR + MARGIN + timedelta(days=MONTH):
                assert not found, where
            elif person is forgotten:
                assert {name, phone, street} <= found or world.now > person.ended + KEPT_FOR, where
                assert not {email, note, *codes} & found - {years.load(person).fingerprint}, where
            elif world.now < person.ended + KEPT_FOR:
                assert {name, phone, street, email, note} <= found, where
        assert [len(there(years, raw, said)) for said in readers] == [0, 3], "the newsletter is left, not ended"
    assert {one.kind for one in years.people if not years.load(one).person.gone} == {"under way"}
    assert books(years) == kept
    assert world.differences() == []
    world.now = start + INVOICE_KEPT_FOR + timedelta(days=2)
    assert not any(there(years, years.raw(), one.said) for one in years.people), "invoices go by themselves"


def must_be(world: World, person: Person, is_forgotten: bool) -> set[str] | None:
    """What of the words, photographs and invoice of somebody stands there now; None while nobody needs to know."""
    invoiced = {*person.said} & {"title", "tax number"}
    if person.ended is None or world.now > person.ended + KEPT_FOR + MARGIN + timedelta(days=MONTH):
        return invoiced
    if world.now > person.ended + KEPT_FOR:
        return None
    return {*person.said} - {"review", "review's photograph", "invoice's email"} if is_forgotten else {*person.said}


def restore(world: World, items: list[Item]) -> None:
    """Has the table as it was."""
    table = world.store.table
    for item in [*world.store.everything()]:
        table.call("delete_item", Key={"pk": item["pk"], "sk": item["sk"]})
    for item in items:
        table.call("put_item", Item=item)


def test_a_night_that_is_cut_off_at_any_write_goes_on_the_next_and_a_second_one_changes_nothing(years: Years) -> None:
    world = years.world
    wave(years, ["unpaid", "cancelled", "delivered", "held"])
    years.flow()
    world.now = NOON + KEPT_FOR + MARGIN + timedelta(days=1)
    start = [*world.store.everything()]

    def night() -> None:
        run(world.services, lambda: True)

    def rest() -> list[Item]:
        return sorted(world.store.everything(), key=str)

    night()
    whole = rest()
    assert {one.kind for one in years.people if not years.load(one).person.gone} == {"held"}
    night()
    assert rest() == whole
    crash, deaths = CrashPoints(world.client), 0
    for fate in ((write, side) for write in range(1, 99) for side in ("before", "after")):
        restore(world, start)
        try:
            with crash.at(fate):
                night()
            break
        except Died:
            deaths += 1
        night()
        assert rest() == whole, fate
    assert deaths > 8
    assert world.differences() == []


def test_an_account_of_a_limit_ends_some_time_after_its_batch_and_no_audit_misses_it(years: Years) -> None:
    """A cancellation after that finds none, and leaves none that would stay."""
    world = years.world
    world.stock(9, day(2))
    one, other = years.order("delivered"), years.order("cancelled")
    years.pay(one)
    years.pay(other)
    raw = years.raw()
    assert all(f'bought#spicy-cabbage-500g|{day(2)}#{buyer}"' in raw for buyer in buyers(years))
    years.on(30)
    assert "bought#" in years.raw()
    years.on(4)
    assert "bought#" not in years.raw()
    for item in [*world.store.everything()]:  # as DynamoDB does by itself
        if item["pk"]["S"].startswith("bought#"):
            world.store.table.call("delete_item", Key={"pk": item["pk"], "sk": item["sk"]})
    world.shop.cancel(other.number, world.keys.token(other.number))
    assert "bought#" not in years.raw()
    assert world.differences() == []


def buyers(years: Years) -> list[str]:
    return [line.buyer for person in years.people for line in years.load(person).lines]
