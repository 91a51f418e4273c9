"""快递100 against its stand-in: numbers once a parcel, states by its table, news that is believed as a hint alone."""

from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest
from chalicelib.carriers.kuaidi100 import STATES, Kuaidi100, Kuaidi100Settings, digest
from chalicelib.carriers.port import Hint, TakenNumber, TakeOrder
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.orders.model import Address
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network import Away, Declined, Reply
from cunbo.standins.base import InProcess, Misbehaviour
from cunbo.standins.carriers.kuaidi100 import Kuaidi100StandIn

from tests.functions.helpers.world import NOON

HOME = Address("高台子村", "+8613500135000", ("吉林省", "通化市", "集安市"), "高台子村一组")
TO = Address("王小明", "+8613800138000", ("北京市", "北京市", "朝阳区"), "一号 3 楼")
ORDER = TakeOrder(
    parcel=f"CB{'1' * 20}-1", carrier="zto", sender=HOME, to=TO, goods="辣白菜 500g×2", units=2, grams=1000
)
NUMBER, PHONE = "75000000000000", "13800138000"


class Desk:
    """A shop's account at a stand-in; `told` is what that pushes."""

    def __init__(self, **settings: str) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        dice, how = Random(1), Misbehaviour()
        self.stand_in = Kuaidi100StandIn(lambda: NOON, self._hear, dice, how)
        account = msgspec.convert(self.stand_in.settings() | settings, Kuaidi100Settings)
        self.service = Kuaidi100(account, InProcess(self.stand_in, dice, how), "http://shop/news", lambda: NOON)

    def _hear(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        assert url == "http://shop/news"
        self.told.append((headers, body))
        return self.service.heard


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_parcel_gets_one_number_however_often_it_is_asked(desk: Desk) -> None:
    first = desk.service.take(ORDER)
    assert first == TakenNumber("zto", NUMBER, "431-01 A2")
    assert desk.service.take(ORDER) == first
    other = msgspec.structs.replace(ORDER, parcel=f"CB{'1' * 20}-2")
    assert desk.service.take(other).number != first.number


def test_a_masked_phone_is_refused_and_so_is_a_carrier_that_is_none(desk: Desk) -> None:
    masked = msgspec.structs.replace(ORDER, to=msgspec.structs.replace(TO, phone="138****8000"))
    with pytest.raises(Declined, match="30001"):
        desk.service.take(masked)
    for carrier in ("nobody", "other"):
        with pytest.raises(Declined, match="carrier"):
            desk.service.take(msgspec.structs.replace(ORDER, carrier=carrier))


@pytest.mark.parametrize(("wrong", "call"), [("secret", "take"), ("customer", "track"), ("key", "follow")])
def test_a_wrong_key_is_declined(wrong: str, call: str) -> None:
    service: Any = Desk(**{wrong: "x"}).service
    with pytest.raises(Declined):
        service.take(ORDER) if call == "take" else getattr(service, call)("zto", NUMBER, PHONE)


@pytest.mark.parametrize(
    ("state", "words", "means"),
    [
        ("1", "已揽收", ParcelState.SHIPPED),
        ("0", "已到达长春转运中心", ParcelState.UNDERWAY),
        ("5", "正在派件", ParcelState.UNDERWAY),
        ("5", "已放入丰巢快递柜，请凭取件码领取", ParcelState.UNDERWAY),
        ("7", "转投其他网点", ParcelState.UNDERWAY),
        ("3", "已签收，签收人：本人", ParcelState.DELIVERED),
        ("2", "收件人电话无人接听", None),
        ("14", "收件人拒签", ParcelState.RETURNING),
        ("4", "退件已签收", ParcelState.RETURNING),
        ("6", "退回中", ParcelState.RETURNING),
        ("99", "其他", None),
    ],
)
def test_a_state_means_what_the_table_says_and_a_locker_is_not_delivered(
    desk: Desk, state: str, words: str, means: ParcelState | None
) -> None:
    desk.stand_in.move(NUMBER, state, words)
    found = desk.service.track("zto", NUMBER, PHONE)
    assert found
    assert (found.state, found.at, found.words) == (means, NOON, words)


def test_what_the_carrier_has_not_seen_is_nowhere_and_sf_wants_a_phone(desk: Desk) -> None:
    assert desk.service.track("zto", NUMBER, PHONE) is None
    with pytest.raises(Declined):
        desk.service.track("sf", "SF1", "")


def test_pushed_news_is_a_hint_of_a_number(desk: Desk) -> None:
    for _ in range(2):
        desk.service.follow("zto", NUMBER, PHONE)
    desk.stand_in.move(NUMBER, "3", "已签收")
    assert desk.stand_in.deliver() == 0, "it is heard as it wants to be"
    assert desk.service.read(*desk.told[0]) == [Hint("zto", NUMBER)]


def test_news_of_a_carrier_that_they_corrected_is_about_the_one_that_we_know(desk: Desk) -> None:
    desk.service.follow("zto", NUMBER, PHONE)
    desk.stand_in.move(NUMBER, "0", "x", corrected="yunda")
    desk.stand_in.deliver()
    assert desk.service.read(*desk.told[0]) == [Hint("zto", NUMBER)]


def test_news_with_a_false_signature_or_without_sense_is_refused(desk: Desk) -> None:
    desk.service.follow("zto", NUMBER, PHONE)
    desk.stand_in.move(NUMBER, "3", "已签收")
    desk.stand_in.deliver()
    headers, body = desk.told[0]
    form = dict(parse_qsl(body.decode()))
    for false in (
        {**form, "param": form["param"].replace("3", "1")},
        {**form, "sign": "0" * 32},
        {**form, "sign": digest(form["param"])},
        {"param": form["param"]},
        {"sign": form["sign"]},
        {**form, "sign": "签"},
    ):
        with pytest.raises(Unauthorized):
            desk.service.read(headers, urlencode(false).encode())
    salt = desk.stand_in.settings()["salt"]
    for told in ("", "[]", "{", '{"lastResult": 1}'):
        with pytest.raises(Malformed):
            desk.service.read(headers, urlencode({"param": told, "sign": digest(told, salt)}).encode())
    with pytest.raises(Malformed):
        desk.service.read(headers, b"\xff")
    for strange in ('{"lastResult": {"com": "nobody", "nu": "1"}}', '{"lastResult": {"com": "", "nu": "1"}}'):
        assert desk.service.read(headers, urlencode({"param": strange, "sign": digest(strange, salt)}).encode()) == []


@pytest.mark.parametrize(
    "reply", [Reply(500, {}, b""), Reply(429, {}, b"{}"), Reply(200, {}, b"<html>"), Reply(200, {}, b"\xff")]
)
def test_who_does_not_answer_is_away(desk: Desk, reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.service.transport, "send", lambda *_: reply)
    with pytest.raises(Away):
        desk.service.track("zto", NUMBER, PHONE)


def test_its_keys_are_in_no_printout(desk: Desk) -> None:
    assert "kd-" not in f"{desk.service.settings!r}"


def test_no_state_leads_to_one_of_the_village() -> None:
    assert {*STATES.values()} <= {
        ParcelState.SHIPPED, ParcelState.UNDERWAY, ParcelState.DELIVERED, ParcelState.RETURNING,
    }  # fmt: skip
