"""A packer's device that is bound to a workshop's goods: it sees, labels and packs these, and nothing of others."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from chalicelib.domain.errors import PackFault
from chalicelib.services.access import Caller

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.world import JAR, POT, World, day, make_key

CABBAGE, NOODLES = "spicy-cabbage", "corn-noodles"
SF = {"carrier": "sf", "tracking_number": "SF1000000000001"}


class Workshops:
    """A shop of two workshops behind its routes, with an order of each and one of both; a device of each workshop."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        catalog = world.shop.catalog
        [product] = catalog.products
        jars, pots = product.packs
        made = (
            msgspec.structs.replace(product, packs=(jars,)),
            msgspec.structs.replace(product, id=NOODLES, packs=(pots,)),
        )
        world.shop = world.process(msgspec.structs.replace(catalog, products=made))
        for sku in (JAR, POT):
            world.stock(9, day(2), sku)
        self.world, self.http, self.key = world, Http(world, patch), 100
        self.orders = {
            name: self.paid(n, lines)
            for n, (name, lines) in enumerate(
                {"cabbage": {JAR: 1}, "noodles": {POT: 1}, "both": {JAR: 2, POT: 1}}.items()
            )
        }
        self.tokens = {goods: self.enrol(n, (goods,)) for n, goods in enumerate((CABBAGE, NOODLES))}

    def enrol(self, n: int, goods: tuple[str, ...]) -> str:
        access = self.world.shop.access
        secret = access.invite("packer", "小王", goods=goods)[0].partition("#")[2]
        return str(access.enrol(Caller("", writes=True, origin="http://shop"), make_key(n), secret)[0])

    def paid(self, n: int, lines: dict[str, int]) -> str:
        order = self.world.place(n, lines=[{"sku": sku, "quantity": units} for sku, units in lines.items()])
        self.world.pay(order)
        return str(order["order"])

    def ask(self, goods: str, method: str, path: str, body: Any = b"") -> Any:
        self.key += 1
        sent = {"Cookie": f"__Host-cunbo={self.tokens[goods]}", "Origin": "http://shop"}
        return self.http(method, path.format(**self.orders), body, Idempotency_Key=make_key(self.key), **sent)


@pytest.fixture
def workshops(make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> Workshops:
    return Workshops(make_world(), monkeypatch)


def test_a_bound_packer_sees_and_packs_the_goods_of_her_workshop_alone(workshops: Workshops) -> None:
    orders = workshops.orders
    board = workshops.ask(NOODLES, "GET", "/staff/packing").json_body["orders"]
    one = {"sku": POT, "quantity": 1}
    assert {row["order"]: row["lines"] for row in board} == {orders["noodles"]: [one], orders["both"]: [one]}
    assert workshops.ask(NOODLES, "GET", "/staff/me").json_body["goods"] == [NOODLES]
    wave = workshops.ask(NOODLES, "POST", "/staff/packing/waves", {"orders": [*orders.values()]})
    assert {label["order"] for label in wave.json_body["labels"]} == {orders["noodles"], orders["both"]}
    packed = workshops.ask(NOODLES, "POST", "/staff/orders/{both}/parcels", {"revision": 1})
    assert (packed.status_code, packed.json_body["lines"], packed.json_body["order_state"]) == (201, [one], "paid")
    rest = workshops.ask(CABBAGE, "POST", "/staff/orders/{both}/parcels", {"revision": 1})
    assert (rest.json_body["lines"], rest.json_body["order_state"]) == ([{"sku": JAR, "quantity": 2}], "packed")
    assert workshops.ask(CABBAGE, "POST", "/staff/parcels/{both}-2/handover", SF).status_code == 200


def test_a_batchs_jars_are_labelled_and_keep_the_day_on_which_it_was_made(workshops: Workshops) -> None:
    path = f"/staff/batches/{JAR}/{day(2):%Y%m%d}/labels"
    blank = workshops.ask(CABBAGE, "POST", path, {}).json_body
    assert blank["lines"][1] == "生产日期 ________"
    made = workshops.ask(CABBAGE, "POST", path, {"made": str(day(1))}).json_body
    assert (made["link"], made["lines"][:2]) == (
        f"HTTP://SHOP/Q/JAR/{JAR.upper()}/20261126", ["批次 20261126", "生产日期 2026-11-25"],
    )  # fmt: skip
    assert len(made["rows"]) == len(made["rows"][0])
    assert workshops.ask(CABBAGE, "POST", path, {}).json_body == made, "it is kept"
    other = workshops.ask(CABBAGE, "POST", path, {"made": str(day(0))})
    assert (other.status_code, other.json_body["reason"]) == (409, "other-date")
    assert workshops.ask(CABBAGE, "POST", path, {"made": str(day(3))}).status_code == 422
    assert workshops.ask(CABBAGE, "POST", path.replace(JAR, "shoes"), {}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/staff/orders/{cabbage}/label", b""),
        ("POST", "/staff/orders/{cabbage}/label/pull", b""),
        ("GET", "/staff/orders/{cabbage}/parcels", b""),
        ("POST", "/staff/orders/{cabbage}/parcels", {"revision": 1}),
        ("POST", "/staff/orders/{both}/parcels", {"revision": 1, "lines": [{"sku": JAR, "quantity": 1}]}),
        (
            "POST",
            "/staff/orders/{both}/parcels",
            {"revision": 1, "lines": [{"sku": POT, "quantity": 1}, {"sku": JAR, "quantity": 1}]},
        ),
        ("POST", f"/staff/batches/{JAR}/{day(2)}/labels", {}),
        ("POST", "/staff/parcels/{both}-1/unpack", b""),
        ("POST", "/staff/parcels/{both}-1/handover", SF),
        ("PUT", "/staff/parcels/{both}-1/number", SF),
        ("POST", "/staff/parcels/{both}-1/take-back", b""),
        ("POST", "/staff/parcels/{both}-1/return", b""),
        ("POST", "/staff/parcels/{both}-1/resend", b""),
    ],
)
def test_a_bound_packer_is_refused_what_is_another_workshops(
    workshops: Workshops, method: str, path: str, body: Any
) -> None:
    parcel = workshops.ask(CABBAGE, "POST", "/staff/orders/{both}/parcels", {"revision": 1})
    assert parcel.json_body["lines"] == [{"sku": JAR, "quantity": 2}]
    answer = workshops.ask(NOODLES, method, path, body)
    assert is_problem(answer, 409, "not-now")
    assert answer.json_body["reason"] == PackFault.OTHER_WORKSHOP
