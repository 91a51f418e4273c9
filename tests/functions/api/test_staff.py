"""Every staff route, and everybody whom it must not let in. **A route without its row here fails a test.**"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import app as functions
import pytest
from chalice.test import Client, HTTPResponse
from chalicelib.api.cookies import DEVICE as COOKIE
from chalicelib.services.access import Caller

from tests.functions.helpers.http import serve
from tests.functions.helpers.world import JAR, ROOMS, World, day, make_key

MakeWorld = Callable[..., World]
SHOP = "http://shop"
OURS = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin"}
PUBLIC = {
    ("GET", "/health"),
    ("GET", "/availability"),
    ("POST", "/checkout"),
    ("GET", "/orders/{order}"),
    ("POST", "/orders/{order}/cancel"),
    ("POST", "/orders/find"),
    ("POST", "/waitlist"),
    ("GET", "/waitlist/{place}"),
    ("POST", "/waitlist/{place}/take"),
    ("POST", "/waitlist/{place}/give-up"),
    ("POST", "/payments/{provider}/events"),
    ("POST", "/payments/sandbox/events"),
    ("POST", "/payments/sandbox/{order}/act"),
    ("GET", "/q/{room}"),
    ("GET", "/q/{room}/{sku}"),
    ("GET", "/Q/{room}"),
    ("GET", "/Q/{room}/{sku}"),
    ("POST", "/scans"),
    ("GET", "/rooms/{room}"),
    ("GET", "/rooms/{room}/shows"),
}
"""Routes that are everybody's; those of orders and places need their own tokens."""


class Row(NamedTuple):
    """A staff route: a right request for it, whose it is and what it answers them, and a role that it is not for."""

    method: str
    route: str
    of: str
    not_of: str
    status: int = 200
    body: Any = None


TABLE = [
    Row("GET", "/staff/me", "board", ""),
    Row("POST", "/staff/leave", "board", "", 204),
    Row("GET", "/staff/devices", "manager", "host"),
    Row("POST", "/staff/devices/{other}/revoke", "manager", "host", 204),
    Row("POST", "/staff/invitations", "manager", "host", 201, {"role": "host", "name": "小李"}),
    Row("GET", "/staff/rooms/{room}", "host", "board"),
    Row("PUT", "/rooms/{room}/showing", "host", "board", body={"sku": JAR}),
    Row("POST", "/staff/rooms/{room}/show", "host", "board"),
    Row("POST", "/staff/rooms/{room}/show/end", "host", "board", body={"show": "20261124040000"}),
    Row("POST", "/staff/rooms/{room}/corrections", "host", "board", body={"about": "words", "text": "是 500 克"}),
    Row("POST", "/staff/rooms/{room}/drops", "host", "board", 201, {"sku": JAR, "units": 2, "price": 9, "minutes": 5}),
    Row("POST", "/staff/rooms/{room}/drops/{drop}/end", "host", "board", body={"sku": JAR}),
    Row("POST", "/staff/rooms/{room}/units", "host", "board", 409, {"sku": JAR, "units": 1}),
    Row("GET", "/staff/rooms/{room}/log", "host", "board"),
    Row("GET", "/staff/board", "board", "host"),
]
ENROL = ("POST", "/staff/enrol")


class Village:
    """A shop behind its routes, a device of each role, and secrets of invitations that are good for nothing."""

    def __init__(self, world: World, client: Client) -> None:
        self.world, self.client = world, client
        self.tokens = {
            role: self.enrol(self.invite(role), key) for key, role in enumerate(("host", "board", "manager"))
        }
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

    @property
    def access(self) -> Any:
        return self.world.shop.access

    def invite(self, role: str) -> str:
        return str(self.access.invite(role, "小王")[0].partition("#")[2])

    def enrol(self, secret: str, key: int) -> str:
        caller = Caller("", writes=True, origin=SHOP)
        return str(self.access.enrol(caller, make_key(key), secret)[0])

    def ask(self, row: Row, token: str = "", **headers: str) -> HTTPResponse:
        """The row's request, as a page of the shop sends it with this cookie, but for what `headers` say otherwise."""
        path = row.route.format(room=ROOMS[0], drop="evening", other=self.spare.id if self.spare else "")
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": "application/json", "Idempotency-Key": make_key(), **OURS}
        cookie = {"Cookie": f"other=1; {COOKIE}={token}"} if token else {}
        body = b"" if row.body is None else json.dumps(row.body).encode()
        return self.client.http.request(row.method, path, headers=sent | cookie | names, body=body)


@pytest.fixture
def village(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Village:
    world = make_world({day(2): 9})
    return Village(world, serve(world, monkeypatch))


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
    order = village.world.place()
    strangers = {
        "no device": village.ask(row),
        "a shopper's token": village.ask(row, Authorization=f"Bearer {order['token']}"),
        "a shopper's token as a device's": village.ask(row, order["token"]),
        "a revoked device": village.ask(row, village.revoked),
        "an expired invitation": village.ask(row, village.expired),
        "a used invitation": village.ask(row, village.used),
        "a made-up token": village.ask(row, "0" * 64),
    }
    assert {who: refused(answer, "unauthorized") for who, answer in strangers.items()} == dict.fromkeys(strangers, True)
    own = village.tokens[row.of]
    elsewhere = {
        "another origin": village.ask(row, own, Origin="http://elsewhere"),
        "another site": village.ask(row, own, Sec_Fetch_Site="cross-site"),
        **({"another role": village.ask(row, village.tokens[row.not_of])} if row.not_of else {}),
    }
    assert {who: refused(answer, "forbidden") for who, answer in elsewhere.items()} == dict.fromkeys(elsewhere, True)
    assert village.ask(row, own).status_code == row.status
    if row.not_of:
        assert village.access.devices.device(village.tokens["manager"])
        assert row.method == "POST" or village.ask(row, village.tokens["manager"]).status_code == row.status


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
