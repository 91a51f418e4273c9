"""A surge over HTTP on the whole local stack: more shoppers than stock, requests sent twice, processes killed, and a
network that loses requests and answers. The books must agree to the unit each time.

Each test sells SKUs of its own: a process may say "sold out" for a second by a view from before the stock was set.
"""

import contextlib
import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cunbo.books import Sale
from cunbo.surge import Surge, answers, decided
from cunbo.weather import Fault, When, bad_weather

from tests.conftest import RunningShop

STOCK = 500
SHOPPERS = 2 * STOCK
BAD = {Fault.RESET: 0.02, Fault.DROP: 0.02, Fault.DELAY: 0.04}


@pytest.mark.parametrize(
    ("sku", "sends"),
    [
        pytest.param("spicy-cabbage-1kg", 1, id="each request sent once"),
        pytest.param("spicy-cabbage-500g", 2, id="each request sent twice at once"),
    ],
)
def test_a_surge_sells_exactly_what_there_is(shop: RunningShop, sku: str, sends: int) -> None:
    sale = Sale(shop.warehouse, {sku: STOCK})
    visits = Surge(shop.url, (sku,), SHOPPERS, twice=sends - 1).run()
    assert decided(visits) == {201: STOCK * sends, 409: STOCK * sends}
    assert {len(answer.statuses) for answer in answers(visits)} == {1}, "with nothing in the way, every send is decided"
    assert sale.books(visits).faults() == []


def test_a_surge_in_which_processes_are_killed_loses_and_doubles_nothing(own_shop: RunningShop) -> None:
    warm(own_shop)
    sale = Sale(own_shop.warehouse, {"spicy-cabbage-1kg": STOCK})
    with killing(workers(own_shop.stack.emulator.process.pid)) as killed:
        visits = Surge(own_shop.url, ("spicy-cabbage-1kg",), SHOPPERS).run()
    assert len(killed) >= 3, "the run must have been disturbed, or it shows nothing"
    assert decided(visits) == {201: STOCK, 409: STOCK}
    faults = [status for answer in answers(visits) for status in answer.statuses if status >= 500 or status == 0]
    assert 1 <= len(faults) <= len(killed), "a 5xx only for a request whose process was killed"
    assert sale.books(visits).faults() == []


@pytest.mark.parametrize(
    ("stock", "most_skus", "most_units"),
    [
        pytest.param({"spicy-cabbage-1kg": 50}, 1, 1, id="one unit each"),
        pytest.param(
            {"spicy-cabbage-1kg": 50, "corn-noodles-500g": 37, "corn-noodles-1kg": 20, "black-fungus-200g": 7},
            3,
            5,
            id="baskets of 1 to 5 units of 1 to 3 SKUs",
        ),
    ],
)
def test_a_bad_network_and_killed_processes_together_sell_no_unit_twice_and_strand_none(
    own_shop: RunningShop, stock: dict[str, int], most_skus: int, most_units: int
) -> None:
    warm(own_shop)
    sale = Sale(own_shop.warehouse, stock)
    with (
        killing(workers(own_shop.stack.emulator.process.pid)) as killed,
        bad_weather(own_shop.url, BAD) as weather,
    ):
        surge = Surge(weather.url, (*stock,), 1000, most_skus=most_skus, most_units=most_units, twice=0.2, paying=0.5)
        visits = surge.run()
    assert len(killed) >= 3
    assert set(weather.met) == {(fault, when) for fault in Fault for when in When}, "each fault on either side"
    books = sale.books(visits)
    assert books.faults() == []
    assert (books.sold, books.turned_away) == (Counter(stock), {*stock}), "all is sold, and of each SKU to the last"


def warm(shop: RunningShop) -> None:
    """Has the function's processes serve: see `killing`."""
    Surge(shop.url, ("spicy-cabbage-500g",), shoppers=64).run()


@contextmanager
def killing(victims: list[int]) -> Iterator[list[int]]:
    """Kills one of `victims` every now and then, while the block runs.

    They must have served already: where one dies while it starts, MiniStack ends all others of its function as well,
    which is no fault that Lambda has.
    """
    killed: list[int] = []
    over = threading.Event()
    dice = random.Random(20261124)

    def kill() -> None:
        for victim in dice.sample(victims, len(victims)):
            if over.wait(dice.uniform(0.3, 0.9)):
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def workers(emulator: int) -> list[int]:
    """The processes of functions that the emulator has started."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (map(int, line.split()) for line in listing.splitlines())
    return [pid for pid, parent in pairs if parent == emulator]
