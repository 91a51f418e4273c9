"""快递100 (api.kuaidi100.com), which knows all carriers: numbers by an account with one, tracking by push and query.

What is not proved: what it answers where an orderId was seen before. `take` asks under the same one, and takes the
number that comes.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec

from chalicelib.carriers.port import Hint, TakenNumber, TakeOrder, Whereabouts
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.orders.model import Address
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.domain.packing.carriers import CARRIERS
from chalicelib.network import Away, Declined, Reply, Transport

T = TypeVar("T")

STATES = {
    "0": ParcelState.UNDERWAY,
    "1": ParcelState.SHIPPED,
    "3": ParcelState.DELIVERED,
    "4": ParcelState.RETURNING,
    "5": ParcelState.UNDERWAY,
    "6": ParcelState.RETURNING,
    "7": ParcelState.UNDERWAY,
    "8": ParcelState.UNDERWAY,
    "14": ParcelState.RETURNING,
}
"""What their states mean to an order: 在途, 揽收, 签收, 退签, 派件 (lockers too), 退回, 转投, 清关, 拒签.

Trouble (2) moves nothing: people look into it."""
NOTHING_YET = "500"
AGAIN = "501"
"""Codes of an answer: no result yet; asked for already."""
TIME = "%Y-%m-%d %H:%M:%S"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


class Kuaidi100Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an account has: `partner` and its key are those of the account with the carrier itself; `salt` is ours."""

    key: str
    customer: str
    salt: str
    secret: str = ""
    partner: str = ""
    partner_key: str = ""
    poll_url: str = "https://poll.kuaidi100.com"
    label_url: str = "https://api.kuaidi100.com"

    def __repr__(self) -> str:
        """Say nothing of it."""
        return "Kuaidi100Settings()"


class WayEntry(msgspec.Struct, frozen=True):
    """One line of a parcel's way."""

    time: str = ""
    context: str = ""


class LastResult(msgspec.Struct, frozen=True):
    """A parcel's way, the newest first; `com` is their code of the carrier."""

    com: str = ""
    nu: str = ""
    state: str = ""
    data: tuple[WayEntry, ...] = ()
    result: bool = True
    return_code: str = msgspec.field(default="", name="returnCode")
    message: str = ""


class PushedNews(msgspec.Struct, frozen=True, rename={"auto_check": "autoCheck", "com_old": "comOld"}):
    """Pushed news; where they have found another carrier, `com_old` is the one that we had named."""

    status: str = ""
    last: LastResult = msgspec.field(default=LastResult(), name="lastResult")
    auto_check: str = ""
    com_old: str = ""


class LabelData(msgspec.Struct, frozen=True):
    """A number that was taken."""

    kuaidinum: str = ""
    bulkpen: str = ""


class Kuaidi100Answer(msgspec.Struct, frozen=True):
    """An answer to what was asked: not all have all of it."""

    result: bool = False
    success: bool = False
    return_code: str = msgspec.field(default="", name="returnCode")
    code: int = 0
    message: str = ""
    data: LabelData | None = None


class Kuaidi100:
    """An account with 快递100."""

    pushes = True
    heard = Reply(
        200, {"content-type": "application/json"}, '{"result":true,"returnCode":"200","message":"成功"}'.encode()
    )

    def __init__(
        self, settings: Kuaidi100Settings, transport: Transport, notify_url: str, clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.transport, self.notify_url, self.clock = settings, transport, notify_url, clock

    def take(self, order: TakeOrder) -> TakenNumber:
        """Have the carrier give a number under the parcel's name; raise Away, Declined."""
        told = {
            "printType": "NON",
            "partnerId": self.settings.partner,
            "partnerKey": self.settings.partner_key,
            "kuaidicom": _com(order.carrier),
            "orderId": order.parcel,
            "recMan": _man(order.to),
            "sendMan": _man(order.sender),
            "cargo": order.goods,
            "count": str(order.units),
            "weight": f"{max(order.grams, 1) / 1000:.2f}",
            "payType": "SHIPPER",
            "remark": order.note,
        }
        param, now = _json(told), str(int(self.clock().timestamp() * 1000))
        form = {"param": param, "key": self.settings.key, "t": now, "method": "order"}
        form["sign"] = digest(param, now, self.settings.key, self.settings.secret)
        answer = self._ask(f"{self.settings.label_url}/label/order", form, Kuaidi100Answer)
        if not answer.success or answer.data is None or not answer.data.kuaidinum:
            raise Declined(str(answer.code), answer.message)
        return TakenNumber(order.carrier, answer.data.kuaidinum, answer.data.bulkpen)

    def follow(self, carrier: str, number: str, phone: str) -> None:
        """Have news of a number pushed, signed with our salt; raise Away, Declined."""
        parameters = {"callbackurl": self.notify_url, "salt": self.settings.salt, "phone": phone}
        param = {"company": _com(carrier), "number": number, "key": self.settings.key, "parameters": parameters}
        answer = self._ask(f"{self.settings.poll_url}/poll", {"schema": "json", "param": _json(param)}, Kuaidi100Answer)
        if not answer.result and answer.return_code != AGAIN:
            raise Declined(answer.return_code, answer.message)

    def track(self, carrier: str, number: str, phone: str) -> Whereabouts | None:
        """Ask where a parcel is; SF wants the phone of either end. Raise Away, Declined."""
        param = _json({"com": _com(carrier), "num": number, "phone": phone, "order": "desc"})
        form = {"customer": self.settings.customer, "param": param}
        form["sign"] = digest(param, self.settings.key, self.settings.customer)
        found = self._ask(f"{self.settings.poll_url}/poll/query.do", form, LastResult)
        if found.return_code == NOTHING_YET or (found.result and not found.return_code and not found.data):
            return None
        if not found.result or found.return_code:
            raise Declined(found.return_code, found.message)
        newest = found.data[0]
        return Whereabouts(STATES.get(found.state), _instant(newest.time), newest.context)

    def read(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """Return which number pushed news is about; raise Unauthorized, Malformed."""
        try:
            form = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=20))
        except (UnicodeDecodeError, ValueError):
            raise Malformed("the news is no form") from None
        param = form.get("param", "")
        if not self.settings.salt:
            raise Unauthorized("news is believed with a salt of ours alone, and there is none")
        if not hmac.compare_digest(digest(param, self.settings.salt).encode(), form.get("sign", "").encode()):
            raise Unauthorized("the news is not signed with our salt")
        try:
            pushed = msgspec.json.decode(param, type=PushedNews)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Malformed("the news is not as it is described") from None
        ours = _carrier(pushed.com_old if pushed.auto_check == "1" and pushed.com_old else pushed.last.com)
        return [Hint(ours, pushed.last.nu)] if ours and pushed.last.nu else []

    def _ask(self, url: str, form: Mapping[str, str], type_: type[T]) -> T:
        reply = self.transport.send("POST", url, FORM, urlencode(form).encode())
        if reply.status >= 500 or reply.status == 429:
            raise Away(str(reply.status))
        try:
            return msgspec.json.decode(reply.body, type=type_, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Away("the answer cannot be read") from None


def digest(*parts: str) -> str:
    """Return their signature: MD5 of what is strung together, in capitals."""
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


def _com(carrier: str) -> str:
    known = CARRIERS.get(carrier)
    if known is None or not known.kuaidi100:
        raise Declined("carrier", carrier)
    return known.kuaidi100


def _carrier(com: str) -> str:
    return next((one.code for one in CARRIERS.values() if com and one.kuaidi100 == com), "")


def _man(who: Address) -> dict[str, str]:
    whole = "".join(dict.fromkeys(who.region)) + who.street
    return {"name": who.name, "mobile": who.phone.removeprefix("+86"), "printAddr": whole}


def _json(told: Any) -> str:
    return msgspec.json.encode(told).decode()


def _instant(text: str) -> datetime:
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=VILLAGE).astimezone(UTC)
    except ValueError:
        raise Away("the answer has no time") from None
