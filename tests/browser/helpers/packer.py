"""Somebody in the packing room with a gun that types, and orders that are sold for them."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from chalicelib.domain.actor import device
from chalicelib.domain.commands import PackLine, PackParcel
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.domain.packing.board import BoardStage
from chalicelib.domain.packing.codes import code_of
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing.bench import MOST_IN_WAVE, Bench
from playwright.sync_api import Locator, expect

from tests.browser.helpers.shopper import Shopper
from tests.browser.helpers.staff_device import enrolled
from tests.conftest import RunningShop
from tests.stack.helpers import call

if TYPE_CHECKING:
    from chalicelib.domain.staff import Role
    from chalicelib.services.stage import Stage

SETTINGS = SimpleNamespace(track=())
"""What the bench asks of a shop's settings: no carriers' service follows its parcels."""
QUIETLY = "window.printed = 0; window.print = () => { window.printed += 1; };"
"""Printing without a dialog."""


class Packer:
    """Somebody with a gun, whose device is enrolled to pack."""

    def __init__(self, visitor: Shopper, shop: RunningShop, name: str = "小王", role: "Role" = "packer") -> None:
        self.visitor, self.shop, self.page, self.part, self.say = visitor, shop, visitor.page, visitor.part, visitor.say
        self.page.add_init_script(QUIETLY)
        enrolled(visitor, shop, role, name)
        if role != "packer":
            visitor.open("/pack/")
        expect(self.part("countdown")).not_to_be_empty()

    def shoot(self, code: str) -> None:
        """Scans a code: the gun types it, wherever the focus is."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")

    def scan(self, order: Order) -> None:
        """Scans an order's label."""
        self.shoot(code_of(order.number, order.revision))

    def saw(self, mood: str) -> None:
        """Waits until the last scan is answered so."""
        expect(self.part("result")).to_have_attribute("data-mood", mood)

    def come_back(self) -> None:
        """Comes back to the tab, so that the page looks at the board at once, and not within ten seconds."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def open(self, view: str) -> None:
        """Goes to another step."""
        self.page.locator(f'[data-open="{view}"]').click()

    def print_until(self, *orders: Order) -> Locator:
        """Prints wave after wave until the last has the labels of these orders; answers them, as they are shown."""
        waves, heap = self.part("waves").get_by_role("button"), self.part("heap").locator(".pack-label")
        expect(waves.first).to_be_visible()
        named = re.compile("|".join(order.ship_to.street for order in orders))
        while not (found := heap.filter(has_text=named)).count():
            before = waves.count()
            waves.first.click()
            expect(waves).to_have_count(before - 1)
        expect(found).to_have_count(len(orders))
        return found


def print_labels(shop: RunningShop) -> None:
    """Prints the label of every order that waits for one: what other tests have sold fills no wave of this one's."""
    bench = bench_of(shop)
    waiting = [entry.number for entry in bench.board() if entry.stage in (BoardStage.TO_PRINT, BoardStage.OUTDATED)]
    for first in range(0, len(waiting), MOST_IN_WAVE):
        bench.wave(waiting[first : first + MOST_IN_WAVE], f"browser-test-{uuid.uuid4()}", device("0badcafe"))


def call_act(shop: RunningShop, number: str) -> None:
    """Pays an order at the sandbox."""
    status, said = call(shop, "POST", f"/payments/sandbox/{number}/act", {"act": "pay"})
    assert status == 204, said


def loaded(shop: RunningShop, number: str, state: State | None = None) -> Order | None:
    """The order as it is, where it is in this state."""
    order = shop.operations.store.orders.load(number)
    return order if order and state in (None, order.state) else None


def parcels(shop: RunningShop, order: Order) -> list[ParcelState]:
    found = loaded(shop, order.number)
    return [parcel.state for parcel in found.parcels] if found else []


def cancel(shop: RunningShop, number: str) -> None:
    cancel_by_seller(shop.operations.store, lambda: datetime.now(UTC), number)


def bench_of(shop: RunningShop) -> Bench:
    """The shop's bench, in this process."""
    return Bench(
        cast("Stage", SimpleNamespace(clock=lambda: datetime.now(UTC), catalog=shop.stack.catalog, settings=SETTINGS)),
        shop.operations.store,
    )


def packed_in_two(shop: RunningShop, order: Order) -> None:
    """Packs an order of two units as two parcels."""
    for _ in range(2):
        one = PackParcel(order.revision, (PackLine(order.lines[0].sku, 1),))
        bench_of(shop).pack(order.number, one, f"browser-test-{uuid.uuid4()}", device("0badcafe"))


def done_with(shop: RunningShop, number: str) -> None:
    """Leaves nothing of an order in the packing room."""
    bench, by = bench_of(shop), device("0badcafe")
    order = loaded(shop, number)
    for parcel in order.parcels if order else ():
        if parcel.state is ParcelState.PACKED:
            bench.unpack(f"{number}-{parcel.n}", by)
    if loaded(shop, number, State.PAID):
        cancel(shop, number)
    bench.pull(number, by)


Hire = Callable[..., Packer]
"""hire(name, role, **visitor): enrols somebody to pack."""
Sell = Callable[..., Order]
"""sell(units, to): sells so many jars of cabbage, and pays."""
