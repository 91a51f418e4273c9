"""Parcels that are with carriers: pushed news is a hint, what the carrier answers leads forward and never down."""

import logging
from collections.abc import Callable

import pytest
from chalicelib.domain.actor import provider
from chalicelib.domain.aggregate import MOST_TRIES
from chalicelib.domain.commands import BearNumber
from chalicelib.domain.errors import CarrierAway, NotFound, TooLarge, Unauthorized
from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.jobs.troubles import Trouble
from chalicelib.network import Declined
from chalicelib.services.packing import tracking

from tests.functions.helpers.road import NUMBER, SF_NUMBER, WANG, Road
from tests.functions.helpers.world import World, day
from tests.functions.jobs.roles import Watched, allowed

HOUR = 3600
THERE = (State.DELIVERED, ParcelState.DELIVERED)
UNDERWAY = (State.SHIPPED, ParcelState.UNDERWAY)
HANDED = (State.SHIPPED, ParcelState.SHIPPED)


@pytest.fixture
def road(make_world: Callable[..., World]) -> Road:
    return Road(make_world({day(1): 40}))


# ---- News that is pushed ----


def test_a_parcel_is_followed_to_the_door_and_a_locker_is_not_the_door(road: Road) -> None:
    number = road.sent()
    road.move("0")
    assert road.state(number) == UNDERWAY
    road.move("5", "已放入快递柜")
    assert road.state(number) == UNDERWAY
    road.move("3")
    assert road.state(number) == THERE
    assert road.order(number).history[-1].by == provider("kuaidi100")
    assert road.world.differences() == []


def test_news_of_yesterday_changes_nothing(road: Road) -> None:
    """NEARBuilders/nearmerch.com #214."""
    number = road.sent()
    for state in ("0", "3"):
        road.move(state)
    version = road.order(number).version
    road.hear(0)
    road.move("0")
    assert (road.state(number), road.order(number).version) == (THERE, version)


def test_old_news_that_is_told_again_is_only_a_reason_to_ask(road: Road) -> None:
    number = road.sent()
    road.hub.move(NUMBER, "3", "已签收")
    road.hub.deliver()
    road.hub.ways[NUMBER] = [("0", "2026-11-24 12:00:00", "x")]
    road.hear()
    assert road.state(number) == UNDERWAY, "what is asked counts, and not what was pushed"


def test_news_that_nobody_signed_is_not_heard(road: Road) -> None:
    number = road.sent()
    road.hub.move(NUMBER, "3", "x")
    road.hub.deliver()
    headers, body = road.told[-1]
    with pytest.raises(Unauthorized):
        road.tracking.hear("kuaidi100", headers, body.replace(b"sign=", b"sign=0"))
    with pytest.raises(Unauthorized):
        road.tracking.hear("sf", headers, body)
    with pytest.raises(NotFound):
        road.tracking.hear("kdniao", headers, body)
    with pytest.raises(TooLarge):
        road.tracking.hear("kuaidi100", headers, body + b"&x=" + b"0" * tracking.MOST_OF_NEWS)
    assert road.state(number) == HANDED


def test_a_number_moves_every_parcel_that_bears_it(road: Road) -> None:
    numbers = [road.sent(n) for n in range(2)]
    road.move("3")
    assert [road.state(number) for number in numbers] == [THERE] * 2


def test_news_of_a_number_that_was_put_right_moves_nothing(road: Road) -> None:
    """The number that was typed by mistake is somebody else's parcel, and that one arrives."""
    number = road.sent()
    road.bench.set_number(f"{number}-1", BearNumber("zto", "75399999999999"), WANG)
    road.move("3")
    assert road.state(number) == HANDED


def test_news_of_a_parcel_that_is_unknown_or_untold_is_heard_and_told_again_where_the_service_is_away(
    road: Road, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = road.sent()
    road.hub.move(NUMBER, "3", "李四 13900139000 已签收")
    road.hub.deliver()
    road.line.cut = True
    with caplog.at_level(logging.INFO), pytest.raises(CarrierAway):
        road.hear()
    road.line.cut = False
    with monkeypatch.context() as patch, caplog.at_level(logging.INFO):

        def refuse(*_: str) -> None:
            raise Declined("601", "李四 13900139000")

        patch.setattr(road.service, "track", refuse)
        assert road.hear() == road.service.heard
    assert road.state(number) == HANDED
    assert "13900139000" not in caplog.text, "nobody's name or phone is in a log"
    road.world.store.waybills.table.call(
        "delete_item", Key={"pk": {"S": f"waybill#zto#{NUMBER}"}, "sk": {"S": "waybill"}}
    )
    asked = len(road.line.asked)
    assert road.hear() == road.service.heard
    assert len(road.line.asked) == asked, "of a number of nobody nothing is asked"


# ---- The wish that news is pushed ----


def test_news_is_asked_for_once_the_parcel_has_left_and_has_a_number_and_never_while_the_packer_waits(
    road: Road,
) -> None:
    number = road.packed()
    road.bench.set_number(f"{number}-1", BearNumber("zto", NUMBER), WANG)
    road.world.settle()
    assert road.hub.followed == {}, "it has not left"
    road.bench.hand_over(f"{number}-1", BearNumber("zto", NUMBER), WANG)
    assert road.line.asked == []
    road.world.settle()
    assert road.hub.followed[NUMBER]["phone"] == "13900139000"
    late = road.packed(1)
    road.bench.hand_over(f"{late}-1", BearNumber("yto", ""), WANG)
    road.world.settle()
    road.bench.set_number(f"{late}-1", BearNumber("yto", "YT1234567890123"), WANG)
    road.world.settle()
    assert {*road.hub.followed} == {NUMBER, "YT1234567890123"}
    assert road.order(late).outbox == ()


def test_a_service_that_is_away_is_asked_again_and_one_that_declines_is_not(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    road.line.cut = True
    number = road.sent()
    [wish] = road.order(number).outbox
    assert wish.tries == 1
    road.line.cut = False
    road.world.later(2 * HOUR)
    road.world.sweep()
    assert ([*road.hub.followed], road.order(number).outbox) == ([NUMBER], ())
    monkeypatch.setattr("cunbo.standins.carriers.kuaidi100.KEY", "another")
    other = road.sent(1, tracking="75300000000001")
    assert road.order(other).outbox == ()


def test_a_wish_that_fails_for_a_day_ends_and_the_manager_is_told(road: Road) -> None:
    road.line.cut = True
    number = road.sent()
    outbox = road.world.outbox()
    for _ in range(MOST_TRIES):
        outbox.perform("order", number)
    assert road.order(number).outbox == ()
    assert outbox.troubles.noted == {Trouble("given_up", number)}


def test_what_was_taken_back_is_not_followed_and_what_nobody_knows_is_no_fault(road: Road) -> None:
    number = road.packed()
    road.bench.hand_over(f"{number}-1", BearNumber("zto", NUMBER), WANG)
    road.bench.take_back(f"{number}-1", WANG)
    assert road.order(number).outbox == ()
    other = road.sent(1, carrier="other", tracking="A1")
    assert (road.line.asked, road.order(other).outbox) == ([], ())


def test_a_shop_without_a_service_asks_nobody_and_stores_nothing_more(make_world: Callable[..., World]) -> None:
    road = Road(make_world({day(1): 40}))
    road.world.track()
    number = road.sent()
    order = road.order(number)
    assert (order.outbox, order.look_at, road.line.asked) == ((), None, [])
    assert "pack_pk" not in (road.world.store.item(f"order#{number}", "order") or {})
    road.world.later(7 * HOUR)
    road.world.calls.clear()
    assert road.tracking.look_around() == tracking.Round(0, 0, 0, ())
    assert road.world.calls == []


# ---- The hour's round ----


def test_the_round_asks_about_what_nothing_was_heard_of_and_reads_nothing_else(road: Road) -> None:
    """Of twelve orders on the table two are due: eight queries of keys, and those two orders."""
    road.sf.move(SF_NUMBER, "80", "已签收")
    first, second = road.sent(0, carrier="sf", tracking=SF_NUMBER), road.sent(1)
    road.world.later(7 * HOUR)
    fresh = [road.sent(n, tracking=f"7530000000000{n}") for n in range(2, 5)]
    for n in range(5, 12):
        road.packed(n)
    asked = len(road.line.asked)
    road.world.calls.clear()
    watched = Watched(road.world)
    assert road.tracking.look_around() == tracking.Round(2, 2, 1, ())
    reads = [call for call in road.world.calls if call in ("Query", "GetItem", "Scan", "BatchGetItem")]
    assert reads.count("Query") == 8
    assert reads.count("GetItem") <= 2 + 2, "each order is read, and once more where something is written to it"
    assert watched.asked <= allowed("track"), "functions/.chalice/policy-track.json"
    assert [road.state(number) for number in (first, second, *fresh)] == [THERE, *[HANDED] * 4]
    assert len(road.line.asked) == asked + 1
    assert road.tracking.look_around().orders == 0, "it was asked a moment ago"
    road.world.later(25 * HOUR)
    assert road.tracking.look_around().orders == 4


def test_a_service_that_fails_keeps_no_others_parcels_from_being_asked_about_and_loses_nothing(road: Road) -> None:
    sent = [road.sent(n, tracking=f"753000000000{n:02}") for n in range(6)]
    other = road.sent(6, carrier="sf", tracking=SF_NUMBER)
    road.sf.move(SF_NUMBER, "80", "已签收")
    for n in range(6):
        road.hub.move(f"753000000000{n:02}", "3", "x")
    road.line.cut = True
    road.world.later(7 * HOUR)
    asked = len(road.line.asked)
    found = road.tracking.look_around()
    assert (found.orders, found.away) == (7, ("kuaidi100",))
    assert len(road.line.asked) == asked + tracking.PATIENCE, "who does not answer is not asked for ever"
    assert road.state(other) == THERE
    road.line.cut = False
    road.world.later(HOUR)
    assert road.tracking.look_around().moved == 6
    assert {road.state(number) for number in sent} == {THERE}


def test_what_comes_back_is_asked_about_no_more(road: Road) -> None:
    """Whether it has come a packer says, and no carrier's "delivered" is taken for the buyer's."""
    number = road.sent()
    road.move("6")
    road.move("3")
    assert road.state(number) == (State.SHIPPED, ParcelState.RETURNING)
    road.world.later(7 * HOUR)
    asked = len(road.line.asked)
    assert [road.tracking.look_around().orders for _ in range(2)] == [1, 0]
    road.world.later(30 * HOUR)
    assert road.tracking.look_around().orders == 0
    assert len(road.line.asked) == asked


def test_a_round_asks_so_many_and_the_next_one_the_others(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "MOST_ASKED", 2)
    for n in range(5):
        road.sent(n, tracking=f"7530000000000{n}")
    road.world.later(7 * HOUR)
    assert [road.tracking.look_around().orders for _ in range(4)] == [2, 2, 1, 0]
    assert road.tracking.look_around(lambda: False).orders == 0


def test_sf_is_asked_with_the_phone_that_it_wants_and_a_parcel_that_two_share_once(road: Road) -> None:
    numbers = [road.sent(n, carrier="sf", tracking=SF_NUMBER) for n in range(2)]
    road.sf.move(SF_NUMBER, "50", "x")
    road.sf.move(SF_NUMBER, "30", "x")
    road.world.later(7 * HOUR)
    assert road.tracking.look_around() == tracking.Round(2, 1, 2, ())
    assert [road.state(number) for number in numbers] == [UNDERWAY] * 2
    assert (road.line.asked, road.sf_line.asked) == ([], ["/std/service"])
