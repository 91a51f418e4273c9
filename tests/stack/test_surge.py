"""A surge over HTTP on the whole local stack: more shoppers than stock, requests sent twice, processes killed."""

import contextlib
import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalicelib.stock import village_day
from cunbo.surge import Answer, Surge, decided

from tests.conftest import RunningShop

STOCK = 500
SHOPPERS = 32


class Sale:
    """The shop with exactly STOCK units of one SKU to sell, and the orders that come from then on.

    Each test sells another SKU: a process may say "sold out" for a second by a view from before the stock was set.
    """

    def __init__(self, shop: RunningShop, sku: str) -> None:
        self.shop, self.store, self.sku = shop, shop.warehouse.store, sku
        self.today = village_day(datetime.now(UTC))
        for batch in self.store.batches(sku, self.today):
            shop.batch(sku, batch.ship_by, 0)
        shop.batch(sku, self.today + timedelta(days=30), STOCK)
        self.before = self.numbers()

    def surge(self, **kind: Any) -> list[Answer]:
        return Surge(self.shop.url, self.sku, orders=2 * STOCK, shoppers=SHOPPERS, **kind).run()

    def check_books(self, answers: list[Answer]) -> None:
        """What clients were told, what is stored and what is left agree to the unit."""
        sold = {answer.body["order"] for answer in answers if answer.status == 201}
        assert self.numbers() - self.before == sold
        assert len(sold) == STOCK
        assert sum(batch.left for batch in self.store.batches(self.sku, self.today)) == 0
        assert self.shop.warehouse.audit().differences == []

    def numbers(self) -> set[str]:
        return {order.number for order in self.store.orders()}


@pytest.mark.parametrize(
    ("sku", "sends"),
    [
        pytest.param("spicy-cabbage-1kg", 1, id="each request sent once"),
        pytest.param("spicy-cabbage-500g", 2, id="each request sent twice at once"),
    ],
)
def test_a_surge_sells_exactly_what_there_is(shop: RunningShop, sku: str, sends: int) -> None:
    sale = Sale(shop, sku)
    answers = sale.surge(sends=sends)
    assert decided(answers) == {201: STOCK * sends, 409: STOCK * sends}
    assert {answer.body["type"] for answer in answers if answer.status == 409} == {"/problems/sold-out"}
    assert set(Counter(answer.body["order"] for answer in answers if answer.status == 201).values()) == {sends}
    sale.check_books(answers)


def test_a_surge_in_which_processes_are_killed_loses_and_doubles_nothing(own_shop: RunningShop) -> None:
    sale = Sale(own_shop, "spicy-cabbage-1kg")
    Surge(own_shop.url, "spicy-cabbage-500g", orders=2 * SHOPPERS, shoppers=SHOPPERS).run()
    sale.before |= sale.numbers()
    with killing(workers(own_shop.stack.emulator.process.pid)) as killed:
        answers = sale.surge(patient=True)
    assert len(killed) >= 3, "the run must have been disturbed, or it shows nothing"
    assert decided(answers) == {201: STOCK, 409: STOCK}
    faults = [status for answer in answers for status in answer.statuses if status >= 500 or status == 0]
    assert 1 <= len(faults) <= len(killed), "a 5xx only for a request whose process was killed"
    sale.check_books(answers)


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
