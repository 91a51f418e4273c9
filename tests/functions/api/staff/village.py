"""A village with a device for each role, and a right request for each route. **A route without its row fails a test.**

The shop of these tests is set up once; before each request that may change something it is as it was.
"""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any, NamedTuple

from chalice.test import Client, HTTPResponse
from chalicelib.api.cookies import DEVICE as COOKIE
from chalicelib.domain.staff import ROLES
from chalicelib.services.access import Caller

from tests.functions.helpers.world import JAR, ROOMS, World, day, make_body, make_key

SHOP = "http://shop"
OURS = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin"}
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


def refused(response: HTTPResponse, *kinds: str) -> bool:
    """Whether it is a 401 of one of these kinds that tells nothing else."""
    body = response.json_body
    return response.status_code == 401 and body["type"] in {f"/problems/{kind}" for kind in kinds} and {*body} == {
        "type", "title", "status", "detail",
    }  # fmt: skip
