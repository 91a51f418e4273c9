"""Every staff route, and everybody whom it must not let in. **A route without its row here fails a test.**

The shop of these tests is set up once; before each request that may change something it is as it was.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import app as functions
import pytest
from chalice.test import Client, HTTPResponse
from chalicelib.api.cookies import DEVICE as COOKIE
from chalicelib.domain.staff import ROLES
from chalicelib.services.access import Caller
from moto import mock_aws
from storefront.read import messages

from tests.functions.helpers.http import serve
from tests.functions.helpers.world import JAR, ROOMS, ROOT, World, day, make_body, make_key

SHOP = "http://shop"
OURS = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin"}
PUBLIC = {
    ("GET", "/health"),
    ("GET", "/availability"),
    ("POST", "/checkout"),
    ("GET", "/orders/{order}"),
    ("POST", "/orders/{order}/cancel"),
    ("POST", "/orders/{order}/answer"),
    ("POST", "/orders/find"),
    ("GET", "/orders/{order}/data"),
    ("POST", "/orders/{order}/email"),
    ("POST", "/orders/{order}/address"),
    ("POST", "/orders/{order}/forget"),
    ("POST", "/waitlist"),
    ("GET", "/waitlist/{place}"),
    ("POST", "/waitlist/{place}/take"),
    ("POST", "/waitlist/{place}/give-up"),
    ("GET", "/payments"),
    ("POST", "/orders/{order}/pay"),
    ("POST", "/orders/{order}/payment"),
    ("POST", "/payments/{provider}/events"),
    ("POST", "/carriers/{service}/events"),
    ("POST", "/payments/sandbox/events"),
    ("POST", "/payments/sandbox/{order}/act"),
    ("GET", "/q/{room}"),
    ("GET", "/q/{room}/{sku}"),
    ("GET", "/Q/{room}"),
    ("GET", "/Q/{room}/{sku}"),
    ("GET", "/q/jar/{sku}/{day}"),
    ("GET", "/Q/JAR/{sku}/{day}"),
    ("GET", "/passports/{sku}/{day}"),
    ("POST", "/scans"),
    ("GET", "/rooms/{room}"),
    ("GET", "/rooms/{room}/shows"),
    ("GET", "/voices/{kind}/{about}"),
    ("GET", "/voices/{kind}/{about}/{after}"),
    ("GET", "/orders/{order}/reviews"),
    ("PUT", "/orders/{order}/reviews/{sku}"),
    ("DELETE", "/orders/{order}/reviews/{sku}"),
    ("POST", "/comments"),
    ("POST", "/stories"),
    ("POST", "/newsletter"),
    ("POST", "/newsletter/{signup}/confirm"),
    ("POST", "/newsletter/leave/{reader}"),
    ("POST", "/orders/{order}/photos"),
    ("GET", "/orders/{order}/claims"),
    ("POST", "/orders/{order}/claims"),
    ("GET", "/orders/{order}/invoice"),
    ("PUT", "/orders/{order}/invoice"),
    ("GET", "/orders/{order}/shares"),
}
"""Routes that are everybody's; those of orders and places need their own tokens."""

TERMINAL = [ROOT / f"infra/cunbo/{name}.py" for name in ("operations/shop", "operations/money")]
"""Where a terminal's acts are entered."""
NUMBERS = b64encode("订单号,运单号\nx,y\n".encode()).decode()
"""A spreadsheet of carriers' numbers."""


class Row(NamedTuple):
    """A staff route: a right request for it, whose it is and what it answers them, and a role that it is not for.

    One that is `of` a role is the manager's too, and where it is not for nobody (an empty `not_of`) it is everybody's;
    of a set of roles it is just theirs.
    """

    method: str
    route: str
    of: str | frozenset[str]
    not_of: str
    status: int = 200
    body: Any = None

    @property
    def roles(self) -> frozenset[str]:
        """All roles that it lets in; every other one it refuses."""
        if isinstance(self.of, frozenset):
            return self.of
        return frozenset({self.of, "manager"} if self.not_of else ROLES)


TABLE = [
    Row("GET", "/staff/me", "board", ""),
    Row("POST", "/staff/leave", "board", "", 204),
    Row("GET", "/staff/packing/export", "manager", "host"),
    Row("POST", "/staff/packing/numbers", "manager", "host", body={"file": NUMBERS, "carrier": "sf"}),
    Row("GET", "/staff/devices", "manager", "host"),
    Row("GET", "/staff/today", "manager", "host"),
    Row("POST", "/staff/claims/{order}/{claim}/replace", "manager", "packer", 404, {}),
    Row("POST", "/staff/orders/{order}/refunds/{refund}/by-hand", "manager", "bookkeeper", 404),
    Row("POST", "/staff/devices/{other}/revoke", "manager", "host", 204),
    Row("POST", "/staff/invitations", "manager", "host", 201, {"role": "host", "name": "小李", "rooms": "all"}),
    Row("GET", "/staff/rooms/{room}", "host", "board"),
    Row("GET", "/staff/cards", "host", "board"),
    Row("PUT", "/rooms/{room}/showing", "host", "board", body={"sku": JAR}),
    Row("POST", "/staff/rooms/{room}/show", "host", "board"),
    Row("POST", "/staff/rooms/{room}/show/end", "host", "board", body={"show": "20261124040000"}),
    Row("POST", "/staff/rooms/{room}/corrections", "host", "board", body={"about": "words", "text": "是 500 克"}),
    Row(
        "POST", "/staff/rooms/{room}/drops", "host", "board", 201, {"sku": JAR, "units": 2, "price": 1990, "minutes": 5}
    ),
    Row("POST", "/staff/rooms/{room}/drops/{drop}/end", "host", "board", body={"sku": JAR}),
    Row("POST", "/staff/rooms/{room}/units", "host", "board", 409, {"sku": JAR, "units": 1}),
    Row("POST", "/staff/rooms/{room}/units/take-back", "host", "board", 404, {"sku": JAR, "units": 1}),
    Row("PUT", "/staff/rooms/{room}/order", "host", "board", body={"skus": [JAR]}),
    Row("PUT", "/staff/rooms/{room}/goal", "host", "board", body={"units": 500}),
    Row("GET", "/staff/rooms/{room}/log", "host", "board"),
    Row("GET", "/staff/rooms/{room}/shows/{show}", "host", "board", 404),
    Row("GET", "/staff/board", "board", "host"),
    Row("POST", "/staff/orders/{order}/short", "manager", "packer", 201, {"sku": JAR, "quantity": 1}),
    Row("POST", "/staff/orders/{order}/address", "manager", "packer", 200, {"ship_to": make_body()["ship_to"]}),
    Row("POST", "/staff/batches/{sku}/{day}/recall", "manager", "packer", body={"drill": True}),
    Row("POST", "/staff/batches/{sku}/{day}/recall/lift", "manager", "packer", 409),
    Row("GET", "/staff/short-days", "manager", "packer", 422),
    Row("POST", "/staff/short-days", "manager", "packer", 201, {"sku": JAR, "ship_by": str(day(4)), "units": 1}),
    Row("GET", "/staff/plan", "manager", "packer"),
    Row(
        "POST", "/staff/plan", "manager", "packer", body={"changes": [{"sku": JAR, "ship_by": str(day(4)), "seen": 9}]}
    ),
    Row("GET", "/staff/dangers", "manager", "packer"),
    Row("POST", "/staff/batches/{sku}/{day}/ask", "manager", "packer"),
    Row("GET", "/staff/waiting/{sku}", "manager", "packer"),
    Row("GET", "/staff/goods", "manager", "packer"),
    Row("PUT", "/staff/goods/{sku}/amendments/{what}", "manager", "host", body={"to": 1990, "of": 2990, "seen": 2990}),
    Row("PUT", "/staff/goods/{sku}/rate", "manager", "host", body={"rate": 2}),
    Row("GET", "/staff/packing/pace", "packer", "board"),
    Row("POST", "/staff/packing/late", "manager", "packer", 200, {"orders": ["1" * 20]}),
    Row("GET", "/staff/packing", "packer", "board"),
    Row("POST", "/staff/packing/waves", "packer", "board", 201, {"orders": ["1" * 20]}),
    Row("POST", "/staff/orders/{order}/label", "packer", "host"),
    Row("POST", "/staff/orders/{order}/label/pull", "packer", "host"),
    Row("GET", "/staff/orders/{order}/parcels", "packer", "host"),
    Row("POST", "/staff/orders/{order}/parcels", "packer", "host", 201, {"revision": 1}),
    Row("POST", "/staff/parcels/{parcel}/unpack", "packer", "host", 404),
    Row("POST", "/staff/parcels/{parcel}/handover", "packer", "host", 404, {"carrier": "sf"}),
    Row("PUT", "/staff/parcels/{parcel}/number", "packer", "board", 404, {"carrier": "sf", "tracking_number": "SF1"}),
    Row("POST", "/staff/parcels/{parcel}/take-back", "packer", "host", 404),
    Row("POST", "/staff/parcels/{parcel}/return", "packer", "host", 404),
    Row("POST", "/staff/parcels/{parcel}/resend", "packer", "host", 404),
    Row("GET", "/staff/claims", "manager", "packer"),
    Row("POST", "/staff/claims/{order}/{claim}/settle", "manager", "host", 404, {}),
    Row("POST", "/staff/claims/{order}/{claim}/decline", "manager", "board", 404, {"reason": "agreed"}),
    Row("GET", "/staff/orders", "manager", "packer"),
    Row("GET", "/staff/orders/{order}", "manager", "packer"),
    Row("POST", "/staff/orders/{order}/cancel", "manager", "packer"),
    Row("POST", "/staff/orders/{order}/postpone", "manager", "packer", 200, {"ship_by": str(day(4))}),
    Row("POST", "/staff/orders/{order}/notes", "manager", "packer", 201, {"text": "打过电话"}),
    Row("POST", "/staff/orders/{order}/letters", "manager", "packer", 200, {"kind": "late", "drill": True}),
    Row(
        "POST",
        "/staff/batches/{sku}/{day}/postpone",
        "manager",
        "packer",
        200,
        {"ship_by": str(day(4)), "drill": True},
    ),
    Row("POST", "/staff/people", "manager", "host", 200, {"contact": "13800138099"}),
    Row("POST", "/staff/people/forget", "manager", "host", 200, {"contact": "13800138099"}),
    Row("PUT", "/staff/orders/{order}/hold", "manager", "packer", 200, {"reason": "法院调取"}),
    Row("PUT", "/staff/orders/{order}/email", "manager", "packer", 200, {"email": "wang@example.com"}),
    Row("GET", "/staff/voices", "manager", "packer"),
    Row("GET", "/staff/voices/decided", "manager", "packer"),
    Row("POST", "/staff/voices/judge", "manager", "packer", body={"voices": ["1" * 20]}),
    Row("POST", "/staff/voices/{voice}/reply", "manager", "packer", 404, {"words": "谢谢"}),
    Row("GET", "/staff/newsletter", "manager", "packer"),
    Row("POST", "/staff/newsletter", "manager", "packer", 201, {"subject_zh": "冬至", "words_zh": "开坛了"}),
    Row("POST", "/staff/newsletter/preview", "manager", "packer", body={"subject_zh": "冬至", "words_zh": "开坛了"}),
    Row("GET", "/staff/newsletter/{mailing}", "manager", "packer", 404),
    Row("GET", "/staff/books", "bookkeeper", "packer"),
    Row("GET", "/staff/books/file", "bookkeeper", "host"),
    Row("GET", "/staff/books/reconciliation", "bookkeeper", "packer"),
    Row(
        *("POST", "/staff/books/reconciliation/{day}/notes", "manager", "bookkeeper", 404),
        {"finding": "0" * 12, "words": "x"},
    ),
    Row("POST", "/staff/strays/{stray}/return", "manager", "bookkeeper", 404),
    Row("POST", "/staff/strays/{stray}/book", "manager", "bookkeeper", 404, {"order": "1" * 20}),
    Row("GET", "/staff/invoices", "bookkeeper", "packer"),
    Row("GET", "/staff/invoices/file", "bookkeeper", "host"),
    Row("POST", "/staff/invoices/{order}/issued", "manager", "bookkeeper", 404, {"number": "2" * 20}),
    Row("POST", "/staff/invoices/{order}/red", "manager", "bookkeeper", 404, {"number": "2" * 20}),
    Row("GET", "/staff/shares", "packer", "bookkeeper"),
    Row("POST", "/staff/orders/{order}/refunds", "manager", "host", 201, {"amount": 500, "reason": "broken"}),
    Row("POST", "/staff/batches/{sku}/{day}/labels", "packer", "host", body={"made": str(day(1))}),
    Row("GET", "/staff/trail", "manager", "bookkeeper"),
]
ENROL = ("POST", "/staff/enrol")


class Village:
    """A shop behind its routes, a device of each role, and secrets of invitations that are good for nothing."""

    def __init__(self, world: World, client: Client) -> None:
        self.world, self.client = world, client
        self.paid = world.place(99)
        world.pay(self.paid)
        self.tokens = {role: self.enrol(self.invite(role), 20 + key) for key, role in enumerate(ROLES)}
        roles = ("host", "board", "manager", "packer", "bookkeeper")
        self.tokens = {role: self.enrol(self.invite(role), key) for key, role in enumerate(roles)}
        self.bound = self.enrol(self.invite("host", (ROOMS[1],)), 6)
        self.spare = self.access.devices.device(self.enrol(self.invite("host"), 7))
        self.used = self.invite("manager")
        self.enrol(self.used, 8)
        self.expired = self.invite("manager")
        world.now += timedelta(hours=25)
        world.stock(9, day(4))
        revoked = self.enrol(self.invite("manager"), 9)
        found = self.access.devices.device(revoked)
        assert found
        self.access.revoke(found.id)
        self.revoked = revoked
        self.order = world.place()
        self.since, self.items = world.now, self._items()

    def restore(self) -> None:
        """Has the table and the clock be as they were in the beginning."""
        self.world.now = self.since
        now, table = self._items(), self.world.store.table
        for key in now.keys() - self.items.keys():
            table.call("delete_item", Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}})
        for key, item in self.items.items():
            if now.get(key) != item:
                table.call("put_item", Item=item)

    def _items(self) -> dict[tuple[str, str], Any]:
        return {(one["pk"]["S"], one["sk"]["S"]): one for one in self.world.store.everything()}

    def ask_anew(self, row: Row, token: str) -> HTTPResponse:
        """The row's request to the shop as it was in the beginning."""
        self.restore()
        return self.ask(row, token)

    @property
    def access(self) -> Any:
        return self.world.shop.access

    def invite(self, role: str, rooms: tuple[str, ...] | None = None) -> str:
        return str(self.access.invite(role, "小王", rooms)[0].partition("#")[2])

    def enrol(self, secret: str, key: int) -> str:
        caller = Caller("", writes=True, origin=SHOP)
        return str(self.access.enrol(caller, make_key(key), secret)[0])

    def ask(self, row: Row, token: str = "", **headers: str) -> HTTPResponse:
        """The row's request, as a page of the shop sends it with this cookie, but for what `headers` say otherwise."""
        path = row.route.format(
            order=self.paid["order"] if "{order}" in row.route else "",
            parcel=f"{self.paid['order']}-1",
            claim="0" * 16,
            room=ROOMS[0],
            drop="evening",
            sku=JAR,
            day=day(2),
            what="price",
            stray="3" * 20,
            refund="none",
            show="20261124040000",
            other=self.spare.id if self.spare else "",
            voice="1" * 20,
            mailing="1" * 20,
        )
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": "application/json", "Idempotency-Key": make_key(), **OURS}
        cookie = {"Cookie": f"other=1; {COOKIE}={token}"} if token else {}
        body = b"" if row.body is None else json.dumps(row.body).encode()
        return self.client.http.request(row.method, path, headers=sent | cookie | names, body=body)


@pytest.fixture(scope="module")
def founded() -> Iterator[Village]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        world = World({day(2): 9})
        yield Village(world, serve(world, patch))


@pytest.fixture
def village(founded: Village) -> Village:
    founded.restore()
    return founded


def refused(response: HTTPResponse, *kinds: str) -> bool:
    """Whether it is a 401 of one of these kinds that tells nothing else."""
    body = response.json_body
    return response.status_code == 401 and body["type"] in {f"/problems/{kind}" for kind in kinds} and {*body} == {
        "type", "title", "status", "detail",
    }  # fmt: skip


def test_every_route_is_either_everybodys_or_has_its_row() -> None:
    routed = {(method, path) for path, methods in functions.app.routes.items() for method in methods}
    rows = {(row.method, row.route) for row in TABLE}
    assert routed == PUBLIC | rows | {ENROL}
    assert len(rows) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.route}")
def test_a_staff_route_lets_in_its_own_and_nobody_else(village: Village, row: Row) -> None:
    order = village.order["token"]
    strangers = {
        "no device": village.ask(row),
        "a shopper's token": village.ask(row, Authorization=f"Bearer {order}"),
        "a shopper's token as a device's": village.ask(row, order),
        "a revoked device": village.ask(row, village.revoked),
        "an expired invitation": village.ask(row, village.expired),
        "a used invitation": village.ask(row, village.used),
        "a made-up token": village.ask(row, "0" * 64),
    }
    assert {who: refused(answer, "unauthorized") for who, answer in strangers.items()} == dict.fromkeys(strangers, True)
    own = village.tokens[min(row.roles)]
    elsewhere = {
        "another origin": village.ask(row, own, Origin="http://elsewhere"),
        "another site": village.ask(row, own, Sec_Fetch_Site="cross-site"),
        **{role: village.ask(row, village.tokens[role]) for role in ROLES if role not in row.roles},
    }
    assert {who: refused(answer, "forbidden") for who, answer in elsewhere.items()} == dict.fromkeys(elsewhere, True)
    assert row.not_of not in row.roles
    assert not [*village.world.store.trail.day(village.world.shop.access.today, "~")], "what is refused is no act"
    answers = {role: village.ask_anew(row, village.tokens[role]).status_code for role in sorted(row.roles)}
    assert answers == dict.fromkeys(answers, row.status)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.route}")
def test_every_act_of_a_device_is_on_the_trail_with_what_came_of_it(village: Village, row: Row) -> None:
    answer = village.ask(row, village.tokens[max(row.roles)])
    entries = [*village.world.store.trail.day(village.world.shop.access.today, "~")]
    if row.method == "GET":
        assert not entries
        return
    [entry] = entries
    device = village.access.devices.device(village.tokens[max(row.roles)])
    who = (device.id, device.name) if device else (entry.by.partition(":")[2], "小王")  # it has just left
    assert (entry.by, entry.name) == (f"device:{who[0]}", who[1])
    assert entry.outcome
    assert (entry.outcome.status, bool(entry.outcome.problem)) == (answer.status_code, answer.status_code >= 400)
    if "{order}" in row.route or "{parcel}" in row.route:
        assert [entry] == village.world.store.trail.at(village.world.store.trail.places("order", village.paid["order"]))
    item = next(one for key, one in village._items().items() if key[0].startswith("trail#"))
    for personal in ("王小明", "13800138", "高台子村"):
        assert personal not in item["body"]["S"]


def test_each_act_has_a_name_of_its_own_and_words_in_the_trail() -> None:
    acts = [
        view.view_function.__name__
        for path, methods in functions.app.routes.items()
        for method, view in methods.items()
        if (method, path) not in PUBLIC and method != "GET"
    ]
    assert sorted(acts) == sorted({*acts})
    by_terminal = [re.findall(r'acting\((?:self\.store\.trail, )?"(\w+)"', read(path)) for path in TERMINAL]
    by_schedule = re.findall(r'note_on_trail\(\w+, "(\w+)"', read(ROOT / "functions/app.py"))
    assert all((*by_terminal, by_schedule))
    words = messages.of("en")["scripts"]["desk_trail"]["acts"]
    wordless = {*acts, *by_schedule, *(act for found in by_terminal for act in found)} - words.keys()
    assert not wordless, f"messages.yml: scripts.desk_trail.acts lacks {', '.join(sorted(wordless))}"


def read(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize("row", [row for row in TABLE if "{room}" in row.route], ids=lambda row: row.route)
def test_a_device_acts_in_the_rooms_of_its_invitation_and_in_no_other(village: Village, row: Row) -> None:
    elsewhere = village.ask(row, village.bound)
    assert refused(elsewhere, "forbidden")
    assert elsewhere.json_body["detail"] == "this device may act in cabbage-2, and this is cabbage-1"
    own = row._replace(route=row.route.replace("{room}", ROOMS[1]))
    assert village.ask(own, village.bound).status_code == row.status


def test_a_device_is_told_of_its_own_rooms_alone(village: Village) -> None:
    told = {
        token: [room["room"] for room in village.ask(TABLE[0], token).json_body["rooms"]]
        for token in (village.bound, village.tokens["host"], village.tokens["manager"])
    }
    assert [*told.values()] == [[ROOMS[1]], [*ROOMS], [*ROOMS]]


@pytest.mark.parametrize(
    ("body", "status", "rooms"),
    [
        ({"role": "host", "rooms": [ROOMS[1], ROOMS[1]]}, 201, [ROOMS[1]]),
        ({"role": "host", "rooms": "all"}, 201, None),
        ({"role": "host"}, 422, None),
        ({"role": "host", "rooms": []}, 422, None),
        ({"role": "host", "rooms": ["kitchen"]}, 422, None),
        ({"role": "host", "rooms": "some"}, 422, None),
        ({"role": "host", "rooms": [7]}, 422, None),
        ({"role": "manager"}, 201, None),
        ({"role": "manager", "rooms": "all"}, 201, None),
        ({"role": "manager", "rooms": [ROOMS[0]]}, 422, None),
        ({"role": "board", "rooms": [ROOMS[0]]}, 422, None),
    ],
)
def test_whoever_invites_a_host_says_which_rooms(
    village: Village, body: dict[str, Any], status: int, rooms: list[str] | None
) -> None:
    invite = next(row for row in TABLE if row.route == "/staff/invitations")
    answer = village.ask(invite._replace(body=body | {"name": "小李"}), village.tokens["manager"])
    assert answer.status_code == status, answer.json_body
    if status == 422:
        assert answer.json_body["errors"][0]["pointer"].startswith("/rooms")
        return
    listed = village.ask(next(row for row in TABLE if row.route == "/staff/devices"), village.tokens["manager"])
    [waiting] = [one for one in listed.json_body["invitations"] if one["name"] == "小李"]
    assert waiting["rooms"] == rooms


@pytest.mark.parametrize(
    ("body", "status", "goods"),
    [
        ({"role": "packer"}, 201, None),
        ({"role": "packer", "goods": ["spicy-cabbage", "spicy-cabbage"]}, 201, ["spicy-cabbage"]),
        ({"role": "packer", "goods": []}, 201, None),
        ({"role": "packer", "goods": ["shoes"]}, 422, None),
        ({"role": "packer", "goods": "all"}, 422, None),
        ({"role": "manager", "goods": ["spicy-cabbage"]}, 422, None),
        ({"role": "host", "rooms": "all", "goods": ["spicy-cabbage"]}, 422, None),
    ],
)
def test_a_packer_may_be_invited_for_the_goods_of_a_workshop(
    village: Village, body: dict[str, Any], status: int, goods: list[str] | None
) -> None:
    invite = next(row for row in TABLE if row.route == "/staff/invitations")
    answer = village.ask(invite._replace(body=body | {"name": "小赵"}), village.tokens["manager"])
    assert answer.status_code == status, answer.json_body
    if status == 422:
        assert answer.json_body["errors"][0]["pointer"].startswith("/goods")
        return
    listed = village.ask(next(row for row in TABLE if row.route == "/staff/devices"), village.tokens["manager"])
    [waiting] = [one for one in listed.json_body["invitations"] if one["name"] == "小赵"]
    assert waiting["goods"] == goods


@pytest.mark.parametrize(
    ("role", "price", "status"),
    [
        ("host", 1, 422),  # the attack: 800 jars at a fen each
        ("host", 1494, 422),
        ("host", 1495, 201),
        ("host", 2989, 201),
        ("host", 2990, 422),
        ("manager", 1, 201),
        ("manager", 2990, 422),
        ("manager", 2991, 422),
    ],
)
def test_a_hosts_drop_has_a_floor_and_a_managers_has_none(village: Village, role: str, price: int, status: int) -> None:
    row = next(row for row in TABLE if row.route == "/staff/rooms/{room}/drops")
    answer = village.ask(row._replace(body=row.body | {"price": price}), village.tokens[role])
    assert answer.status_code == status
    if status == 422:
        [fault] = answer.json_body["errors"]
        assert fault["pointer"] == "/price"
        assert ("at least 1495 fen; lower is for a manager" if price < 2990 else "less than the 2990 fen") in fault[
            "detail"
        ]


def test_the_manager_sees_when_each_device_was_last_used_and_how_long_it_has_left(village: Village) -> None:
    row = next(row for row in TABLE if row.route == "/staff/devices")
    village.ask(TABLE[0], village.bound)
    village.world.now += timedelta(days=3)
    told = village.ask(row, village.tokens["manager"]).json_body["devices"]
    found = {one["device"]: (one["rooms"], one["unused_days"], one["days_left"]) for one in told}
    bound, manager = (village.access.devices.device(village.tokens.get(who, village.bound)) for who in ("", "manager"))
    spare = village.spare
    assert spare
    assert [found[one.id] for one in (bound, spare, manager)] == [
        ([ROOMS[1]], 3, 57),
        (None, None, 56),  # enrolled the day before the others were used
        (None, 0, 60),
    ]


@pytest.mark.parametrize(
    ("secret", "headers", "kind"),
    [
        ("made-up", {}, "invitation"),
        ("used", {}, "invitation"),
        ("expired", {}, "invitation"),
        ("good", {"Origin": "http://elsewhere"}, "forbidden"),
        ("good", {"Sec_Fetch_Site": "cross-site"}, "forbidden"),
    ],
)
def test_enrolling_needs_an_invitation_in_force_and_a_page_of_the_shop(
    village: Village, secret: str, headers: dict[str, str], kind: str
) -> None:
    secrets = {"made-up": "x", "used": village.used, "expired": village.expired, "good": village.invite("host")}
    row = Row(*ENROL, "", "", 201, {"invitation": secrets[secret]})
    answer = village.ask(row, **headers)
    assert refused(answer, kind)
    assert "Set-Cookie" not in answer.headers


def test_a_device_is_known_by_a_cookie_that_no_script_and_no_other_site_can_use(village: Village) -> None:
    answer = village.ask(Row(*ENROL, "", "", 201, {"invitation": village.invite("host")}))
    kept, *rules = answer.headers["Set-Cookie"].split("; ")
    assert answer.status_code == 201
    assert kept.startswith("__Host-cunbo=")
    assert {*rules} == {"Path=/", "Max-Age=34560000", "Secure", "HttpOnly", "SameSite=Strict"}
    assert village.ask(TABLE[0], kept.partition("=")[2]).json_body["opens"] == "/host/"


def test_a_request_without_an_origin_writes_nothing(village: Village) -> None:
    """Browsers name the origin of every write."""
    row = next(row for row in TABLE if row.method == "PUT")
    assert refused(village.ask(row, village.tokens["host"], Origin=""), "forbidden")


def test_no_secret_and_no_token_is_logged(village: Village, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    secret = village.invite("host")
    village.ask(Row(*ENROL, "", "", 201, {"invitation": secret}))
    village.ask(TABLE[0], village.tokens["host"])
    assert "/staff/enrol" in caplog.text
    assert secret not in caplog.text
    assert village.tokens["host"] not in caplog.text


@pytest.mark.parametrize(
    ("body", "key", "status", "pointer"),
    [
        ({"lines": [{"sku": JAR, "quantity": 1}], "postage": False, "reason": "broken"}, 1, 201, None),
        ({"amount": 2990, "reason": "broken"}, 1, 201, None),
        ({"amount": 2991, "reason": "broken"}, 1, 422, "/amount"),
        ({"amount": 0, "reason": "broken"}, 1, 422, "/amount"),
        ({"lines": [{"sku": JAR, "quantity": 2}]}, 1, 422, "/lines/0/quantity"),
        ({"lines": [{"sku": "other", "quantity": 1}]}, 1, 422, "/lines/0/sku"),
        ({"postage": True}, 1, 422, "/postage"),
        ({}, 1, 422, "/lines"),
        ({"amount": 5, "postage": True}, 1, 422, "/amount"),
        ({"amount": 5, "sum": 5}, 1, 422, "/sum"),
        ({"amount": 5}, None, 422, "/Idempotency-Key"),
    ],
)
def test_a_refund_is_of_goods_or_of_an_amount_and_says_what_is_left(
    village: Village, body: dict[str, Any], key: int | None, status: int, pointer: str | None
) -> None:
    row = next(row for row in TABLE if row.route.endswith("/refunds"))._replace(body=body)
    sent = "" if key is None else make_key(key)
    answer = village.ask(row, village.tokens["manager"], Idempotency_Key=sent)
    assert answer.status_code == status, answer.json_body
    if pointer:
        assert [fault["pointer"] for fault in answer.json_body["errors"]] == [pointer]
        return
    told = answer.json_body
    assert (told["order"], told["refund"]["amount"], told["refund"]["reason"], told["left"]) == (
        village.paid["order"], 2990, "seller", 0,
    )  # fmt: skip
    assert village.ask(row, village.tokens["manager"], Idempotency_Key=sent).json_body["left"] == 0
    again = village.ask(row, village.tokens["manager"], Idempotency_Key=make_key(2))
    assert (again.status_code, again.json_body["type"]) == (409, "/problems/not-now")
