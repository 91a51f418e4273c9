"""What is kept, all in the one table: a store a feature, and the transaction that spans them.

All that changes who holds units goes through `commit` (transaction.py). Its keys are in keys.py.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.aggregate import Aggregate
from chalicelib.storage.aggregates import KINDS
from chalicelib.storage.desk.books import BookStore
from chalicelib.storage.desk.claims import ClaimStore
from chalicelib.storage.desk.invoices import InvoiceStore
from chalicelib.storage.desk.kept import KeptStore
from chalicelib.storage.desk.needs import NeedStore
from chalicelib.storage.desk.search import SearchStore
from chalicelib.storage.desk.trail import TrailStore
from chalicelib.storage.devices import DeviceStore
from chalicelib.storage.keys import Item, order_key
from chalicelib.storage.kinds import AggregateStore
from chalicelib.storage.limits import LimitStore
from chalicelib.storage.live.figures import FigureStore
from chalicelib.storage.live.rooms import RoomStore
from chalicelib.storage.orders import OrderStore
from chalicelib.storage.payments.ledger import LedgerStore
from chalicelib.storage.payments.strays import STRAY
from chalicelib.storage.stock.amendments import AmendmentStore
from chalicelib.storage.stock.drops import DropStore
from chalicelib.storage.stock.passports import PassportStore
from chalicelib.storage.stock.questions import QuestionStore
from chalicelib.storage.stock.shelves import StockStore
from chalicelib.storage.table import BUDGET, Table
from chalicelib.storage.transaction import Transaction, commit
from chalicelib.storage.voices.readers import ReaderStore
from chalicelib.storage.voices.voices import VoiceStore
from chalicelib.storage.waitlist import WaitlistStore
from chalicelib.storage.waybills import WaybillStore


class Store:
    """The table `table` through a botocore client of DynamoDB, by feature."""

    def __init__(self, client: Any, table: str, budget: float = BUDGET) -> None:
        self.table = Table(client, table, budget)
        self.orders = OrderStore(self.table)
        self.waitlist = WaitlistStore(self.table)
        self.strays = AggregateStore(self.table, STRAY)
        self.stock = StockStore(self.table)
        self.passports = PassportStore(self.table)
        self.drops = DropStore(self.table)
        self.amendments = AmendmentStore(self.table)
        self.questions = QuestionStore(self.table)
        self.claims = ClaimStore(self.table)
        self.limits = LimitStore(self.table)
        self.rooms = RoomStore(self.table)
        self.devices = DeviceStore(self.table)
        self.figures = FigureStore(self.table)
        self.ledger = LedgerStore(self.table)
        self.waybills = WaybillStore(self.table)
        self.needs = NeedStore(self.table)
        self.trail = TrailStore(self.table)
        self.search = SearchStore(self.table)
        self.voices = VoiceStore(self.table)
        self.readers = ReaderStore(self.table)
        self.books = BookStore(self.table)
        self.kept = KeptStore(self.table)
        self.invoices = InvoiceStore(self.table)

    def begin(self) -> None:
        """Begin a request: all that it asks for shares one time budget."""
        self.table.begin()

    def ready(self) -> None:
        """Return where the table answers; raises Busy."""
        self.table.get(order_key("health"))

    def commit(self, transaction: Transaction) -> frozenset[str]:
        """Write all of the transaction or nothing; return the SKUs whose lists of waiters are to be served.

        Raises what `transaction.commit` does.
        """
        return commit(self.table, transaction)

    def load(self, kind: str, number: str) -> Aggregate | None:
        """Return the aggregate of this kind and number, as the last write left it; raises KeyError for no kind."""
        return AggregateStore(self.table, KINDS[kind]).load(number)

    def due_by(self, now: datetime) -> Iterator[Aggregate]:
        """Return the aggregates that somebody must look at by this instant, kind by kind, as `KINDS` has them."""
        for kind in KINDS.values():
            yield from AggregateStore(self.table, kind).due_by(now)

    def listed(self, name: str) -> list[str]:
        """Return the numbers of what stands on a list of the desk, by time; an index may be seconds old."""
        return [item["pk"]["S"].partition("#")[2] for item in self.table.index("pack", "pack_pk", name)]

    def item(self, pk: str, sk: str) -> Item | None:
        """Return one item as it is in the table: for the auditor."""
        return self.table.get({"pk": {"S": pk}, "sk": {"S": sk}})

    def everything(self) -> Iterator[Item]:
        """Return every item as it is in the table, by a scan: for the auditor."""
        return self.table.everything()
