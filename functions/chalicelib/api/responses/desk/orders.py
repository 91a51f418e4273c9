"""Orders as the desk is told of them: in a list, and with their whole story."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.actor import Actor
from chalicelib.domain.desk.notes import letter_in
from chalicelib.domain.orders.events import AddressChanged, Postponed, SellerCancels
from chalicelib.domain.orders.model import SOLD, Order, OrderLine, Refund, State
from chalicelib.domain.orders.parcels import GONE, Parcel, parcel_name
from chalicelib.domain.orders.questions import Choice, Question
from chalicelib.domain.orders.refunds import left_of_lines, postage_left
from chalicelib.domain.orders.transitions import TRANSITIONS
from chalicelib.domain.packing.carriers import followed_at, name_of
from chalicelib.services.desk.acts import LetterDraft
from chalicelib.services.desk.batches import BatchMove, MetOrder
from chalicelib.services.desk.search.find import FoundOrders
from chalicelib.services.packing.questions import told_by

Names = Mapping[str, str]
"""What people call those who act by a device, by actor."""


def found(answer: FoundOrders) -> dict[str, Any]:
    """Return a page of orders, and what goes on behind it."""
    told: dict[str, Any] = {"meaning": answer.meaning, "orders": [_entry(order) for order in answer.orders]}
    return told | ({"cursor": answer.cursor} if answer.cursor else {})


def _entry(order: Order) -> dict[str, Any]:
    return {
        "order": order.number,
        "state": order.state,
        "placed": instant(order.placed),
        "ship_by": order.ship_by,
        "total": order.total,
        "name": order.ship_to.name,
        "phone": order.ship_to.phone,
        "lines": [_goods(line) for line in order.lines],
    }


def _goods(line: OrderLine) -> dict[str, Any]:
    return {"sku": line.sku, "name": line.name or line.sku, "quantity": line.quantity}


# ---- An order's story ----


def story(order: Order, names: Names, texts: bool, later: Iterable[date] = ()) -> dict[str, Any]:
    """Return all that is known of an order; `texts`: whether the shop texts; `later`: days that it could move to."""
    told: dict[str, Any] = {
        **_entry(order),
        "pay_by": instant(order.pay_by),
        "postage": order.postage,
        "ship_to": {
            "name": order.ship_to.name,
            "phone": order.ship_to.phone,
            "region": order.ship_to.region,
            "street": order.ship_to.street,
        },
        "lang": order.lang,
        "lines": [_line(order, index) for index in range(len(order.lines))],
        "refunds": [_refund(order, one) for one in order.refunds],
        "parcels": [_parcel(order, one, names) for one in order.parcels],
        "disputes": [
            {"amount": one.amount, "state": one.state, "at": instant(one.at), "reason": one.reason}
            for one in order.disputes
        ],
        "questions": [_question(order, one) for one in order.questions],
        "notes": [{"at": instant(one.at), "text": one.text, **_who(one.by, names)} for one in order.notes],
        "letters": [_letter(order, n, names) for n in range(1, len(order.letters) + 1)],
        "pending": [_pending(intent) for intent in order.outbox],
        "events": sorted(_events(order, names), key=lambda one: str(one["at"])),
        "may": _may(order, later),
        "told_by": told_by(order, texts),
    }
    more: dict[str, Any] = {
        "first_ship_by": order.first_ship_by,
        "email": order.email,
        "note": order.note,
        "room": order.room,
        "show": order.show,
        "payment": {"provider": order.provider, "id": order.payment} if order.payment else None,
        "recalls": [
            {"sku": one.sku, "ship_by": one.ship_by, "at": instant(one.at), "why": one.why} for one in order.recalls
        ],
    }
    return told | {name: value for name, value in more.items() if value}


def _may(order: Order, later: Iterable[date]) -> dict[str, Any]:
    """What is possible now, as far as the order itself says; whoever asks for it is told again."""
    rules = TRANSITIONS.keys()
    here = all(parcel.state in GONE for parcel in order.parcels)
    packed = all(parcel.state in GONE or parcel.state == "packed" for parcel in order.parcels)
    return {
        "cancel": (order.state, SellerCancels) in rules and packed,
        "postpone": (order.state, Postponed) in rules,
        "later": [*later],
        "address": (order.state, AddressChanged) in rules and here,
        "refund": order.refundable if order.state in SOLD else 0,
        "postage": postage_left(order) if order.state in SOLD else 0,
    }


def _line(order: Order, index: int) -> dict[str, Any]:
    line = order.lines[index]
    told: dict[str, Any] = {
        **_goods(line),
        "unit_price": line.unit_price,
        "batches": [{"ship_by": part.ship_by, "quantity": part.quantity} for part in line.parts],
        "left": left_of_lines(order)[index] if order.state in SOLD else 0,
    }
    units = {"missing": line.missing, "given_up": line.given_up}
    told |= {what: sum(part.quantity for part in parts) for what, parts in units.items() if parts}
    return told | ({"drop": line.drop} if line.drop else {})


def _refund(order: Order, refund: Refund) -> dict[str, Any]:
    told: dict[str, Any] = {"amount": refund.amount, "at": instant(refund.at), "state": refund.state}
    told |= {"refund": refund.key}
    told |= {"reason": refund.reason} if refund.reason else {}
    told |= {"why": refund.why} if refund.why else {}
    lines = [{"sku": order.lines[one.line].sku, "quantity": one.quantity} for one in refund.lines]
    return told | ({"lines": lines} if lines else {})


def _parcel(order: Order, one: Parcel, names: Names) -> dict[str, Any]:
    told: dict[str, Any] = {
        "parcel": parcel_name(order.number, one.n),
        "state": one.state,
        "packed": instant(one.packed),
        "lines": [{"sku": order.lines[line.line].sku, "quantity": line.quantity} for line in one.lines],
        "lots": [
            {"sku": order.lines[lot.line].sku, "ship_by": lot.ship_by, "quantity": lot.quantity} for lot in one.lots
        ],
        **_who(one.by, names),
    }
    if one.carrier:
        told |= {
            "carrier": {lang: name_of(one.carrier, lang) for lang in ("zh", "en")},
            "tracking_number": one.tracking,
        }
        link = followed_at(one.carrier, one.tracking) if one.tracking else ""
        told |= {"url": link} if link else {}
    return told


def _question(order: Order, one: Question) -> dict[str, Any]:
    told: dict[str, Any] = {
        "why": one.why,
        "ship_by": one.day,
        "until": instant(one.until),
        "lines": [{"sku": order.lines[line.line].sku, "quantity": line.quantity} for line in one.lines],
    }
    return told | ({"choice": one.choice} if one.choice else {})


def _letter(order: Order, n: int, names: Names) -> dict[str, Any]:
    one = order.letters[n - 1]
    waits = any(letter_in(intent.key) == n for intent in order.outbox)
    told: dict[str, Any] = {
        "at": instant(one.at),
        "kind": one.kind,
        "words": one.words,
        "by_sms": one.sms,
        "state": "sent" if one.sent else "waits" if waits else "lost",
        **_who(one.by, names),
    }
    return told | ({"sku": one.sku} if one.sku else {})


def _pending(intent: Any) -> dict[str, Any]:
    """What is still to be done elsewhere, and how often it has failed."""
    return {"what": type(intent).__struct_config__.tag, "text": getattr(intent, "text", ""), "tries": intent.tries}


# ---- Who did what, when ----


def _events(order: Order, names: Names) -> Iterator[dict[str, Any]]:
    for entry in order.history:
        if entry.event is State.PACKED or (entry.event is State.PAID and entry.by.startswith("device:")):
            continue  # its parcels tell that
        yield _event(entry.at, f"state_{entry.event}", entry.by, names)
    for done in order.bench:
        yield _event(done.at, done.what.replace(" ", "_"), done.by, names)
    for parcel in order.parcels:
        yield _event(parcel.packed, "packed", parcel.by, names)
        if parcel.handed:
            yield _event(parcel.handed, "handed", parcel.handed_by, names)
    for refund in order.refunds:
        yield _event(refund.at, "refund", refund.by, names) | {"amount": refund.amount}
    for note in order.notes:
        yield _event(note.at, "note", note.by, names) | {"text": note.text}
    for letter in order.letters:
        yield _event(letter.at, "letter", letter.by, names) | {"text": letter.kind}
    for question in order.questions:
        yield _event(question.at, "asked", question.by, names)
        if question.answered and question.choice not in (None, Choice.OFF):
            yield _event(question.answered, f"answer_{question.choice}", Actor("buyer"), names)
    for dispute in order.disputes:
        yield _event(dispute.at, "dispute", Actor(""), names) | {"amount": dispute.amount}
    for mark in order.recalls:
        yield _event(mark.at, "recalled", Actor(""), names)


def _event(at: datetime, what: str, by: Actor, names: Names) -> dict[str, Any]:
    return {"at": instant(at), "what": what, **_who(by, names)}


def _who(by: Actor, names: Names) -> dict[str, str]:
    """Who did it: an actor, and what people call whose device it was."""
    return {"by": by} | ({"by_name": names[by]} if by in names else {})


# ---- Acts ----


def changed(order: Order, texts: bool) -> dict[str, Any]:
    """Return how an order stands after an act, and how its buyer hears of it."""
    back = sum(one.amount for one in order.refunds)
    return {
        "order": order.number,
        "state": order.state,
        "ship_by": order.ship_by,
        "back": back,
        "told_by": told_by(order, texts),
    }


def drafted(draft: LetterDraft) -> dict[str, Any]:
    """Return how a letter would read, and go."""
    return {"told_by": draft.by, "subject": draft.subject, "text": draft.text}


def moved(move: BatchMove, texts: bool) -> dict[str, Any]:
    """Return whom a batch's later day meets."""
    return {
        "orders": [_met(one, texts) for one in move.orders],
        "stay": [_met(one, texts) for one in move.stay],
        "left": move.left,
        "room": move.room,
    }


def _met(one: MetOrder, texts: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "order": one.order.number,
        "name": one.order.ship_to.name,
        "units": one.units,
        "ship_by": one.order.ship_by,
        "told_by": told_by(one.order, texts),
    }
    return told | ({"why": one.why} if one.why else {})
