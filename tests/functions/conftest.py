"""DynamoDB in process for the functions' tests; each world has a table of its own."""

import time
from collections.abc import Callable, Iterator
from threading import local

import pytest
from chalicelib.storage import table
from moto import mock_aws

from tests import quick_moto
from tests.functions.helpers.world import World

quick_moto.install()


class PauseClock(local):
    """Time as a thread's pauses alone make it pass: a slow machine spends nothing of a budget."""

    now = 0.0

    def monotonic(self) -> float:
        """The seconds that this thread has paused."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Pauses."""
        time.sleep(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def budgets_are_spent_by_pauses_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table's calls are repeated as often as its budget allows, however long each takes."""
    monkeypatch.setattr(table, "time", PauseClock())


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """Makes a shop with stock, such as make_world({day(2): 5})."""
    with mock_aws():
        yield World
