"""Sending an order elsewhere while nothing of it is packed: postage is asked for anew, and its old label is refused.

A cheaper way gives nothing back by itself: the village may, by a refund.
"""

from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import ChangeAddress
from chalicelib.domain.errors import CannotPack, Dearer, Fault, PackFault, Refused
from chalicelib.domain.orders.events import AddressChanged, Event
from chalicelib.domain.orders.model import Address, Order
from chalicelib.domain.orders.parcels import GONE, HERE
from chalicelib.domain.orders.postage import NotDelivered, quote
from chalicelib.domain.orders.shipping import refuse_packing, to_ship
from chalicelib.domain.packing.recipients import recipient_of
from chalicelib.services.order_changes import change
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


def change_address(stage: Stage, store: Store, number: str, asked: ChangeAddress, by: Actor) -> Order:
    """Send the order to another address, and return it; the same address again changes nothing.

    Raise CannotPack where something of it is packed or has left, it is not paid or over; Refused where it is not
    delivered there; Dearer where more postage would be due than was paid; NotFound, Busy.
    """
    to = asked.ship_to
    changed = AddressChanged(to, recipient_of(stage.keys, to), by, stage.keys.pseudonyms("find", to.number)[0])

    def news(order: Order) -> Event | None:
        if to == order.ship_to:
            return None
        _refuse_packed(order)
        _refuse_dearer(stage, order, to)
        return changed

    return change(store, stage.clock, number, news)


def _refuse_packed(order: Order) -> None:
    refuse_packing(order, order.revision, ())
    for parcel in order.parcels:
        if parcel.state not in GONE:
            raise CannotPack(PackFault.PACKED if parcel.state in HERE else PackFault.SHIPPED, parcel.packed, parcel.by)


def _refuse_dearer(stage: Stage, order: Order, to: Address) -> None:
    """Within a province nothing is asked: what was paid is what was agreed."""
    province = to.region[0]
    if province == order.ship_to.region[0]:
        return
    skus = [line.sku for line, left in zip(order.lines, to_ship(order), strict=True) if left]
    try:
        postage = quote(stage.catalog, [*dict.fromkeys(skus)], province)
    except NotDelivered as refused:
        words = f"not delivered to {province}"
        raise Refused(words, [Fault("/ship_to/region/0", words, sku=sku) for sku in refused.skus]) from None
    if postage > order.postage:
        raise Dearer(postage, order.postage)
