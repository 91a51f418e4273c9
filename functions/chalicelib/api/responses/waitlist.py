"""A place on a waitlist as its owner may see it."""

from typing import Any

from chalicelib.api.responses import instant
from chalicelib.catalog import pack_name
from chalicelib.domain.stock.amendments import Offer
from chalicelib.domain.waitlist import Waiter, WaiterState


def place(waiter: Waiter, offer: Offer | None) -> dict[str, Any]:
    """Return a place on a waitlist: what it is invited to, while it is; `offer` is what is offered of that now."""
    product, pack = (offer.product, offer.pack) if offer else (None, None)
    invited = waiter.state is WaiterState.INVITED
    name = pack_name(product, pack, waiter.wish.lang) if product and pack else waiter.wish.name
    return {
        "place": waiter.number,
        "sku": waiter.sku,
        "name": name or waiter.sku,
        "unit": getattr(product.unit, waiter.wish.lang) if product else "",
        "quantity": waiter.wish.quantity,
        "fewer": waiter.wish.fewer,
        "state": waiter.state,
        "units": waiter.units if invited else None,
        "ship_by": max(part.ship_by for part in waiter.parts) if invited else None,
        "until": instant(waiter.until) if invited and waiter.until else None,
        "unit_price": pack.price if pack else None,
    }
