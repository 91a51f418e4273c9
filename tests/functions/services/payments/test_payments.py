"""Money that goes back, money that fits nowhere, the ledger, and its reconciliation with what providers state."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from chalicelib.domain.actor import OPERATOR, device
from chalicelib.domain.aggregate import Mail
from chalicelib.domain.commands import AskRefund, RefundWish
from chalicelib.domain.errors import Invalid, KeyReused, NotFound, WrongState
from chalicelib.domain.orders.model import RefundReason, RefundState, State
from chalicelib.domain.payments.news import Dispute, DisputeState, Money, Progress, RefundNews, Row, RowKind
from chalicelib.domain.payments.strays import BookTo, GiveBack, Stray, StrayState
from chalicelib.jobs import audit
from chalicelib.jobs.troubles import Troubles
from chalicelib.payments.port import Away
from chalicelib.services.payments.ledger import keep
from chalicelib.services.payments.reconciliation import Discrepancy, Wrong, reconcile
from chalicelib.services.payments.refunds import Refunds
from cunbo.standins.base import Misbehaviour

from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.tills import Tills
from tests.functions.helpers.world import JAR, TODAY, World, day, letter_in, make_key
from tests.functions.payments.contract import BENCHES

MakeWorld = Callable[..., World]
methods = pytest.mark.parametrize("method", sorted(BENCHES))
WANG = device("0badcafe")
ONE = AskRefund("broken", (RefundWish(JAR, 1),))


@pytest.fixture
def tills(make_world: MakeWorld) -> Tills:
    return Tills(make_world({day(2): 30}))


def paid(tills: Tills, method: str = "wechat", key: int = 0, quantity: int = 3) -> dict[str, str]:
    placed = tills.world.place(key, quantity=quantity, email="li@example.com", payment=method)
    tills.pay(placed, method)
    tills.deliver()
    return placed


def refunds(tills: Tills) -> Refunds:
    return Refunds(tills.world.store, lambda: tills.world.now)


def done(tills: Tills) -> None:
    """Lets some hours go by, in which refunds arrive."""
    for _ in range(4):
        tills.later(1800)
        for bench in tills.benches.values():
            bench.stand_in.settle()
        tills.world.sweep()
        tills.deliver()


def stray(tills: Tills, amount: int = 8970, reference: str = "none-of-ours", currency: str = "CNY") -> Stray:
    money = Money(event="e-1", reference=reference, payment="p-1", amount=amount, currency=currency)
    tills.world.services.payments.hear("wechat", [money])
    [found] = tills.world.store.strays.all()
    return found


# ---- Refunds ----


@methods
def test_a_part_goes_back_once_a_key_and_its_buyer_is_told_when_it_has(tills: Tills, method: str) -> None:
    """woocommerce/woocommerce-gateway-stripe #838: the news of an own refund made a second one."""
    placed = paid(tills, method)
    for _ in range(2):
        order, refund = refunds(tills).ask(placed["order"], ONE, make_key(), WANG)
    assert (refund.amount, refund.reason, refund.why, refund.by) == (2990, RefundReason.SELLER, "broken", WANG)
    assert (order.state, order.refundable) == (State.PAID, 2 * 2990)
    tills.world.settle()
    assert [letter_in(mail)[1] for mail in tills.world.mails] == ["placed", "paid"] + (
        ["refunded"] if tills.order(placed).refunds[0].state is RefundState.DONE else []
    )
    done(tills)
    assert [(one.amount, one.state) for one in tills.order(placed).refunds] == [(2990, RefundState.DONE)]
    assert tills.moved("refund") == 2990
    assert [letter_in(mail)[1] for mail in tills.world.mails] == ["placed", "paid", "refunded"]


def test_a_key_that_asks_for_another_refund_is_refused(tills: Tills) -> None:
    placed = paid(tills)
    refunds(tills).ask(placed["order"], ONE, make_key(), WANG)
    with pytest.raises(KeyReused):
        refunds(tills).ask(placed["order"], AskRefund("broken", amount=1), make_key(), WANG)
    for key in ("", "short", "ü" * 20):
        with pytest.raises(Invalid):
            refunds(tills).ask(placed["order"], ONE, key, WANG)


@pytest.mark.parametrize("asked", [AskRefund("x"), AskRefund("x", ONE.lines, amount=5), AskRefund("x", (), True, 5)])
def test_either_an_amount_or_goods_are_asked_for(tills: Tills, asked: AskRefund) -> None:
    with pytest.raises(Invalid):
        refunds(tills).ask(paid(tills)["order"], asked, make_key(), WANG)
    with pytest.raises(NotFound):
        refunds(tills).ask("1" * 20, ONE, make_key(), WANG)


def test_two_people_who_press_at_once_give_back_no_more_than_was_paid(
    tills: Tills, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, store = paid(tills), tills.world.store
    load, pressed = store.orders.load, list[str]()

    def meanwhile(number: str) -> object:
        found = load(number)
        if not pressed:
            pressed.append(number)
            refunds(tills).ask(number, AskRefund("x", (RefundWish(JAR, 2),)), make_key(1), OPERATOR)
        return found

    monkeypatch.setattr(store.orders, "load", meanwhile)
    with pytest.raises(Invalid) as refused:
        refunds(tills).ask(placed["order"], AskRefund("x", (RefundWish(JAR, 2),)), make_key(2), WANG)
    assert refused.value.faults[0].left == 1
    monkeypatch.undo()
    done(tills)
    assert tills.moved("refund") == 2 * 2990
    assert tills.order(placed).refundable == 2990


@methods
def test_a_cancel_after_part_refunds_gives_back_the_rest_and_nothing_after_it(tills: Tills, method: str) -> None:
    placed = paid(tills, method)
    refunds(tills).ask(placed["order"], ONE, make_key(), WANG)
    done(tills)
    tills.world.shop.cancel(placed["order"], placed["token"])
    with pytest.raises(WrongState):
        refunds(tills).ask(placed["order"], ONE, make_key(1), WANG)
    done(tills)
    order = tills.order(placed)
    assert (order.state, [one.amount for one in order.refunds]) == (State.REFUNDED, [2990, 5980])
    assert tills.moved("refund") == order.total


def test_a_refund_that_never_came_frees_what_it_was_for_and_the_manager_hears_of_it(tills: Tills) -> None:
    """polarsource/polar #5422: canceled refunds still counted; woocommerce-gateway-stripe #1523: shown as refunded."""
    placed = paid(tills, "stripe")
    _, refund = refunds(tills).ask(placed["order"], AskRefund("all", (RefundWish(JAR, 3),)), make_key(), WANG)
    told = RefundNews(event="e", key=refund.key, amount=refund.amount, progress=Progress.FAILED)
    tills.world.services.payments.hear("stripe", [told])
    order = tills.order(placed)
    assert (order.state, order.refundable) == (State.PAID, order.total)
    assert not any(isinstance(one, Mail) and one.text == "refunded" for one in order.outbox)
    assert refunds(tills).ask(placed["order"], AskRefund("all", (RefundWish(JAR, 3),)), make_key(1), WANG)[1].key != (
        refund.key
    )


def test_a_dispute_moves_no_units_and_stands_in_the_ledger(tills: Tills) -> None:
    """woocommerce-gateway-stripe #2598, #1098: a dispute put stock back, and its end was ignored."""
    placed, stream = paid(tills, "stripe"), Stream(tills.world)
    before, order = tills.world.left(), tills.order(placed)
    for event, state in enumerate((DisputeState.OPEN, DisputeState.WON)):
        news = Dispute(
            event=f"{event}",
            dispute="d-1",
            payment=order.payment or "",
            reference=order.reference,
            amount=8970,
            state=state,
        )
        tills.world.services.payments.hear("stripe", [news, news])
        stream.keep()
    assert (tills.world.left(), tills.order(placed).state) == (before, State.PAID)
    claims = [line.entry for line in tills.world.store.ledger.day(TODAY) if line.entry.kind is RowKind.DISPUTE]
    assert sorted((entry.id, entry.amount) for entry in claims) == [("d-1-open", 8970), ("d-1-won", 8970)]


# ---- Money that fits nowhere ----


def test_what_fits_nowhere_is_kept_once_told_and_given_back_by_a_person(tills: Tills) -> None:
    """odoo/odoo PR #245777, vendurehq/vendure #3249: an unknown order was answered 500 until the endpoint was off."""
    found = stray(tills)
    assert stray(tills) == found
    payments = tills.world.services.payments
    payments.stray_told(found.number, GiveBack(OPERATOR))
    after = payments.stray_told(found.number, BookTo("1" * 20, WANG))
    assert (after.state, after.by, after.decided) == (StrayState.GOING_BACK, OPERATOR, tills.world.now)


@pytest.mark.parametrize(
    ("amount", "before", "state", "back"),
    [
        (8970, "unpaid", State.PAID, []),
        (8000, "unpaid", State.AWAITING_PAYMENT, [(8000, RefundReason.AMOUNT)]),
        (8970, "paid", State.PAID, [(8970, RefundReason.AGAIN)]),
        (8970, "cancelled", State.CANCELLED, [(8970, RefundReason.OVER)]),
    ],
)
def test_what_is_booked_to_an_order_means_what_any_money_means(
    tills: Tills, amount: int, before: str, state: State, back: list[tuple[int, RefundReason]]
) -> None:
    placed = paid(tills, "alipay") if before == "paid" else tills.world.place(quantity=3, payment="alipay")
    if before == "cancelled":
        tills.world.shop.cancel(placed["order"], placed["token"])
    found, world = stray(tills, amount), tills.world
    world.services.payments.stray_told(found.number, BookTo(placed["order"], OPERATOR))
    for _ in range(2):
        world.outbox().perform("stray", found.number)
    order = tills.order(placed)
    assert (order.state, [(one.amount, one.reason) for one in order.refunds]) == (state, back)
    assert [one.provider for one in order.refunds] == ["wechat"] * len(back), "it goes back where it came from"
    [booked] = world.store.strays.all()
    assert (booked.state, booked.order, booked.by, booked.outbox) == (StrayState.BOOKED, order.number, OPERATOR, ())


def test_a_booked_stray_stands_in_the_ledger_once(tills: Tills) -> None:
    placed, stream = tills.world.place(quantity=3, payment="alipay"), Stream(tills.world)
    found = stray(tills)
    stream.keep()
    tills.world.services.payments.stray_told(found.number, BookTo(placed["order"], OPERATOR))
    tills.world.outbox().perform("stray", found.number)
    stream.keep()
    [line] = tills.world.store.ledger.day(TODAY)
    assert (line.entry.id, line.entry.order, tills.order(placed).state) == ("p-1", placed["order"], State.PAID)


# ---- The ledger, and what providers state ----


@methods
def test_the_ledger_has_each_movement_once_however_often_the_stream_tells_it(tills: Tills, method: str) -> None:
    stream = Stream(tills.world)
    placed = tills.world.place(quantity=3, payment=method)
    tills.pay(placed, method)
    stream.keep()
    tills.deliver()
    stream.keep()
    refunds(tills).ask(placed["order"], ONE, make_key(), WANG)
    stream.keep()
    done(tills)
    stream.keep()
    lines = tills.world.store.ledger.day(TODAY)
    told = sorted((line.entry.kind, line.entry.amount, line.entry.state) for line in lines)
    assert told == [(RowKind.PAYMENT, 8970, ""), (RowKind.REFUND, 2990, "done")]
    for records in (stream.records, stream.records[:-1], [*reversed(stream.records)]):
        keep(tills.world.store.ledger, records)
        assert tills.world.store.ledger.day(TODAY) == lines


def test_a_record_that_cannot_be_read_holds_up_no_other(tills: Tills, caplog: pytest.LogCaptureFixture) -> None:
    stream = Stream(tills.world)
    paid(tills)
    [record] = stream.read()
    broken = {"dynamodb": {"NewImage": {**record["dynamodb"]["NewImage"], "body": {"S": '{"payment":'}}}}
    keep(tills.world.store.ledger, [broken, record])
    assert len(tills.world.store.ledger.day(TODAY)) == 1
    assert "ledger: record of no number cannot be read" in caplog.text


@methods
def test_a_calm_day_agrees_with_its_statement_and_its_fees_are_noted(tills: Tills, method: str) -> None:
    stream = Stream(tills.world)
    placed = paid(tills, method)
    refunds(tills).ask(placed["order"], ONE, make_key(), WANG)
    done(tills)
    stream.keep()
    tills.later(3 * 86_400)
    found = reconcile(tills.world.store, tills.world.providers, [TODAY], day(3))
    assert found == []
    assert all(line.billed and line.billed.day == TODAY for line in tills.world.store.ledger.day(TODAY))
    assert reconcile(tills.world.store, tills.world.providers, [TODAY], day(3)) == []


class States:
    """A provider that states these rows."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows

    def statement(self, day: object) -> tuple[Row, ...]:
        return self.rows


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"payment": "other"}, [(Wrong.OURS, 0, 8970), (Wrong.THEIRS, 8970, 0)]),
        ({"amount": 8969}, [(Wrong.AMOUNT, 8969, 8970)]),
        ({"currency": "HKD"}, [(Wrong.AMOUNT, 8970, 8970)]),
        ({"kind": RowKind.OTHER}, [(Wrong.OURS, 0, 8970), (Wrong.UNKNOWN, 8970, 0)]),
        ({"kind": RowKind.FEE}, [(Wrong.FEE, 8970, 0), (Wrong.OURS, 0, 8970)]),
        ({"kind": RowKind.DISPUTE}, [(Wrong.DISPUTE, 8970, 0), (Wrong.OURS, 0, 8970)]),
        ({"kind": RowKind.REFUND, "key": "x" * 24}, [(Wrong.OURS, 0, 8970), (Wrong.THEIRS, 8970, 0)]),
        ({}, []),
    ],
)
def test_a_statement_that_differs_says_how(
    tills: Tills, change: dict[str, object], wrong: list[tuple[Wrong, int, int]]
) -> None:
    stream, order = Stream(tills.world), tills.order(paid(tills))
    stream.keep()
    row = Row(
        kind=RowKind.PAYMENT,
        reference=order.reference,
        payment=order.payment or "",
        amount=order.total,
        currency="CNY",
        at=tills.world.now,
        line=2,
        fee=54,
    )
    providers = {"wechat": States(msgspec.structs.replace(row, **change))}  # type: ignore[arg-type]
    found = reconcile(tills.world.store, providers, [TODAY], day(1))  # type: ignore[arg-type]
    assert sorted((one.wrong, one.theirs, one.ours) for one in found) == sorted(wrong)
    if change:
        return
    twice = {"wechat": States(row, msgspec.structs.replace(row, line=3))}
    [again] = reconcile(tills.world.store, twice, [TODAY], day(1))  # type: ignore[arg-type]
    assert (again.wrong, again.line) == (Wrong.THEIRS, 3)
    dearer = {"wechat": States(msgspec.structs.replace(row, fee=60))}
    [fee] = reconcile(tills.world.store, dearer, [TODAY], day(1))  # type: ignore[arg-type]
    assert (fee.wrong, fee.theirs, fee.ours) == (Wrong.FEE, 60, 54)


def test_what_is_late_in_our_books_is_found_by_its_order(tills: Tills) -> None:
    """A refund that was asked for days before it went stands under another day than in the statement."""
    stream, placed = Stream(tills.world), paid(tills)
    _, refund = refunds(tills).ask(placed["order"], ONE, make_key(), WANG)
    stream.keep()
    order = tills.order(placed)
    row = Row(
        kind=RowKind.REFUND, reference=order.reference, payment=order.payment or "", amount=2990, currency="CNY",
        at=tills.world.now + timedelta(days=6), line=2, key=refund.key,
    )  # fmt: skip
    assert reconcile(tills.world.store, {"wechat": States(row)}, [day(6)], day(7)) == []  # type: ignore[dict-item]


class Hung:
    """A provider that makes no statement."""

    def statement(self, day: object) -> None:
        raise Away("not ready")


def test_a_statement_that_is_not_there_is_no_difference_before_the_afternoon(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    tills = Tills(make_world({day(2): 3}), Misbehaviour())
    world = tills.world
    world.providers.clear()
    world.providers["wechat"] = Hung()
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(Troubles, "note", lambda _, kind, about: told.append((kind, about)))
    monkeypatch.setattr(Troubles, "tell", lambda _: None)
    troubles = Troubles(world.services.stage, world.store, None)  # type: ignore[arg-type]
    world.now = world.now.replace(hour=2, minute=40)
    audit.report_money(world.services, troubles)
    assert told == []
    world.now = world.now.replace(hour=6, minute=0)
    with pytest.raises(RuntimeError, match="3 differences"):
        audit.report_money(world.services, troubles)
    assert told == [("books", f"{day(-back)} wechat") for back in (3, 2, 1)]


def test_a_finding_says_all_that_it_knows_in_a_line() -> None:
    found = Discrepancy(TODAY, "alipay", Wrong.AMOUNT, "refund", "key", "1" * 20, theirs=5, ours=6, line=7)
    words = f"2026-11-24 alipay, amount, refund, key, order {'1' * 20}, theirs 5, ours 6 fen, line 7 of the statement"
    assert str(found) == words
