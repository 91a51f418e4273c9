"""The books, the reconciliation, invoices, and where the money went, as the desk and buyers see them; money in fen."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from chalicelib.api.responses import instant
from chalicelib.catalog import Catalog, pack_name
from chalicelib.domain.aftersales.invoices import Invoice, InvoiceState, invoice_lines, invoiceable
from chalicelib.domain.desk.day_books import BookSums
from chalicelib.domain.desk.findings import DayFindings
from chalicelib.domain.orders.model import Order
from chalicelib.domain.payments.strays import Stray

if TYPE_CHECKING:
    from chalicelib.services.aftersales.invoices import ListedInvoice
    from chalicelib.services.desk.books import SpanBooks
    from chalicelib.services.desk.shares import OrderShares, SharesOfGoods


def span(found: "SpanBooks", catalog: Catalog) -> dict[str, Any]:
    """Return the books of a day or a month: together, by day, and by what they are of."""
    return {
        "span": found.span,
        "money": _money(found.sums),
        "days": [{"day": one.day, **_money(one.sums)} for one in found.days],
        "stale": [*found.stale],
        **{
            table: [{"id": name, **_name(table, name, catalog), **row} for name, row in found.sums.rows(table).items()]
            for table in ("goods", "villages", "rooms", "providers", "reasons", "foreign")
        },
    }


def _name(table: str, key: str, catalog: Catalog) -> dict[str, Any]:
    """What a row is called in both languages, where the catalogue knows it."""
    if table == "goods" and key in catalog.packs:
        product, pack = catalog.product_of[key], catalog.packs[key]
        return {"name": {lang: pack_name(product, pack, lang) for lang in ("zh", "en")}}
    if table == "villages":
        return next(({"name": one.name} for one in catalog.villages if one.id == key), {})
    room = catalog.room_of.get(key) if table == "rooms" else None
    return {"name": room.name} if room else {}


def _money(sums: BookSums) -> dict[str, int]:
    return {
        "orders": sums.of("orders", "all"),
        **{name: sums.of(name) for name in ("came", "went", "claimed", "fees", "unbilled")},
        "net": sums.rest,
    }


def reconciliation(found: Iterable[DayFindings], strays: Iterable[Stray], names: Mapping[str, str]) -> dict[str, Any]:
    """Return what was found by day, the latest first, and money that fits nowhere; `names` are those of devices."""
    return {"days": [findings(one, names) for one in found], "strays": [*map(stray, strays)]}


def findings(found: DayFindings, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what was found of a day, and what was done about each."""
    return {
        "day": found.day,
        "at": instant(found.at),
        "open": found.is_open,
        "left_out": found.left_out,
        "found": [
            {
                "id": one.id,
                "provider": one.provider,
                "wrong": one.wrong,
                "kind": one.kind,
                "about": one.about,
                "order": one.order,
                "theirs": one.theirs,
                "ours": one.ours,
                "line": one.line,
                "since": instant(one.since),
                **({"gone": instant(one.gone)} if one.gone else {}),
                "notes": [
                    {"at": instant(note.at), "by": names.get(note.by, note.by), "words": note.words}
                    for note in found.notes
                    if note.finding == one.id
                ],
            }
            for one in found.found
        ],
    }


def stray(one: Stray) -> dict[str, Any]:
    """Return money that fits nowhere."""
    return {
        "stray": one.number,
        "provider": one.provider,
        "payment": one.payment,
        "amount": one.amount,
        "currency": one.currency,
        "reference": one.reference,
        "seen": instant(one.seen),
        "state": one.state,
    }


def invoice_of(order: Order, asked: Invoice | None) -> dict[str, Any]:
    """Return for how much an invoice can be asked (0: none can), and the one that was, as its buyer sees it."""
    return {"amount": invoiceable(order), "invoice": invoice(asked) if asked else None}


def invoice(one: Invoice) -> dict[str, Any]:
    """Return an invoice."""
    told: dict[str, Any] = {
        "state": one.state,
        "kind": one.wish.kind,
        "title": one.wish.title,
        "tax_number": one.wish.tax_number,
        "email": one.wish.email,
        "asked": instant(one.asked),
    }
    if one.issued and one.state is InvoiceState.ISSUED:
        reds = [{"number": red.number, "amount": red.fen} for red in one.reds]
        told |= {"number": one.issued_as, "issued": instant(one.issued), "amount": one.fen}
        told |= {"reds": reds, "due_red": one.due_red}
    return told


def invoices(listed: "Iterable[ListedInvoice]") -> dict[str, Any]:
    """Return invoices with what is to be invoiced of their orders."""
    return {
        "invoices": [
            {
                "order": one.order.number,
                "left": invoiceable(one.order),
                "lines": [
                    {"sku": line.sku, "name": line.name, "units": line.units, "amount": line.fen}
                    for line in invoice_lines(one.order)
                ],
                **invoice(one.invoice),
            }
            for one in listed
        ]
    }


def shares_of(order: Order, found: "OrderShares", catalog: Catalog) -> dict[str, Any]:
    """Return where the money of an order went, part by part; they sum up to `total`, what is left of what was paid."""
    products = (catalog.product_of.get(line.sku) for line in order.lines)
    return {
        "total": sum(found.parts),
        "parts": found.parts._asdict(),
        "fee_from": found.fee_from,
        "sample": any(product.sample for product in products if product),
    }


def hands(month: str, found: "Iterable[SharesOfGoods]", catalog: Catalog) -> dict[str, Any]:
    """Return what has left the village of a month's batches, and what hands got of it."""
    goods = [*found]
    return {
        "month": month,
        "total": sum(one.fen for one in goods),
        "goods": [{"sku": one.sku, "units": one.units, "amount": one.fen} for one in goods],
        "sample": any(product.sample for one in goods if (product := catalog.product_of.get(one.sku))),
    }
