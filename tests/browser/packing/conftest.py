"""Packers, and what there is to pack; whatever a test leaves is cancelled, and stands on no board."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.staff import Role
from cunbo.load.surge import order_of

from tests.browser.conftest import Visit
from tests.browser.helpers.packer import Hire, Packer, Sell, call_act, done_with, loaded
from tests.browser.helpers.shelf import Shelf
from tests.conftest import RunningShop
from tests.stack.helpers import call, eventually

SKU = "spicy-cabbage-500g"


@pytest.fixture
def hire(visit: Visit, shop: RunningShop) -> Hire:
    """Enrols somebody as a packer."""

    def packer(name: str = "小王", role: Role = "packer", **visitor: object) -> Packer:
        return Packer(visit(**visitor), shop, name, role)

    return packer


@pytest.fixture
def sell(shop: RunningShop, shelf: Shelf) -> Iterator[Sell]:
    """Sells so many of the cabbage; whatever is not sent by the end of a test is cancelled, and stands on no board."""
    with ExitStack() as after:

        def sold(units: int = 1, to: Mapping[str, Any] | None = None) -> Order:
            placed = to_door(shop, units, to) if to else shelf.buy(SKU, units)
            call_act(shop, placed["order"])
            order = eventually(lambda: loaded(shop, placed["order"], State.PAID), 15)
            assert order
            after.callback(done_with, shop, order.number)
            found: Order = order
            return found

        yield sold


def to_door(shop: RunningShop, units: int, to: Mapping[str, Any]) -> dict[str, Any]:
    """An order that goes to this address."""
    key = f"browser-test-{uuid.uuid4()}"
    body = order_of(SKU, units, buyer=key)
    body["ship_to"] |= to
    status, order = call(shop, "POST", "/checkout", body, Idempotency_Key=key)
    assert status == 201, order
    found: dict[str, Any] = order
    return found
