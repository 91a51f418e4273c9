"""Bugs that real shops had, each as a test of this one.

`TRAPS` says of every trap where the bug was met and which tests show that it is not here; those that no other file
has are in this folder.
"""

from tests.functions.helpers.world import ROOT

TRAPS = {
    "T1": """saleor#543, magento2#6363, opencart#4811
        stack/test_races.py::test_the_last_unit_is_sold_once""",
    "T2": """woocommerce#24009
        functions/scenarios/traps/test_claims.py::test_a_crowd_that_is_on_the_payment_page_already_gets_no_more_than_there_is""",
    "T3": """medusa#16502
        functions/services/checkout/test_orders.py::test_lines_of_one_sku_are_added_up_before_the_claim
        functions/services/checkout/test_orders.py::test_no_more_than_a_product_allows_in_one_order""",
    "T4": """medusa#11403
        functions/scenarios/traps/test_claims.py::test_an_order_never_stands_in_its_own_way""",
    "T5": """medusa#16825
        functions/scenarios/traps/test_claims.py::test_who_loses_a_race_leaves_nothing_behind""",
    "T6": """medusa#15122
        functions/scenarios/traps/test_letters.py::test_no_letter_goes_out_for_an_order_that_was_not_written""",
    "T7": """eventyay#1359, spree#13978
        functions/scenarios/traps/test_claims.py::test_every_way_to_units_leads_through_the_one_guarded_write
        functions/storage/test_transaction.py::test_units_move_only_with_the_order_that_claims_them""",
    "T8": """Zapiet's page
        functions/services/checkout/test_holds.py::test_a_view_that_another_process_has_made_stale_costs_one_more_try
        functions/services/checkout/test_orders.py::test_nothing_is_taken_unless_the_shopper_has_seen_this_total_and_date
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
        functions/scenarios/traps/test_money.py::test_an_order_that_was_paid_twice_stays_paid_when_one_payment_has_gone_back""",
    "T14": """saleor#7399, saleor#9504
        functions/domain/orders/test_transitions.py::test_the_same_news_twice_changes_nothing_more
        functions/domain/orders/test_transitions.py::test_a_second_payment_goes_back_and_the_order_stays_paid
        functions/scenarios/test_any_life.py::test_any_life_keeps_the_promise_and_the_books""",
    "T15": """medusa#13301, alf.io#1421: no route takes a browser's word for it
        functions/scenarios/test_life.py::test_a_payment_books_the_order
        functions/api/test_app.py::test_every_route_is_in_the_openapi_file_and_the_other_way_round""",
    "T16": """Hi.Events#513
        functions/scenarios/traps/test_money.py::test_news_of_money_is_taken_whatever_has_become_of_the_order""",
    "T17": """WeChat community
        stack/test_races.py::test_two_events_of_one_payment_at_once_book_it_once
        stack/test_stack.py::test_two_payments_at_once_book_the_order_once_and_the_letter_comes_by_the_stream""",
    "T18": """EasyAbp/EShop#221
        functions/scenarios/traps/test_claims.py::test_what_is_cancelled_or_given_up_while_it_is_being_claimed_gives_back_what_was_taken
        functions/services/waitlist/test_places.py::test_what_was_ordered_cannot_be_given_up""",
    "T19": """Hi.Events#466, bn-api#901
        functions/scenarios/traps/test_claims.py::test_a_cancel_frees_the_batch_the_drop_and_the_buyers_limit_each_once""",
    "T20": """pretix#1405
        functions/scenarios/traps/test_claims.py::test_an_invitation_that_became_an_order_is_free_again_when_that_is_cancelled""",
    "T21": """springboot-seckill#35, hfbin/Seckill#11
        functions/scenarios/traps/test_claims.py::test_a_hundred_taps_of_one_buyer_take_one_place_and_99_others_get_theirs""",
    "T22": """newbee-mall#97
        functions/services/test_drops.py::test_who_is_early_or_late_is_told_and_uses_up_nothing""",
    "T23": """codingXiaxw/seckill#16
        functions/scenarios/traps/test_claims.py::test_an_order_that_is_refused_for_one_line_takes_nothing_of_the_other""",
    "T24": """dianping#1, emfcamp/Website#1901
        functions/storage/test_transaction.py::test_an_answer_that_was_lost_after_the_write_still_gives_the_order_once
        functions/scenarios/test_any_life.py::test_any_life_keeps_the_promise_and_the_books
        stack/test_surge.py::test_a_surge_in_which_processes_are_killed_loses_and_doubles_nothing""",
    "T25": """woocommerce#67354
        functions/scenarios/traps/test_claims.py::test_a_buyer_whose_own_unpaid_order_is_in_the_way_is_told_so_and_can_pay_or_cancel_it
        browser/shopping/test_drops.py::test_a_limit_shows_the_unpaid_order_that_fills_it""",
    "T26": """woocommerce#66048, woocommerce#30612
        functions/domain/test_settings.py::test_a_hold_that_is_no_positive_whole_number_refuses_to_start
        infra/commands/test_cli.py::test_up_refuses_a_hold_that_is_none""",
    "T27": """pretix#1238
        functions/services/waitlist/test_batches.py::test_units_that_cannot_be_made_any_more_go_to_nobody
        functions/scenarios/traps/test_waiting.py::test_what_is_given_back_beyond_the_batch_invites_nobody""",
    "T28": """pretix#681
        functions/scenarios/traps/test_waiting.py::test_nobody_is_invited_so_late_that_it_could_not_be_ordered_or_after_the_sale_has_closed""",
    "T29": """pretix#3628
        functions/services/test_drops.py::test_the_sold_out_drop_says_what_the_ordinary_batches_hold_and_the_other_way_round
        functions/services/waitlist/test_places.py::test_nobody_has_to_wait_for_what_can_be_bought""",
    "T30": """openfoodnetwork#6417, pretix#135, vendure#1355
        functions/scenarios/test_life.py::test_a_batch_lowered_under_its_promises_sells_nothing_until_they_are_met
        functions/services/test_order_changes.py::test_a_batch_that_was_lowered_sells_nothing_of_what_a_withdrawn_order_frees
        functions/scenarios/test_any_life.py::test_any_life_keeps_the_promise_and_the_books""",
    "T31": """datafoodconsortium/ontology#67
        functions/scenarios/traps/test_claims.py::test_two_rooms_that_sell_one_batch_sell_it_once
        functions/services/test_drops.py::test_another_room_does_not_sell_it""",
    "T32": """solidus#3020, saleor#13626, emfcamp/Website#879
        functions/api/test_app.py::test_sold_out_points_at_the_line
        functions/api/test_app.py::test_a_checkout_that_has_changed_says_the_new_total_and_date
        functions/scenarios/traps/test_claims.py::test_an_overload_says_when_to_come_again_and_asking_again_gives_the_order""",
    "T33": """sample-voice-of-customer-datalake#350
        functions/scenarios/traps/test_claims.py::test_a_conflict_on_a_limit_or_a_drop_uses_up_no_place_and_is_tried_again""",
    "T34": """xoto3#13
        functions/scenarios/traps/test_claims.py::test_a_sweep_that_meets_a_running_checkout_frees_units_once""",
    "T35": """aws-sdk-java-v2#2518
        stack/test_races.py::test_one_key_sent_many_times_at_once_makes_one_order
        functions/storage/test_transaction.py::test_a_conflict_or_throttle_is_retried_in_place_and_claims_once""",
    "T36": """TransactWriteItems, whose ClientRequestToken is good for ten minutes
        functions/services/checkout/test_orders.py::test_the_same_key_and_body_give_the_same_order_and_token_and_take_units_once""",
    "T37": """Brighter#2810: no emulator throttles an index; infra/docs/surge.md says how much it carries
        functions/scenarios/traps/test_claims.py::test_orders_that_wait_are_spread_over_the_index_and_all_are_found
        functions/jobs/test_outbox.py::test_a_sweep_stops_when_its_time_is_up_and_the_next_goes_on""",
    "T38": """sample-voice-of-customer-datalake#383
        functions/api/test_app.py::test_records_that_come_twice_or_ask_for_nothing_do_nothing_more
        functions/scenarios/traps/test_letters.py::test_records_in_another_order_bring_the_same_letters""",
    "T39": """Lambda's event source mappings
        functions/api/test_app.py::test_a_record_that_cannot_be_dealt_with_keeps_no_other_and_comes_again_only_from_a_busy_table
        infra/deploy/template/test_stack.py::test_the_stream_loses_no_record_and_does_not_wait_for_a_bad_one
        infra/deploy/template/test_stack.py::test_what_is_given_up_is_kept_and_raises_an_alarm""",
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
