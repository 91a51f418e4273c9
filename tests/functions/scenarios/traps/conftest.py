"""The shop as HTTP reaches it."""

import pytest

from tests.functions.helpers.http import Http
from tests.functions.helpers.world import MakeWorld, day


@pytest.fixture
def http(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Http:
    """A shop with one jar, behind its routes."""
    world = make_world({day(2): 1})
    return Http(world, monkeypatch)
