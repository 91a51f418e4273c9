"""The stand-in's payments, refunds and disputes: what Stripe takes, what it refuses, its balance, and its own books.

Objects are as Stripe writes them. How they are asked for and told is in stripe.py.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from cunbo.standins.base import Clock, Misbehaviour, Movement

FORM = re.compile(
    r"mode|client_reference_id|metadata\[\w{1,40}\]|payment_intent_data\[(description\]|metadata\]\[\w{1,40}\])"
    r"|line_items\[0\](\[quantity\]|\[price_data\](\[currency\]|\[unit_amount\]|\[product_data\]\[name\]))"
    r"|expires_at|success_url|cancel_url|locale|adaptive_pricing\[enabled\]|(excluded_)?payment_method_types\[\d\]",
    re.ASCII,
)
REFUND_FORM = re.compile(r"payment_intent|charge|amount|reason|metadata\[\w{1,40}\]", re.ASCII)
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
SEARCHABLE = timedelta(minutes=1)
REFUNDABLE = {"alipay": timedelta(days=90), "wechat_pay": timedelta(days=180)}
LEAST = 400
"""Fen: what the smallest amount that Stripe takes in Hong Kong dollars is worth at least."""
SETTLES_IN, RATE, SHARE, FEE, DISPUTE_FEE = "hkd", 109, 34, 235, 8500
"""The account's currency; a hundredth of it for a fen; a thousandth of each payment and some cents; for a dispute."""
GONE = frozenset({"failed", "canceled"})

Thing = dict[str, Any]


class StripeRefused(Exception):
    """What Stripe answers in place of success; `executed`: it came so far that the answer is kept under the key."""

    def __init__(self, code: str | None, param: str = "", status: int = 400, *, executed: bool = False) -> None:
        super().__init__(code)
        self.code, self.param, self.status, self.executed = code, param, status, executed


class StripePayments:
    """All payments of one account. Calls take a form, and return the object that was made or changed."""

    def __init__(self, clock: Clock, dice: Random, how: Misbehaviour) -> None:
        self.clock, self.dice, self.how = clock, dice, how
        self.books: list[Movement] = []
        self.sessions: dict[str, Thing] = {}
        self.open: dict[str, Thing] = {}
        """Of them, those that can still be paid."""
        self.intents: dict[str, Thing] = {}
        self.charges: dict[str, Thing] = {}
        self.refunds: dict[str, Thing] = {}
        self.disputes: dict[str, Thing] = {}
        self.movements: dict[str, Thing] = {}
        self.titles: dict[str, str] = {}
        self.balance: int | None = None
        """What is there to refund from, in fen; None is enough for all."""
        self.least = LEAST
        self.base_url = "https://stripe.invalid"
        self.serial = 0

    def tell(self, kind: str, thing: Thing) -> None:
        """Have the shop told what has become of an object."""

    # ---- Pages to pay on

    def make_session(self, form: Mapping[str, str]) -> Thing:
        """Make a page to pay on; refuse whatever is not as its own page of the manual says."""
        for name in form:
            if not FORM.fullmatch(name):
                raise StripeRefused("parameter_unknown", name)
        price = "line_items[0][price_data]"
        for name in ("mode", "success_url", "line_items[0][quantity]", f"{price}[currency]"):
            if not form.get(name):
                raise StripeRefused("parameter_missing", name)
        amount = whole(form, f"{price}[unit_amount]") * whole(form, "line_items[0][quantity]")
        now, ends = self.clock(), form.get("expires_at")
        expires = whole(form, "expires_at") if ends else int((now + LONGEST).timestamp())
        for wrong, why, name in (
            (form["mode"] != "payment", "parameter_invalid", "mode"),
            (form[f"{price}[currency]"] not in {"cny", "hkd", "usd"}, "parameter_invalid", f"{price}[currency]"),
            (not form.get(f"{price}[product_data][name]"), "parameter_missing", f"{price}[product_data]"),
            (amount < self.least, "amount_too_small", f"{price}[unit_amount]"),
            (not SHORTEST <= _at(expires, now) <= LONGEST, "parameter_invalid", "expires_at"),
            (len(form.get("client_reference_id", "")) > 200, "parameter_invalid", "client_reference_id"),
            *(
                (not re.fullmatch(r"https?://\S+", form.get(name, "https://x")), "url_invalid", name)
                for name in ("success_url", "cancel_url")
            ),
        ):
            if wrong:
                raise StripeRefused(why, name)
        made = self._made(
            "cs_test_",
            "checkout.session",
            amount_total=amount,
            currency=form[f"{price}[currency]"],
            client_reference_id=form.get("client_reference_id"),
            expires_at=expires,
            metadata=noted(form, "metadata"),
            mode="payment",
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            success_url=form["success_url"],
            cancel_url=form.get("cancel_url"),
            locale=form.get("locale", "auto"),
            intent_metadata=noted(form, "payment_intent_data[metadata]"),
        )
        made["url"] = f"{self.base_url}/c/pay/{made['id']}"
        self.titles[made["id"]] = form[f"{price}[product_data][name]"]
        self.sessions[made["id"]] = self.open[made["id"]] = made
        return made

    def expire(self, name: str) -> Thing:
        """Expire an open page by the shop's wish."""
        session = found(self.sessions, name, "session")
        if session["status"] == "open" and self.dice.random() < self.how.paid_late:
            self.pay(name)
        if session["status"] != "open":
            raise StripeRefused(None, executed=True)
        self._end(session)
        return session

    def pay(self, name: str, method: str = "card", *, slow: bool = False) -> bool:
        """Pay on an open page; return whether it took the payment. `slow`: the money comes, or fails, by `settle`."""
        session = self.sessions[name]
        if session["status"] != "open" or _at(session["expires_at"], self.clock()) <= timedelta():
            return False
        intent = self._made(
            "pi_",
            "payment_intent",
            amount=session["amount_total"],
            amount_received=0,
            currency=session["currency"],
            metadata=session["intent_metadata"],
            status="processing",
            latest_charge=None,
            method=method,
            session=name,
        )
        self.intents[intent["id"]] = intent
        session |= {"status": "complete", "payment_intent": intent["id"], "url": None}
        del self.open[name]
        if not slow:
            self._succeed(session, intent)
        self.tell("checkout.session.completed", session)
        return True

    def settle_payment(self, name: str, *, paid: bool) -> None:
        """Let the money of a slow way to pay come, or fail."""
        session = self.sessions[name]
        intent = self.intents[session["payment_intent"]]
        if paid:
            self._succeed(session, intent)
        else:
            intent["status"] = "requires_payment_method"
        self.tell(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)

    def tick(self) -> None:
        """Expire pages whose time is over, where nobody pays in that very moment."""
        now = self.clock()
        for session in [one for one in self.open.values() if _at(one["expires_at"], now) <= timedelta()]:
            if self.dice.random() < self.how.paid_late:
                session["expires_at"] += 3600
                self.pay(session["id"])
            else:
                self._end(session)

    # ---- Money back

    def make_refund(self, form: Mapping[str, str]) -> Thing:
        """Give back, at once or in a while; a key does not matter here, and is forgotten."""
        for name in form:
            if not REFUND_FORM.fullmatch(name):
                raise StripeRefused("parameter_unknown", name)
        intent = found(self.intents, form.get("payment_intent", ""), "payment_intent")
        left = self._left(intent)
        amount = whole(form, "amount") if "amount" in form else left
        now, term = self.clock(), REFUNDABLE.get(intent["method"])
        late = term is not None and now - self._paid_at(intent) > term
        disputed = any(one["payment_intent"] == intent["id"] and one["status"] != "won" for one in self._claims())
        for refused, why, param in (
            (intent["status"] != "succeeded", "payment_intent_unexpected_state", "payment_intent"),
            (disputed, "charge_disputed", "payment_intent"),
            (left == 0, "charge_already_refunded", ""),
            (not 0 < amount <= left, None, "amount"),
            (late, "charge_not_refundable", ""),
        ):
            if refused:
                raise StripeRefused(why, param, executed=True)
        refund = self._made(
            "re_",
            "refund",
            amount=amount,
            charge=intent["latest_charge"],
            currency=intent["currency"],
            failure_reason=None,
            metadata=noted(form, "metadata"),
            payment_intent=intent["id"],
            reason=form.get("reason"),
            status="pending",
        )
        self.refunds[refund["id"]] = refund
        self.tell("refund.created", refund)
        if self.dice.random() < self.how.refund_fails:
            self._fail(refund, self.dice.choice(("failed", "requires_action")))
        elif self.dice.random() >= self.how.refund_pending:
            self._give_back(refund)
        return refund

    def settle(self) -> None:
        """Let pending refunds go on, to their end or to none, and the money of slow ways to pay come."""
        for refund in self.refunds.values():
            if refund["status"] in {"pending", "requires_action"}:
                if self.dice.random() < self.how.refund_fails:
                    self._fail(refund, self.dice.choice(sorted(GONE)))
                else:
                    self._give_back(refund)
        for intent in [one for one in self.intents.values() if one["status"] == "processing"]:
            self.settle_payment(intent["session"], paid=True)

    def fail_refund(self, name: str) -> None:
        """Have a bank send a refund back that had succeeded: the money is on the balance again."""
        refund = self.refunds[name]
        self._move("refund_failure", refund["amount"], refund)
        self._book("refund_failure", refund, refund["amount"], refund["metadata"].get("key", ""))
        self._fail(refund, "failed")

    def dispute(self, payment: str, amount: int) -> str:
        """Have the buyer's bank claim money back; return the dispute's id."""
        intent = self.intents[payment]
        claim = self._made(
            "du_",
            "dispute",
            amount=amount,
            charge=intent["latest_charge"],
            currency=intent["currency"],
            metadata={},
            payment_intent=payment,
            reason="product_not_received",
            status="needs_response",
        )
        self.disputes[claim["id"]] = claim
        self._move("adjustment", -amount, claim, DISPUTE_FEE, "dispute")
        self._book("dispute", claim, amount)
        self.tell("charge.dispute.created", claim)
        return str(claim["id"])

    def decide(self, name: str, *, won: bool) -> None:
        """End a dispute; where it is won, the money comes back."""
        claim = self.disputes[name]
        claim["status"] = "won" if won else "lost"
        if won:
            self._move("adjustment", claim["amount"], claim, 0, "dispute_reversal")
            self._book("dispute_won", claim, claim["amount"])
        self.tell("charge.dispute.closed", claim)

    def pay_out(self, amount: int) -> None:
        """Move money to the village's bank, which no order knows of."""
        self._move("payout", -amount, None)

    # ---- Parts of the above

    def _succeed(self, session: Thing, intent: Thing) -> None:
        amount = session["amount_total"]
        charge = self._made(
            "ch_",
            "charge",
            amount=amount,
            currency=session["currency"],
            metadata=dict(intent["metadata"]),
            payment_intent=intent["id"],
            status="succeeded",
        )
        self.charges[charge["id"]] = charge
        intent |= {"status": "succeeded", "latest_charge": charge["id"], "amount_received": amount}
        session["payment_status"] = "paid"
        if self.balance is not None:
            self.balance += amount
        fee = _settled(amount) * SHARE // 1000 + FEE
        self._move("charge" if intent["method"] == "card" else "payment", amount, charge, fee)
        self._book("payment", charge, amount)

    def _give_back(self, refund: Thing) -> None:
        if self.balance is not None:
            if self.balance < refund["amount"]:
                refund["pending_reason"] = "insufficient_funds"
                return self.tell("refund.updated", refund)
            self.balance -= refund["amount"]
        refund["status"] = "succeeded"
        refund.pop("pending_reason", None)
        card = self.intents[refund["payment_intent"]]["method"] == "card"
        self._move("refund" if card else "payment_refund", -refund["amount"], refund)
        self._book("refund", refund, refund["amount"], refund["metadata"].get("key", ""))
        return self.tell("refund.updated", refund)

    def _fail(self, refund: Thing, status: str) -> None:
        refund["status"] = status
        refund["failure_reason"] = "expired_or_canceled_card" if status == "failed" else None
        self.tell("refund.failed" if status == "failed" else "refund.updated", refund)

    def _end(self, session: Thing) -> None:
        session |= {"status": "expired", "url": None}
        del self.open[session["id"]]
        self.tell("checkout.session.expired", session)

    def _left(self, intent: Thing) -> int:
        gone = [one for one in self.refunds.values() if one["payment_intent"] == intent["id"]]
        return int(intent["amount_received"] - sum(one["amount"] for one in gone if one["status"] not in GONE))

    def _claims(self) -> list[Thing]:
        return list(self.disputes.values())

    def _paid_at(self, intent: Thing) -> Any:
        return self.clock() + _at(self.charges[intent["latest_charge"]]["created"], self.clock())

    def _move(self, kind: str, amount: int, source: Thing | None, fee: int = 0, category: str = "") -> None:
        """Moves fen on the balance, in the currency that it is kept in."""
        settled = _settled(amount)
        movement = self._made(
            "txn_",
            "balance_transaction",
            amount=settled,
            currency=SETTLES_IN,
            exchange_rate=RATE / 100,
            fee=fee,
            net=settled - fee,
            reporting_category=category or kind,
            source=source["id"] if source else None,
            status="available",
            type=kind,
        )
        self.movements[movement["id"]] = movement

    def _book(self, kind: str, thing: Thing, amount: int, key: str = "") -> None:
        intent = self.intents[thing["payment_intent"]]
        reference = self.sessions[intent["session"]]["client_reference_id"] or ""
        self.books.append(
            Movement(kind=kind, reference=reference, payment=intent["id"], amount=amount, at=self.clock(), key=key)
        )

    def _made(self, prefix: str, kind: str, **fields: Any) -> Thing:
        self.serial += 1
        made = {"id": f"{prefix}{self.serial:016}", "object": kind, "created": int(self.clock().timestamp())}
        return {**made, "livemode": False, **fields}


def found(things: Mapping[str, Thing], name: str, param: str) -> Thing:
    """Return the thing of this id; refuse what there is not."""
    if name not in things:
        raise StripeRefused("resource_missing", param, 404)
    return things[name]


def noted(form: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the metadata of a form under a name."""
    inside = re.compile(re.escape(name) + r"\[(\w+)\]", re.ASCII)
    return {match[1]: value for field, value in form.items() if (match := inside.fullmatch(field))}


def whole(form: Mapping[str, str], name: str) -> int:
    """Return a field as a whole number; refuse floats and all else."""
    if name not in form:
        raise StripeRefused("parameter_missing", name)
    if not re.fullmatch(r"[0-9]{1,12}", form[name], re.ASCII):
        raise StripeRefused("parameter_invalid_integer", name)
    return int(form[name])


def _at(instant: int, now: Any) -> timedelta:
    """Returns how far in the future an instant is."""
    return timedelta(seconds=instant - now.timestamp())


def _settled(amount: int) -> int:
    sign = -1 if amount < 0 else 1
    return sign * (abs(amount) * RATE // 100)
