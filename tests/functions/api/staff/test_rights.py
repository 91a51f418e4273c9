"""Every route of the staff lets in its own and nobody else, and each act stands on the trail."""

import re
from pathlib import Path
from typing import Any

import app as functions
import pytest
from chalicelib.domain.staff import ROLES
from storefront.read import messages

from tests.functions.api.staff.village import ENROL, TABLE, Row, Village, refused
from tests.functions.helpers.world import JAR, ROOMS, ROOT, make_key

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
