"""Bugs that real shops had, each as a test of this one.

`TRAPS` says of every trap where the bug was met and which tests show that it is not here; those that no other file
has are below.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import app as functions
import pytest
from chalicelib.catalog import Calendar
from chalicelib.domain.errors import Busy, InvitationOver, LimitReached, NotFound, SoldOut
from chalicelib.domain.stock.drops import Drop
from chalicelib.payments.sandbox import SandboxEvent
from chalicelib.services.drops import open_drop
from chalicelib.services.order_changes import postpone

from tests.functions.helpers.crash_points import CrashPoints
from tests.functions.helpers.faults import cancelled, meets
from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.waiters import give_up, join, states, take
from tests.functions.helpers.world import JAR, POT, ROOT, TODAY, World, day, make_body, make_key

MakeWorld = Callable[..., World]

TRAPS = {
    "T1": """saleor#543, magento2#6363, opencart#4811
        stack/test_races.py::test_the_last_unit_is_sold_once""",
    "T2": """woocommerce#24009
        functions/scenarios/test_traps.py::test_a_crowd_that_is_on_the_payment_page_already_gets_no_more_than_there_is""",
    "T3": """medusa#16502
        functions/services/test_checkout.py::test_lines_of_one_sku_are_added_up_before_the_claim
        functions/services/test_checkout.py::test_no_more_than_a_product_allows_in_one_order""",
    "T4": """medusa#11403
        functions/scenarios/test_traps.py::test_an_order_never_stands_in_its_own_way""",
    "T5": """medusa#16825
        functions/scenarios/test_traps.py::test_who_loses_a_race_leaves_nothing_behind""",
    "T6": """medusa#15122
        functions/scenarios/test_traps.py::test_no_letter_goes_out_for_an_order_that_was_not_written""",
    "T7": """eventyay#1359, spree#13978
        functions/scenarios/test_traps.py::test_every_way_to_units_leads_through_the_one_guarded_write
        functions/storage/test_transaction.py::test_units_move_only_with_the_order_that_claims_them""",
    "T8": """Zapiet's page
        functions/services/test_checkout.py::test_a_view_that_another_process_has_made_stale_costs_one_more_try
        functions/services/test_checkout.py::test_nothing_is_taken_unless_the_shopper_has_seen_this_total_and_date
        browser/shopping/test_faults.py::test_a_later_date_is_taken_only_when_the_shopper_agrees""",
    "T9": """seckill#41, saleor#15246, events-made-easy#496
        functions/scenarios/test_life.py::test_a_late_payment_takes_units_again_where_there_are_any
        functions/scenarios/test_life.py::test_a_late_payment_is_refunded_where_nothing_is_left
        stack/test_races.py::test_a_payment_and_the_end_of_the_hold_at_once_leave_units_and_money_agreeing""",
    "T10": """kompassi#1016
        functions/scenarios/test_life.py::test_a_payment_for_a_cancelled_order_goes_back_and_takes_no_units""",
    "T11": """mollie/WooCommerce#1252
        functions/domain/orders/test_transitions.py::test_an_event_leads_to
        functions/domain/orders/test_transitions.py::test_money_that_comes_too_late_goes_back_once_and_the_order_ends_refunded""",
    "T12": """mollie/WooCommerce#1284: no event is waited for, since the hold of the one waiting state ends by the clock
        functions/scenarios/test_life.py::test_a_hold_that_nobody_pays_comes_back_exactly_once
        functions/scenarios/test_life.py::test_a_declined_payment_leaves_the_order_to_be_paid""",
    "T13": """pretix#343
        functions/scenarios/test_traps.py::test_an_order_that_was_paid_twice_stays_paid_when_one_payment_has_gone_back""",
    "T14": """saleor#7399, saleor#9504
        functions/domain/orders/test_transitions.py::test_the_same_news_twice_changes_nothing_more
        functions/domain/orders/test_transitions.py::test_a_second_payment_goes_back_and_the_order_stays_paid
        functions/scenarios/test_any_life.py::test_any_life_keeps_the_promise_and_the_books""",
    "T15": """medusa#13301, alf.io#1421: no route takes a browser's word for it
        functions/scenarios/test_life.py::test_a_payment_books_the_order
        functions/api/test_app.py::test_every_route_is_in_the_openapi_file_and_the_other_way_round""",
    "T16": """Hi.Events#513
        functions/scenarios/test_traps.py::test_news_of_money_is_taken_whatever_has_become_of_the_order""",
    "T17": """WeChat community
        stack/test_races.py::test_two_events_of_one_payment_at_once_book_it_once
        stack/test_stack.py::test_two_payments_at_once_book_the_order_once_and_the_letter_comes_by_the_stream""",
    "T18": """EasyAbp/EShop#221
        functions/scenarios/test_traps.py::test_what_is_cancelled_or_given_up_while_it_is_being_claimed_gives_back_what_was_taken
        functions/services/test_waitlist.py::test_what_was_ordered_cannot_be_given_up""",
    "T19": """Hi.Events#466, bn-api#901
        functions/scenarios/test_traps.py::test_a_cancel_frees_the_batch_the_drop_and_the_buyers_limit_each_once""",
    "T20": """pretix#1405
        functions/scenarios/test_traps.py::test_an_invitation_that_became_an_order_is_free_again_when_that_is_cancelled""",
    "T21": """springboot-seckill#35, hfbin/Seckill#11
        functions/scenarios/test_traps.py::test_a_hundred_taps_of_one_buyer_take_one_place_and_99_others_get_theirs""",
    "T22": """newbee-mall#97
        functions/services/test_drops.py::test_who_is_early_or_late_is_told_and_uses_up_nothing""",
    "T23": """codingXiaxw/seckill#16
        functions/scenarios/test_traps.py::test_an_order_that_is_refused_for_one_line_takes_nothing_of_the_other""",
    "T24": """dianping#1, emfcamp/Website#1901
        functions/storage/test_transaction.py::test_an_answer_that_was_lost_after_the_write_still_gives_the_order_once
        functions/scenarios/test_any_life.py::test_any_life_keeps_the_promise_and_the_books
        stack/test_surge.py::test_a_surge_in_which_processes_are_killed_loses_and_doubles_nothing""",
    "T25": """woocommerce#67354
        functions/scenarios/test_traps.py::test_a_buyer_whose_own_unpaid_order_is_in_the_way_is_told_so_and_can_pay_or_cancel_it
        browser/shopping/test_drops.py::test_a_limit_shows_the_unpaid_order_that_fills_it""",
    "T26": """woocommerce#66048, woocommerce#30612
        functions/domain/test_settings.py::test_a_hold_that_is_no_positive_whole_number_refuses_to_start
        infra/commands/test_cli.py::test_up_refuses_a_hold_that_is_none""",
    "T27": """pretix#1238
        functions/services/test_waitlist.py::test_units_that_cannot_be_made_any_more_go_to_nobody
        functions/scenarios/test_traps.py::test_what_is_given_back_beyond_the_batch_invites_nobody""",
    "T28": """pretix#681
        functions/scenarios/test_traps.py::test_nobody_is_invited_so_late_that_it_could_not_be_ordered_or_after_the_sale_has_closed""",
    "T29": """pretix#3628
        functions/services/test_drops.py::test_the_sold_out_drop_says_what_the_ordinary_batches_hold_and_the_other_way_round
        functions/services/test_waitlist.py::test_nobody_has_to_wait_for_what_can_be_bought""",
    "T30": """openfoodnetwork#6417, pretix#135, vendure#1355
        functions/scenarios/test_life.py::test_a_batch_lowered_under_its_promises_sells_nothing_until_they_are_met
        functions/services/test_order_changes.py::test_a_batch_that_was_lowered_sells_nothing_of_what_a_withdrawn_order_frees
        functions/scenarios/test_any_life.py::test_any_life_keeps_the_promise_and_the_books""",
    "T31": """datafoodconsortium/ontology#67
        functions/scenarios/test_traps.py::test_two_rooms_that_sell_one_batch_sell_it_once
        functions/services/test_drops.py::test_another_room_does_not_sell_it""",
    "T32": """solidus#3020, saleor#13626, emfcamp/Website#879
        functions/api/test_app.py::test_sold_out_points_at_the_line
        functions/api/test_app.py::test_a_checkout_that_has_changed_says_the_new_total_and_date
        functions/scenarios/test_traps.py::test_an_overload_says_when_to_come_again_and_asking_again_gives_the_order""",
    "T33": """sample-voice-of-customer-datalake#350
        functions/scenarios/test_traps.py::test_a_conflict_on_a_limit_or_a_drop_uses_up_no_place_and_is_tried_again""",
    "T34": """xoto3#13
        functions/scenarios/test_traps.py::test_a_sweep_that_meets_a_running_checkout_frees_units_once""",
    "T35": """aws-sdk-java-v2#2518
        stack/test_races.py::test_one_key_sent_many_times_at_once_makes_one_order
        functions/storage/test_transaction.py::test_a_conflict_or_throttle_is_retried_in_place_and_claims_once""",
    "T36": """TransactWriteItems, whose ClientRequestToken is good for ten minutes
        functions/services/test_checkout.py::test_the_same_key_and_body_give_the_same_order_and_token_and_take_units_once""",
    "T37": """Brighter#2810: no emulator throttles an index; infra/docs/surge.md says how much it carries
        functions/scenarios/test_traps.py::test_orders_that_wait_are_spread_over_the_index_and_all_are_found
        functions/jobs/test_outbox.py::test_a_sweep_stops_when_its_time_is_up_and_the_next_goes_on""",
    "T38": """sample-voice-of-customer-datalake#383
        functions/api/test_app.py::test_records_that_come_twice_or_ask_for_nothing_do_nothing_more
        functions/scenarios/test_traps.py::test_records_in_another_order_bring_the_same_letters""",
    "T39": """Lambda's event source mappings
        functions/api/test_app.py::test_a_record_that_cannot_be_dealt_with_keeps_no_other_and_comes_again_only_from_a_busy_table
        infra/deploy/test_template.py::test_the_stream_loses_no_record_and_does_not_wait_for_a_bad_one
        infra/deploy/test_template.py::test_what_is_given_up_is_kept_and_raises_an_alarm""",
    "T40": """medusa#16569: nothing repairs by itself, so nothing repairs twice
        functions/scenarios/test_life.py::test_the_auditor_names_a_shard_that_disagrees_with_the_orders""",
    "T41": """WeChat's rules of dispatch, where the shortest time that is shown binds
        browser/shopping/test_purchase.py::test_a_purchase_ends_as_a_paid_order_with_one_date_all_the_way
        functions/jobs/test_outbox.py::test_the_letter_says_the_date_and_carries_the_orders_own_link
        site/check/test_forbidden_words.py::test_a_claim_is_found_with_the_law_that_forbids_it""",
}


def test_every_trap_is_shown_by_tests_that_exist() -> None:
    assert [*TRAPS] == [f"T{number}" for number in range(1, 42)]
    for trap, said in TRAPS.items():
        _, *tests = said.splitlines()
        assert tests, trap
        for file, name in (test.strip().split("::") for test in tests):
            assert f"\ndef {name}(" in (ROOT / "tests" / file).read_text(), f"{trap}: {file} has no {name}"


def watch(world: World) -> list[list[dict[str, Any]]]:
    """The actions of each transaction that the world asks for from now on."""
    seen: list[list[dict[str, Any]]] = []
    world.client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems",
        lambda params, **_: seen.append([next(iter(item.values())) for item in params["TransactItems"]]),
    )
    return seen


def everything_in(world: World) -> list[dict[str, Any]]:
    items = world.client.scan(TableName=world.store.table.name)["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


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


def test_no_letter_goes_out_for_an_order_that_was_not_written(make_world: MakeWorld) -> None:
    """T6, medusa#15122: the letter went out before the transaction, which then failed."""
    world = make_world({day(2): 1})
    faults = iter([cancelled("TransactionConflict", "None")] * 9999)
    meets(world, "TransactWriteItems", faults)
    with pytest.raises(Busy):
        world.place(email="wang@example.com")
    world.settle()
    assert world.mails == []
    assert [*faults], "the table is there again"
    world.place(email="wang@example.com")
    world.settle()
    assert len(world.mails) == 1


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


def test_an_order_that_was_paid_twice_stays_paid_when_one_payment_has_gone_back(make_world: MakeWorld) -> None:
    """T13, pretix#343: the refund of the second payment made the order one that nobody had paid."""
    world = make_world({day(2): 1})
    order = world.place()
    world.pay(order)
    second = SandboxEvent("event-2", "paid", order["order"], "payment-2", order["total"])
    world.shop.handle_event("sandbox", *world.sandbox.signed(second, world.now))
    world.settle()
    seen = world.see(order)
    assert (seen["state"], [refund["state"] for refund in seen["refunds"]]) == ("paid", ["done"])
    assert (world.left(), world.differences()) == (0, [])


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


def test_what_is_given_back_beyond_the_batch_invites_nobody(make_world: MakeWorld) -> None:
    """T27, pretix#1238: deleting a reservation beyond the quota sent out as many vouchers as it had held."""
    world = make_world({day(2): 6})
    orders = [world.place(key, quantity=2) for key in range(3)]
    places = [join(world, who) for who in range(6)]
    world.stock(1, day(2))
    for order in orders[:2]:
        world.shop.cancel(order["order"], order["token"])
        world.sweep()
        assert states(world, *places) == ["waiting"] * 6
    world.shop.cancel(orders[2]["order"], orders[2]["token"])
    world.sweep()
    assert states(world, *places) == ["invited", *["waiting"] * 5]
    assert (world.left(), world.differences()) == (0, [])


@pytest.mark.parametrize(
    ("before", "state", "left"),
    [
        pytest.param(timedelta(minutes=61), "invited", 0, id="in time for all of an invitation"),
        pytest.param(timedelta(minutes=15), "invited", 0, id="in time for a hold: it ends when the sale does"),
        pytest.param(timedelta(minutes=14), "waiting", 1, id="too late for who waits, not for a walk-in"),
        pytest.param(timedelta(0), "waiting", 0, id="closed"),
    ],
)
def test_nobody_is_invited_so_late_that_it_could_not_be_ordered_or_after_the_sale_has_closed(
    make_world: MakeWorld, before: timedelta, state: str, left: int
) -> None:
    """T28, pretix#681: vouchers went out after the sale had ended, or were good for longer than it."""
    world = make_world({TODAY: 1}, calendar=Calendar(last_orders="16:00"))
    order = world.place(0)
    world.pay(order)
    place = join(world)
    end = world.now.replace(hour=8, minute=0, microsecond=0)  # 16:00 in the village
    world.now = end - before
    world.shop.cancel(order["order"], order["token"])
    assert (states(world, place), world.left()) == ([state], left)
    waiter = world.store.waitlist.load(place)
    assert waiter
    assert waiter.until is None or waiter.until <= end
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


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    """A shop with one jar, behind its routes."""
    world = make_world({day(2): 1})
    return Http(world, monkeypatch)


def test_news_of_money_is_taken_whatever_has_become_of_the_order(http: Http) -> None:
    """T16, Hi.Events#513: news for an expired order was answered with 400, and so sent again for days."""
    world = http.world
    order = world.place(0)
    world.later(930)
    world.sweep()
    world.place(1)
    for _ in range(2):  # expired at first, then refunded
        headers, body = world.paid_event(order)
        assert http("POST", "/payments/sandbox/events", body, **headers).status_code == 204
        world.settle()
        assert (world.see(order)["state"], len(world.see(order)["refunds"])) == ("refunded", 1)


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


def test_records_in_another_order_bring_the_same_letters(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    """T38, sample-voice-of-customer-datalake#383: what a transaction wrote came in another order, and twice."""
    world = http.world
    monkeypatch.setattr(functions, "workers", lambda _: world.workers())
    order = world.place(email="wang@example.com")
    placed = make_record(world, order["order"], 1)
    world.pay(order)
    paid = make_record(world, order["order"], 2)
    answer = http.client.lambda_.invoke("outbox", {"Records": [paid, placed, paid]}).payload
    assert answer == {"batchItemFailures": []}
    assert [mail["Subject"].split()[-1] for mail in world.mails] == ["待付款", "已付款"]


def make_record(world: World, number: str, sequence: int) -> dict[str, Any]:
    """The stream's record of the order as it is now."""
    [image] = [item for item in everything_in(world) if item["pk"]["S"] == f"order#{number}"]
    keys = {name: image[name] for name in ("pk", "sk")}
    return {
        "eventID": str(sequence), "eventName": "MODIFY", "awsRegion": "us-east-1", "eventSourceARN": "arn",
        "dynamodb": {
            "Keys": keys, "NewImage": image, "SequenceNumber": str(sequence), "SizeBytes": 1,
            "StreamViewType": "NEW_IMAGE", "ApproximateCreationDateTime": 1,
        },
    }  # fmt: skip
