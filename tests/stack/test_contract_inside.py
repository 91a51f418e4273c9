"""The OpenAPI file held to the shop by people inside: a manager, a buyer with their token, a provider that signs.

Nothing that they send, however odd, is a fault of the shop.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import schemathesis
import yaml
from chalicelib.payments.sandbox import SIGNATURE
from cunbo.bench.orders import keys_of
from cunbo.core.paths import ROOT
from cunbo.load.surge import order_of
from cunbo.operations.invitations import operator_access
from hypothesis import HealthCheck, settings

from tests.conftest import RunningShop
from tests.stack.contract import CHECKS, CONFIG, WITHOUT_COVERAGE
from tests.stack.helpers import call


def without_credentials() -> dict[str, Any]:
    """The contract without what opens each call: here all of it is sent with each, and none is left out on purpose."""
    contract: dict[str, Any] = yaml.load((ROOT / "functions/openapi.yaml").read_bytes(), yaml.CSafeLoader)
    for path in contract["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                given = operation.get("parameters", [])
                operation["parameters"] = [one for one in given if str(one.get("name")).lower() != SIGNATURE]
    return contract


STAFF = r"^/staff/"
schema = schemathesis.openapi.from_dict(without_credentials(), config=CONFIG)
bounded_already = schemathesis.openapi.from_dict(without_credentials(), config=WITHOUT_COVERAGE)
"""For what `test_contract` asks at each bound of each field."""


@dataclass(frozen=True)
class Insider:
    """What people inside hold: a manager's cookie, an order's and a place's tokens, and the stage's keys."""

    shop: RunningShop
    cookie: str
    order: str
    token: str

    def headers(self, case: schemathesis.Case) -> dict[str, str]:
        """What the caller that the operation is for would send with it."""
        return {"Authorization": f"Bearer {self.token}", "Cookie": self.cookie, "Origin": self.shop.url}

    def signature(self, case: schemathesis.Case, headers: dict[str, str]) -> dict[str, str]:
        """The provider's signature of just these bytes."""
        sent = requests.Request(**case.as_transport_kwargs(base_url="http://shop", headers=headers)).prepare()
        body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
        at = str(int(datetime.now(UTC).timestamp()))
        signed = keys_of(self.shop.stack).signature("sandbox", f"{at}.{body.hex()}")
        return {SIGNATURE: f"t={at},v1={signed}"}


@pytest.fixture(scope="module")
def insider(own_shop: RunningShop) -> Insider:
    """A manager's device, and a buyer with an order."""
    link, _ = operator_access(own_shop.stack.cloud, own_shop.stack.outputs, own_shop.url).invite("manager", "小王")
    answer = requests.post(
        f"{own_shop.url}/api/staff/enrol",
        json={"invitation": link.partition("#")[2]},
        headers={"Origin": own_shop.url, "Idempotency-Key": "an-insider-enrols-0"},
        timeout=30,
    )
    assert answer.status_code == 201
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    body = order_of("corn-noodles-1kg", 1, "insider")
    status, order = call(own_shop, "POST", "/checkout", body, Idempotency_Key="an-insider-orders-0")
    assert status == 201
    return Insider(own_shop, cookie, order["order"], order["token"])


@schema.include(path_regex=STAFF).parametrize()
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whoever_works_here_meets_no_fault_of_the_shop_either(case: schemathesis.Case, insider: Insider) -> None:
    if case.path != "/staff/leave":  # it would end the manager's own device
        ask(case, insider)


@bounded_already.exclude(path_regex=STAFF).parametrize()
@settings(max_examples=7, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whoever_has_ordered_meets_no_fault_of_the_shop_either(case: schemathesis.Case, insider: Insider) -> None:
    ask(case, insider)


def ask(case: schemathesis.Case, insider: Insider) -> None:
    """Asks the shop as somebody inside, and fails for a fault of the shop's and for what the file does not say."""
    if "order" in (case.path_parameters or {}):
        case.path_parameters["order"] = insider.order
    headers = insider.headers(case)
    if case.path.endswith("/events"):
        headers |= insider.signature(case, headers)
    case.call_and_validate(base_url=f"{insider.shop.url}/api", checks=CHECKS, headers=headers, allow_redirects=False)
