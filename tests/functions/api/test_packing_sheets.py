"""The manager's spreadsheets over HTTP: a file in base64 each way, every row answered, and what is no file refused."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from chalice.test import HTTPResponse
from chalicelib.api.cookies import DEVICE
from chalicelib.api.requests import MOST_OF_FILE
from chalicelib.domain.commands import PackParcel
from chalicelib.domain.packing.numbers import RowFault
from chalicelib.domain.packing.sheets import PROFILES
from chalicelib.services.access import Caller
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.workbooks import read

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.world import ROOT, World, day, make_key

SHOP = "http://shop"
SF = "SF1000000000001"


class Desk:
    """A manager's device."""

    def __init__(self, world: World, http: Http) -> None:
        self.world, self.http = world, http
        access: Any = world.shop.access
        secret = str(access.invite("manager", "小王", None)[0].partition("#")[2])
        self.token = str(access.enrol(Caller("", writes=True, origin=SHOP), make_key(1), secret)[0])

    def __call__(self, method: str, path: str, body: Any = b"") -> HTTPResponse:
        sent = {"Origin": SHOP, "Sec-Fetch-Site": "same-origin", "Cookie": f"{DEVICE}={self.token}"}
        return self.http(method, path, body, **sent)

    def send(self, text: str, **more: Any) -> HTTPResponse:
        return self("POST", "/staff/packing/numbers", {"file": b64encode(text.encode()).decode(), **more})


@pytest.fixture
def desk(make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> Desk:
    world = make_world({day(0): 9, day(2): 9})
    return Desk(world, Http(world, monkeypatch))


def packed(desk: Desk) -> str:
    placed = desk.world.place()
    desk.world.pay(placed)
    number = str(placed["order"])
    bench = Bench(desk.world.services.stage, desk.world.store)
    bench.pack(number, PackParcel(1), make_key(5), "device:0badcafe")
    return number


def test_what_goes_out_is_a_workbook_and_its_numbers_come_in(desk: Desk) -> None:
    number = packed(desk)
    told = desk("GET", f"/staff/packing/export?profile=whole&until={day(9)}").json_body
    assert (told["name"], told["rows"]) == (f"whole-{day(9)}.xlsx", 1)
    [[heads, row]] = read(b64decode(told["file"]))
    assert (heads[0], row[0]) == ("订单号", f"CB{number}-1")
    answer = desk.send(f"订单号,运单号,快递公司\n{row[0]},{SF},中通\n合计,1,\n").json_body
    first, last = answer.pop("rows")
    assert answer == {"set": 1, "same": 0, "refused": 1}
    assert first == {
        "line": 2, "outcome": "set", "order": f"CB{number}-1", "carrier": "zto", "tracking_number": SF, "odd": True,
    }  # fmt: skip
    assert (last["line"], last["reason"], last["order"]) == (3, "odd-order", "合计")
    assert last["detail"]


def test_what_is_no_file_of_numbers_is_refused_and_named(desk: Desk) -> None:
    for answer in (
        desk.send("收件人,手机\n"),
        desk("POST", "/staff/packing/numbers", {"file": "no base64!"}),
        desk("POST", "/staff/packing/numbers", {"file": ""}),
        desk("POST", "/staff/packing/numbers", {}),
    ):
        assert is_problem(answer, 422, "invalid")
    assert [error["pointer"] for error in desk.send("x").json_body["errors"]] == ["/file"]
    assert is_problem(desk.send("订单号,运单号\n", carrier="nobody"), 422, "invalid")
    assert is_problem(desk("GET", "/staff/packing/export?profile=x"), 422, "invalid")
    assert is_problem(desk("GET", "/staff/packing/export?until=x"), 422, "invalid")
    large = json.dumps({"file": "A" * MOST_OF_FILE}).encode()
    assert is_problem(desk("POST", "/staff/packing/numbers", large), 413, "too-large")


def test_the_contract_names_every_profile_and_every_reason() -> None:
    contract = yaml.load((ROOT / "functions/openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    row = contract["components"]["schemas"]["NumberRow"]["properties"]
    assert row["reason"]["enum"] == [*RowFault]
    [profile, _] = contract["paths"]["/staff/packing/export"]["get"]["parameters"]
    assert profile["schema"]["enum"] == [*PROFILES]
