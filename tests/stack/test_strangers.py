"""Strangers over HTTP on the whole local stack: made-up people, and a real surge behind few addresses."""

from chalicelib.domain.limits.network import SHARE
from cunbo.load.surge import Surge, decided, order_of, results
from cunbo.load.verify import SurgeStock

from tests.conftest import RunningShop
from tests.stack.helpers import call, functions


def test_six_hundred_buyers_behind_20_addresses_are_not_refused_and_all_is_sold(own_shop: RunningShop) -> None:
    sku = "spicy-cabbage-500g"
    offered = SurgeStock(own_shop.operations, own_shop.stack.catalog, {sku: 450}, shards=4)
    visits = Surge(own_shop.url, (sku,), shoppers=600, networks=20, paying=0.8).run()
    assert decided(visits) == {201: 450, 409: 150}, "sold out, and nobody is refused for a network"
    assert {answer.body["type"] for answer in results(visits) if answer.status == 409} == {"/problems/sold-out"}
    assert offered.verify(visits).faults() == []


def test_two_hundred_made_up_people_of_one_network_hold_a_share_while_others_buy_the_rest(
    own_shop: RunningShop,
) -> None:
    sku = "corn-noodles-500g"
    SurgeStock(own_shop.operations, own_shop.stack.catalog, {sku: 420})
    statuses = []
    for number in range(200):
        key, body = f"made-up-person-{number:06}", order_of(sku, 1 + number % 20, f"made-up-{number:04}")
        cookie = f"__Host-cunbo-browser=made-up-browser-{number:06}" if number % 3 else ""
        status, told = call(
            own_shop,
            "POST",
            "/checkout",
            body,
            Idempotency_Key=key,
            X_Forwarded_For=f"10.0.0.{number % 250}, 203.0.113.{number % 256}",
            Cookie=cookie,
            User_Agent=f"agent {number}",
        )
        statuses.append((status, told.get("type", "")))
    assert {*statuses} == {(201, ""), (429, "/problems/network")}
    left = call(own_shop, "GET", f"/availability?sku={sku}")[1]["items"][sku]["left"]
    assert 420 - left <= 420 // SHARE
    visits = Surge(own_shop.url, (sku,), shoppers=left, networks=200, paying=1).run()
    assert decided(visits) == {201: left}


def test_the_edge_and_the_api_alone_share_a_secret_and_a_viewer_who_guesses_it_changes_nothing(
    own_shop: RunningShop,
) -> None:
    name = functions(own_shop)
    client = own_shop.client("lambda")
    variables = {
        one: client.get_function_configuration(FunctionName=name[one])["Environment"]["Variables"] for one in name
    }
    secret = variables.pop("APIHandler")["EDGE_SECRET"]
    assert len(secret) == 48
    assert not [one for one, known in variables.items() if secret in known.values()]
    distribution = own_shop.stack.front(own_shop.stack.outputs["RestAPIId"]).distribution
    added = [one.origin.headers for one in distribution.behaviours if one.origin.api]
    assert {*added} == {(("X-Cunbo-Edge", secret),)}
    status, told = call(own_shop, "GET", "/health", X_Cunbo_Edge="a guess")
    assert (status, told["status"]) == (200, "ok")
