"""Traps around units: nobody takes what another has, and nothing stays taken."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from chalicelib.domain.errors import InvitationOver, LimitReached, NotFound, SoldOut
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.drops import open_drop
from chalicelib.services.order_changes import postpone

from tests.functions.helpers.crash_points import CrashPoints
from tests.functions.helpers.faults import cancelled, meets
from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.waiters import give_up, join, states, take
from tests.functions.helpers.world import JAR, POT, MakeWorld, World, day, make_body, make_key
from tests.functions.scenarios.traps.sight import everything_in, watch


def test_a_crowd_that_is_on_the_payment_page_already_gets_no_more_than_there_is(make_world: MakeWorld) -> None:
    """T2, woocommerce#24009: 120 paid for 4, since stock was looked at before the payment page alone."""
    world = make_world({day(2): 4})
    crowd = []
    for wave in range(7):
        crowd += [world.place(4 * wave + buyer) for buyer in range(4)]
        world.later(931)
    for order in crowd:
        world.pay(order)
    world.settle()
    seen = [world.see(order) for order in crowd]
    assert Counter(order["state"] for order in seen) == {"paid": 4, "refunded": 24}
    assert sum(refund["amount"] for order in seen for refund in order["refunds"]) == 24 * 2990
    assert (world.left(), world.differences()) == (0, [])


def test_an_order_never_stands_in_its_own_way(make_world: MakeWorld) -> None:
    """T4, medusa#11403: lines that share a batch, and a buyer's tab, conflicted with each other."""
    world = make_world()
    for sku in (JAR, POT):
        world.stock(2, day(2), sku, shards=2)
    both = [{"sku": sku, "quantity": 1} for sku in (JAR, POT)]
    for key in range(2):
        world.place(key, buyer=0, lines=both)
    world.later(931)
    transactions = watch(world)
    world.place(2, buyer=0, lines=[*both, *both])
    for actions in transactions:
        keys = [str(action.get("Key") or {name: action["Item"][name] for name in ("pk", "sk")}) for action in actions]
        assert len(set(keys)) == len(keys)
    assert (world.left(), world.left(POT), world.differences()) == (0, 0, [])


def test_who_loses_a_race_leaves_nothing_behind(make_world: MakeWorld) -> None:
    """T5, medusa#16825: an order without stock was left where the claim had failed."""
    world = make_world({day(2): 1})
    loser = World(client=world.client, table=world.store.table.name)
    assert loser.left() == 1
    world.place(0, email="wang@example.com")
    before, transactions = everything_in(world), watch(world)
    with pytest.raises(SoldOut):
        loser.place(1, email="zhang@example.com")
    assert len(transactions) == 1, "the loser did try"
    assert everything_in(world) == before
    world.settle()
    assert [mail["To"] for mail in world.mails] == ["wang@example.com"]


def test_every_way_to_units_leads_through_the_one_guarded_write(make_world: MakeWorld) -> None:
    """T7, eventyay#1359 and spree#13978: a second way in (a waitlist, staff) did not look at what is left."""
    world = make_world({day(2): 1, day(5): 1})
    transactions = watch(world)
    order = world.place()
    world.later(930)
    world.sweep()
    world.pay(order)
    postpone(world.store, lambda: world.now, order["order"], day(5))
    values = [(action, action.get("ExpressionAttributeValues", {})) for actions in transactions for action in actions]
    takes = [action for action, given in values if given.get(":change", {"N": "0"})["N"].startswith("-")]
    assert [action["ConditionExpression"] for action in takes] == ["units >= :net"] * 3
    assert world.see(order)["ship_by"] == day(5)


def test_what_is_cancelled_or_given_up_while_it_is_being_claimed_gives_back_what_was_taken(
    make_world: MakeWorld,
) -> None:
    """T18, EasyAbp/EShop#221: a cancel before the claim was made gave back units that had not been taken."""
    world = make_world({day(2): 2})
    ticket = world.keys.tickets(make_key(0))[0]
    crash = CrashPoints(world.client)

    def cancel() -> None:
        with pytest.raises(NotFound):
            world.shop.cancel(ticket.number, ticket.token)

    with crash.at((1, "before"), cancel):
        world.place(0, quantity=2)
    assert world.left() == 0
    place = join(world)
    world.shop.cancel(ticket.number, ticket.token)
    with crash.at((1, "before"), lambda: give_up(world, place)), pytest.raises(InvitationOver):
        take(world, place)
    assert (world.left(), world.differences()) == (2, [])


def test_a_cancel_frees_the_batch_the_drop_and_the_buyers_limit_each_once(make_world: MakeWorld) -> None:
    """T19, Hi.Events#466 and bn-api#901: a cancel gave back the ticket, not the other counts."""
    world = make_world({day(2): 4}, per_buyer=1)
    drop = Drop("evening", JAR, "cabbage-1", 1990, 2, world.now, world.now + timedelta(hours=1), 1)
    open_drop(world.shop.catalog, world.store, world.now, drop, 1)
    lines = [{"sku": JAR, "quantity": 1, "drop": "evening"}, {"sku": JAR, "quantity": 1}]
    for key in range(3):
        order = world.place(key, buyer=0, lines=lines, room="cabbage-1")
        world.pay(order)
        for _ in range(2):
            world.shop.cancel(order["order"], order["token"])
        world.settle()
        [item] = world.shop.availability([JAR])["items"].values()
        assert (item["left"], item["drops"][0]["left"], world.differences()) == (2, 2, [])


def test_an_invitation_that_became_an_order_is_free_again_when_that_is_cancelled(make_world: MakeWorld) -> None:
    """T20, pretix#1405: a unit that a waiting-list voucher had blocked stayed blocked for good."""
    world = make_world({day(2): 1})
    first = world.place(0)
    places = [join(world, who) for who in range(2)]
    world.shop.cancel(first["order"], first["token"])
    order = take(world, places[0])
    world.shop.cancel(order["order"], order["token"])
    assert states(world, *places) == ["taken", "invited"]
    order = take(world, places[1], key=901)
    world.later(931)
    world.sweep()
    assert (world.left(), world.differences()) == (1, [])


def test_a_hundred_taps_of_one_buyer_take_one_place_and_99_others_get_theirs(make_world: MakeWorld) -> None:
    """T21, springboot-seckill#35 and hfbin/Seckill#11: each tap of one buyer took one off the stock."""
    world = make_world({day(2): 100})
    drop = Drop("evening", JAR, "cabbage-1", 1990, 100, world.now, world.now + timedelta(hours=1), 1)
    open_drop(world.shop.catalog, world.store, world.now, drop, 1)
    body = {"lines": [{"sku": JAR, "quantity": 1, "drop": "evening"}], "room": "cabbage-1"}
    world.place(0, buyer=0, **body)
    for tap in range(1, 100):
        with pytest.raises(LimitReached):
            world.place(tap, buyer=0, **body)
    for buyer in range(1, 100):
        world.place(100 + buyer, buyer=buyer, **body)
    assert len([*world.store.orders.all()]) == 100
    assert world.differences() == []


def test_an_order_that_is_refused_for_one_line_takes_nothing_of_the_other(make_world: MakeWorld) -> None:
    """T23, codingXiaxw/seckill#16: stock was taken line by line, so a refused order hid the other line's units."""
    world = make_world({day(2): 1})
    world.stock(1, day(2), POT)
    world.place(0, sku=POT)
    both = [{"sku": sku, "quantity": 1} for sku in (JAR, POT)]
    told = []
    for key in (1, 2):
        with pytest.raises(SoldOut) as refusal:
            world.place(key, lines=both)
        told += [(fault.sku, fault.left) for fault in refusal.value.faults]
        assert world.left() == 1
    assert told == [(POT, 0)] * 2
    world.place(3)
    assert (world.left(), world.differences()) == (0, [])


def test_a_buyer_whose_own_unpaid_order_is_in_the_way_is_told_so_and_can_pay_or_cancel_it(
    make_world: MakeWorld,
) -> None:
    """T25, woocommerce#67354: stock that a buyer's own draft held was reported as sold out to that buyer."""
    world = make_world({day(2): 2}, per_buyer=1)
    order = world.place(0, buyer=0)
    with pytest.raises(LimitReached) as refusal:
        world.place(1, buyer=0)
    assert [(fault.pointer, fault.limit) for fault in refusal.value.faults] == [("/lines/0", 1)]
    assert world.see(order)["payment"]["action"] == "redirect", "it can still be paid"
    world.shop.cancel(order["order"], order["token"])
    world.place(1, buyer=0)
    assert world.differences() == []


def test_two_rooms_that_sell_one_batch_sell_it_once(make_world: MakeWorld) -> None:
    """T31, datafoodconsortium/ontology#67: two catalogues that offer one stock each counted it by themselves."""
    world = make_world({day(2): 5})
    other = World(client=world.client, table=world.store.table.name)
    assert (world.left(), other.left()) == (5, 5)
    sold = 0
    for key in range(4):
        for room, shop in (("cabbage-1", world), ("cabbage-2", other)):
            with suppress(SoldOut):
                shop.place(key + (50 if room == "cabbage-2" else 0), room=room)
                sold += 1
    assert (sold, other.left(), world.differences()) == (5, 0, [])


def test_a_conflict_on_a_limit_or_a_drop_uses_up_no_place_and_is_tried_again(make_world: MakeWorld) -> None:
    """T33, sample-voice-of-customer-datalake#350: a conflict on a counter was taken for its being full."""
    world = make_world({day(2): 2})
    drop = Drop("evening", JAR, "cabbage-1", 1990, 1, world.now, world.now + timedelta(hours=1), 1)
    conflict = cancelled("None", "TransactionConflict", "None", "None")
    meets(world, "TransactWriteItems", [conflict] * 2)
    open_drop(world.shop.catalog, world.store, world.now, drop, 1)
    calls = meets(world, "TransactWriteItems", [conflict] * 3)
    world.place(0, lines=[{"sku": JAR, "quantity": 1, "drop": "evening"}], room="cabbage-1")
    assert len(calls) == 4
    assert (world.left(), world.differences()) == (1, [])


def test_an_overload_says_when_to_come_again_and_asking_again_gives_the_order(http: Http) -> None:
    """T32, solidus#3020, saleor#13626 and emfcamp/Website#879: a lost race or an overload was a 500."""
    faults = iter([cancelled("ThrottlingError", "None")] * 9999)
    meets(http.world, "TransactWriteItems", faults)
    response = http("POST", "/checkout", make_body(), Idempotency_Key=make_key())
    assert is_problem(response, 503, "busy")
    assert int(response.headers["Retry-After"]) > 0
    assert [*faults], "the table is there again"
    again = [http("POST", "/checkout", make_body(), Idempotency_Key=make_key()) for _ in range(2)]
    assert [answer.status_code for answer in again] == [201, 201]
    assert again[0].json_body == again[1].json_body
    assert http.world.left() == 0


def test_a_sweep_that_meets_a_running_checkout_frees_units_once(make_world: MakeWorld) -> None:
    """T34, xoto3#13: a write beside a transaction failed, and was not tried again."""
    world = make_world({day(2): 2})
    order = world.place(quantity=2)
    world.later(930)
    calls = meets(world, "TransactWriteItems", [cancelled("None", "TransactionConflict")] * 2)
    for _ in range(2):
        world.sweep()
    assert len(calls) == 3
    assert (world.see(order)["state"], world.left()) == ("expired", 2)
    assert world.differences() == []


def test_orders_that_wait_are_spread_over_the_index_and_all_are_found(make_world: MakeWorld) -> None:
    """T37, Brighter#2810: an index with one hot key throttled the table itself."""
    world = make_world({day(2): 8})
    for key in range(8):
        world.place(key)
    assert len({item["due_pk"]["S"] for item in everything_in(world) if "due_pk" in item}) > 1
    world.later(930)
    world.place(8, quantity=3)  # a walk-in takes over ended holds of any partition
    world.sweep()
    assert (world.left(), world.differences()) == (5, [])
