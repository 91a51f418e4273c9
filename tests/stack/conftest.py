"""A DynamoDB that is exact under concurrency, for tests that make tables of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import RunningShop, running_shop
from tests.functions.helpers.world import make_client as make


@pytest.fixture(scope="module")
def own_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """A stack for the tests of one module alone, which may hurt it; it has no pages."""
    with running_shop(tmp_path_factory.mktemp("own_shop")) as found:
        yield found


@pytest.fixture(scope="session")
def make_client(shop: RunningShop) -> Callable[[str], Any]:
    """Makes a client of the running emulator."""
    key, secret = shop.stack.emulator.keys.credentials
    return lambda service: make(
        service, endpoint_url=shop.stack.emulator.url, aws_access_key_id=key, aws_secret_access_key=secret
    )
