"""SF (顺丰 丰桥, open.sf-express.com): numbers by a monthly account, and where a parcel is.

A parcel's name is SF's orderId, which is taken once: asked again, the number that it got is looked up. Pushed routes
bear no signature that is known to us, so none are read: SF is asked.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode
from uuid import uuid4

import msgspec

from chalicelib.carriers.port import Hint, TakenNumber, TakeOrder, Whereabouts
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.orders.model import Address
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network import Away, Declined, Reply, Transport

T = TypeVar("T")

OK, GOOD = "A1000", "S0000"
"""That a call was taken, and that what it asked was done."""
SEEN = "8016"
"""That an orderId was used before."""
STATES = {"50": ParcelState.SHIPPED, "80": ParcelState.DELIVERED}
"""What codes of a route mean to an order; whatever else is known of a parcel, it is on its way."""
TIME = "%Y-%m-%d %H:%M:%S"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


class SfSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an account has: `monthly_card` is the 月结卡号 that pays for numbers; following needs none."""

    partner_id: str
    check_word: str
    monthly_card: str = ""
    base_url: str = "https://sfapi.sf-express.com"

    def __repr__(self) -> str:
        """Say nothing of it."""
        return "SfSettings()"


class SfEnvelope(msgspec.Struct, frozen=True, rename="camel"):
    """What every answer comes in; its data are JSON in a text."""

    api_result_code: str = ""
    api_error_msg: str = ""
    api_result_data: str = ""


class SfNumber(msgspec.Struct, frozen=True, rename="camel"):
    """A number; the parcel's own has type 1."""

    waybill_no: str = ""
    waybill_type: int = 1


class RouteData(msgspec.Struct, frozen=True, rename="camel"):
    """What a label says of the way."""

    dest_route_label: str = ""


class RouteLabel(msgspec.Struct, frozen=True, rename="camel"):
    """What a label has."""

    route_label_data: RouteData = RouteData()


class SfOrder(msgspec.Struct, frozen=True, rename="camel"):
    """An order with SF."""

    waybill_no_info_list: tuple[SfNumber, ...] = ()
    route_label_info: tuple[RouteLabel, ...] | None = None


class SfRoute(msgspec.Struct, frozen=True, rename="camel"):
    """One line of a parcel's way."""

    op_code: str = ""
    accept_time: str = ""
    remark: str = ""


class SfRoutes(msgspec.Struct, frozen=True, rename="camel"):
    """A parcel's way."""

    mail_no: str = ""
    routes: tuple[SfRoute, ...] = ()


class SfFound(msgspec.Struct, frozen=True, rename="camel"):
    """The ways that were asked for."""

    route_resps: tuple[SfRoutes, ...] = ()


class SfData(msgspec.Struct, frozen=True, rename="camel"):
    """What came of a call."""

    success: bool = False
    error_code: str = ""
    error_msg: str | None = None
    msg_data: msgspec.Raw = msgspec.Raw(b"{}")


class Sf:
    """A monthly account with SF."""

    pushes = False
    heard = Reply(200, {}, b"")

    def __init__(self, settings: SfSettings, transport: Transport, clock: Callable[[], datetime]) -> None:
        self.settings, self.transport, self.clock = settings, transport, clock

    def take(self, order: TakeOrder) -> TakenNumber:
        """Have SF give a number under the parcel's name, or look up the one that it got; raise Away, Declined."""
        told = {
            "language": "zh-CN",
            "orderId": order.parcel,
            "contactInfoList": [_contact(1, order.sender), _contact(2, order.to)],
            "cargoDetails": [{"name": order.goods, "count": order.units}],
            "monthlyCard": self.settings.monthly_card,
            "payMethod": 1,
            "expressTypeId": 2,
            "isReturnRoutelabel": 1,
            "totalWeight": max(order.grams, 1) / 1000,
            "remark": order.note,
        }
        try:
            found = self._ask("EXP_RECE_CREATE_ORDER", told, SfOrder)
        except Declined as error:
            if error.code != SEEN:
                raise
            found = self._ask("EXP_RECE_SEARCH_ORDER_RESP", {"orderId": order.parcel, "searchType": "1"}, SfOrder)
        number = next((one.waybill_no for one in found.waybill_no_info_list if one.waybill_type == 1), "")
        if not number:
            raise Declined("number", "there is none in the answer")
        labels = found.route_label_info or (RouteLabel(),)
        return TakenNumber("sf", number, labels[0].route_label_data.dest_route_label)

    def follow(self, carrier: str, number: str, phone: str) -> None:
        """Do nothing: whether SF pushes is said once for an account."""

    def track(self, carrier: str, number: str, phone: str) -> Whereabouts | None:
        """Ask where a parcel is; SF wants the last digits of the phone of either end. Raise Away, Declined."""
        told = {
            "language": "zh-CN",
            "trackingType": "1",
            "trackingNumber": [number],
            "methodType": "1",
            "checkPhoneNo": phone.partition("-")[0][-4:],
        }
        found = self._ask("EXP_RECE_SEARCH_ROUTES", told, SfFound)
        routes = [route for one in found.route_resps if one.mail_no == number for route in one.routes]
        if not routes:
            return None
        newest = max(routes, key=lambda route: route.accept_time)
        codes = {route.op_code for route in routes}
        state = STATES["80"] if "80" in codes else STATES["50"] if codes == {"50"} else ParcelState.UNDERWAY
        return Whereabouts(state, _instant(newest.accept_time), newest.remark)

    def read(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """Believe nothing; raise Unauthorized."""
        raise Unauthorized("news of SF is not signed")

    def _ask(self, service: str, told: Mapping[str, Any], type_: type[T]) -> T:
        text, now = msgspec.json.encode(told).decode(), str(int(self.clock().timestamp() * 1000))
        form = {
            "partnerID": self.settings.partner_id,
            "requestID": str(uuid4()),
            "serviceCode": service,
            "timestamp": now,
            "msgData": text,
            "msgDigest": signature(text, now, self.settings.check_word),
        }
        reply = self.transport.send("POST", f"{self.settings.base_url}/std/service", FORM, urlencode(form).encode())
        if reply.status >= 500 or reply.status == 429:
            raise Away(str(reply.status))
        try:
            envelope = msgspec.json.decode(reply.body, type=SfEnvelope)
            if envelope.api_result_code != OK:
                raise Declined(envelope.api_result_code, envelope.api_error_msg)
            data = msgspec.json.decode(envelope.api_result_data, type=SfData)
            if not data.success or data.error_code != GOOD:
                raise Declined(data.error_code, data.error_msg or "")
            return msgspec.json.decode(data.msg_data, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Away("the answer cannot be read") from None


def signature(text: str, now: str, check_word: str) -> str:
    """Return SF's signature of a call: MD5 in base64, of the data, the time and the check word as a form has them."""
    said = quote_plus(f"{text}{now}{check_word}")
    return base64.b64encode(hashlib.md5(said.encode(), usedforsecurity=False).digest()).decode()


def _contact(kind: int, who: Address) -> dict[str, Any]:
    province, city, county = (*who.region, "", "", "")[:3]
    return {
        "contactType": kind,
        "contact": who.name,
        "mobile": who.phone.removeprefix("+86"),
        "country": "CN",
        "province": province,
        "city": city,
        "county": county,
        "address": who.street,
    }


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=VILLAGE).astimezone(UTC)
    except ValueError:
        raise Away("the answer has no time") from None
