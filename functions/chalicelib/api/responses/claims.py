"""Claims as their buyer sees them, and as the desk does."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.aftersales.claims import Claim
from chalicelib.domain.aftersales.settling import claim_until, claimable, quote_claim, worth
from chalicelib.domain.orders.model import Order
from chalicelib.services.aftersales.claims import ClaimFound, claimed_batches

Show = Callable[[str], str]
"""Gives the address of a photograph by its name."""
Open = Callable[[str], str]
"""Gives the token that opens an order, by its number."""


def claims(order: Order, now: datetime, show: Show, token: Open) -> dict[str, Any]:
    """Return what its buyer can claim, until when, and what they have claimed; what is sent again they may open."""
    until = claim_until(order)
    there = [
        {"line": index, "sku": line.sku, "name": line.name, "quantity": units}
        for index, (line, units) in enumerate(zip(order.lines, claimable(order, now), strict=True))
        if units
    ]
    return {
        "claimable": there,
        **({"until": instant(until)} if until else {}),
        "claims": [
            claim(order, one, show) | ({"token": token(one.replaced_by)} if one.replaced_by else {})
            for one in order.claims
        ],
    }


def claim(order: Order, found: Claim, show: Show) -> dict[str, Any]:
    """Return a claim as its buyer sees it."""
    told: dict[str, Any] = {
        "claim": found.id,
        "state": found.state,
        "at": instant(found.at),
        "lines": [
            {
                "line": one.line,
                "sku": order.lines[one.line].sku,
                "name": order.lines[one.line].name,
                "quantity": one.quantity,
                "fault": one.fault,
            }
            for one in found.lines
        ],
        "photos": [show(name) for name in found.photos],
        "words": found.words,
    }
    if found.ended:
        told |= {"ended": instant(found.ended), "amount": found.amount, "reply": found.reply}
    if found.replaced_by:
        told |= {"replaced_by": found.replaced_by, "ship_by": found.ship_by}
    return told | ({"reason": found.reason} if found.reason else {})


def desk(
    waiting: list[ClaimFound], latest: list[ClaimFound], of_batch: Mapping[tuple[str, str], int], show: Show
) -> dict[str, Any]:
    """Return the desk's claims: those that wait, and those that were decided last."""
    return {
        "claims": [at_desk(one, of_batch, show) for one in waiting],
        "latest": [at_desk(one, of_batch, show) for one in latest],
    }


def at_desk(found: ClaimFound, of_batch: Mapping[tuple[str, str], int], show: Show) -> dict[str, Any]:
    """Return a claim as the desk sees it: what it comes to, and how many claims there are of its batches."""
    order, one = found.order, found.claim
    most = worth(order, one)
    told = claim(order, one, show)
    for line in told["lines"]:
        line["most"] = most[line["line"]]
    return told | {
        "order": order.number,
        "lang": order.lang,
        "number_of_claims": len(order.claims),
        "most": quote_claim(order, one).amount,
        "left": order.refundable,
        "batches": [
            {"sku": sku, "ship_by": day, "claims": of_batch.get((sku, day), 0)}
            for sku, day in claimed_batches(order, one)
        ],
    }
