"""Questions to buyers where a promise cannot be kept, as buyer and manager see them; and the afternoon's pace."""

from collections.abc import Iterable
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.orders.answers import money_back
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.questions import Choice, Question
from chalicelib.services.packing.afternoon import Afternoon
from chalicelib.services.packing.questions import AskedOrder, ShortDay, told_by


def asked_of(order: Order) -> dict[str, Any]:
    """Return what the order's buyer is asked, and has answered; nothing where they were asked nothing."""
    told = [_question(order, n, one) for n, one in enumerate(order.questions) if one.choice is not Choice.OFF]
    return {"questions": told} if told else {}


def _question(order: Order, n: int, question: Question) -> dict[str, Any]:
    told: dict[str, Any] = {
        "question": n,
        "why": question.why,
        "ship_by": question.day,
        "until": instant(question.until),
        "lines": [{"sku": order.lines[one.line].sku, "quantity": one.quantity} for one in question.lines],
    }
    if question.choice:
        return told | {"choice": question.choice}
    # What goes back in fen, with 0, 1, … of the units kept: so a page need not know how money is counted.
    told["money_back"] = money_back(order, question)
    return told | ({"later": question.later} if question.later else {})


def short_day(found: ShortDay, texts: bool) -> dict[str, Any]:
    """Return how a short day stands; `texts` is whether the shop sends text messages."""
    return {
        "sku": found.sku,
        "ship_by": found.ship_by,
        "units": found.units,
        "missing": found.missing,
        "waiting": found.waiting,
        "asked": asked(found.asked, texts)["asked"],
    }


def asked(found: Iterable[AskedOrder], texts: bool) -> dict[str, Any]:
    """Return whose buyers are asked, how they hear of it, and what they have answered."""
    return {"asked": [_asked(one, texts) for one in found]}


def _asked(one: AskedOrder, texts: bool) -> dict[str, Any]:
    question = one.question
    told: dict[str, Any] = {
        "order": one.order.number,
        "units": question.units,
        "until": instant(question.until),
        "told_by": told_by(one.order, texts),
    }
    told |= {"later": question.later} if question.later else {}
    return told | ({"choice": question.choice} if question.choice else {})


def pace(found: Afternoon) -> dict[str, Any]:
    """Return how the afternoon goes; what cannot be told yet is left out."""
    told: dict[str, Any] = {
        "packed": found.pace.packed,
        "left": found.pace.left,
        "courier": instant(found.pace.courier),
        "late": [{"order": number, "asked": number in found.asked} for number in found.pace.late],
    }
    if found.pace.end:
        told |= {"per_hour": found.pace.per_hour, "end": instant(found.pace.end)}
    return told
