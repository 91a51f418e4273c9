"""What a checkout's body may say: its form, and the rules of each field, all told at once."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from chalicelib.districts import districts
from chalicelib.domain.errors import Fault, Invalid, Malformed, TooLarge
from chalicelib.domain.live.rooms import About
from chalicelib.domain.staff import Role

T = TypeVar("T")

EMAIL = re.compile(
    r"(?=.{6,254}\Z)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([0-9A-Za-z-]+\.)+[0-9A-Za-z-]{2,63}", re.ASCII
)
"""One address and no more: commas, semicolons and brackets would make several of it, or none."""
PHONE = re.compile(r"\+861[3-9][0-9]{9}", re.ASCII)
PHONE_RULE = "a mobile number of mainland China: 11 digits that begin with 13 to 19"
MOST_BYTES = 16_384
MOST_UNITS = 20


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a body; a name that it does not know is refused, since it may be a misspelt wish."""


class LineRequest(Request, frozen=True):
    """So many of a SKU; `drop` names the drop that they are bought in."""

    sku: Annotated[str, Meta(min_length=1, max_length=64)]
    quantity: Annotated[int, Meta(ge=1, le=MOST_UNITS)]
    drop: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=60)] | None = None


class Expectation(Request, frozen=True):
    """What the shopper was shown: the total in fen, and the date."""

    total: Annotated[int, Meta(ge=0)]
    ship_by: date


class ShipTo(Request, frozen=True):
    """The address as typed; `region` is province, city and, where there is one, district."""

    name: str
    phone: str
    region: Annotated[tuple[str, ...], Meta(min_length=2, max_length=3)]
    street: str


class CheckoutRequest(Request, frozen=True):
    """The body of POST /api/checkout."""

    lines: Annotated[tuple[LineRequest, ...], Meta(min_length=1, max_length=10)]
    ship_to: ShipTo
    lang: Literal["zh", "en"]
    payment: str
    expect: Expectation | None = None
    email: str | None = None
    room: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z", max_length=40)] | None = None
    no_return: Annotated[tuple[str, ...], Meta(max_length=10)] = ()


class WaitRequest(Request, frozen=True):
    """The body of POST /api/waitlist: what would be bought, and where to write to when it can be."""

    sku: Annotated[str, Meta(min_length=1, max_length=64)]
    contact: Annotated[str, Meta(max_length=254)]
    quantity: Annotated[int, Meta(ge=1, le=MOST_UNITS)] = 1
    fewer: bool = False
    lang: Literal["zh", "en"] = "zh"


class FindRequest(Request, frozen=True):
    """The body of POST /api/orders/find: whose order, and how its number ends."""

    phone: str
    digits: Annotated[str, Meta(max_length=40)]


class ScanRequest(Request, frozen=True):
    """The body of POST /api/scans: the room whose code was scanned."""

    room: Annotated[str, Meta(max_length=40)]


class EnrolRequest(Request, frozen=True):
    """The body of POST /api/staff/enrol: the secret of the invitation's link."""

    invitation: Annotated[str, Meta(min_length=1, max_length=64)]


class InviteRequest(Request, frozen=True):
    """The body of POST /api/staff/invitations: whose device it will be, and for what."""

    role: Role
    name: Annotated[str, Meta(max_length=80)]


class PinRequest(Request, frozen=True):
    """The body of PUT /api/rooms/{room}/showing; no SKU for nothing."""

    sku: str | None


class EndRequest(Request, frozen=True):
    """The body of a show's end: which one, so that a late tap ends no other."""

    show: str


class DropRequest(Request, frozen=True):
    """The body of a drop that opens now, for some minutes; `price` in fen a unit, `limit` for one buyer (0: any)."""

    sku: str
    units: Annotated[int, Meta(ge=1, le=100_000)]
    price: Annotated[int, Meta(ge=1, le=10_000_000)]
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    limit: Annotated[int, Meta(ge=0, le=MOST_UNITS)] = 0


class DropEndRequest(Request, frozen=True):
    """The body of a drop's end."""

    sku: str


class CorrectionRequest(Request, frozen=True):
    """The body of a correction on air; without a text the shop's own facts are what is right."""

    about: About
    text: Annotated[str, Meta(max_length=200)] = ""


class UnitsRequest(Request, frozen=True):
    """The body of adding units to what can be made."""

    sku: str
    units: Annotated[int, Meta(ge=1, le=10_000)]


class ActRequest(Request, frozen=True):
    """The body of the sandbox's act."""

    act: Literal["pay", "decline", "pay-twice"]


def read_json(body: bytes, type_: type[T]) -> T:
    """The body as `type_`; raises TooLarge, Malformed, or Invalid with a pointer to the first misfit."""
    if len(body) > MOST_BYTES:
        raise TooLarge(f"the body has {len(body)} bytes; {MOST_BYTES} is the most")
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.ValidationError as error:
        raise Invalid([_misfit(str(error))]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"the body is not JSON: {error}") from None


def read_checkout(body: bytes, providers: frozenset[str]) -> CheckoutRequest:
    """The checkout that the body asks for, its address put into one form; raises as `read_json` does."""
    request = read_json(body, CheckoutRequest)
    typed = request.ship_to
    ship_to = ShipTo(_tidy(typed.name), _phone(typed.phone), tuple(map(_tidy, typed.region)), _tidy(typed.street))
    request = msgspec.structs.replace(request, ship_to=ship_to)
    faults = [*_address_faults(request.ship_to), *_other_faults(request, providers)]
    if faults:
        raise Invalid(faults)
    return request


def read_find(body: bytes) -> FindRequest:
    """Whose order is looked for, put into one form; raises as `read_json` does."""
    typed = read_json(body, FindRequest)
    asked = FindRequest(_phone(typed.phone), re.sub(r"\s", "", typed.digits))
    faults = []
    if not PHONE.fullmatch(asked.phone):
        faults.append(Fault("/phone", PHONE_RULE))
    if not re.fullmatch("[0-9]{4,20}", asked.digits, re.ASCII):
        faults.append(Fault("/digits", "the last 4 digits of the order's number, or more of them"))
    if faults:
        raise Invalid(faults)
    return asked


def read_wait(body: bytes) -> WaitRequest:
    """Who wants to wait for what; raises as `read_json` does."""
    typed = read_json(body, WaitRequest)
    asked = msgspec.structs.replace(typed, contact=typed.contact.strip())
    if not EMAIL.fullmatch(asked.contact):
        words = "an e-mail address, such as name@example.com: the invitation comes by letter"
        raise Invalid([Fault("/contact", words)])
    return asked


def fingerprint(body: bytes) -> str:
    """A digest that two bodies share when they say the same, however spaced or ordered; raises Malformed if no JSON."""
    canonical = msgspec.json.encode(read_json(body, object), order="deterministic")
    return hashlib.sha256(canonical).hexdigest()[:32]


def _address_faults(ship_to: ShipTo) -> Iterator[Fault]:
    """The rules of an address that a courier's form takes; where a rule would refuse a real one, it is not here."""
    if not 2 <= len(ship_to.name) <= 25 or not _has_letters(ship_to.name) or _odd(ship_to.name):
        yield Fault("/ship_to/name", "a name of 2 to 25 characters, with letters or Han characters")
    if not PHONE.fullmatch(ship_to.phone):
        yield Fault("/ship_to/phone", PHONE_RULE)
    province, city, *district = ship_to.region
    if province not in districts():
        yield Fault("/ship_to/region/0", "no province of this name")
    elif city not in districts()[province]:
        yield Fault("/ship_to/region/1", f"no city of this name in {province}")
    if any(not 1 <= len(name) <= 30 or _odd(name) for name in district):
        yield Fault("/ship_to/region/2", "a district of 1 to 30 characters; leave it out where there is none")
    if not 4 <= len(ship_to.street) <= 100 or _odd(ship_to.street):
        yield Fault("/ship_to/street", "a street or village of 4 to 100 characters on one line")


def _other_faults(request: CheckoutRequest, providers: frozenset[str]) -> Iterator[Fault]:
    units: dict[str, int] = {}
    for index, line in enumerate(request.lines):
        units[line.sku] = units.get(line.sku, 0) + line.quantity
        if units[line.sku] > MOST_UNITS:
            yield Fault(f"/lines/{index}/quantity", f"at most {MOST_UNITS} units of {line.sku} in one order")
    if request.email is not None and not EMAIL.fullmatch(request.email):
        yield Fault("/email", "an e-mail address, such as name@example.com; leave it out for none")
    if request.payment not in providers:
        yield Fault("/payment", f"one of: {', '.join(sorted(providers)) or 'none is set up'}")


def _tidy(text: str) -> str:
    return re.sub(" +", " ", unicodedata.normalize("NFC", text)).strip(" \u3000")


def _phone(text: str) -> str:
    """Digits as people type them (spaces, hyphens, +86, 0086), put into the form +86…"""
    digits = re.sub(r"[\s-]", "", text)
    return "+86" + re.sub(r"^(\+?86|0086)(?=1)", "", digits)


def _has_letters(text: str) -> bool:
    """Whether it is more than digits and emoji. Rare Han characters may be newer than this Python's tables (Cn)."""
    return any(unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Cn" for char in text)


def _odd(text: str) -> bool:
    """Whether it holds what no waybill can print: control characters and line breaks."""
    return any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)


def _misfit(message: str) -> Fault:
    """msgspec's message with its path as a JSON pointer: `$.lines[0]` becomes /lines/0, a missing field its own."""
    what, _, path = message.partition(" - at `$")
    pointer = re.sub(r"\.|\[", "/", path.rstrip("`").replace("]", ""))
    field = re.search(r"(?:required|unknown) field `(.*)`", what)
    if field:
        pointer += "/" + field[1].replace("~", "~0").replace("/", "~1")
    return Fault(pointer, what)
