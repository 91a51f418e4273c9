"""What an operator does to a running shop (batches, drops, dates, cancels, audit), by the functions' own rules."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Pack, shown
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.commands import RecallBatch, ReportShortDay
from chalicelib.domain.desk.trail import Fact
from chalicelib.domain.errors import ShopError
from chalicelib.domain.live.rooms import Act, LogEntry, opened
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.amendments import Amended, offered
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.danger import Danger
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import TooFew
from chalicelib.domain.waitlist import QueueEntry, Waiter, WaiterState
from chalicelib.services.aftersales.claims import ClaimFound, open_claims
from chalicelib.services.audit import Findings, audit, dangers
from chalicelib.services.desk.goods import amended, keep_evidence
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.packing.questions import Questions, ShortDay
from chalicelib.services.packing.recalls import RecallReport, Recalls
from chalicelib.services.planning import Made, Planned, expect, made, plan, set_batch
from chalicelib.services.stage import utc_now
from chalicelib.storage.store import Store

from cunbo.core.refusal import Refusal
from cunbo.operations.drops import shown as shown_at
from cunbo.operations.stock import BatchCapacity, today
from cunbo.operations.trail import acting


@dataclass(frozen=True)
class SkuWaitlist:
    """The waitlist of a SKU: those who are invited, and the queue, the first in line first."""

    sku: str
    invited: Sequence[Waiter]
    places: Sequence[QueueEntry]


@contextmanager
def refusing(subject: str) -> Iterator[None]:
    """Turn an error of the shop into a Refusal that says why `subject`, an order, a batch or a drop, stays as it is."""
    try:
        yield
    except ShopError as error:
        words = "; ".join(fault.detail for fault in error.faults) or error.detail
        raise Refusal(f"{subject}: {words}") from None


class ShopOperations:
    """The shop of one stage, through an operator's client of DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self.store = Store(dynamodb, table)

    def set_batch(self, catalog: Catalog, batch: BatchCapacity) -> Declared:
        """Set how many units can be made, and return the SKU's own batch as it is then; raises Refusal."""
        about = {"sku": batch.sku, "day": str(batch.ship_by)}
        with self._acting("batch", about, units=batch.units), refusing(f"{batch.sku} {batch.ship_by}"):
            return set_batch(catalog, self.store, batch.sku, batch.ship_by, batch.units)

    def recall(self, sku: str, day: date, asked: RecallBatch, lift: bool = False) -> RecallReport:
        """Recall a batch, look at what that would come to, or undo it; raises Refusal where that cannot be."""
        recalls = Recalls(self.store, utc_now)
        act, about = "lift_recall" if lift else "recall", {"sku": sku, "day": str(day)}
        with self._acting(act, about, drill=asked.drill, why=asked.why), refusing(f"{sku} {day}"):
            return recalls.lift(sku, day) if lift else recalls.recall(sku, day, asked, OPERATOR)

    def set_made(self, sku: str, day: date, made_on: date) -> None:
        """Keep on which day a batch was made; raises Refusal where another day stands on its labels."""
        if not self.store.passports.set_made(sku, day, made_on):
            raise Refusal(f"{sku} {day}: its labels have another date of production, which stays as it is")

    def report_short_day(self, asked: ReportShortDay, key: str) -> ShortDay:
        """Have fewer units made, once for each key, and ask buyers what they want instead; raises Refusal."""
        about = {"sku": asked.sku, "day": str(asked.ship_by)}
        with self._acting("report_short_day", about, units=asked.units), refusing(f"{asked.sku} {asked.ship_by}"):
            return Questions(self.store, utc_now).report_short(asked, key, OPERATOR)

    def short_day(self, sku: str, ship_by: date) -> ShortDay:
        """Return whom a short day has asked, and who has answered what; raises Refusal where there is no such batch."""
        with refusing(f"{sku} {ship_by}"):
            return Questions(self.store, utc_now).short_day(sku, ship_by)

    def claims(self) -> list[ClaimFound]:
        """Return the claims that nobody has decided, the oldest first."""
        return open_claims(self.store, utc_now)

    def skus(self, catalog: Catalog) -> list[str]:
        """Return the catalogue's SKUs, then those that it has no more and of which there still is something."""
        return [*dict.fromkeys([*catalog.packs, *self.store.stock.skus()])]

    def made(self, sku: str, day: date) -> Made:
        """Return all that is made of the SKU for that day, drops included."""
        return made(self.store, sku, day).get(day, Made())

    def plan(self, catalog: Catalog) -> list[Planned]:
        """Make the batches that the plan has and the table lacks, move what the calendar moves, and return them."""
        with self._acting("plan", {}) as facts:
            done = plan(catalog, self.store, today())
            facts["batches"] = len(done)
        return done

    def expect(self, catalog: Catalog, sku: str, rate: int) -> Sequence[Declared]:
        """Spread the SKU's batches for `rate` orders a second, and return them."""
        with self._acting("expect", {"sku": sku}, rate=rate):
            return expect(catalog, self.store, sku, rate, today())

    def dangers(self, batches: Container[tuple[str, date]] | None = None) -> list[Danger]:
        """Return the promises that cannot be kept as things stand, of `batches` (SKU and date) alone where given."""
        found = dangers(self.store, today())
        return [one for one in found if batches is None or (one.sku, one.ship_by) in batches]

    def open_drop(self, catalog: Catalog, asked: Drop, rate: int) -> tuple[Drop, Sequence[Declared]]:
        """Open the drop under an id that no other has, for `rate` orders a second, and return it with its batches.

        Raises Refusal where that cannot be.
        """
        drop = self._free_name(catalog, asked)
        about = {"sku": drop.sku, "room": drop.room, "drop": drop.id}
        with self._acting("open_drop", about, units=drop.units, price=drop.price), refusing(drop.sku):
            try:
                open_drop(catalog, self.store, utc_now(), drop, rate)
            except TooFew as few:
                words = f"only {few.left} of {drop.sku} are on sale, and stay so until it would close"
                raise Refusal(words) from None
        self.store.rooms.note(drop.room, opened(drop, OPERATOR, self._show(drop.room), utc_now()), drop.id)
        return drop, self.store.stock.declared(drop.shelf, today())

    def drops(self, catalog: Catalog) -> list[tuple[Drop, Sequence[Declared]]]:
        """Return every drop that still holds units or will sell some, with its batches."""
        now = today()
        found = (drop for sku in self.skus(catalog) for drop in self.store.stock.shelf(sku, now).drops)
        return [(drop, self.store.stock.declared(drop.shelf, now)) for drop in found]

    def end_drop(self, catalog: Catalog, id_: str) -> tuple[Drop, int]:
        """End a drop, and return it with the number of units that went back; raises Refusal where there is none."""
        found = next((one for one in self.drops(catalog) if one[0].id == id_), None)
        if found is None:
            raise Refusal(f"there is no drop {id_}: `cunbo drops` lists them")
        drop, before = found
        with self._acting("end_drop", {"sku": drop.sku, "drop": id_}), refusing(id_):
            over = end_drop(self.store, utc_now(), drop.sku, id_)
        ended = LogEntry(utc_now(), Act.DROP_END, OPERATOR, self._show(drop.room), drop.sku, drop=id_)
        self.store.rooms.note(drop.room, ended, f"{id_}-end")
        after = self.store.stock.declared(drop.shelf, today())
        held = (sum(batch.cap for batch in batches) for batches in (before, after))
        return over, next(held) - next(held)

    def waiting(self, skus: Iterable[str]) -> Iterator[SkuWaitlist]:
        """Yield the waitlist of each SKU that somebody waits for."""
        due = chain.from_iterable(self.store.waitlist.due())
        invited = [one for one in due if one.state is WaiterState.INVITED]
        for sku in skus:
            called = [waiter for waiter in invited if waiter.sku == sku]
            places = [*self.store.waitlist.line(sku)]
            if called or places:
                yield SkuWaitlist(sku, called, places)

    def contact(self, number: str) -> str:
        """Return the e-mail address of a waiter, which is personal; empty where the waiter has left."""
        waiter = self.store.waitlist.load(number)
        return waiter.contact if waiter else ""

    def described(self) -> Mapping[str, Any]:
        """Return the table as DynamoDB describes it."""
        table = self.store.table
        described: Mapping[str, Any] = table.client.describe_table(TableName=table.name)["Table"]
        return described

    def _show(self, room: str) -> str | None:
        """Return the show that is on in a room."""
        show = self.store.rooms.room(room).show
        return show.id if show else None

    def _free_name(self, catalog: Catalog, asked: Drop) -> Drop:
        """Return the drop, its id numbered where another drop has or had it: sold lines point at a drop by its id."""
        used = {drop.id for drop, _ in self.drops(catalog)}
        ids = (asked.id if number == 1 else f"{asked.id}-{number}" for number in count(1))
        drops = (msgspec.structs.replace(asked, id=id_) for id_ in ids if id_ not in used)
        return next(drop for drop in drops if not self.store.drops.is_archived(drop))

    def postpone(self, number: str, day: date) -> Order:
        """Move an order to `day` or later, and notify its buyer; raises Refusal where that cannot be."""
        with self._acting("postpone", {"order": number, "day": str(day)}), refusing(number):
            try:
                return postpone(self.store, utc_now, number, day)
            except TooFew as few:
                raise Refusal(f"{number}: from {day} on only {few.left} are left of one of its lines") from None

    def cancel_by_seller(self, number: str) -> Order:
        """Cancel an order, refund what was paid, and notify its buyer; raises Refusal where that cannot be."""
        with self._acting("cancel_by_seller", {"order": number}), refusing(number):
            return cancel_by_seller(self.store, utc_now, number)

    def keep_shown(self, catalog: Catalog) -> None:
        """Store what is said of every product: orders point at it for as long as the law requires.

        Also as it is sold while what the desk has changed of it holds.
        """
        for product in catalog.products:
            self.store.orders.keep_shown(*shown(catalog, product))
        for sku in catalog.packs:
            keep_evidence(catalog, self.store, sku, self.store.amendments.load(sku))

    def amended(self, catalog: Catalog) -> list[str]:
        """Return a line for each thing that the desk has changed and that holds beside this catalogue."""
        return [
            f"{sku}: {one.what} is {one.to} at the desk, and {one.of} in the content, since {shown_at(one.at)};"
            f" it ends with a build that says another value{_hides(catalog, sku) if one.what is Amended.PRICE else ''}"
            for sku, one in amended(catalog, self.store, utc_now())
        ]

    def pack(self, catalog: Catalog, sku: str) -> Pack | None:
        """Return the pack of a SKU as it is offered now; None where the catalogue has it no more."""
        if sku not in catalog.packs:
            return None
        return offered(catalog, sku, self.store.amendments.load(sku), utc_now()).pack

    def order(self, number: str) -> dict[str, Any]:
        """Return an order, and what was said of its goods when it was placed; raises Refusal where there is none."""
        order = self.store.orders.load(number)
        if order is None:
            raise Refusal(f"there is no order {number}")
        said = {line.sku: msgspec.json.decode(self.store.orders.shown(line.shown) or b"null") for line in order.lines}
        return {"order": order, "shown": said}

    def _acting(self, act: str, about: Mapping[str, str], **facts: Fact) -> AbstractContextManager[dict[str, Fact]]:
        """What is done in it is entered in the stage's trail."""
        return acting(self.store.trail, act, about, facts)

    def audit(self) -> Findings:
        """Compare the stock with the orders, and return what the audit finds."""
        return audit(self.store, today())


def _hides(catalog: Catalog, sku: str) -> str:
    """Return the end of a line about another price: the clips that name the old one, which pages do not play."""
    cuts = ((video.id, video.cut_from) for video in catalog.videos)
    named = [id_ for id_, cut in cuts if cut and "price" not in cut.unsaid and sku in {pack.sku for pack in cut.packs}]
    return f"; until then no page plays {', '.join(named)}" if named else ""
