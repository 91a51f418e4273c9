"""A surge over HTTP on the whole local stack: more shoppers than stock, requests sent twice, processes killed, and a
network that loses requests and answers. Orders, stock and what shoppers were told must agree to the unit each time.

Each test sells SKUs of its own, in a shop that no other file visits: a process may say "sold out" for a second by
a view from before the stock was set.
"""

import contextlib
import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from cunbo.load.fault_proxy import FaultMoment, NetworkFault, fault_proxy
from cunbo.load.packing import PackingEvening
from cunbo.load.surge import Surge, decided, results
from cunbo.load.verify import SurgeStock
from cunbo.operations.invitations import operator_access

from tests.conftest import RunningShop

BAD = {NetworkFault.RESET: 0.02, NetworkFault.DROP: 0.02, NetworkFault.DELAY: 0.04}


def test_a_surge_sells_exactly_what_there_is(own_shop: RunningShop) -> None:
    sku = "fresh-ginseng-250g"
    offered = SurgeStock(own_shop.operations, own_shop.stack.catalog, {sku: 300}, shards=5)
    visits = Surge(own_shop.url, (sku,), shoppers=600, twice=0.5).run()
    assert Counter(visit[-1].orders[0].status for visit in visits) == {201: 300, 409: 300}
    assert {len(answer.statuses) for answer in results(visits)} == {1}, "with nothing in the way, every send is decided"
    assert offered.verify(visits).faults() == []


def test_a_surge_in_which_processes_are_killed_loses_and_doubles_nothing(own_shop: RunningShop) -> None:
    warm(own_shop)
    sku = "spicy-cabbage-1kg"
    offered = SurgeStock(own_shop.operations, own_shop.stack.catalog, {sku: 200}, shards=4)
    with killing(workers(own_shop)) as killed:
        visits = Surge(own_shop.url, (sku,), shoppers=400).run()
    assert decided(visits) == {201: 200, 409: 200}
    faults = [status for answer in results(visits) for status in answer.statuses if status >= 500 or status == 0]
    assert 1 <= len(faults) <= len(killed), "a 5xx only for a request whose process was killed"
    assert offered.verify(visits).faults() == []


@pytest.mark.parametrize(
    ("stock", "kind"),
    [
        pytest.param({"black-fungus-500g": 50}, {"shoppers": 500}, id="one unit each"),
        pytest.param(
            {"corn-noodles-500g": 50, "corn-noodles-1kg": 31, "black-fungus-200g": 20, "fresh-ginseng-100g": 7},
            {"shoppers": 600, "most_skus": 3, "most_units": 5},
            id="baskets of 1 to 5 units of 1 to 3 SKUs",
        ),
    ],
)
def test_a_bad_network_and_killed_processes_together_sell_no_unit_twice_and_strand_none(
    own_shop: RunningShop, stock: dict[str, int], kind: dict[str, Any]
) -> None:
    warm(own_shop)
    offered = SurgeStock(own_shop.operations, own_shop.stack.catalog, stock, shards=3)
    with killing(workers(own_shop)), fault_proxy(own_shop.url, BAD) as proxy:
        visits = Surge(proxy.url, (*stock,), twice=0.2, paying=0.5, **kind).run()
    assert set(proxy.counts) == {(fault, when) for fault in NetworkFault for when in FaultMoment}, (
        "each fault on either side"
    )
    check = offered.verify(visits)
    assert check.faults() == []
    assert (check.sold, check.turned_away) == (stock, {*stock}), "all is sold, and the last of each SKU was asked for"


def test_six_packers_send_what_was_paid_once_and_nothing_that_was_cancelled(own_shop: RunningShop) -> None:
    """While orders are cancelled, addresses change, parts are paid back, and requests and answers are lost."""
    sku = "corn-noodles-500g"
    SurgeStock(own_shop.operations, own_shop.stack.catalog, {sku: 240}, shards=3)
    visits = Surge(own_shop.url, (sku,), shoppers=120, most_units=2, paying=1.0).run()
    orders = {visit[-1].orders[0].body["order"]: visit[-1].orders[0].body["token"] for visit in visits}
    with fault_proxy(own_shop.url, {NetworkFault.RESET: 0.02, NetworkFault.DROP: 0.01}) as proxy:
        access = operator_access(own_shop.stack.cloud, own_shop.stack.outputs, own_shop.url)
        evening = PackingEvening(proxy.url, own_shop.url, access, own_shop.operations.store, orders)
        with ThreadPoolExecutor(1) as apart:  # a browser of an earlier test has a loop of its own in this thread
            counts = apart.submit(evening.run).result()
    assert evening.faults() == []
    assert own_shop.operations.audit().differences == []
    assert min(counts["changed"], counts["lost"], counts["left"]) > 0, counts


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
    assert len(killed) >= 3, "the run must have been disturbed, or it shows nothing"


def warm(shop: RunningShop) -> None:
    """Has the function's processes serve: see `killing`."""
    Surge(shop.url, ("spicy-cabbage-500g",), shoppers=64).run()


def workers(shop: RunningShop) -> list[int]:
    """The processes of the API's function that the emulator has started: one that counts or writes has no caller."""
    emulator = shop.stack.emulator.process.pid
    command = ["ps", "-A", "eww", "-o", "pid=,ppid=,command="]  # with what their environment holds
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in listing.splitlines())
    return [int(pid) for pid, parent, said in rows if int(parent) == emulator and "-APIHandler-" in said]
