"""The village that all tests of staff share."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.functions.api.staff.village import Village
from tests.functions.helpers.http import serve
from tests.functions.helpers.world import World, day


@pytest.fixture(scope="module")
def founded() -> Iterator[Village]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        world = World({day(2): 9})
        yield Village(world, serve(world, patch))


@pytest.fixture
def village(founded: Village) -> Village:
    founded.restore()
    return founded
