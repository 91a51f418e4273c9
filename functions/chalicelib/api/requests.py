"""What bodies may say: the form of each, and the rules of its fields, all told at once.

Each reader gives a command (domain/commands.py), or raises what is wrong with the body.
"""

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from chalicelib.districts import districts, present
from chalicelib.domain import contact
from chalicelib.domain.aftersales.invoices import BuyerKind, InvoiceWish
from chalicelib.domain.commands import (
    MOST_UNITS,
    CartLine,
    ChangeAddress,
    Command,
    Expectation,
    FindOrder,
    JoinWaitlist,
    Lang,
    OrderNumber,
    PlaceOrder,
)
from chalicelib.domain.errors import Fault, Invalid, Malformed, TooLarge
from chalicelib.domain.mailbox import is_email
from chalicelib.domain.orders.model import Address
from chalicelib.domain.text import (
    NOTE_LENGTH,
    is_district,
    is_name,
    is_note,
    is_street,
    number_of,
    phone,
    tidy,
    tidy_email,
    tidy_name,
    tidy_note,
)

T = TypeVar("T")

PHONE_RULE = (
    "a mobile number of mainland China: 11 digits that begin with 13 to 19, with an extension behind it if it has one"
    " (18412345678-1234); no landline, since couriers send text messages"
)
MOST_BYTES = 16_384
MOST_OF_FILE = 3_000_000
"""Bytes of a body that has a file in it, in base64."""


class ShipTo(Command, frozen=True):
    """The address as typed; `region` is province, city and, where there is one, district."""

    name: str
    phone: str
    region: Annotated[tuple[str, ...], Meta(min_length=2, max_length=3)]
    street: str


class CheckoutRequest(Command, frozen=True):
    """The body of POST /api/checkout."""

    lines: Annotated[tuple[CartLine, ...], Meta(min_length=1, max_length=10)]
    ship_to: ShipTo
    lang: Lang
    payment: str
    expect: Expectation | None = None
    email: str | None = None
    note: str | None = None
    room: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=40)] | None = None
    no_return: Annotated[tuple[str, ...], Meta(max_length=10)] = ()


class AddressRequest(Command, frozen=True):
    """The body of POST /api/staff/orders/{order}/address."""

    ship_to: ShipTo


class ScanRequest(Command, frozen=True):
    """The body of POST /api/scans: the room whose code was scanned."""

    room: Annotated[str, Meta(max_length=40)]


class EnrolRequest(Command, frozen=True):
    """The body of POST /api/staff/enrol: the secret of the invitation's link."""

    invitation: Annotated[str, Meta(min_length=1, max_length=64)]


class PinRequest(Command, frozen=True):
    """The body of PUT /api/rooms/{room}/showing; no SKU for nothing."""

    sku: str | None


class DropEndRequest(Command, frozen=True):
    """The body of a drop's end."""

    sku: str


class PayRequest(Command, frozen=True):
    """The body of POST /api/orders/{order}/pay; `code` is WeChat's, of a browser that comes back from it."""

    method: Annotated[str, Meta(max_length=20)]
    code: Annotated[str, Meta(min_length=1, max_length=128)] | None = None


class InvoiceRequest(Command, frozen=True):
    """The body of PUT /api/orders/{order}/invoice: whom it is for, and where it is sent."""

    kind: BuyerKind
    email: Annotated[str, Meta(max_length=300)]
    title: Annotated[str, Meta(max_length=200)] = ""
    tax_number: Annotated[str, Meta(max_length=60)] = ""

    def wish(self) -> InvoiceWish:
        """Return what is asked for, as it was typed."""
        return InvoiceWish(self.kind, self.title, self.email, self.tax_number)


class InvoiceNumberRequest(Command, frozen=True):
    """The body of what notes that an invoice was issued, or one in red: its number."""

    number: Annotated[str, Meta(max_length=40)]


class FindingRequest(Command, frozen=True):
    """The body of a note of what was done about a finding."""

    finding: Annotated[str, Meta(max_length=20)]
    words: Annotated[str, Meta(max_length=400)]


class BookStrayRequest(Command, frozen=True):
    """The body of POST /api/staff/strays/{stray}/book: the order that the money is for."""

    order: OrderNumber


class ActRequest(Command, frozen=True):
    """The body of the sandbox's act."""

    act: Literal["pay", "decline", "pay-twice"]


def read_json(body: bytes, type_: type[T], most: int = MOST_BYTES) -> T:
    """Return the body as `type_`; raise TooLarge, Malformed, or Invalid with a pointer to the first misfit."""
    if len(body) > most:
        raise TooLarge(f"the body has {len(body)} bytes; {most} is the most")
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as error:
        raise Invalid([_misfit(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the body is not JSON: {error}") from None


def read_checkout(body: bytes, providers: Collection[str]) -> PlaceOrder:
    """Return the order that the body asks for, its address put into one form; raise as `read_json` does.

    `providers` are those that it may be paid by. Who asks, and what sent them, is not said by a body.
    """
    typed = read_json(body, CheckoutRequest)
    ship_to, note = _address(typed.ship_to), tidy_note(typed.note or "")
    faults = [*_address_faults(ship_to), *_other_faults(typed, providers)]
    if not is_note(note):
        faults.append(Fault("/note", f"a note of at most {NOTE_LENGTH[1]} characters; leave it out for none"))
    if faults:
        raise Invalid(faults)
    return PlaceOrder(
        lines=typed.lines,
        ship_to=ship_to,
        lang=typed.lang,
        payment=typed.payment,
        fingerprint=fingerprint(body),
        expect=typed.expect,
        email=None if typed.email is None else tidy_email(typed.email),
        note=note,
        room=typed.room,
        no_return=typed.no_return,
    )


def read_address(body: bytes) -> ChangeAddress:
    """Return where an order is to go, put into one form by the checkout's rules; raise as `read_json` does."""
    ship_to = _address(read_json(body, AddressRequest).ship_to)
    if faults := [*_address_faults(ship_to)]:
        raise Invalid(faults)
    return ChangeAddress(ship_to)


def email_or_none(typed: str | None) -> str | None:
    """Return an e-mail address in its one form, None where none was typed; raise Invalid for what is no address."""
    email = tidy_email(typed or "")
    if email and not is_email(email):
        raise Invalid([Fault("/email", "an e-mail address, such as name@example.com; null for none")])
    return email or None


def read_find(body: bytes) -> FindOrder:
    """Return whose orders are looked for, put into one form; raise as `read_json` does."""
    typed = read_json(body, FindOrder).contact
    return FindOrder(number_of(phone(typed) or "") or _contact(typed))


def read_wait(body: bytes) -> JoinWaitlist:
    """Return who wants to wait for what; raise as `read_json` does."""
    typed = read_json(body, JoinWaitlist)
    return msgspec.structs.replace(typed, contact=_contact(typed.contact))


def fingerprint(body: bytes) -> str:
    """Return a digest that two bodies share when they say the same, however spaced or ordered.

    Raise TooLarge, Malformed where the body is no JSON.
    """
    canonical = msgspec.json.encode(read_json(body, object), order="deterministic")
    return hashlib.sha256(canonical).hexdigest()[:32]


def _address(typed: ShipTo) -> Address:
    return Address(
        tidy_name(typed.name), phone(typed.phone) or "", present(tuple(map(tidy, typed.region))), tidy(typed.street)
    )


def _address_faults(ship_to: Address) -> Iterator[Fault]:
    """The rules of an address that a courier's form takes; where a rule would refuse a real one, it is not here."""
    if not is_name(ship_to.name):
        yield Fault("/ship_to/name", "a name of 2 to 50 characters, with letters or Han characters")
    if not ship_to.phone:
        yield Fault("/ship_to/phone", PHONE_RULE)
    province, city, *district = ship_to.region
    if province not in districts():
        yield Fault("/ship_to/region/0", "no province of this name")
    elif city not in districts()[province]:
        yield Fault("/ship_to/region/1", f"no city of this name in {province}")
    if not all(map(is_district, district)):
        yield Fault("/ship_to/region/2", "a district of 1 to 30 characters; leave it out where there is none")
    if not is_street(ship_to.street):
        yield Fault("/ship_to/street", "a street or village of 4 to 100 characters on one line")


def _other_faults(request: CheckoutRequest, providers: Collection[str]) -> Iterator[Fault]:
    units: dict[str, int] = {}
    for index, line in enumerate(request.lines):
        units[line.sku] = units.get(line.sku, 0) + line.quantity
        if units[line.sku] > MOST_UNITS:
            yield Fault(f"/lines/{index}/quantity", f"at most {MOST_UNITS} units of {line.sku} in one order")
    if request.email is not None and not is_email(tidy_email(request.email)):
        yield Fault("/email", "an e-mail address, such as name@example.com; leave it out for none")
    if request.payment not in providers:
        yield Fault("/payment", f"one of: {', '.join(sorted(providers)) or 'none is set up'}")


def _contact(typed: str) -> str:
    try:
        return contact.read(typed)
    except ValueError as wrong:
        raise Invalid([Fault("/contact", str(wrong))]) from None


def _misfit(message: str) -> Fault:
    """msgspec's message with its path as a JSON pointer: `$.lines[0]` becomes /lines/0, a missing field its own."""
    what, _, path = message.partition(" - at `$")
    pointer = re.sub(r"\.|\[", "/", path.rstrip("`").replace("]", ""))
    field = re.search(r"(?:required|unknown) field `(.*)`", what)
    if field:
        pointer += "/" + field[1].replace("~", "~0").replace("/", "~1")
    return Fault(pointer, what)
