"""The packing room over HTTP: who may ask, what a wrong body points at, and why the bench must stop."""

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.errors import PackFault
from chalicelib.services.access import Caller
from chalicelib.services.order_changes import cancel_by_seller

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.world import JAR, World, day, make_key

MakeWorld = Callable[..., World]
OURS = {"Origin": "http://shop", "Sec_Fetch_Site": "same-origin"}
SF = {"carrier": "sf", "tracking_number": "SF1000000000001"}
BEIJING = {"name": "李四", "phone": "13900139000", "region": ["北京市", "北京市", "朝阳区"], "street": "建国路 1 号院"}


class Room:
    """A shop behind its routes, with a paid order, asked by the device of a packer unless another role is named."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.world, self.http = world, Http(world, patch)
        self.tokens = {role: self.enrol(role, key) for key, role in enumerate(("packer", "manager", "host", "board"))}
        self.keys = 100

    def enrol(self, role: str, key: int) -> str:
        secret = self.world.shop.access.invite(role, "小王", None)[0].partition("#")[2]
        return str(
            self.world.shop.access.enrol(Caller("", writes=True, origin="http://shop"), make_key(key), secret)[0]
        )

    def paid(self, n: int = 0, **fields: Any) -> dict[str, Any]:
        order = self.world.place(n, **fields)
        self.world.pay(order)
        return order

    def ask(self, method: str, path: str, body: Any = b"", role: str = "packer", key: int | None = None) -> Any:
        """The request, by a key of its own unless one is given."""
        self.keys += 1
        headers = OURS | {"Cookie": f"__Host-cunbo={self.tokens[role]}"}
        headers["Idempotency_Key"] = make_key(self.keys if key is None else key)
        return self.http(method, path, body, **headers)

    def pack(self, order: dict[str, Any], revision: int = 1, **body: Any) -> Any:
        return self.ask("POST", f"/staff/orders/{order['order']}/parcels", {"revision": revision, **body})

    def parcel(self, order: dict[str, Any]) -> str:
        return str(self.pack(order).json_body["parcel"])

    def act(self, parcel: str, verb: str, body: Any = b"", method: str = "POST") -> Any:
        return self.ask(method, f"/staff/parcels/{parcel}/{verb}", body)


@pytest.fixture
def room(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(make_world({day(1): 20, day(2): 20}), monkeypatch)


def stops(answer: Any, why: PackFault) -> bool:
    return is_problem(answer, 409, "not-now") and answer.json_body["reason"] == why


ROUTES = [
    ("GET", "/staff/packing"),
    ("POST", "/staff/packing/waves"),
    ("POST", "/staff/orders/{order}/label"),
    ("POST", "/staff/orders/{order}/label/pull"),
    ("POST", "/staff/orders/{order}/parcels"),
    ("POST", "/staff/parcels/{parcel}/unpack"),
    ("POST", "/staff/parcels/{parcel}/handover"),
    ("PUT", "/staff/parcels/{parcel}/number"),
    ("POST", "/staff/parcels/{parcel}/take-back"),
    ("POST", "/staff/parcels/{parcel}/return"),
    ("POST", "/staff/parcels/{parcel}/resend"),
]
OF_MANAGERS = [("POST", "/staff/orders/{order}/short"), ("POST", "/staff/orders/{order}/address")]


@pytest.mark.parametrize(("method", "route"), ROUTES + OF_MANAGERS)
def test_the_bench_is_the_packers_and_money_and_addresses_are_the_managers(room: Room, method: str, route: str) -> None:
    number = room.paid()["order"]
    path = route.format(order=number, parcel=f"{number}-1")
    let_in = {role for role in room.tokens if room.ask(method, path, {}, role).status_code != 401}
    assert let_in == ({"manager"} if (method, route) in OF_MANAGERS else {"packer", "manager"})


def test_an_evening_from_the_board_to_the_buyers_page(room: Room) -> None:
    order = room.paid(quantity=2)
    number = order["order"]
    [waits] = room.ask("GET", "/staff/packing").json_body["orders"]
    assert (waits["order"], waits["stage"], waits["lines"]) == (number, "to_print", [{"sku": JAR, "quantity": 2}])
    wave = room.ask("POST", "/staff/packing/waves", {"orders": [number]})
    [label] = wave.json_body["labels"]
    assert wave.status_code == 201
    assert (label["phone"], label["revision"]) == ("138****8000", 1)
    assert order["token"] not in str(wave.json_body)
    parcel = room.pack(order).json_body
    assert (parcel["order_state"], parcel["lines"]) == ("packed", [{"sku": JAR, "quantity": 2}])
    shipped = room.act(parcel["parcel"], "handover", SF).json_body
    assert (shipped["state"], shipped["parcels"][0]["odd"]) == ("shipped", False)
    assert room.world.see(order)["shipments"] == [
        {
            "parcel": f"{number}-1",
            "state": "shipped",
            "lines": [{"sku": JAR, "quantity": 2}],
            "carrier": "sf",
            "carrier_name": {"zh": "顺丰速运", "en": "SF Express"},
            "tracking_number": "SF1000000000001",
            "url": "https://www.sf-express.com/cn/sc/dynamic_function/waybill/#search/bill-number/SF1000000000001",
        }
    ]
    assert room.ask("GET", "/staff/packing").json_body["orders"] == []


def test_of_a_box_that_two_orders_share_each_buyer_sees_their_own_goods(room: Room) -> None:
    """vendure #1950."""
    to = {"ship_to": BEIJING}
    mine, other = room.paid(1, quantity=1, **to), room.paid(2, quantity=3, **to)
    for order in (mine, other):
        assert room.act(room.parcel(order), "handover", SF).status_code == 200
    [shown] = room.world.see(mine)["shipments"]
    assert shown["lines"] == [{"sku": JAR, "quantity": 1}]
    assert other["order"] not in str(shown)


def test_a_parcel_that_was_taken_apart_is_not_shown_to_the_buyer(room: Room) -> None:
    order = room.paid()
    parcel = room.parcel(order)
    assert [one["state"] for one in room.world.see(order)["shipments"]] == ["packed"]
    room.act(parcel, "unpack")
    assert room.world.see(order)["shipments"] == []


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("waves", {}, "/orders"),
        ("waves", {"orders": []}, "/orders"),
        ("waves", {"orders": ["1"]}, "/orders/0"),
        ("waves", {"orders": ["1" * 20] * 51}, "/orders"),
        ("waves", {"orders": ["1" * 20], "wave": "W1"}, "/wave"),
        ("parcels", {}, "/revision"),
        ("parcels", {"revision": 0}, "/revision"),
        ("parcels", {"revision": "1"}, "/revision"),
        ("parcels", {"revision": 1, "lines": []}, "/lines"),
        ("parcels", {"revision": 1, "lines": [{"sku": JAR, "quantity": 0}]}, "/lines/0/quantity"),
        ("handover", {}, "/carrier"),
        ("handover", {"carrier": "dhl"}, "/carrier"),
        ("handover", {"carrier": "sf", "tracking_number": "1" * 61}, "/tracking_number"),
        ("handover", {"carrier": "sf", "number": "1"}, "/number"),
        ("number", {"carrier": "sf"}, "/tracking_number"),
        ("number", {"carrier": "SF", "tracking_number": "1"}, "/carrier"),
    ],
)
def test_a_wrong_body_is_refused_with_a_pointer(room: Room, path: str, body: Any, pointer: str) -> None:
    order = room.paid()
    asked = {
        "waves": ("POST", "/staff/packing/waves"),
        "parcels": ("POST", f"/staff/orders/{order['order']}/parcels"),
        "handover": ("POST", f"/staff/parcels/{order['order']}-1/handover"),
        "number": ("PUT", f"/staff/parcels/{order['order']}-1/number"),
    }[path]
    answer = room.ask(*asked, body)
    assert is_problem(answer, 422, "invalid"), answer.json_body
    assert [fault["pointer"] for fault in answer.json_body["errors"]] == [pointer]
    assert room.ask(*asked, b"{").status_code == 400
    assert room.ask(*asked, b'"' + b"x" * 20_000 + b'"').status_code == 413


def test_a_day_that_is_none_is_refused_and_another_day_is_empty(room: Room) -> None:
    room.paid()
    refused = room.ask("GET", "/staff/packing?ship_by=tomorrow")
    assert is_problem(refused, 422, "invalid")
    assert refused.json_body["errors"][0]["pointer"] == "/ship_by"
    assert len(room.ask("GET", f"/staff/packing?ship_by={day(1)}").json_body["orders"]) == 1
    assert room.ask("GET", f"/staff/packing?ship_by={day(9)}").json_body["orders"] == []


def test_packing_stops_for_a_reason_that_a_page_can_tell(room: Room) -> None:
    unpaid, paid, gone = room.world.place(1), room.paid(2, quantity=2), room.paid(3)
    cancel_by_seller(room.world.store, room.world.shop.clock, gone["order"])
    assert stops(room.pack(unpaid), PackFault.UNPAID)
    assert stops(room.pack(gone), PackFault.CANCELLED)
    assert stops(room.pack(paid, 2), PackFault.OLD_LABEL)
    assert stops(room.pack(paid, lines=[{"sku": JAR, "quantity": 3}]), PackFault.TOO_MANY)
    parcel = room.parcel(paid)
    again = room.pack(paid)
    assert stops(again, PackFault.PACKED)
    assert again.json_body["by"].startswith("device")
    assert again.json_body["at"].endswith("Z")
    room.act(parcel, "handover", SF)
    assert stops(room.pack(paid), PackFault.SHIPPED)
    assert stops(room.act(parcel, "unpack"), PackFault.SHIPPED)


def test_an_orders_parcels_are_told_with_whose_device_packed_them_and_what_is_to_be_packed(room: Room) -> None:
    order = room.paid(lines=[{"sku": JAR, "quantity": 3}])
    assert room.ask("GET", f"/staff/orders/{order['order']}/parcels").json_body["to_pack"] == [
        {"sku": JAR, "quantity": 3}
    ]
    first = room.pack(order, lines=[{"sku": JAR, "quantity": 1}]).json_body["parcel"]
    second = room.parcel(order)
    told = room.ask("GET", f"/staff/orders/{order['order']}/parcels").json_body
    assert [(one["parcel"], one["by_name"]) for one in told["parcels"]] == [(first, "小王"), (second, "小王")]
    assert told["to_pack"] == []
    assert room.pack(order).json_body["by_name"] == "小王"
    assert room.ask("GET", f"/staff/orders/{'9' * 20}/parcels").status_code == 404


def test_labels_without_a_key_are_of_no_wave(room: Room) -> None:
    headers = OURS | {"Cookie": f"__Host-cunbo={room.tokens['packer']}"}
    refused = room.http("POST", "/staff/packing/waves", {"orders": [room.paid()["order"]]}, **headers)
    assert refused.json_body["errors"][0]["pointer"] == "/Idempotency-Key"


def test_handing_over_stops_for_a_reason_that_a_page_can_tell(room: Room) -> None:
    gone, other, mine = room.paid(1), room.paid(2), room.paid(3)
    parcel = room.parcel(gone)
    cancel_by_seller(room.world.store, room.world.shop.clock, gone["order"])
    assert stops(room.act(parcel, "handover", SF), PackFault.UNPACK)
    apart = room.parcel(other)
    room.act(apart, "unpack")
    assert stops(room.act(apart, "handover", SF), PackFault.NO_PARCEL)
    assert room.act(room.parcel(other), "handover", SF).status_code == 200
    assert stops(room.act(room.parcel(mine), "handover", SF), PackFault.NUMBER_TAKEN)
    assert is_problem(room.act("1" * 20 + "-1", "handover", SF), 404, "not-found")
    assert is_problem(room.act("nonsense", "unpack"), 404, "not-found")


def test_a_number_of_an_odd_form_is_a_warning_and_no_refusal(room: Room) -> None:
    parcel = room.parcel(room.paid())
    answer = room.act(parcel, "number", {"carrier": "sf", "tracking_number": "YT1234567890123"}, "PUT")
    assert answer.status_code == 200
    assert answer.json_body["parcels"][0]["odd"] is True


def test_the_same_key_packs_and_prints_once(room: Room) -> None:
    order = room.paid(quantity=2)
    path, body = f"/staff/orders/{order['order']}/parcels", {"revision": 1, "lines": [{"sku": JAR, "quantity": 1}]}
    answers = [room.ask("POST", path, body, key=7).json_body for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert [one["parcel"] for one in room.world.see(order)["shipments"]] == [f"{order['order']}-1"]
    waves = [
        room.ask("POST", "/staff/packing/waves", {"orders": [order["order"]]}, key=8).json_body["wave"]
        for _ in range(2)
    ]
    assert waves[0] == waves[1]
    assert room.http("POST", path, body, Cookie=f"__Host-cunbo={room.tokens['packer']}", **OURS).status_code == 422


def test_each_undo_is_one_call_and_the_same_again_is_the_same(room: Room) -> None:
    order = room.paid()
    parcel = room.parcel(order)
    assert [room.act(parcel, "unpack").json_body["state"] for _ in range(2)] == ["paid", "paid"]
    parcel = room.parcel(order)
    room.act(parcel, "handover", {"carrier": "sf"})
    assert [room.act(parcel, "take-back").json_body["state"] for _ in range(2)] == ["packed", "packed"]
    room.act(parcel, "handover", SF)
    assert [room.act(parcel, "return").json_body["state"] for _ in range(2)] == ["returned", "returned"]
    again = room.act(parcel, "resend").json_body
    assert (again["state"], again["revision"]) == ("paid", 2)


def test_a_label_alone_is_printed_again_and_pulled_once_the_order_is_over(room: Room) -> None:
    order = room.paid()
    codes = {room.ask("POST", f"/staff/orders/{order['order']}/label").json_body["labels"][0]["code"] for _ in range(2)}
    assert len(codes) == 1
    cancel_by_seller(room.world.store, room.world.shop.clock, order["order"])
    assert [one["stage"] for one in room.ask("GET", "/staff/packing").json_body["orders"]] == ["stop"]
    assert stops(room.ask("POST", f"/staff/orders/{order['order']}/label"), PackFault.CANCELLED)
    assert room.ask("POST", f"/staff/orders/{order['order']}/label/pull").status_code == 200
    assert room.ask("GET", "/staff/packing").json_body["orders"] == []


def test_of_two_boards_of_one_second_the_later_can_be_told(room: Room) -> None:
    """A page passes over what is no newer than what it shows: ten seconds long, for those who have just tapped."""
    earlier = room.ask("GET", "/staff/packing").json_body["now"]
    room.world.later(0.2)
    assert room.ask("GET", "/staff/packing").json_body["now"] > earlier


def test_a_short_line_is_paid_back_once_a_key_and_says_where_the_order_stands(room: Room) -> None:
    order = room.paid(quantity=2)
    path, body = f"/staff/orders/{order['order']}/short", {"sku": JAR, "quantity": 1, "reason": "裂了"}
    answers = [room.ask("POST", path, body, "manager", key=7) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json_body == answers[1].json_body
    told = answers[0].json_body
    assert (told["state"], told["refund"]["reason"], told["refund"]["amount"]) == ("paid", "short", 2990)
    other = room.ask("POST", path, body | {"quantity": 2}, "manager", key=7)
    assert is_problem(other, 422, "idempotency-mismatch")
    faults = {
        "/sku": {"sku": "other", "quantity": 1},
        "/quantity": {"sku": JAR, "quantity": 2},
        "/reason": {"sku": JAR, "quantity": 1, "reason": "x" * 201},
    }
    for pointer, wrong in faults.items():
        answer = room.ask("POST", path, wrong, "manager")
        assert is_problem(answer, 422, "invalid")
        assert [fault["pointer"] for fault in answer.json_body["errors"]] == [pointer]


def test_another_address_is_checked_like_a_checkouts_and_makes_labels_old(room: Room) -> None:
    order = room.paid()
    path = f"/staff/orders/{order['order']}/address"
    for field, value in (("phone", "0431-1234567"), ("name", "1"), ("street", "x"), ("region", ["吉林省", "纽约"])):
        answer = room.ask("POST", path, {"ship_to": BEIJING | {field: value}}, "manager")
        assert is_problem(answer, 422, "invalid")
        assert answer.json_body["errors"][0]["pointer"].startswith(f"/ship_to/{field}")
    changed = [room.ask("POST", path, {"ship_to": BEIJING}, "manager").json_body for _ in range(2)]
    assert [one["revision"] for one in changed] == [2, 2]
    assert room.world.see(order)["ship_to"]["street"] == BEIJING["street"]
    assert stops(room.pack(order, 1), PackFault.OLD_LABEL)
    assert room.pack(order, 2).status_code == 201
    assert stops(room.ask("POST", path, {"ship_to": BEIJING | {"name": "王五"}}, "manager"), PackFault.PACKED)
