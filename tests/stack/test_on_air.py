"""A live evening on the whole stack: what a tap reaches, what is counted, and where a scan leads in bad times."""

import json
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

from chalicelib.api.cookies import DEVICE as COOKIE
from chalicelib.domain.live.figures import Figure, of
from cunbo.load.surge import order_of
from cunbo.operations.invitations import operator_access

from tests.conftest import RunningShop
from tests.stack.helpers import broken, call, eventually

ROOM, JAR, GRAPES = "village-life", "spicy-cabbage-500g", "grapes-2kg"


class Host:
    """A host's device, apart from any page."""

    def __init__(self, shop: RunningShop) -> None:
        self.shop = shop
        link, _ = operator_access(shop.stack.cloud, shop.stack.outputs, shop.url).invite("host", "小王")
        status, headers, _ = ask(
            shop, "POST", "/api/staff/enrol", {"invitation": link.partition("#")[2]}, Origin=shop.url,
            Idempotency_Key="stack-test-enrols-a-host",
        )  # fmt: skip
        assert status == 201
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        assert self.cookie.startswith(f"{COOKIE}=")

    def act(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        return call(self.shop, method, path, body, Origin=self.shop.url, Cookie=self.cookie)

    def pin(self, sku: str | None) -> None:
        assert self.act("PUT", f"/rooms/{ROOM}/showing", {"sku": sku})[0] == 200


class Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere by itself."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask(
    shop: RunningShop, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one request, redirects not followed."""
    data = None if body is None else json.dumps(body).encode()
    names = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{shop.url}{path}", data, names, method=method)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def shown(shop: RunningShop) -> str | None:
    showing = call(shop, "GET", f"/rooms/{ROOM}")[1]["showing"]
    return showing and str(showing["sku"])


def test_what_is_pinned_is_where_scans_lead_and_what_everybody_is_told(shop: RunningShop) -> None:
    host = Host(shop)
    for sku, page in ((JAR, "spicy-cabbage"), (GRAPES, "grapes")):
        host.pin(sku)
        for link in (f"/q/{ROOM}", f"/Q/{ROOM.upper()}"):
            status, headers, _ = ask(shop, "GET", link)
            assert (status, headers["Location"]) == (302, f"/products/{page}/?cunbo-room={ROOM}#{sku}")
            assert headers["Cache-Control"] == "no-store"
            assert headers["Set-Cookie"].startswith(f"cunbo-from={ROOM}.-.")
        assert eventually(lambda sku=sku: shown(shop) == sku, 5)
    host.pin(None)
    assert ask(shop, "GET", f"/q/{ROOM}", Accept_Language="en-GB,en;q=0.9,zh;q=0.5")[1]["Location"] == (
        f"/en/rooms/{ROOM}/?cunbo-room={ROOM}"
    )
    _, headers, _ = ask(shop, "GET", f"/q/{ROOM}/{JAR.upper()}")
    assert headers["Location"] == f"/products/spicy-cabbage/?cunbo-room={ROOM}#{JAR}"


def test_an_order_is_the_rooms_that_its_cookie_names_and_no_other_that_is_made_up(shop: RunningShop) -> None:
    host = Host(shop)
    show = host.act("POST", f"/staff/rooms/{ROOM}/show")[1]["show"]["id"]
    cookie = ask(shop, "GET", f"/q/{ROOM}")[1]["Set-Cookie"].partition(";")[0]
    host.act("POST", f"/staff/rooms/{ROOM}/show/end", {"show": show})
    made_up = cookie.replace(ROOM, "cabbage-1")
    for number, (given, found) in enumerate([(cookie, (ROOM, show)), (made_up, (None, None))]):
        key = f"stack-test-attributed-{number}"
        status, order = call(shop, "POST", "/checkout", order_of(JAR, buyer=key), Idempotency_Key=key, Cookie=given)
        assert status == 201
        kept = shop.operations.store.orders.load(order["order"])
        assert kept and (kept.room, kept.show) == found


def test_a_scan_leads_into_the_shop_while_the_api_is_away(shop: RunningShop) -> None:
    with broken(shop):
        for link, target in {
            "/q/cabbage-1": "/rooms/cabbage-1/?cunbo-room=cabbage-1",
            "/Q/CABBAGE-1": "/rooms/cabbage-1/?cunbo-room=cabbage-1",
            f"/Q/CABBAGE-1/{JAR.upper()}": f"/products/spicy-cabbage/?cunbo-room=cabbage-1#{JAR}",
        }.items():
            status, headers, body = ask(shop, "GET", link)
            assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
            assert f'content="0; url={target}"' in body.decode()
        assert ask(shop, "GET", "/q/no-such-room")[0] == 404


def counted(shop: RunningShop) -> Counter[Figure]:
    """What the stream's consumer has counted."""
    found: Counter[Figure] = Counter()
    for item in shop.operations.store.everything():
        if item["sk"]["S"] == "figures":
            scope = item["pk"]["S"].removeprefix("figures#")
            found |= {(scope, name): int(value["N"]) for name, value in item.items() if "N" in value and name != "ttl"}
    return found


def test_the_figures_are_what_all_orders_of_this_run_come_to(shop: RunningShop) -> None:
    """Whatever other tests have ordered, paid, cancelled and refunded before: the stream tells of it all."""
    for number in range(20):
        key = f"stack-test-counted-{number:02}"
        status, order = call(shop, "POST", "/checkout", order_of(GRAPES, buyer=key), Idempotency_Key=key)
        assert status == 201
        if number % 2:
            call(shop, "POST", f"/payments/sandbox/{order['order']}/act", {"act": "pay-twice"})
        if number % 5 == 0:
            call(shop, "POST", f"/orders/{order['order']}/cancel", Authorization=f"Bearer {order['token']}")

    def differ() -> Counter[Figure]:
        expected: Counter[Figure] = Counter()
        for one in shop.operations.store.orders.all():
            expected.update(of(one))
        found = counted(shop)
        found.subtract(expected)
        return Counter({figure: units for figure, units in found.items() if units})

    assert eventually(lambda: not differ(), 30), differ()


def test_a_room_is_kept_for_a_second_at_the_edge_and_what_a_host_writes_is_not(shop: RunningShop) -> None:
    host = Host(shop)
    eventually(lambda: ask(shop, "GET", f"/api/rooms/{ROOM}")[1]["X-Cache"].startswith("Miss"), 5)
    hits = [ask(shop, "GET", f"/api/rooms/{ROOM}")[1]["X-Cache"].split()[0] for _ in range(20)]
    assert "Hit" in hits
    status, headers, _ = ask(
        shop, "PUT", f"/api/rooms/{ROOM}/showing", {"sku": None}, Origin=shop.url, Cookie=host.cookie
    )
    assert (status, headers["Cache-Control"]) == (200, "no-store")
