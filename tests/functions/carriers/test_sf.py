"""SF against its stand-in: an orderId is taken once and then looked up, routes by their codes, news not believed."""

from random import Random
from typing import Any

import msgspec
import pytest
from chalicelib.carriers.port import TakeOrder
from chalicelib.carriers.sf import Sf, SfSettings, signature
from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.orders.model import Address
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network import Away, Declined, Reply
from cunbo.standins.base import InProcess, Misbehaviour
from cunbo.standins.carriers.sf import SfStandIn

from tests.functions.helpers.world import NOON

HOME = Address("高台子村", "+8613500135000", ("吉林省", "通化市", "集安市"), "高台子村一组")
TO = Address("王小明", "+8618412345678-1234", ("广东省", "东莞市"), "一号 & 3 楼 +")
ORDER = TakeOrder(parcel=f"CB{'1' * 20}-1", carrier="sf", sender=HOME, to=TO, goods="辣白菜", units=2, grams=1000)
NUMBER, PHONE = "SF0000000000000", "18412345678"


class Desk:
    """A shop's account at a stand-in."""

    def __init__(self, how: Misbehaviour | None = None, **settings: str) -> None:
        self.stand_in = SfStandIn(lambda: NOON)
        account = msgspec.convert(self.stand_in.settings() | settings, SfSettings)
        stand_in: Any = self.stand_in
        self.service = Sf(account, InProcess(stand_in, Random(1), how or Misbehaviour()), lambda: NOON)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_parcel_gets_one_number_however_often_it_is_asked(desk: Desk) -> None:
    first = desk.service.take(ORDER)
    assert (first.carrier, first.number, first.routing) == ("sf", NUMBER, "431W-AA-1")
    assert desk.service.take(ORDER) == first
    assert len(desk.stand_in.orders) == 1


def test_an_answer_that_was_lost_costs_no_second_number(desk: Desk) -> None:
    lost = Desk(Misbehaviour(silent=1))
    with pytest.raises(Away):
        lost.service.take(ORDER)
    again = Sf(desk.service.settings, InProcess(lost.stand_in, Random(1), Misbehaviour()), lambda: NOON)  # type: ignore[arg-type]
    assert again.take(ORDER).number == NUMBER
    assert len(lost.stand_in.orders) == 1


@pytest.mark.parametrize("wrong", ["check_word", "monthly_card", "partner_id"])
def test_a_wrong_key_is_declined(wrong: str) -> None:
    with pytest.raises(Declined):
        Desk(**{wrong: "x"}).service.take(ORDER)


@pytest.mark.parametrize(
    ("codes", "means"),
    [
        (["50"], ParcelState.SHIPPED),
        (["50", "30"], ParcelState.UNDERWAY),
        (["50", "44", "125"], ParcelState.UNDERWAY),
        (["50", "44", "80"], ParcelState.DELIVERED),
        (["80", "50"], ParcelState.DELIVERED),
    ],
)
def test_a_way_means_what_its_codes_say(desk: Desk, codes: list[str], means: ParcelState) -> None:
    desk.service.take(ORDER)
    for code in codes:
        desk.stand_in.move(NUMBER, code, "x")
    found = desk.service.track("sf", NUMBER, PHONE)
    assert found
    assert (found.state, found.at) == (means, NOON)


def test_what_was_not_seen_is_nowhere_and_so_it_is_for_a_wrong_phone(desk: Desk) -> None:
    desk.service.take(ORDER)
    assert desk.service.track("sf", NUMBER, PHONE) is None
    desk.stand_in.move(NUMBER, "50", "x")
    assert desk.service.track("sf", NUMBER, "13000000000") is None
    assert desk.service.track("sf", NUMBER, f"{PHONE}-1234")


def test_news_is_not_believed(desk: Desk) -> None:
    with pytest.raises(Unauthorized):
        desk.service.read({}, b"{}")


@pytest.mark.parametrize(
    "reply", [Reply(500, {}, b""), Reply(200, {}, b"<html>"), Reply(200, {}, b'{"apiResultCode":"A1000"}')]
)
def test_who_does_not_answer_is_away(desk: Desk, reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.service.transport, "send", lambda *_: reply)
    with pytest.raises(Away):
        desk.service.track("sf", NUMBER, PHONE)


def test_a_call_is_signed_as_a_form_has_it() -> None:
    assert signature("{}", "1", "word") != signature("{}", "1", "other")
    assert len(signature("{}", "1", "word")) == 24


def test_its_keys_are_in_no_printout(desk: Desk) -> None:
    assert "sf-check-word" not in f"{desk.service.settings!r}"
