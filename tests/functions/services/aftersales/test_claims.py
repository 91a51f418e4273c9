"""Claims on a table: made once, settled once by one of two, listed without a scan, and never more than was paid."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import product
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import SCHEDULE, device
from chalicelib.domain.aftersales.claims import Claim, ClaimFault, ClaimState, DeclineReason
from chalicelib.domain.aftersales.commands import (
    ClaimWish,
    DeclineClaim,
    LineMoney,
    MakeClaim,
    ReplaceClaimed,
    SettleClaim,
)
from chalicelib.domain.commands import AskRefund, BearNumber, PackParcel
from chalicelib.domain.errors import Invalid, NotFound, ShopError, SoldOut, WrongState
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.services.aftersales.claims import UNWRITTEN, claimed_batches, open_claims
from chalicelib.services.aftersales.replacements import Replacements
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.crash_points import CrashPoints, Died
from tests.functions.helpers.pictures import as_phones_make_it, photo
from tests.functions.helpers.world import JAR, World, day, letter_in, make_key

MakeWorld = Callable[..., World]
MANAGER, OTHER, PACKER = device("0badf00d"), device("0badfeed"), device("0badcafe")
BROKEN = MakeClaim((ClaimWish(0, 1, ClaimFault.BROKEN),))
ALL, NOT_SHOWN = SettleClaim(), DeclineClaim(DeclineReason.NOT_SHOWN, "请再拍")


def came(world: World, key: int = 0, quantity: int = 2, **body: Any) -> Order:
    """An order that was handed to the carrier."""
    placed = world.place(key, lines=[{"sku": JAR, "quantity": quantity}], **body)
    world.pay(placed)
    bench = Bench(world.shop.stage, world.store)
    bench.wave([placed["order"]], make_key(700 + key), PACKER)
    bench.pack(placed["order"], PackParcel(1), make_key(800 + key), PACKER)
    bench.hand_over(f"{placed['order']}-1", BearNumber("sf", f"SF{key:013}"), PACKER)
    return world.shop.orders.load(placed["order"])


def sent(world: World, order: Order, data: bytes) -> str:
    """The name of a photograph that has arrived."""
    [form] = world.services.photos.ask("claim", order.number, 1, world.now)
    world.send_photo(form.fields, data)
    return form.name


def claim(world: World, order: Order, key: int = 0, asked: MakeClaim = BROKEN) -> tuple[Order, Claim]:
    asked = asked if asked.photos else msgspec.structs.replace(asked, photos=(sent(world, order, photo()),))
    return world.services.claims.make(world.shop.orders.load(order.number), asked, make_key(900 + key))


def waiting(world: World) -> list[str]:
    return [one.claim.id for one in open_claims(world.store, lambda: world.now)]


def test_a_claim_is_made_once_listed_with_its_batch_and_settled_once_with_letters(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    order = came(world, email="wang@example.com")
    pictures = (sent(world, order, as_phones_make_it()), sent(world, order, photo()))
    asked = MakeClaim((ClaimWish(0, 1, ClaimFault.SPOILED),), pictures, " 盖子\u202e鼓了 ")
    _, made = claim(world, order, 1, asked)
    assert (made.words, len(made.photos), made.state) == ("盖子鼓了", 2, ClaimState.OPEN)
    assert claim(world, order, 1, asked)[1] == made, "the same request again"
    with pytest.raises(Invalid, match="at most 0"):
        claim(world, order, 2)
    world.calls.clear()
    [found] = open_claims(world.store, lambda: world.now)
    assert {*world.calls} == {"Query", "BatchGetItem"} and len(world.calls) == 2
    assert (found.claim.id, found.order.number) == (made.id, order.number)
    assert claimed_batches(found.order, made) == [(JAR, str(day(2)))]
    assert world.services.claims.of_batch(JAR, str(day(2))) == 1
    after, settled = world.services.claims.settle(order.number, made.id, SettleClaim(words="对不起"), MANAGER)
    assert (settled.amount, settled.by, settled.reply) == (2990, MANAGER, "对不起")
    again = world.services.claims.settle(order.number, made.id, ALL, OTHER)
    assert again[1] == settled, "a double tap pays once"
    with pytest.raises(WrongState):
        world.services.claims.decline(order.number, made.id, NOT_SHOWN, OTHER)
    world.settle()
    assert sum(one.amount for one in world.sandbox.repaid.values()) == 2990
    assert {name for _, name in map(letter_in, world.mails)} >= {"claimed", "settled"}
    assert (waiting(world), [one.claim.id for one in world.services.claims.latest()]) == ([], [made.id])
    assert world.services.claims.of_batch(JAR, str(day(2))) == 1, "it stays counted"
    assert after.refundable == after.total - 2990 and not world.differences()


def test_what_cannot_be_claimed_is_refused_by_name(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    order, claims = came(world), world.services.claims
    for asked, pointer in (
        (MakeClaim((ClaimWish(0, 3, ClaimFault.BROKEN),), ("x",)), "/lines/0/quantity"),
        (MakeClaim((ClaimWish(1, 1, ClaimFault.BROKEN),), ("x",)), "/lines/0/line"),
        (
            MakeClaim((ClaimWish(0, 1, ClaimFault.BROKEN), ClaimWish(0, 2, ClaimFault.WRONG)), ("x",)),
            "/lines/1/quantity",
        ),
        (BROKEN, "/photos"),
        (MakeClaim(BROKEN.lines, (sent(world, order, b"<svg/>"),)), "/photos/0"),
    ):
        with pytest.raises(Invalid) as refused:
            claims.make(order, asked, make_key(1))
        assert [fault.pointer for fault in refused.value.faults] == [pointer]
    with pytest.raises(Invalid, match="Idempotency-Key"):
        claims.make(order, BROKEN, "short")
    missing = MakeClaim((ClaimWish(0, 1, ClaimFault.MISSING),))
    _, made = claims.make(order, missing, make_key(2))
    assert made.photos == (), "of what did not come there is no photograph"
    with pytest.raises(Invalid) as refused:
        claims.settle(order.number, made.id, SettleClaim((LineMoney(0, 2991), LineMoney(5, 1))), MANAGER)
    assert [fault.pointer for fault in refused.value.faults] == ["/lines/0/amount", "/lines/1/amount"]
    for number, name in ((order.number, "0" * 16), ("9" * 20, made.id)):
        with pytest.raises(NotFound):
            claims.settle(number, name, ALL, MANAGER)
    Refunds(world.store, lambda: world.now).ask(order.number, AskRefund(amount=order.total), make_key(3), MANAGER)
    with pytest.raises(WrongState, match="nothing is left"):
        claims.settle(order.number, made.id, ALL, MANAGER)
    assert claims.decline(order.number, made.id, DeclineClaim(DeclineReason.ALREADY), MANAGER)[1].reason == "already"


def test_small_ones_are_paid_by_rule_where_the_shop_wants_that(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    world.settings = msgspec.structs.replace(world.settings, claim_at_once=3000)
    world.shop = world.process(world.shop.catalog)
    order = came(world)
    _, made = claim(world, order, 1)
    assert (made.state, made.by, made.amount) == (ClaimState.SETTLED, SCHEDULE, 2990)
    _, second = claim(world, order, 2)
    assert (second.state, waiting(world)) == (ClaimState.OPEN, [second.id]), "a person looks at the second"


@pytest.mark.parametrize(("write", "side"), [*product((1, 2, 3), ("before", "after"))])
def test_a_claim_that_was_cut_off_is_made_and_settled_all_the_same_when_it_is_asked_again(
    make_world: MakeWorld, write: int, side: Any
) -> None:
    world = make_world({day(2): 9})
    crash, order = CrashPoints(world.client), came(world)
    asked = MakeClaim(BROKEN.lines, (sent(world, order, photo()),))
    for act in ("make", "settle"):
        for fate in ((write, side), None):
            try:
                with crash.at(fate):
                    if act == "make":
                        _, made = claim(world, order, 1, asked)
                    else:
                        world.services.claims.settle(order.number, made.id, ALL, MANAGER)
            except Died:
                world.later(1)
        world.later(UNWRITTEN.total_seconds() + 1)
        assert waiting(world) == ([made.id] if act == "make" else [])
        assert world.services.claims.of_batch(JAR, str(day(2))) == 1
    listed = [item for item in world.store.everything() if item["pk"]["S"] == "claims#open"]
    assert not listed, "what was left behind is struck off"
    world.settle()
    assert [one.amount for one in world.sandbox.repaid.values()] == [2990]
    assert [one.state for one in world.shop.orders.load(order.number).refunds] == [RefundState.DONE]


@pytest.mark.parametrize("first", ["settle", "part", "decline", "refund"])
@pytest.mark.parametrize("second", ["settle", "part", "decline", "refund"])
def test_of_two_who_decide_at_once_one_result_is_told_to_both(make_world: MakeWorld, first: str, second: str) -> None:
    world = make_world({day(2): 9})
    crash, order = CrashPoints(world.client), came(world, quantity=1)
    _, made = claim(world, order, 1)
    there = world.process(world.shop.catalog)

    def act(what: str, shop: Any, key: int) -> Any:
        try:
            match what:
                case "settle":
                    return shop.services.claims.settle(order.number, made.id, ALL, MANAGER)[1]
                case "part":
                    part = SettleClaim((LineMoney(0, 1000),))
                    return shop.services.claims.settle(order.number, made.id, part, OTHER)[1]
                case "decline":
                    return shop.services.claims.decline(order.number, made.id, NOT_SHOWN, OTHER)[1]
            asked = AskRefund(amount=order.total)
            return Refunds(shop.store, lambda: world.now).ask(order.number, asked, make_key(key), OTHER)
        except ShopError as refusal:
            return refusal

    told: list[Any] = []
    with crash.at((1, "before"), lambda: told.append(act(second, there, 41))):
        told.append(act(first, world.shop, 42))
    after = world.shop.orders.load(order.number)
    [ended] = after.claims
    results = [one for one in told if isinstance(one, Claim)]
    assert all(one == ended for one in results), "whoever is told of a result is told of the one"
    assert sum(one.amount for one in after.refunds) <= after.total
    assert ended.amount == sum(one.amount for one in after.refunds if one.request.startswith("claim-"))
    world.settle()
    assert sum(one.amount for one in world.sandbox.repaid.values()) <= after.total
    assert not world.differences()


def test_what_waits_is_shown_the_oldest_first_also_where_there_are_many(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    made = []
    for key in range(3):
        made.append(claim(world, came(world, key, 1), key)[1].id)
        world.now += timedelta(minutes=1)
    assert waiting(world) == made
    assert world.services.claims.of_batch(JAR, str(day(2))) == 3


def test_what_was_claimed_is_sent_again_once_by_an_order_that_holds_units(make_world: MakeWorld) -> None:
    world = make_world({day(2): 3})
    order = came(world, email="wang@example.com")
    _, made = claim(world, order)
    replacements = Replacements(world.shop.stage, world.store)
    after, settled = replacements.send(order.number, made.id, ReplaceClaimed("对不起"), MANAGER)
    assert (settled.state, settled.amount, settled.ship_by) == (ClaimState.SETTLED, 0, day(2))
    assert replacements.send(order.number, made.id, ReplaceClaimed(), OTHER)[1] == settled, "a double tap sends once"
    fresh = world.shop.orders.load(settled.replaced_by)
    assert (fresh.state, fresh.total, fresh.replaces, fresh.refundable) == ("paid", 0, order.number, 0)
    assert (world.left(), waiting(world), after.refundable) == (0, [], order.total)
    with pytest.raises(WrongState):
        world.services.claims.decline(order.number, made.id, NOT_SHOWN, OTHER)
    world.settle()
    assert "settled" in {name for _, name in map(letter_in, world.mails)}
    bench = Bench(world.shop.stage, world.store)
    bench.wave([fresh.number], make_key(77), PACKER)
    bench.pack(fresh.number, PackParcel(1), make_key(78), PACKER)
    bench.hand_over(f"{fresh.number}-1", BearNumber("sf", "SF9999999999999"), PACKER)
    assert world.shop.orders.load(fresh.number).state == "shipped"
    assert not world.differences()


def test_nothing_is_sent_again_that_is_not_made_and_a_replacement_may_be_cancelled(make_world: MakeWorld) -> None:
    world = make_world({day(2): 3})
    order = came(world)
    _, made = claim(world, order)
    other = world.place(5, lines=[{"sku": JAR, "quantity": 1}])
    replacements = Replacements(world.shop.stage, world.store)
    with pytest.raises(SoldOut):
        replacements.send(order.number, made.id, ReplaceClaimed(), MANAGER)
    assert waiting(world) == [made.id]
    world.shop.orders.cancel(other["order"], other["token"])
    _, settled = replacements.send(order.number, made.id, ReplaceClaimed(), MANAGER)
    cancel_by_seller(world.store, world.shop.stage.clock, settled.replaced_by)
    assert (world.shop.orders.load(settled.replaced_by).state, world.left()) == ("cancelled", 1)
    assert not world.differences()


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_replacement_that_was_cut_off_is_sent_once_when_it_is_asked_again(make_world: MakeWorld, side: Any) -> None:
    world = make_world({day(2): 3})
    crash, order = CrashPoints(world.client), came(world)
    _, made = claim(world, order)
    replacements = Replacements(world.shop.stage, world.store)
    for write in range(1, 4):
        with crash.at((write, side)), suppress(Died):
            replacements.send(order.number, made.id, ReplaceClaimed(), MANAGER)
    replacements.send(order.number, made.id, ReplaceClaimed(), MANAGER)
    assert (world.left(), waiting(world)) == (0, []) and not world.differences()
