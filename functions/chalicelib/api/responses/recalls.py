"""A batch's passport, as everybody may read it; and a recall, as the manager is told of it."""

from typing import Any

from chalicelib.api.responses import instant
from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.lots import batches_in, lots_in, units_of
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.parcels import Parcel, parcel_name
from chalicelib.domain.stock.passports import Recall
from chalicelib.services.packing.passports import JarFacts
from chalicelib.services.packing.recalls import RecallReport

LABEL = ("name", "made_of", "allergens", "storage", "shelf_life", "date_rule", "maker", "origin")
"""Facts of a label that are told in both languages, as the catalogue calls them."""


def passport(facts: JarFacts, catalog: Catalog) -> dict[str, Any]:
    """Return a jar's passport: the facts of its label, then what there is to read and see of it today."""
    product, passport = facts.product, facts.passport
    today = catalog.product_of.get(passport.sku)
    return {
        "sku": passport.sku,
        "ship_by": passport.ship_by,
        "recall": _recall(passport.recall) if passport.recall else None,
        **{name: getattr(product, name) for name in LABEL},
        "pack": facts.pack.name,
        "grams": facts.pack.weight,
        "warnings": product.warnings,
        "licence": product.licence,
        "seller": facts.shop.seller,
        "address": facts.shop.address,
        "contact": catalog.shop.contact,
        "made": passport.made,
        "best_before": facts.best_before,
        "packed": village_day(passport.packed) if passport.packed else None,
        "sample": product.sample,
        "more": {
            "products": [{"id": today.id, "title": today.name}] if today else [],
            "stories": [{"id": one.id, "title": one.title} for one in catalog.stories if product.id in one.products],
            "videos": [{"id": one.id, "title": one.title} for one in catalog.videos if product.id in one.products],
        },
    }


def recall(report: RecallReport, drill: bool) -> dict[str, Any]:
    """Return what a recall comes to, or by a `drill` would: stock, orders with how to reach their buyers, parcels."""
    force = report.passport.recall
    return {
        "sku": report.passport.sku,
        "ship_by": report.passport.ship_by,
        "drill": drill,
        "recall": _recall(force) if force else None,
        "stock": {
            "made": report.stock.units,
            "promised": report.stock.promised,
            "on_sale": report.stock.sellable,
        },
        "unpaid": [order.number for order in report.unpaid],
        "invited": len(report.invited),
        "orders": [_order(order, report) for order in report.orders],
    }


def _recall(force: Recall) -> dict[str, Any]:
    return {"since": instant(force.at), "why": {"zh": force.why, "en": force.why_en or force.why}}


def _order(order: Order, report: RecallReport) -> dict[str, Any]:
    lots = lots_in(order)
    parcels = [one for one in order.parcels if report.batch in batches_in(order, lots.get(one.n, ()))]
    return {
        "order": order.number,
        "state": order.state,
        "quantity": units_of(order, report.batch),
        "name": order.ship_to.name,
        "phone": order.ship_to.phone,
        "told": bool(order.email) or order.ship_to.textable,
        "parcels": [_parcel(order, one) for one in parcels],
    }


def _parcel(order: Order, one: Parcel) -> dict[str, Any]:
    told: dict[str, Any] = {"parcel": parcel_name(order.number, one.n), "state": one.state}
    return told | ({"carrier": one.carrier, "tracking_number": one.tracking} if one.carrier else {})
