"""A room as everybody sees it, and as its hosts do."""

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.api.responses import figures, instant, millisecond, pack_name, unit
from chalicelib.api.responses.stock import days, next_ship_by
from chalicelib.catalog import Catalog, Pack, Product
from chalicelib.domain.live.rooms import LogEntry, Pin, RunningOrder, Show
from chalicelib.services.live.views import Console, Corrected, RoomDrop, RoomNow, Sellable, Showing


def shown(now: RoomNow, poll: int) -> dict[str, Any]:
    """Return what a room shows now, and after how many seconds a page asks again."""
    show = now.room.show
    return {
        "room": now.room.id,
        "now": millisecond(now.now),
        "poll": poll,
        "show": {"id": show.id, "since": instant(show.since)} if show else None,
        "showing": _showing(now.showing) if now.showing else None,
        "correction": _correction(now.correction) if now.correction else None,
        "ended": instant(now.room.ended) if now.room.ended else None,
        "next": _next(*now.next) if now.next else None,
        "goal": {"units": now.goal[0], "sold": now.goal[1]} if now.goal else None,
    }


def shows(last: Sequence[Show]) -> dict[str, Any]:
    """Return a room's last shows."""
    return {
        "shows": [
            {
                "id": show.id,
                "since": instant(show.since),
                "until": instant(show.until) if show.until else None,
                "skus": [*show.skus],
            }
            for show in last
        ]
    }


def console(seen: Console) -> dict[str, Any]:
    """Return a room as its hosts see it, and what an act has replaced."""
    now = seen.now
    show, showing = now.room.show, now.showing
    return {
        "room": now.room.id,
        "now": millisecond(now.now),
        "show": {"id": show.id, "since": instant(show.since), "by": show.by} if show else None,
        "showing": _showing(showing) | {"by": showing.pin.by} if showing else None,
        "correction": _correction(now.correction) if now.correction else None,
        "order": {"skus": seen.order, "by": now.room.order.by if now.room.order else None},
        "next": seen.next,
        "goal": now.room.goal.units if now.room.goal else 0,
        "drops": [{"sku": one.drop.sku, **_drop(one)} for one in seen.drops],
        "stock": {one.pack.sku: _on_sale(one) for one in seen.stock},
        "figures": figures.room(seen.figures),
        "replaced": _replaced(seen.replaced) if seen.replaced else None,
        "taken_back": seen.taken_back,
    }


def cards(catalog: Catalog) -> dict[str, Any]:
    """Return what hosts have before their eyes while they show a product, by its id."""
    return {
        "cards": {
            product.id: {**msgspec.structs.asdict(card), "warnings": product.warnings, "sample": product.sample}
            for product in catalog.products
            if (card := product.host_card)
        }
    }


def log(entries: Sequence[LogEntry]) -> dict[str, Any]:
    """Return lines of a room's log."""
    return {"entries": [msgspec.to_builtins(entry) | {"at": millisecond(entry.at)} for entry in entries]}


def _showing(showing: Showing) -> dict[str, Any]:
    product, pack = showing.product, showing.pack
    return {
        "sku": pack.sku,
        "product": product.id,
        "name": pack_name(product, pack),
        "unit": unit(product),
        "since": instant(showing.pin.since),
        "price": pack.price,
        "was": {"price": pack.was.price, "basis": pack.was.basis} if pack.was else None,
        "left": showing.view.left,
        "ship_by": next_ship_by(showing.view),
        "batches": days(showing.view),
        "drop": _drop(showing.drop) if showing.drop else None,
    } | ({"off": True} if showing.off else {})


def _drop(one: RoomDrop) -> dict[str, Any]:
    drop = one.drop
    return {
        "drop": drop.id,
        "price": one.price,
        "opens": instant(drop.opens),
        "closes": instant(drop.closes),
        "limit": drop.limit,
        "units": drop.units,
        "left": one.view.left,
        "ship_by": next_ship_by(one.view),
        "batches": days(one.view),
    }


def _correction(found: Corrected) -> dict[str, Any]:
    """What was put right: as the host wrote it, else the facts of what was pinned, in both languages."""
    said = found.correction
    return {
        "about": said.about,
        "text": said.text,
        "at": instant(said.at),
        "sku": said.sku,
        "name": pack_name(found.product, found.pack) if found.product and found.pack else None,
        "price": said.price,
    }


def _on_sale(one: Sellable) -> dict[str, Any]:
    return {
        "product": one.product.id,
        "name": pack_name(one.product, one.pack),
        "unit": unit(one.product),
        "price": one.pack.price,
        "floor": one.pack.floor,
        "left": one.view.left,
        "ship_by": next_ship_by(one.view),
        "can_add": one.can_add,
    } | ({"off": True} if one.off else {})


def _next(product: Product, pack: Pack) -> dict[str, Any]:
    return {"sku": pack.sku, "product": product.id, "name": pack_name(product, pack), "price": pack.price}


def _replaced(what: Pin | Show | RunningOrder) -> dict[str, Any]:
    named = {Pin: "showing", Show: "show", RunningOrder: "order"}[type(what)]
    sku = what.sku if isinstance(what, Pin) else None
    return {"what": named, "sku": sku, "by": what.by, "at": instant(what.since)}
