"""The events that move an order. Pure types, no I/O.

**To add an event, add it here and to `Event`, and a line to `TRANSITIONS`** (transitions.py) for each state that it
changes; tests/functions/domain/orders/test_new_state.py names the pairs that are left.
"""

from datetime import date, datetime
from typing import ClassVar

from chalicelib.domain.actor import BUYER, OPERATOR, Actor
from chalicelib.domain.aftersales.claims import Claim, DeclineReason
from chalicelib.domain.aggregate import Done, Failed, Stored
from chalicelib.domain.desk.notes import LetterKind
from chalicelib.domain.orders.model import Address, Refund, RefundReason, RefundState
from chalicelib.domain.orders.parcels import Lot, ParcelLine, ParcelState
from chalicelib.domain.orders.questions import Choice, Question
from chalicelib.domain.payments.attempts import Attempt
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.stock.promise import Part


class Paid(Stored, frozen=True):
    """Money came: `amount` fen under the provider's id `payment`, told by the provider's event `event`.

    `provider` is who told, and `reference` names the attempt that was paid; both are empty where the order has one
    provider and makes no attempts, as with the sandbox. `allocation` is for a late payment: the parts, line by line,
    that the order can take again and that keep the date which was promised; None where there are none, and `refusal`
    says why.
    """

    event: str
    payment: str
    amount: int
    allocation: tuple[tuple[Part, ...], ...] | None = None
    refusal: RefundReason = RefundReason.DATE
    provider: str = ""
    reference: str = ""


class AttemptBegun(Stored, frozen=True):
    """The buyer begins to pay: the provider is asked once this is written."""

    attempt: Attempt


class AttemptReady(Stored, frozen=True):
    """The provider has answered attempt `n` with what to go on with, which may be offered until `until`."""

    n: int
    handle: dict[str, str]
    until: datetime


class AttemptEnded(Stored, frozen=True):
    """Attempt `n` can be paid no more."""

    n: int


class RefundTold(Stored, frozen=True):
    """The provider tells how a refund goes; `key` is ours, or names one that was made in the provider's own console.

    `payment` and `amount` are what it is about, `id` is the provider's name for it. Where the amount is not told (0),
    `so_far` is all that has gone back of the payment.
    """

    key: str
    state: RefundState
    payment: str = ""
    amount: int = 0
    id: str = ""
    so_far: int = 0


class RefundAsked(Stored, frozen=True):
    """The village gives money back: `refund` is what it comes to, without its key and time."""

    refund: Refund


class Disputed(Stored, frozen=True):
    """The buyer's bank claims money back, or has decided."""

    dispute: str
    amount: int
    state: DisputeState
    reason: str = ""


class HoldEnded(Stored, frozen=True):
    """Its time is over: that of the hold, and nobody has paid; that of a question, and nobody has answered; or that of
    its way, and nobody says it did not come."""


class BuyerCancels(Stored, frozen=True):
    """The buyer does not want it any more; `letter` tells them so, and `by` stands in the history."""

    letter: ClassVar[str] = "cancelled"
    by: ClassVar[Actor] = BUYER


class SellerCancels(Stored, frozen=True):
    """The village cannot make it in time, and gives the money back; `by` is who decided it."""

    letter: ClassVar[str] = "withdrawn"

    by: Actor = OPERATOR


class Postponed(Stored, frozen=True):
    """The village needs longer: `allocation` holds the parts, line by line, that the order gets in place of its own.

    `by` is who decided it.
    """

    allocation: tuple[tuple[Part, ...], ...]
    by: Actor = OPERATOR


class Noted(Stored, frozen=True):
    """Somebody of the team notes something; `request` stands for the request's Idempotency-Key."""

    text: str
    by: Actor
    request: str


class Wrote(Stored, frozen=True):
    """The desk writes to the buyer: the fields are those of DeskLetter."""

    kind: LetterKind
    by: Actor
    request: str
    sku: str = ""
    words: str = ""
    sms: bool = False


class LinkAsked(Stored, frozen=True):
    """The buyer has lost the link to the order, and asks for it: by mail, or to its own phone number by `sms`."""

    sms: bool = False


class Printed(Stored, frozen=True):
    """A label was printed, alone or in a wave."""

    by: Actor
    wave: str = ""


class LabelPulled(Stored, frozen=True):
    """The label of an order that is over was found and thrown away."""

    by: Actor


class AddressChanged(Stored, frozen=True):
    """The order goes elsewhere; `recipient` is the pseudonym of whom and where to, `lookup` that of the new phone."""

    to: Address
    recipient: str
    by: Actor
    lookup: str = ""


class Packed(Stored, frozen=True):
    """Units were put into a parcel by a label of this `revision`; `request` stands for the Idempotency-Key.

    `lots` say which batches they come from.
    """

    revision: int
    lines: tuple[ParcelLine, ...]
    by: Actor
    request: str = ""
    carrier: str = ""
    tracking: str = ""
    lots: tuple[Lot, ...] = ()


class Unpacked(Stored, frozen=True):
    """The parcel was taken apart before it left."""

    parcel: int
    by: Actor


class HandedOver(Stored, frozen=True):
    """The carrier has taken the parcel; its number may follow. `follow`: the shop has a service that knows its way."""

    parcel: int
    by: Actor
    carrier: str = ""
    tracking: str = ""
    follow: bool = False


class NumberSet(Stored, frozen=True):
    """The carrier's number of a parcel became known, or was put right. `follow`: as of what is handed over."""

    parcel: int
    carrier: str
    tracking: str
    by: Actor
    follow: bool = False


class TakenBack(Stored, frozen=True):
    """The parcel was said to be handed over by mistake."""

    parcel: int
    by: Actor


class Tracked(Stored, frozen=True):
    """The carrier tells where the parcel is, as of an instant."""

    parcel: int
    state: ParcelState
    at: datetime
    by: Actor


class Looked(Stored, frozen=True):
    """The carriers were asked about its parcels, and are asked again at `again` (None: no more) unless news comes."""

    again: datetime | None


class Received(Stored, frozen=True):
    """Whoever got the parcels says so."""

    by: Actor


class CameBack(Stored, frozen=True):
    """The parcel is in the village again."""

    parcel: int
    by: Actor


class SentAgain(Stored, frozen=True):
    """What came back is to be packed and sent once more."""

    parcel: int
    by: Actor


class Recalled(Stored, frozen=True):
    """A batch that units of the order may come from is recalled; the fields are those of RecallMark."""

    recall: str
    sku: str
    ship_by: date
    why: str
    why_en: str = ""


class RecallLifted(Stored, frozen=True):
    """The recall of this id was a mistake."""

    recall: str


class QuestionAsked(Stored, frozen=True):
    """The village cannot keep the promise, and asks the buyer what they want instead."""

    question: Question


class QuestionAnswered(Stored, frozen=True):
    """The buyer chooses, of the question of this index; `keep` is how many units they take now, with `part`."""

    question: int
    choice: Choice
    keep: int = 0


class ClaimMade(Stored, frozen=True):
    """The buyer says that something is wrong with what came."""

    claim: Claim


class ClaimSettled(Stored, frozen=True):
    """The village pays for the claim of this id: all of it, or so many fen by the line's index (`amounts`)."""

    claim: str
    by: Actor
    amounts: dict[int, int] | None = None
    reply: str = ""


class ClaimReplaced(Stored, frozen=True):
    """The village sends what was claimed again, by another order and by a day."""

    claim: str
    replaced_by: str
    ship_by: date
    by: Actor
    reply: str = ""


class ClaimDeclined(Stored, frozen=True):
    """The village does not pay for the claim of this id."""

    claim: str
    reason: DeclineReason
    by: Actor
    reply: str = ""


class EmailCorrected(Stored, frozen=True):
    """The buyer's e-mail address is another one, or none; `lookup` is the pseudonym of its mailbox."""

    email: str | None
    lookup: str | None


class ForgetAsked(Stored, frozen=True):
    """The buyer asks to be forgotten: what no law has the shop keep goes at once."""


class Expunged(Stored, frozen=True):
    """Its time is over: all that tells of a person goes."""


class LegalHoldSet(Stored, frozen=True):
    """It is kept as it is for a dispute, by a `reason`; none: not any more."""

    reason: str
    by: Actor = OPERATOR


Cancels = BuyerCancels | SellerCancels
Attempts = AttemptBegun | AttemptReady | AttemptEnded
Refunds = RefundTold | RefundAsked | Disputed
Packing = Printed | LabelPulled | AddressChanged | Packed | Unpacked
Shipping = HandedOver | NumberSet | TakenBack | Tracked | Looked | Received | CameBack | SentAgain
Recalls = Recalled | RecallLifted
Asking = QuestionAsked | QuestionAnswered
Claiming = ClaimMade | ClaimSettled | ClaimReplaced | ClaimDeclined
Personal = EmailCorrected | ForgetAsked | Expunged | LegalHoldSet
Writing = Noted | Wrote
Event = (
    Paid
    | HoldEnded
    | Cancels
    | Postponed
    | Asking
    | Claiming
    | Writing
    | LinkAsked
    | Attempts
    | Refunds
    | Packing
    | Shipping
    | Recalls
    | Personal
    | Done
    | Failed
)
