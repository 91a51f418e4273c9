"""What tests on a running stack share: calls of its API and of its functions, and waiting for what comes by itself."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import msgspec
from chalicelib.domain.orders.model import Order
from chalicelib.storage.transaction import Transaction

from tests.conftest import RunningShop


def call(shop: RunningShop, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """Status and JSON of one call to the API."""
    data = None if body is None else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        f"{shop.url}/api{path}", data, {"Content-Type": "application/json"} | names, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def eventually(check: Callable[[], Any], within: float) -> Any:
    """The first true answer of `check`; the last one where none comes `within` seconds."""
    until = time.monotonic() + within
    while not (answer := check()) and time.monotonic() < until:
        time.sleep(0.1)
    return answer


def functions(shop: RunningShop) -> dict[str, str]:
    """The name of each function, by its logical id."""
    pages = shop.client("cloudformation").describe_stack_resources(StackName="cunbo-local")["StackResources"]
    return {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for one in pages
        if one["ResourceType"] == "AWS::Lambda::Function"
    }


def invoke(shop: RunningShop, function: str) -> tuple[Any, bool]:
    """What a scheduled function answers, run now under its own role, and whether it failed."""
    event = {"version": "0", "account": "0", "region": "", "detail": {}, "detail-type": "Scheduled Event"}
    event |= {"source": "aws.events", "time": "", "id": "1", "resources": []}
    name = functions(shop)[function]
    answer = shop.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    return json.loads(answer["Payload"].read()), "FunctionError" in answer


def age(shop: RunningShop, orders: Iterable[Order], by: timedelta = timedelta(hours=1)) -> None:
    """Has these orders be placed so long ago that their holds have ended: the stack's clock cannot be moved."""
    for order in orders:
        older = msgspec.structs.replace(order, version=order.version + 1, pay_by=order.pay_by - by)
        shop.operations.store.commit(Transaction().save(order, older))


@contextmanager
def broken(shop: RunningShop) -> Iterator[None]:
    """While the function of the API fails at its start."""
    client, name = shop.client("lambda"), functions(shop)["APIHandler"]
    settings = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    client.update_function_configuration(FunctionName=name, Environment={"Variables": settings | {"TABLE_NAME": ""}})
    try:
        assert call(shop, "GET", "/health")[0] >= 500
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": settings})
        assert eventually(lambda: call(shop, "GET", "/health")[0] == 200, 30)
