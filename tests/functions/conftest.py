"""DynamoDB in process for the functions' tests; each world has a table of its own."""

from collections.abc import Callable, Iterator

import pytest
from moto import mock_aws

from tests import quick_moto
from tests.functions.helpers.world import World

quick_moto.install()


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """Makes a shop with stock, such as make_world({day(2): 5})."""
    with mock_aws():
        yield World
