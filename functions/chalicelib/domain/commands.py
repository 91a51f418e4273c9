"""What the shop can be asked to do: a use case takes one of these, whoever asks (a route, a command, a test).

A command is well formed by its type, or by whoever has read it (api/requests.py); whether it can be done as things
stand is for the use case to say. Those that a body says word for word are decoded from it as they are.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.domain.asker import Asker
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.live.rooms import About
from chalicelib.domain.orders.model import Address
from chalicelib.domain.staff import EveryRoom, Role

MOST_UNITS = 20
"""Units of one SKU in one order."""
MOST_OF_DROP = 100_000
"""Units of one drop."""

Lang = Literal["zh", "en"]
Contact = Annotated[str, Meta(max_length=254)]
Sku = Annotated[str, Meta(min_length=1, max_length=64)]
Quantity = Annotated[int, Meta(ge=1, le=MOST_UNITS)]
OrderNumber = Annotated[str, Meta(pattern=r"^[0-9]{20}\Z")]
ProductId = Annotated[str, Meta(max_length=40)]
RoomId = Annotated[str, Meta(max_length=40)]
DropId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=60)]


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of what is asked; a name that it does not know is refused, since it may be a misspelt wish."""


class CartLine(Command, frozen=True):
    """So many of a SKU; `drop` names the drop that they are bought in."""

    sku: Sku
    quantity: Quantity
    drop: DropId | None = None


class Expectation(Command, frozen=True):
    """What the shopper was shown: the total in fen, and the date."""

    total: Annotated[int, Meta(ge=0)]
    ship_by: date


class PlaceOrder(Command, frozen=True, kw_only=True):
    """Order what lies in the cart. `fingerprint` is the same for two requests that say the same.

    `came_from` is the room that sent the shopper, as their browser remembers it; `room` is the one that they name.
    `asker` is where it comes from.
    """

    lines: tuple[CartLine, ...]
    ship_to: Address
    lang: Lang
    payment: str
    fingerprint: str
    expect: Expectation | None = None
    email: str | None = None
    note: str = ""
    room: str | None = None
    no_return: tuple[str, ...] = ()
    came_from: Attribution | None = None
    asker: Asker = Asker()


class FindOrder(Command, frozen=True):
    """Send the link of a lost order to the phone number or e-mail address that it was bought with (contact.py)."""

    contact: Contact


class JoinWaitlist(Command, frozen=True):
    """Wait for what is sold out: what would be bought, and whom to tell when it can be."""

    sku: Sku
    contact: Contact
    quantity: Quantity = 1
    fewer: bool = False
    lang: Lang = "zh"


class InviteDevice(Command, frozen=True):
    """Invite a device: whose it will be, for what, in which rooms, and for which products (by id) a packer packs."""

    role: Role
    name: Annotated[str, Meta(max_length=80)]
    rooms: Annotated[tuple[RoomId, ...], Meta(max_length=100)] | EveryRoom | None = None
    goods: Annotated[tuple[ProductId, ...], Meta(max_length=200)] | None = None


class RefundWish(Command, frozen=True):
    """So many units of a SKU to be paid back."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=10 * MOST_UNITS)]


class AskRefund(Command, frozen=True):
    """Give back what these units cost, and the postage; or an `amount` in fen. `reason` is in the village's words."""

    reason: Annotated[str, Meta(max_length=200)] = ""
    lines: Annotated[tuple[RefundWish, ...], Meta(max_length=10)] = ()
    postage: bool = False
    amount: Annotated[int, Meta(ge=1, le=100_000_000)] | None = None


class PackLine(Command, frozen=True):
    """So many units of a SKU that were put into a parcel."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=10 * MOST_UNITS)]


class PackParcel(Command, frozen=True):
    """Put units of an order into a parcel, by a label of this revision; all that is left where `lines` is missing."""

    revision: Annotated[int, Meta(ge=1, le=10_000)]
    lines: Annotated[tuple[PackLine, ...], Meta(min_length=1, max_length=10)] | None = None


class BearNumber(Command, frozen=True):
    """The carrier of a parcel, and its number for it, which may follow."""

    carrier: Annotated[str, Meta(pattern=r"^[a-z0-9]{1,20}\Z")]
    tracking_number: Annotated[str, Meta(max_length=60)] = ""


class ImportNumbers(Command, frozen=True):
    """Put the numbers of a spreadsheet on their parcels; `carrier` is for rows that name none."""

    file: Annotated[bytes, Meta(min_length=1, max_length=2_000_000)]
    carrier: Annotated[str, Meta(pattern=r"^[a-z0-9]{0,20}\Z")] = ""


class PrintLabels(Command, frozen=True):
    """Print the labels of these orders as one wave."""

    orders: Annotated[tuple[OrderNumber, ...], Meta(min_length=1, max_length=50)]


class ChangeAddress(Command, frozen=True):
    """Send an order elsewhere."""

    ship_to: Address


class ReportShort(Command, frozen=True):
    """Say that so many units of a SKU are missing or broken, and cannot be sent; `reason` in the village's words."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=10 * MOST_UNITS)]
    reason: Annotated[str, Meta(max_length=200)] = ""


class RecallBatch(Command, frozen=True):
    """Recall a batch, or with `drill` only say what that would do; `why` is told to buyers, in Chinese and English."""

    why: Annotated[str, Meta(max_length=200)] = ""
    why_en: Annotated[str, Meta(max_length=200)] = ""
    drill: bool = False


class LabelJars(Command, frozen=True):
    """Have labels of a batch's jars; `made` is the day of production, which its passport keeps once and for all."""

    made: date | None = None


class ReportShortDay(Command, frozen=True):
    """Say that so many units of the batch of that day will not be made, so that some buyers are to be asked."""

    sku: Sku
    ship_by: date
    units: Annotated[int, Meta(ge=1, le=1_000_000)]


class AskLate(Command, frozen=True):
    """Ask the buyers of these orders, which will not be packed in time."""

    orders: Annotated[tuple[OrderNumber, ...], Meta(min_length=1, max_length=100)]


class AnswerQuestion(Command, frozen=True):
    """Choose, as the buyer, of the order's question of this index; `keep` is how many units to take now, of a part."""

    question: Annotated[int, Meta(ge=0, le=1000)]
    choice: Literal["later", "part", "money"]
    keep: Annotated[int, Meta(ge=0, le=10 * MOST_UNITS)] = 0


class OpenDrop(Command, frozen=True):
    """Open a drop for some minutes; `price` in fen a unit, `limit` for one buyer (0: any); `opens` None: now."""

    sku: str
    units: Annotated[int, Meta(ge=1, le=MOST_OF_DROP)]
    price: Annotated[int, Meta(ge=1, le=10_000_000)]
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    limit: Annotated[int, Meta(ge=0, le=MOST_UNITS)] = 0
    opens: Annotated[datetime, Meta(tz=True)] | None = None


class AddUnits(Command, frozen=True):
    """Make more units than were planned."""

    sku: str
    units: Annotated[int, Meta(ge=1, le=10_000)]


class EndShow(Command, frozen=True):
    """End this `show`, and these of the room's drops with it; the others go on until their time."""

    show: Annotated[str, Meta(max_length=40)]
    drops: Annotated[tuple[DropId, ...], Meta(max_length=100)] = ()


class SetOrder(Command, frozen=True):
    """Put what will be shown in this order."""

    skus: Annotated[tuple[Sku, ...], Meta(max_length=200)]


class SetGoal(Command, frozen=True):
    """Say how many units a show is to sell; 0 for no goal."""

    units: Annotated[int, Meta(ge=0, le=100_000)]


class Correct(Command, frozen=True):
    """Put right on air what was said wrongly; without a text the shop's own facts are what is right."""

    about: About
    text: Annotated[str, Meta(max_length=200)] = ""
