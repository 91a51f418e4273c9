"""An order as an operator reads it: state, dates, goods, money, to whom, what happened, what is still to be done. Pure.

All of it stands in the order itself, so it is told also where its goods are sold no more.
"""

from collections.abc import Iterator

from chalicelib.domain.aggregate import ClosePayment, Intent, Mail
from chalicelib.domain.orders.model import Order, OrderLine, Refund, State
from chalicelib.domain.orders.parcels import Parcel, parcel_name
from chalicelib.domain.packing.carriers import name_of
from chalicelib.mail.letters import yuan

from cunbo.core.progress import counted
from cunbo.operations.drops import shown


def told(order: Order) -> Iterator[str]:
    """Yield what is known of the order, line by line; instants by the village's clocks."""
    moved = f", promised for {order.first_ship_by} at first" if order.first_ship_by else ""
    yield f"{order.number}: {_words(order.state)}, ships by {order.ship_by}{moved}"
    if order.ends and order.state is State.AWAITING_PAYMENT:
        yield f"  to be paid by {shown(order.pay_by)}"
    for line in order.lines:
        yield f"  {_goods(line)}"
    yield f"  postage {yuan(order.postage)}, {yuan(order.total)} in all"
    yield f"  payment: {order.provider} {order.payment}" if order.payment else f"  not paid, by {order.provider}"
    for refund in order.refunds:
        yield f"  {_money_back(refund)}"
    for parcel in order.parcels:
        yield f"  {_box(order, parcel)}"
    address = order.ship_to
    yield f"  to {address.name}, {address.phone}, {' '.join((*address.region, address.street))}"
    yield f"  letters: {order.email or 'none, no email was left'}, in {order.lang}"
    if order.room:
        show = f", show {order.show}" if order.show else ""
        yield f"  sold by the room {order.room}{show}{'' if order.signed else ', by the word of the buyer alone'}"
    for entry in order.history:
        yield f"  {shown(entry.at)}  {_words(entry.event)}, by {entry.by or 'nobody knows whom'}"
    for done in order.bench:
        of = f" parcel {parcel_name(order.number, done.parcel)}" if done.parcel else ""
        yield f"  {shown(done.at)}  {done.what}{of}, by {done.by}"
    for note in order.notes:
        yield f"  {shown(note.at)}  note: {note.text}, by {note.by}"
    for letter in order.letters:
        sent = f"sent {shown(letter.sent)}" if letter.sent else "not sent"
        yield f"  {shown(letter.at)}  letter {letter.kind.value!r}, {sent}, by {letter.by}"
    for intent in order.outbox:
        yield f"  still to be done: {_to_do(intent)}{_tried(intent)}"


def _goods(line: OrderLine) -> str:
    days: dict[str, int] = {}
    for part in line.parts:
        days[f"{part.ship_by}"] = days.get(f"{part.ship_by}", 0) + part.quantity
    dates = " and ".join(f"{units} by {day}" for day, units in days.items()) if len(days) > 1 else f"by {line.ship_by}"
    name = f" {line.name}" if line.name else ""
    drop = f", in the drop {line.drop}" if line.drop else ""
    if gone := sum(part.quantity for part in line.missing):
        drop += f", {gone} of them missing"
    limit = f", at most {line.limit} for a buyer" if line.limit else ""
    price = f"{yuan(line.unit_price)} each, {yuan(line.unit_price * line.quantity)}"
    return f"{line.quantity} x {line.sku}{name}: {price}; {dates}{drop}{limit}"


def _box(order: Order, parcel: Parcel) -> str:
    goods = " and ".join(f"{one.quantity} x {order.lines[one.line].sku}" for one in parcel.lines)
    told = f"parcel {parcel_name(order.number, parcel.n)}: {_words(parcel.state)}, {goods}"
    told += f"; packed {shown(parcel.packed)}, by {parcel.by or 'nobody knows whom'}"
    if parcel.handed:
        told += f"; handed over {shown(parcel.handed)}, by {parcel.handed_by or 'nobody knows whom'}"
    if parcel.carrier:
        told += f"; {name_of(parcel.carrier, 'en')} {parcel.tracking or 'without a number yet'}"
    return told


def _money_back(refund: Refund) -> str:
    why = f", since: {_words(refund.reason)}" if refund.reason else ""
    return f"{yuan(refund.amount)} of {refund.payment} back, {refund.state}, asked {shown(refund.at)}{why}"


def _to_do(intent: Intent) -> str:
    if isinstance(intent, Mail):
        return f"the letter {intent.text!r}"
    return "close the payment" if isinstance(intent, ClosePayment) else f"the refund {intent.key}"


def _tried(intent: Intent) -> str:
    return f", {counted(intent.tries, 'try has', 'tries have')} failed" if intent.tries else ""


def _words(name: str) -> str:
    return name.replace("_", " ")
