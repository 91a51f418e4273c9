"""The books over HTTP: sums, a file that is safe to open, what statements differ in, stray money, invoices, shares."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.api.cookies import DEVICE
from chalicelib.domain.payments.news import Money
from chalicelib.domain.staff import Role
from chalicelib.services.access import Caller
from chalicelib.services.desk.reconciliations import Reconciliations
from chalicelib.services.packing.workbooks import read
from chalicelib.services.payments.reconciliation import Discrepancy, Wrong

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.world import TODAY, World, day, make_key

MakeWorld = Callable[..., World]
SHOP = "http://shop"


class Desk:
    """A device of the staff behind the routes."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.world, self.http = world, Http(world, patch)
        self.tokens = {role: self.enrol(role, n) for n, role in enumerate(("manager", "bookkeeper"))}

    def enrol(self, role: Any, n: int) -> str:
        access = self.world.shop.access
        secret = access.invite(role, "小王", None)[0].partition("#")[2]
        return str(access.enrol(Caller("", writes=True, origin=SHOP), make_key(n), secret)[0])

    def __call__(self, method: str, path: str, body: Any = b"", role: Role = "manager") -> Any:
        cookie = f"{DEVICE}={self.tokens[role]}"
        return self.http(method, path, body, Cookie=cookie, Origin=SHOP, Sec_Fetch_Site="same-origin")


@pytest.fixture
def desk(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(make_world({day(2): 9}, postage=600), monkeypatch)


def test_a_bookkeeper_reads_the_sums_and_takes_the_file(desk: Desk) -> None:
    stream = Stream(desk.world)
    desk.world.pay(desk.world.place(1, quantity=2, room="cabbage-1"))
    stream.keep()
    told = desk("GET", f"/staff/books?span={TODAY}", role="bookkeeper").json_body
    assert (told["money"]["came"], told["money"]["net"], told["money"]["orders"]) == (6580, 6580, 1)
    called = dict.fromkeys(("zh", "en"), "Spicy cabbage spicy-cabbage-500g")
    assert told["goods"] == [{"id": "spicy-cabbage-500g", "name": called, "units": 2, "fen": 5980}]
    assert (told["villages"][0]["id"], told["rooms"]) == ("gaotaizi", []), "nobody is paid for a buyer's word alone"
    assert [one["day"] for one in desk("GET", "/staff/books?span=2026-11").json_body["days"]] == [f"{TODAY}"]
    made = desk("GET", f"/staff/books/file?span={TODAY}&lang=en", role="bookkeeper").json_body
    sheets = read(base64.b64decode(made["file"]))
    assert (made["name"], len(sheets), sheets[0][1][:2]) == (f"{TODAY}.xlsx", 10, ["Money in", 65.8])
    assert sheets[2][1][:4] == ["spicy-cabbage-500g", "Spicy cabbage spicy-cabbage-500g", 2.0, 59.8]
    for span in ("2027-01", "2026-13", "x", "2026-11-31"):
        assert is_problem(desk("GET", f"/staff/books?span={span}"), 422, "invalid")
    for lang in ("lang=null", "lang=", "lang=zh&lang=zh"):
        assert is_problem(desk("GET", f"/staff/books/file?{lang}"), 422, "invalid")


def test_what_differs_stays_with_what_was_done_about_it(desk: Desk) -> None:
    kept = Reconciliations(desk.world.store, lambda: desk.world.now)
    found = Discrepancy(TODAY, "wechat", Wrong.AMOUNT, "payment", "=cmd|' /C calc'!A0", "1" * 20, 2990, 2890, 7)
    kept.keep([day(-1), TODAY], [found])
    [told] = [one for one in desk("GET", "/staff/books/reconciliation").json_body["days"] if one["found"]]
    path, body = f"/staff/books/reconciliation/{TODAY}/notes", {"finding": told["found"][0]["id"], "words": "已问微信"}
    assert (told["day"], told["open"], desk("POST", path, body, "bookkeeper").status_code) == (f"{TODAY}", True, 401)
    assert desk("POST", path, body).json_body["open"] is False
    desk.world.later(3600)
    kept.keep([TODAY], [])
    [told] = [one for one in desk("GET", "/staff/books/reconciliation").json_body["days"] if one["found"]]
    assert told["found"][0]["gone"] and told["found"][0]["notes"][0]["words"] == "已问微信"
    kept.keep([TODAY], [found])
    assert "gone" not in desk("GET", "/staff/books/reconciliation").json_body["days"][0]["found"][0]
    assert is_problem(desk("POST", path, {"finding": "0" * 12, "words": "x"}), 404, "not-found")
    assert is_problem(desk("POST", path, body | {"words": " \u200b"}), 422, "invalid")


def test_money_that_fits_nowhere_is_given_back_or_booked_once(desk: Desk) -> None:
    world, order = desk.world, desk.world.place(1)
    for n in (1, 2):
        told = Money(event=f"e{n}", reference="none", payment=f"p-{n}", amount=order["total"], currency="CNY")
        world.services.payments.hear("sandbox", [told])
    strays = desk("GET", "/staff/books/reconciliation", role="bookkeeper").json_body["strays"]
    assert [(one["payment"], one["state"]) for one in strays] == [("p-1", "open"), ("p-2", "open")]
    one, two = (stray["stray"] for stray in strays)
    assert is_problem(desk("POST", f"/staff/strays/{one}/book", {"order": "1" * 20}), 404, "not-found")
    assert desk("POST", f"/staff/strays/{one}/book", {"order": order["order"]}).json_body["state"] == "booked"
    assert desk("POST", f"/staff/strays/{two}/return").json_body["state"] == "going_back"
    assert is_problem(desk("POST", f"/staff/strays/{two}/return"), 409, "not-now")
    for number in (one, two):
        world.outbox().perform("stray", number)
    assert world.see(order)["state"] == "paid"
    assert desk("GET", "/staff/books/reconciliation").json_body["strays"] == []


def test_a_buyer_asks_for_an_invoice_and_the_desk_issues_it(desk: Desk) -> None:
    world, order = desk.world, desk.world.place(1, quantity=2)
    bearer = {"Authorization": f"Bearer {order['token']}"}
    path, wish = f"/orders/{order['order']}/invoice", {"kind": "person", "email": "li@example.com"}
    assert is_problem(desk.http("PUT", path, wish, **bearer), 409, "not-now")
    assert is_problem(desk.http("GET", path, **{"Authorization": "Bearer x"}), 401, "unauthorized")
    world.pay(order)
    assert desk.http("GET", path, **bearer).json_body == {"amount": 6580, "invoice": None}
    assert is_problem(desk.http("PUT", path, wish | {"kind": "company"}, **bearer), 422, "invalid")
    assert desk.http("PUT", path, wish | {"title": "=HYPERLINK(1)"}, **bearer).json_body["invoice"]["state"] == "asked"
    [listed] = desk("GET", "/staff/invoices", role="bookkeeper").json_body["invoices"]
    assert [line["amount"] for line in listed["lines"]] == [5980, 600]
    basic, detail = read(base64.b64decode(desk("GET", "/staff/invoices/file").json_body["file"]))
    assert basic[2][:2] == ["发票流水号", "发票类型"]
    assert basic[3][:7] == [order["order"], "普通发票", "", "是", "是", "=HYPERLINK(1)", ""]
    assert [row[5:8] for row in detail[3:]] == [["2", "29.90", "59.80"], ["1", "6.00", "6.00"]]
    issued = f"/staff/invoices/{order['order']}/issued"
    assert is_problem(desk("POST", issued, {"number": "12"}), 422, "invalid")
    assert desk("POST", issued, {"number": "2" * 20}).json_body["number"] == "2" * 20
    assert is_problem(desk("POST", issued, {"number": "3" * 20}), 409, "not-now")
    assert is_problem(desk.http("PUT", path, wish, **bearer), 409, "not-now")
    shares = desk.http("GET", f"/orders/{order['order']}/shares", **bearer).json_body
    assert (shares["total"], sum(shares["parts"].values()), shares["sample"]) == (6580, 6580, True)
