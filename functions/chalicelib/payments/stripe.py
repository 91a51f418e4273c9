"""Stripe: cards and wallets of buyers abroad, by its own page to pay on (Checkout Sessions).

A session lives longer than a hold (at least 30 minutes), so closing it is a must, and what slips through is a late
payment. WeChat Pay is left out: on a phone, Stripe shows a code that the same phone cannot scan ("Accept a WeChat Pay
payment"). Each rule names the page of docs.stripe.com that has it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import quote

import msgspec

from chalicelib.domain.calendar import day_ends
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import (
    Closed,
    Dispute,
    DisputeState,
    Money,
    News,
    Progress,
    RefundNews,
    Row,
    RowKind,
)
from chalicelib.payments.port import Away, Begun, Bill, Declined, Payer, Reclaim, Reply, Transport
from chalicelib.payments.stripe_api import (
    StripeApi,
    StripeEndpoint,
    StripeIntent,
    StripeMovement,
    StripePage,
    StripeReversal,
    StripeSession,
    StripeSettings,
    decoded,
    instant,
    seconds,
)

LONGEST = timedelta(minutes=31)
"""From a hold's end to the session's: it may end 30 minutes after it is made at the earliest, which may be at the
hold's very end ("Create a Checkout Session", expires_at). It follows from the bill, so that the same bill is the same
request. For the same page's upper bound of 24 hours, a hold may last 23."""
SESSIONS, REFUNDS, INTENTS = "/v1/checkout/sessions", "/v1/refunds", "/v1/payment_intents"
MOVEMENTS, ENDPOINTS = "/v1/balance_transactions", "/v1/webhook_endpoints"
PAID = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
OVER = frozenset({"checkout.session.expired", "checkout.session.async_payment_failed"})
REFUNDED = frozenset({"refund.created", "refund.updated", "refund.failed"})
DISPUTED = frozenset({"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"})
DECIDED = {"won": DisputeState.WON, "warning_closed": DisputeState.WON, "lost": DisputeState.LOST}
"""The rest is open, or asks for a person ("The Dispute object", status)."""
ENDED = {"succeeded": Progress.DONE, "failed": Progress.FAILED, "canceled": Progress.FAILED}
HANDS = frozenset({"requires_action", "insufficient_funds"})
"""The buyer has to say where the money goes, or the balance has to be topped up ("The Refund object")."""
KINDS = {
    "charge": RowKind.PAYMENT,
    "payment": RowKind.PAYMENT,
    "refund": RowKind.REFUND,
    "payment_refund": RowKind.REFUND,
    "stripe_fee": RowKind.FEE,
    "stripe_fx_fee": RowKind.FEE,
    "tax_fee": RowKind.FEE,
}
"""Types of balance transactions ("Balance transaction types"); `payment` is what no card paid."""
NOBODY = "pi_000000000000000000000000"
"""A payment that there never is, to try with what a key may do."""


class Stripe:
    """Stripe as the shop's payment provider. `notify_url` is where its webhook endpoint has to lead."""

    channels: Sequence[Channel] = (Channel.STRIPE_CHECKOUT,)
    heard = Reply(204, {}, b"")

    def __init__(
        self, settings: StripeSettings, transport: Transport, notify_url: str, clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.notify_url, self.clock = settings, notify_url, clock
        self.api = StripeApi(settings, transport)

    def begin(self, bill: Bill, payer: Payer) -> Begun:
        """Have Stripe make the page; the same bill is the same page for a day."""
        made = self._make(bill)
        return Begun({"session": made.id, "url": made.url or ""}, bill.expires)

    def offer(self, bill: Bill, handle: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return the page, until the hold ends."""
        return {"action": "redirect", "url": handle["url"]} if now < bill.expires else {"action": "none"}

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[News]:
        """Return the news of an event. Raise Unauthorized, Malformed; and Away where a refund or a dispute names a
        payment alone, and Stripe does not say whose it is.
        """
        event = self.api.event(headers, body, now)
        raw = event.data.get("object")
        if event.type in PAID:
            session = decoded(raw, StripeSession)
            return [_money(session, event.id, event.created)] if session.payment_status == "paid" else []
        if event.type in OVER:
            reference = decoded(raw, StripeSession).client_reference_id
            return [Closed(event=event.id, reference=reference)] if reference else []
        if event.type in REFUNDED:
            refund = decoded(raw, StripeReversal)
            return [self._refund_news(refund, event.id)] if refund.payment_intent else []
        if event.type in DISPUTED:
            return [self._dispute(decoded(raw, StripeReversal), event.id)]
        return []

    def query(self, bill: Bill) -> Money | Closed | None:
        """Ask how a session stands; complete and unpaid means that a slow way to pay is on its way, or has failed."""
        name = self._session(bill, bill.handle)
        if name is None:
            return self._searched(bill)
        try:
            path = f"{SESSIONS}/{quote(name, safe='')}"
            found = self.api.get(path, StripeSession, {"expand[]": "payment_intent.latest_charge"})
        except Declined as refused:
            if refused.code != "resource_missing":
                raise
            return Closed(event=f"unknown-{bill.reference}", reference=bill.reference)
        intent = found.payment_intent
        if found.payment_status == "paid" and isinstance(intent, StripeIntent):
            return _money(found, f"query-{bill.reference}-paid", intent.charged)
        failed = isinstance(intent, StripeIntent) and intent.status in {"requires_payment_method", "canceled"}
        if found.status == "expired" or (found.status == "complete" and failed):
            return Closed(event=f"query-{bill.reference}-closed", reference=bill.reference)
        return None

    def close(self, bill: Bill, handle: Mapping[str, str]) -> Money | Closed | None:
        """Expire the session, which only an open one can be ("Expire a Checkout Session"); else say how it stands."""
        name = self._session(bill, handle or bill.handle)
        if name is None:
            return self._searched(bill)
        try:
            self.api.post(f"{SESSIONS}/{quote(name, safe='')}/expire", StripeSession, {})
        except Declined:
            return self.query(msgspec.structs.replace(bill, handle={"session": name}))
        return Closed(event=f"close-{bill.reference}", reference=bill.reference)

    def refund(self, reclaim: Reclaim) -> RefundNews:
        """Ask for a refund, unless there is one with this key, which Stripe itself forgets after a day."""
        found = self._refund(reclaim)
        if found is None:
            form = {
                "payment_intent": reclaim.payment,
                "amount": str(reclaim.amount),
                "metadata[key]": reclaim.key,
                "metadata[reference]": reclaim.reference,
            }
            found = self.api.post(REFUNDS, StripeReversal, form, reclaim.key)
        if found.amount != reclaim.amount:
            raise Declined("amount_differs", "this key has a refund of another amount")
        return self._asked(found)

    def query_refund(self, reclaim: Reclaim) -> RefundNews | None:
        """Look for the refund with this key among those of the payment."""
        found = self._refund(reclaim)
        return self._asked(found) if found else None

    def statement(self, day: date) -> Iterable[Row]:
        """Return what moved on the account's balance, oldest first; fees are in the currency that it settles in."""
        end = day_ends(day)
        if self.clock() < end:
            raise Away("the day is not over yet")
        since = day_ends(day - timedelta(days=1))
        query = {"created[gte]": seconds(since), "created[lt]": seconds(end), "expand[]": "data.source"}
        found = list(self.api.pages(MOVEMENTS, StripePage[StripeMovement], query))
        whose = cache(self._whose)
        return [_row(one, line, whose) for line, one in enumerate(reversed(found), 1)]

    def check(self) -> None:
        """Prove the settings without money: a key that may do what the shop does, and an endpoint that gets the news.

        Raise ValueError for what has to be mended; Declined where the key may not do it, Away.
        """
        if self.settings.secret_key.startswith("sk_live_"):
            raise ValueError("secret_key may do everything: make a restricted key for the shop (rk_live_...)")
        if not self.settings.secret_key.startswith(("rk_live_", "rk_test_", "sk_test_")):
            raise ValueError("secret_key is no key of Stripe's API: rk_live_... or rk_test_...")
        secrets = self.settings.webhook_secret.split()
        if not secrets or not all(one.startswith("whsec_") for one in secrets):
            raise ValueError("webhook_secret is no signing secret: whsec_...")
        for path in (INTENTS, REFUNDS, MOVEMENTS):
            next(self.api.pages(path, StripePage[StripeReversal], {}), None)
        nothing = {f"{SESSIONS}/cs_test_none/expire": "", REFUNDS: NOBODY}
        for path, payment in nothing.items():  # what there is not can be neither expired nor given back
            try:
                self.api.post(path, StripeReversal, {"payment_intent": payment} if payment else {})
            except Declined as refused:
                if refused.code != "resource_missing":
                    raise
        self._check_endpoint()

    def _check_endpoint(self) -> None:
        found = [one for one in self.api.pages(ENDPOINTS, StripePage[StripeEndpoint], {}) if one.url == self.notify_url]
        if not found:
            raise ValueError(f"Stripe has no webhook endpoint that leads to {self.notify_url}")
        events = {event for one in found if one.status == "enabled" for event in one.enabled_events}
        if "*" not in events and (missing := (PAID | OVER | REFUNDED | DISPUTED) - events):
            raise ValueError(f"the webhook endpoint does not send {', '.join(sorted(missing))}")

    def _make(self, bill: Bill) -> StripeSession:
        """Makes the session, or gets the answer that it was made with.

        The reference stands on the payment too, since refunds and disputes name only that. Prices in other currencies
        (Adaptive Pricing) are off: what is paid, goes back and is booked is one amount.
        """
        form = {
            "mode": "payment",
            "client_reference_id": bill.reference,
            "metadata[reference]": bill.reference,
            "payment_intent_data[metadata][reference]": bill.reference,
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": bill.currency.lower(),
            "line_items[0][price_data][unit_amount]": str(bill.amount),
            "line_items[0][price_data][product_data][name]": bill.title[:250],
            "expires_at": seconds(bill.expires + LONGEST),
            "success_url": bill.back,
            "cancel_url": bill.back,
            "locale": "zh" if bill.lang == "zh" else "en",
            "adaptive_pricing[enabled]": "false",
            "excluded_payment_method_types[0]": "wechat_pay",
        }
        return self.api.post(SESSIONS, StripeSession, form, bill.reference)

    def _session(self, bill: Bill, handle: Mapping[str, str]) -> str | None:
        """Returns the session's id. Where the answer that named it was lost, the same request gives it again; that is
        refused once the hold is over (or the day), if nothing was made: None."""
        if "session" in handle:
            return handle["session"]
        try:
            return self._make(bill).id
        except Declined as refused:
            if "expires_at" in refused.detail:
                return None
            raise

    def _searched(self, bill: Bill) -> Money | Closed:
        """Returns how a payment without a known session stands. Stripe's search lags by a minute ("Search")."""
        query = {"query": f'metadata["reference"]:"{bill.reference}"'}
        for intent in self.api.pages(f"{INTENTS}/search", StripePage[StripeIntent], query):
            if intent.status == "succeeded":
                return Money(
                    event=f"query-{bill.reference}-paid",
                    reference=bill.reference,
                    payment=intent.id,
                    amount=intent.amount_received,
                    currency=intent.currency.upper(),
                    at=instant(intent.created),
                )
        return Closed(event=f"unknown-{bill.reference}", reference=bill.reference)

    def _refund(self, reclaim: Reclaim) -> StripeReversal | None:
        listed = self.api.pages(REFUNDS, StripePage[StripeReversal], {"payment_intent": reclaim.payment})
        return next((one for one in listed if one.noted.get("key") == reclaim.key), None)

    def _asked(self, refund: StripeReversal) -> RefundNews:
        return self._refund_news(refund, f"query-{refund.id}-{refund.status}")

    def _refund_news(self, refund: StripeReversal, event: str) -> RefundNews:
        """Returns how a refund goes; one without our notes was made in Stripe's dashboard."""
        detail = refund.failure_reason or refund.pending_reason or ""
        hand = refund.status in HANDS or detail in HANDS
        payment = refund.payment_intent or ""
        return RefundNews(
            event=event,
            key=refund.noted.get("key", ""),
            amount=refund.amount,
            progress=ENDED.get(refund.status or "", Progress.HAND if hand else Progress.ASKED),
            payment=payment,
            reference=refund.noted.get("reference") or self._whose(payment),
            refund=refund.id,
            detail=detail or (refund.status or "" if hand else ""),
        )

    def _dispute(self, dispute: StripeReversal, event: str) -> Dispute:
        payment = dispute.payment_intent or ""
        return Dispute(
            event=event,
            dispute=dispute.id,
            payment=payment,
            reference=self._whose(payment),
            amount=dispute.amount,
            state=DECIDED.get(dispute.status or "", DisputeState.OPEN),
            reason=dispute.reason or "",
        )

    def _whose(self, payment: str) -> str:
        """Returns the reference that stands on a payment; empty where it has none or is not to be had. Raises Away."""
        try:
            found = self.api.get(f"{INTENTS}/{quote(payment, safe='')}", StripeIntent) if payment else None
        except Declined:
            return ""
        return found.noted.get("reference", "") if found else ""


def _money(session: StripeSession, event: str, at: int) -> Money:
    intent = session.payment_intent
    return Money(
        event=event,
        reference=session.client_reference_id or "",
        payment=intent.id if isinstance(intent, StripeIntent) else intent or "",
        amount=session.amount_total or 0,
        currency=session.currency.upper(),
        at=instant(at),
    )


def _row(one: StripeMovement, line: int, whose: Callable[[str], str]) -> Row:
    """Returns a row with the amount that was asked for in the shop's currency, where there is one behind it."""
    source = one.source if isinstance(one.source, StripeReversal) else None
    kind = KINDS.get(one.type, RowKind.OTHER)
    if source and source.object == "dispute":
        kind = RowKind.DISPUTE
    of_payment = source if kind in {RowKind.PAYMENT, RowKind.REFUND, RowKind.DISPUTE} else None
    noted = source.noted if source else {}
    payment = (source.payment_intent if source else "") or ""
    return Row(
        kind=kind,
        reference=noted.get("reference") or (whose(payment) if of_payment else ""),
        payment=payment,
        amount=of_payment.amount if of_payment else abs(one.amount),
        currency=(of_payment or one).currency.upper(),
        at=instant(one.created),
        line=line,
        key=noted.get("key", ""),
        refund=source.id if source and source.object == "refund" else "",
        fee=one.fee,
        fee_currency=one.currency.upper(),
        detail="" if one.type in KINDS else one.reporting_category or one.type,
    )
