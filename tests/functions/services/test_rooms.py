"""What a host does on air, what everybody is told of a room, and where a scan leads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.api.requests import read_json
from chalicelib.api.responses import rooms as responses
from chalicelib.domain.commands import AddUnits, Correct, EndShow, OpenDrop
from chalicelib.domain.errors import AllSold, Invalid, NotFound, NotNow, SoldOut, TooLate
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.capacity import Declared
from chalicelib.services.live.views import Console
from chalicelib.services.planning import plan
from chalicelib.services.rooms import Rooms

from tests.functions.helpers.world import JAR, NOON, POT, ROOMS, World, day, make_key

MakeWorld = Callable[..., World]
WANG, LI = Device("aaaa", "host", "小王", NOON), Device("bbbb", "host", "小李", NOON)
ROOM, OTHER = ROOMS


class Air:
    """A world with two rooms on air. Its methods give what is told of what the services answer."""

    def __init__(self, world: World, rooms: Rooms | None = None) -> None:
        self.world = world
        self.rooms = rooms or world.services.rooms

    def shown(self, room: str = ROOM) -> dict[str, Any]:
        return responses.shown(self.rooms.shown(room), self.world.settings.poll)

    def see(self, room: str = ROOM) -> dict[str, Any]:
        return responses.console(self.rooms.see(room))

    def log(self) -> list[dict[str, Any]]:
        return list(responses.log(self.rooms.log(ROOM, self.world.now + timedelta(1)))["entries"])

    def pin(self, sku: str | None, by: Device = WANG) -> dict[str, Any]:
        return responses.console(self.rooms.pin(ROOM, sku, by))

    def start(self, by: Device = WANG) -> dict[str, Any]:
        return responses.console(self.rooms.start(ROOM, by))

    def end(self, show: str, by: Device = WANG, drops: tuple[str, ...] = ()) -> dict[str, Any]:
        return responses.console(self.rooms.end(ROOM, EndShow(show, drops), by))

    def set_order(self, *skus: str, by: Device = WANG) -> dict[str, Any]:
        return responses.console(self.rooms.set_order(ROOM, skus, by))

    def open_drop(self, asked: OpenDrop) -> dict[str, Any]:
        return responses.console(self.rooms.open_drop(ROOM, asked, make_key(), WANG))

    def end_drop(self, drop: str) -> dict[str, Any]:
        return responses.console(self.rooms.end_drop(ROOM, drop, JAR, LI))

    def later(self, seconds: int) -> None:
        self.world.now += timedelta(seconds=seconds)


@pytest.fixture
def air(make_world: MakeWorld) -> Air:
    return Air(make_world({day(2): 20, day(3): 20}))


def test_a_room_that_nobody_has_touched_shows_nothing(air: Air) -> None:
    shown = air.shown()
    assert (shown["show"], shown["showing"], shown["correction"], shown["poll"]) == (None, None, None, 15)
    assert shown["now"] == "2026-11-24T04:00:00.000Z"
    with pytest.raises(NotFound, match="no room kitchen"):
        air.shown("kitchen")


def test_what_is_pinned_is_shown_to_everybody_without_who_pinned_it(air: Air) -> None:
    air.pin(JAR)
    showing = air.shown()["showing"]
    assert showing == {
        "sku": JAR, "product": "spicy-cabbage", "name": {"zh": f"Spicy cabbage {JAR}", "en": f"Spicy cabbage {JAR}"},
        "since": "2026-11-24T04:00:00Z", "price": 2990, "was": None, "left": 40, "ship_by": day(2), "drop": None,
        "unit": {"zh": "件", "en": "item/items"},
        "batches": [{"left": 20, "ship_by": day(2)}, {"left": 20, "ship_by": day(3)}],
    }  # fmt: skip
    assert air.see()["showing"] == showing | {"by": "小王"}
    assert air.shown(OTHER)["showing"] is None


def test_the_later_of_two_hosts_is_told_what_it_replaced(air: Air) -> None:
    assert air.pin(JAR)["replaced"] is None
    air.later(8)
    replaced = air.pin(POT, LI)["replaced"]
    assert replaced == {"what": "showing", "sku": JAR, "by": "小王", "at": "2026-11-24T04:00:00Z"}
    assert air.pin(POT, WANG)["replaced"] is None, "a second tap on the same changes nothing"
    assert air.see()["showing"]["by"] == "小李"
    assert air.pin(None)["showing"] is None


def test_what_is_not_sold_here_is_not_pinned(air: Air) -> None:
    with pytest.raises(Invalid, match="gold-bar is not sold here"):
        air.pin("gold-bar")


def test_a_show_has_what_was_pinned_in_it_and_ends_once(air: Air) -> None:
    air.pin(JAR)
    show = air.start(WANG)["show"]
    assert show == {"id": "20261124040000", "since": "2026-11-24T04:00:00Z", "by": "小王"}
    again = air.start(LI)
    assert (again["show"], again["replaced"]["by"]) == (show, "小王"), "one that is on goes on"
    air.later(60)
    air.pin(POT)
    air.pin(JAR)
    ended = [air.end(show["id"], WANG) for _ in range(2)]
    assert all((one["show"], one["showing"]) == (None, None) for one in ended)
    assert responses.shows(air.rooms.shows(ROOM))["shows"] == [
        {"id": show["id"], "since": show["since"], "until": "2026-11-24T04:01:00Z", "skus": [JAR, POT]}
    ]


def test_the_end_of_an_earlier_show_ends_no_later_one(air: Air) -> None:
    first = air.start(WANG)["show"]["id"]
    air.end(first, WANG)
    air.later(5)
    second = air.start(WANG)["show"]["id"]
    assert air.end(first, LI)["show"]["id"] == second


def test_the_log_has_every_act_with_its_price_and_is_kept_for_three_years(air: Air) -> None:
    air.start(WANG)
    for sku in (JAR, POT, None):
        air.later(1)
        air.pin(sku)
    said = [(one["what"], one.get("sku"), one.get("price")) for one in air.log()]
    assert said == [("unpin", None, None), ("pin", POT, 5490), ("pin", JAR, 2990), ("start", None, None)]
    kept = [item for item in air.world.store.everything() if item["pk"]["S"] == f"log#{ROOM}"]
    least = (air.world.now + timedelta(days=3 * 365)).timestamp()
    assert kept
    assert all(int(item["ttl"]["N"]) > least for item in kept)


def test_a_correction_says_the_facts_of_what_is_pinned_or_the_hosts_own_words(air: Air) -> None:
    with pytest.raises(Invalid, match="nothing is pinned"):
        air.rooms.correct(ROOM, Correct("price"), WANG)
    air.pin(JAR)
    air.rooms.correct(ROOM, Correct("price"), WANG)
    said = air.shown()["correction"]
    assert (said["about"], said["text"], said["sku"], said["price"]) == ("price", "", JAR, 2990)
    with pytest.raises(Invalid, match="say what is right"):
        air.rooms.correct(ROOM, Correct("words"), WANG)
    air.rooms.correct(ROOM, Correct("words", " 是  500 克 "), LI)
    assert air.shown()["correction"]["text"] == "是 500 克"
    air.rooms.correct(ROOM, Correct("words", "是 500 克"), LI)
    entries = air.log()
    assert [one["what"] for one in entries].count("correction") == 2, "a second tap is no second correction"
    air.start(WANG)
    assert air.shown()["correction"] is None, "an earlier show's is over"


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\x00", "\x1b", "\ud800"])
def test_a_correction_holds_no_sign_that_nobody_sees(air: Air, char: str) -> None:
    with pytest.raises(Invalid, match="/text: words on one line"):
        air.rooms.correct(ROOM, Correct("words", f"是 {char}500 克"), WANG)
    assert air.shown()["correction"] is None


def test_a_drop_opens_once_for_its_key_and_is_the_rooms_own(air: Air) -> None:
    air.pin(JAR)
    asked = OpenDrop(JAR, 10, 1990, 5, 2)
    answers = [air.open_drop(asked) for _ in range(2)]
    assert [len(one["drops"]) for one in answers] == [1, 1]
    drop = air.shown()["showing"]["drop"]
    assert (drop["price"], drop["units"], drop["left"], drop["limit"]) == (1990, 10, 10, 2)
    assert drop["closes"] == "2026-11-24T04:05:00Z"
    assert air.shown()["showing"]["left"] == 30
    assert air.see(OTHER)["drops"] == []
    assert [one["what"] for one in air.log()].count("drop") == 1
    entry = next(one for one in air.log() if one["what"] == "drop")
    assert (entry["opens"], entry["closes"]) == ("2026-11-24T04:00:00Z", "2026-11-24T04:05:00Z")
    ended = air.end_drop(drop["drop"])
    assert (ended["drops"], ended["stock"][JAR]["left"]) == ([], 40)
    assert air.end_drop(drop["drop"])["drops"] == []
    assert air.open_drop(asked)["drops"] == [], "an old tap opens nothing again"


def test_the_price_of_an_open_drop_is_what_the_log_says(air: Air) -> None:
    air.open_drop(OpenDrop(JAR, 10, 1990, 5))
    air.later(1)
    air.pin(JAR)
    assert air.log()[0]["price"] == 1990


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"units": 41}, SoldOut, "not enough on sale"),
        ({"price": 2990}, Invalid, "/price: a drop costs less"),
        ({"price": 0}, Invalid, "/price"),
        ({"price": 1494}, Invalid, "/price: a drop of this costs at least 1495 fen"),
        ({"minutes": 1441}, Invalid, "/minutes"),
        ({"limit": 21}, Invalid, "/limit"),
        ({"sku": "gold-bar"}, Invalid, "/sku: gold-bar is not sold here"),
        ({"colour": "red"}, Invalid, "/colour"),
    ],
)
def test_a_drop_that_cannot_be_names_the_field(
    air: Air, change: dict[str, Any], error: type[Exception], words: str
) -> None:
    asked = {"sku": JAR, "units": 10, "price": 1990, "minutes": 5} | change
    with pytest.raises(error, match=words):
        air.open_drop(read_json(msgspec.json.encode(asked), OpenDrop))


@pytest.fixture
def extra(make_world: MakeWorld) -> tuple[World, Rooms]:
    """A world whose jars are planned ahead, with 15 a day that hosts may add."""
    world = make_world()
    catalog = world.shop.catalog
    product = catalog.products[0]
    production = msgspec.structs.replace(product.production, extra=15)
    catalog = msgspec.structs.replace(catalog, products=(msgspec.structs.replace(product, production=production),))
    plan(catalog, world.store, day(0))
    return world, world.process(catalog).rooms


def jars(told: Console) -> tuple[int, int]:
    """How many jars are left, and how many can be added."""
    jar = responses.console(told)["stock"][JAR]
    return jar["left"], jar["can_add"]


def test_a_host_adds_what_the_plan_allows_beyond_it_once_for_each_key(extra: tuple[World, Rooms]) -> None:
    _, rooms = extra
    before, can_add = jars(rooms.see(ROOM))
    assert can_add == 15
    for _ in range(2):
        after = rooms.add_units(ROOM, AddUnits(JAR, 10), make_key(), WANG)
    assert jars(after) == (before + 10, 15), "other days have room"
    with pytest.raises(NotNow, match="allows 15 more"):
        rooms.add_units(ROOM, AddUnits(JAR, 16), make_key(1), WANG)


def test_added_units_are_taken_back_once_as_far_as_they_are_unsold(extra: tuple[World, Rooms]) -> None:
    world, rooms = extra
    before, _ = jars(rooms.see(ROOM))
    asked = AddUnits(JAR, 10)
    rooms.add_units(ROOM, asked, make_key(), WANG)
    backs = [rooms.take_back_units(ROOM, asked, make_key(), WANG) for _ in range(2)]
    assert [(jars(back), back.taken_back) for back in backs] == [((before, 15), 10)] * 2
    assert [entry.text.split()[0] for entry in rooms.log(ROOM, world.now + timedelta(1))] == ["-10", "+10"]
    assert world.differences() == []
    rooms.add_units(ROOM, asked, make_key(1), WANG)
    first = grown(world)
    for key in range(2, 6):
        sell(world, key, min(20, grown(world).sellable - 4))
    assert grown(world).sellable == 4
    assert rooms.take_back_units(ROOM, asked, make_key(1), WANG).taken_back == 4
    after = next(one for one in world.store.stock.declared(JAR, day(0)) if one.ship_by == first.ship_by)
    assert (after.cap, after.promised, after.sellable) == (first.cap - 4, first.cap - 4, 0)
    rooms.add_units(ROOM, AddUnits(JAR, 3), make_key(7), WANG)
    sell(world, 8, 3)
    with pytest.raises(AllSold):
        rooms.take_back_units(ROOM, AddUnits(JAR, 3), make_key(7), WANG)
    assert world.differences() == []


def test_units_that_are_sold_while_they_are_taken_back_stay_sold(extra: tuple[World, Rooms]) -> None:
    """The buyer comes between the host's look and the write."""
    world, rooms = extra
    asked = AddUnits(JAR, 10)
    rooms.add_units(ROOM, asked, make_key(), WANG)
    for key in range(2, 5):
        sell(world, key, 20)
    take_off, cap = world.store.stock.take_off, grown(world).cap

    def interrupted(*args: Any) -> bool:
        world.store.stock.take_off = take_off  # type: ignore[method-assign]
        sell(world, 9, 7)
        return take_off(*args)

    world.store.stock.take_off = interrupted  # type: ignore[method-assign]
    assert rooms.take_back_units(ROOM, asked, make_key(), WANG).taken_back == 3
    assert next(one.promised for one in world.store.stock.declared(JAR, day(0)) if one.cap == cap - 3) == cap - 3
    assert world.differences() == []


def grown(world: World) -> Declared:
    """The batch that a host has made bigger."""
    return next(one for one in world.store.stock.declared(JAR, day(0)) if one.cap > one.planned)


def sell(world: World, key: int, jars: int) -> None:
    """Sells so many of the batch that a host has made bigger."""
    world.now += timedelta(seconds=2)  # what was seen of the stock is old
    assert jars == 0 or world.place(key, lines=[{"sku": JAR, "quantity": jars}])["ship_by"] == grown(world).ship_by


def test_units_are_not_taken_back_late_nor_where_none_were_added(extra: tuple[World, Rooms]) -> None:
    world, rooms = extra
    asked = AddUnits(JAR, 10)
    with pytest.raises(NotFound, match="nothing was added"):
        rooms.take_back_units(ROOM, asked, make_key(), WANG)
    rooms.add_units(ROOM, asked, make_key(), WANG)
    world.now += timedelta(minutes=2, seconds=1)
    with pytest.raises(TooLate):
        rooms.take_back_units(ROOM, asked, make_key(), WANG)


def test_nothing_is_added_where_the_plan_has_no_extra(air: Air) -> None:
    assert air.see()["stock"][JAR]["can_add"] == 0
    with pytest.raises(NotNow, match="allows no more"):
        air.rooms.add_units(ROOM, AddUnits(JAR, 1), make_key(), WANG)


def test_a_show_ends_with_the_drops_that_its_host_names_and_the_others_go_on(air: Air) -> None:
    show = air.start()["show"]["id"]
    air.world.stock(20, day(2), POT)
    [jar] = air.open_drop(OpenDrop(JAR, 10, 1990, 5))["drops"]
    later = OpenDrop(POT, 5, 3990, 5, opens=air.world.now + timedelta(minutes=30))
    pot = next(
        one
        for one in responses.console(air.rooms.open_drop(ROOM, later, make_key(1), WANG))["drops"]
        if one["sku"] == POT
    )
    assert pot["opens"] == "2026-11-24T04:30:00Z"
    air.later(60)
    answers = [air.end(show, drops=(jar["drop"],)) for _ in range(2)]
    assert [(one["show"], [drop["drop"] for drop in one["drops"]]) for one in answers] == [(None, [pot["drop"]])] * 2
    assert answers[0]["stock"][JAR]["left"] == 40
    assert sorted(one["what"] for one in air.log()) == ["drop", "drop", "drop-end", "end", "start"]
    assert air.shown()["ended"] == "2026-11-24T04:01:00Z"


def test_a_show_ends_with_a_drop_that_another_process_has_opened_this_very_second(air: Air) -> None:
    show = air.start()["show"]["id"]
    assert air.see()["drops"] == []
    other = Air(air.world, air.world.process(air.world.shop.catalog).rooms)
    [drop] = other.open_drop(OpenDrop(JAR, 10, 1990, 5))["drops"]
    air.end(show, drops=(drop["drop"],))
    air.later(2)
    assert air.see()["drops"] == []


def test_the_late_tap_of_a_host_whose_show_is_over_ends_no_drop_of_the_next(air: Air) -> None:
    first = air.start()["show"]["id"]
    air.end(first)
    air.later(5)
    air.start()
    [drop] = air.open_drop(OpenDrop(JAR, 10, 1990, 5))["drops"]
    assert [one["drop"] for one in air.end(first, LI, drops=(drop["drop"],))["drops"]] == [drop["drop"]]


def test_the_drops_are_over_where_the_end_of_a_show_was_cut_off_and_is_asked_again(air: Air) -> None:
    show = air.start()["show"]["id"]
    [drop] = air.open_drop(OpenDrop(JAR, 10, 1990, 5))["drops"]
    change = air.rooms.store.rooms.change
    air.rooms.store.rooms.change = broken  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        air.end(show, drops=(drop["drop"],))
    air.rooms.store.rooms.change = change  # type: ignore[method-assign]
    assert (air.see()["show"]["id"], air.see()["drops"]) == (show, [])
    assert air.end(show, drops=(drop["drop"],))["show"] is None


def broken(*_: Any) -> bool:
    raise ConnectionError


@pytest.mark.parametrize("opens", [timedelta(days=8), timedelta(minutes=-3)])
def test_a_drop_is_set_for_a_week_ahead_at_most_and_for_nothing_past(air: Air, opens: timedelta) -> None:
    with pytest.raises(Invalid, match="/opens"):
        air.open_drop(OpenDrop(JAR, 10, 1990, 5, opens=air.world.now + opens))


def test_the_running_order_is_the_rooms_own_goods_until_hosts_set_one(air: Air) -> None:
    assert (air.see()["order"], air.see()["next"]) == ({"skus": (JAR, POT), "by": None}, JAR)
    told = air.set_order(POT, JAR)
    assert (told["order"], told["next"], told["replaced"]) == ({"skus": (POT, JAR), "by": "小王"}, POT, None)
    assert air.set_order(POT, JAR, by=LI)["replaced"] is None, "it says the same"
    air.later(5)
    assert air.set_order(JAR, by=LI)["replaced"] == {
        "what": "order", "sku": None, "by": "小王", "at": "2026-11-24T04:00:00Z",
    }  # fmt: skip
    assert air.log() == [], "a plan is nothing that was shown"


def test_everybody_is_told_what_comes_next_while_a_show_is_on_and_its_hosts_have_said_so(air: Air) -> None:
    air.pin(JAR)
    air.start()
    assert air.shown()["next"] is None
    air.set_order(JAR, POT)
    assert air.shown()["next"] == {
        "sku": POT, "product": "spicy-cabbage", "name": {"zh": f"Spicy cabbage {POT}", "en": f"Spicy cabbage {POT}"},
        "price": 5490,
    }  # fmt: skip
    air.pin(POT)
    assert air.shown()["next"] is None, "that was the last"


@pytest.mark.parametrize("skus", [("gold-bar",), (JAR, POT, JAR)])
def test_a_running_order_has_goods_of_the_shop_each_once(air: Air, skus: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="/skus/"):
        air.set_order(*skus)


def test_a_goal_is_told_with_what_the_show_has_sold_of_it(air: Air) -> None:
    assert air.shown()["goal"] is None
    air.rooms.set_goal(ROOM, 500, WANG)
    assert air.shown()["goal"] is None, "off air there is none"
    air.start()
    assert air.shown()["goal"] == {"units": 500, "sold": 0}
    assert responses.console(air.rooms.set_goal(ROOM, 0, LI))["goal"] == 0


@pytest.mark.parametrize(
    ("room", "sku", "path", "came_from"),
    [
        (ROOM, None, f"/products/spicy-cabbage/?cunbo-room={ROOM}#{JAR}", Attribution(ROOM)),
        ("CABBAGE-1", None, f"/products/spicy-cabbage/?cunbo-room={ROOM}#{JAR}", Attribution(ROOM)),
        (OTHER, None, f"/rooms/{OTHER}/?cunbo-room={OTHER}", Attribution(OTHER)),
        (OTHER, POT.upper(), f"/products/spicy-cabbage/?cunbo-room={OTHER}#{POT}", Attribution(OTHER)),
        (ROOM, "gold-bar", f"/products/spicy-cabbage/?cunbo-room={ROOM}#{JAR}", Attribution(ROOM)),
        ("kitchen", JAR, "/channel/", None),
        ("", "", "/channel/", None),
        ("../admin", None, "/channel/", None),
    ],
)
def test_a_scan_leads_to_what_the_room_shows_by_one_read(
    air: Air, room: str, sku: str | None, path: str, came_from: Attribution | None
) -> None:
    air.pin(JAR)
    air.world.calls.clear()
    assert air.rooms.scan_target(room, sku) == (path, came_from)
    assert air.world.calls == (["GetItem"] if came_from else [])


def test_a_scan_during_a_show_remembers_the_show(air: Air) -> None:
    show = air.start(WANG)["show"]["id"]
    assert air.rooms.scan_target(ROOM, None)[1] == Attribution(ROOM, show)


def test_hosts_who_act_at_the_same_instant_are_all_heard(air: Air) -> None:
    """The other's act comes between this one's look and its write, as a second process would have it."""
    change = air.rooms.store.rooms.change

    def interrupted(*args: Any) -> bool:
        air.rooms.store.rooms.change = change  # type: ignore[method-assign]
        air.pin(POT, LI)
        return change(*args)

    air.rooms.store.rooms.change = interrupted  # type: ignore[method-assign]
    answer = air.pin(JAR, WANG)
    assert answer["replaced"]["sku"] == POT
    assert answer["showing"]["sku"] == JAR
    whats = [one["sku"] for one in air.log()]
    assert sorted(whats) == sorted([JAR, POT])
