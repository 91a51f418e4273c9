"""Invoices in the table, by the number of their order; the desk lists them by what is to be done with them."""

from chalicelib.domain.aftersales import invoices
from chalicelib.domain.aggregate import Done
from chalicelib.domain.calendar import VILLAGE
from chalicelib.storage.keys import Item, instant
from chalicelib.storage.kinds import AggregateStore, Kind
from chalicelib.storage.table import Table

ASKED, RED = "invoices#asked", "invoices#red"
"""The lists of those that are to be issued, and of those of which some is to be taken back in red."""


def issued_in(month: str) -> str:
    """Return the list of those that were issued in a month, such as 2026-11, by the village's clocks."""
    return f"invoices#{month}"


def _listed(invoice: invoices.Invoice) -> Item:
    at = invoice.issued or invoice.asked
    name = RED if invoice.due_red else issued_in(f"{at.astimezone(VILLAGE):%Y-%m}") if invoice.issued else ASKED
    return {"pack_pk": {"S": name}, "pack_at": {"S": instant(at)}}


INVOICE = Kind(
    name="invoice",
    type=invoices.Invoice,
    decide=invoices.decide,
    end=Done(""),
    due_partitions=("due#invoices",),
    kept_until=invoices.kept_until,
    attributes=_listed,
)


class InvoiceStore(AggregateStore[invoices.Invoice]):
    """The invoices of a shop."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, INVOICE)

    def delete(self, invoice: invoices.Invoice) -> bool:
        """Delete one that nobody has issued; return False where it is not as it was read any more."""
        return self.table.write(
            "delete_item",
            Key=INVOICE.key(invoice.number),
            ConditionExpression="v = :v",
            ExpressionAttributeValues={":v": {"N": str(invoice.version)}},
        )
