"""What is kept of a person, as they may see and take it."""

from collections.abc import Iterable
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import GONE
from chalicelib.services.voices.parts import KeptFact
from chalicelib.services.voices.personal import KeptOfOrder, KeptOfPerson


def kept_of_order(kept: KeptOfOrder) -> dict[str, Any]:
    """Return what is kept with an order, what may be put right of it at once, and what was asked about it."""
    order, mark = kept.order, kept.order.person
    known = not mark.asked and not mark.gone
    stays = all(parcel.state in GONE for parcel in order.parcels)
    dates = {"until": kept.until, "forgotten": mark.asked, "gone": mark.gone}
    return {
        "order": order.number,
        "state": order.state,
        "placed": instant(order.placed),
        **{name: instant(at) for name, at in dates.items() if at},
        "held": mark.hold is not None,
        "correct": [what for what, may in (("email", known), ("address", order.state is State.PAID and stays)) if may],
        "kept": facts(kept.facts),
    }


def kept_of_person(contact: str, kept: KeptOfPerson) -> dict[str, Any]:
    """Return what is kept of whoever has a contact: with each of their orders, and beside them."""
    return {"contact": contact, "orders": [*map(kept_of_order, kept.orders)], "kept": facts(kept.facts)}


def facts(found: Iterable[KeptFact]) -> list[dict[str, Any]]:
    """Return what is kept, one after the other."""
    return [{"what": one.what, "value": one.value, "goes": one.goes} for one in found]
