"""How errors are told over HTTP: application/problem+json (RFC 9457), from one table."""

from datetime import datetime
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.errors import (
    BadInvitation,
    Busy,
    CannotPack,
    CarrierAway,
    Changed,
    ChangedMeanwhile,
    CrowdedNetwork,
    Dearer,
    DropEarly,
    DropOver,
    DropOverlaps,
    Forbidden,
    Invalid,
    InvitationOver,
    KeyReused,
    LimitReached,
    Malformed,
    NotFound,
    NotNow,
    OnSale,
    PaymentAway,
    Refused,
    ShopError,
    SoldOut,
    TooLarge,
    TooManyUnpaid,
    TooOften,
    Unauthorized,
)

TABLE: dict[type[ShopError], tuple[int, str, str]] = {
    Malformed: (400, "malformed", "The request cannot be read"),
    Unauthorized: (401, "unauthorized", "Not authorized"),
    BadInvitation: (401, "invitation", "No such invitation"),
    Forbidden: (401, "forbidden", "Not for this device"),  # in the place of a 403 the edge shows the site's 404 page
    NotFound: (404, "not-found", "Not found"),
    NotNow: (409, "not-now", "Not possible in this state"),
    SoldOut: (409, "sold-out", "Sold out"),
    Changed: (409, "changed", "Price or date has changed"),
    Refused: (409, "not-delivered", "Not delivered there"),
    LimitReached: (409, "limit", "No more for one buyer"),
    DropEarly: (409, "drop-early", "Not open yet"),
    DropOver: (409, "drop-over", "Over"),
    OnSale: (409, "on-sale", "Not sold out"),
    InvitationOver: (409, "claim-over", "No invitation"),
    TooManyUnpaid: (409, "unpaid", "Unpaid orders first"),
    TooLarge: (413, "too-large", "The body is too large"),
    Invalid: (422, "invalid", "Fields are not valid"),
    KeyReused: (422, "idempotency-mismatch", "Idempotency-Key used with another body"),
    CrowdedNetwork: (429, "network", "Too much unpaid from one network"),
    TooOften: (429, "too-often", "Asked too often"),
    CarrierAway: (503, "carrier-away", "The carrier is away"),
    PaymentAway: (503, "payment-away", "The payment provider is away"),
    Busy: (503, "busy", "Busy just now"),
}
"""Status, last part of the type, and title of each error."""

RETRY_AFTER = "2"
"""Seconds after which a busy shop is worth asking again."""

FAULT = (500, "fault", "A fault on our side")


def problem(error: Exception) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Return status, headers and body for an error; one that is not in the table tells nothing of itself."""
    status, slug, title = next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), FAULT)
    body: dict[str, Any] = {"type": f"/problems/{slug}", "title": title, "status": status}
    if not isinstance(error, ShopError):
        return status, {}, body | {"detail": "The shop could not answer. Nothing is lost: ask again."}
    body["detail"] = error.detail
    if error.faults:
        body["errors"] = error.faults
    if isinstance(error, NotNow):
        body["reason"] = error.reason
    if isinstance(error, Changed):
        body |= {"total": error.total, "postage": error.postage, "ship_by": error.ship_by}
    return status, _headers(error), body | _known(error)


def _known(error: ShopError) -> dict[str, Any]:
    """What a caller needs to know beside the reason: until when, since when, by whom, for how much."""
    match error:
        case ChangedMeanwhile(now=now):
            return {"now": now}
        case Dearer(postage=postage):
            return {"postage": postage}
        case TooManyUnpaid(until=at) | CrowdedNetwork(until=at) | InvitationOver(until=datetime() as at):
            return {"until": instant(at)}
        case DropEarly(opens=at):
            return {"opens": instant(at)}
        case DropOver(closes=at) | DropOverlaps(closes=at):
            return {"closes": instant(at)}
        case CannotPack(at=datetime() as at, by=by, name=name):
            return {"at": instant(at), "by": by} | ({"by_name": name} if name else {})
    return {}


def _headers(error: ShopError) -> dict[str, str]:
    if isinstance(error, TooOften):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": RETRY_AFTER} if isinstance(error, Busy | PaymentAway | CarrierAway) else {}
