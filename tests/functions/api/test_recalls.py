"""A jar's passport for everybody, its code, and the manager's recall over HTTP."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from chalicelib.catalog import shown
from chalicelib.domain.actor import OPERATOR, device
from chalicelib.domain.commands import PackParcel, RecallBatch
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.recalls import Recalls

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.world import JAR, World, day, make_key

MakeWorld = Callable[..., World]
NOBODY = ("王小明", "13800138", "高台子村", "order")


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    return Http(make_world({day(1): 5}, keeps_days=30), monkeypatch)


def pack(world: World, n: int) -> None:
    placed = world.place(n)
    world.pay(placed)
    Bench(world.services.stage, world.store).pack(placed["order"], PackParcel(1), make_key(n), device("0badcafe"))


def test_a_passport_is_frozen_with_the_first_jar_and_tells_of_nobody(http: Http) -> None:
    path, catalog = f"/passports/{JAR}/{day(1)}", http.world.shop.catalog
    for product in catalog.products:
        http.world.store.orders.keep_shown(*shown(catalog, product))
    before = http("GET", path)
    assert before.status_code == 200
    assert before.json_body["packed"] is None
    pack(http.world, 1)
    [product] = catalog.products
    other = msgspec.structs.replace(product, allergens=msgspec.structs.replace(product.allergens, zh="含鱼"))
    http.world.shop = http.world.process(msgspec.structs.replace(catalog, products=(other,)))
    pack(http.world, 2)
    assert http.world.store.passports.set_made(JAR, day(1), day(0))
    assert not http.world.store.passports.set_made(JAR, day(1), day(-1)), "what is on a label is never another day"
    answer = http("GET", path)
    told = answer.json_body
    assert told["allergens"] == {"zh": "none", "en": "none"}
    assert (told["packed"], told["made"], told["best_before"]) == (
        str(day(0)), str(day(0)), str(day(0) + timedelta(days=30)),
    )  # fmt: skip
    assert told["recall"] is None
    assert not [word for word in NOBODY if word in answer.body.decode()]
    Recalls(http.world.store, lambda: http.world.now).recall(JAR, day(1), RecallBatch("瓶盖松"), OPERATOR)
    assert http("GET", path).json_body["recall"]["why"] == {"zh": "瓶盖松", "en": "瓶盖松"}


@pytest.mark.parametrize(
    "code", [f"{JAR}/{day(9)}", f"{JAR}/2026-13-40", "no-such-jar/20261126", f"{JAR}/x", f"{JAR}/２０２６１１２６"]
)
def test_a_code_of_no_batch_is_not_found(http: Http, code: str) -> None:
    assert is_problem(http("GET", f"/passports/{code}"), 404, "not-found")


@pytest.mark.parametrize(
    ("link", "location"),
    [
        (f"/q/jar/{JAR}/20261126", f"/jar/#{JAR}/20261126"),
        (f"/Q/JAR/{JAR.upper()}/20261126", f"/jar/#{JAR}/20261126"),
        ("/q/jar/x%0d%0aSet-Cookie:a/20261126", "/jar/#unknown"),
        ("/q/jar/evil.example/2026", "/jar/#unknown"),
    ],
)
def test_a_jars_code_leads_to_its_page_without_a_read(http: Http, link: str, location: str) -> None:
    answer = http("GET", link)
    assert (answer.status_code, answer.headers["Location"]) == (302, location)
    assert http("GET", link, Accept_Language="en").headers["Location"] == f"/en{location}"
    assert http.world.calls == []
