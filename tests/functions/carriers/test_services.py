"""Carriers' services behind their port: what each owes, held to its stand-in; made late, from secrets read again."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from chalicelib import carriers
from chalicelib.carriers import KEPT, CarrierServices, make
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.domain.settings import TRACKERS, BadSetting
from chalicelib.network import Away, Declined, Reply
from cunbo.standins.base import InProcess, Misbehaviour
from cunbo.standins.carriers.kuaidi100 import Kuaidi100StandIn
from cunbo.standins.carriers.sf import SfStandIn

from tests.functions.helpers.world import NOON, World

CALM, PHONE, NUMBER = Misbehaviour(), "13800138000", "SF1234567890123"
MOVES = {
    "kuaidi100": {"taken": "1", "locker": "5", "there": "3"},
    "sf": {"taken": "50", "locker": "125", "there": "80"},
}
"""What each stand-in calls that a parcel was taken over, lies in a locker, or was signed for."""


class Booth:
    """A service of the shop and its stand-in."""

    def __init__(self, name: str) -> None:
        self.name = name
        stand_in: Any = SfStandIn(lambda: NOON)
        if name == "kuaidi100":
            stand_in = Kuaidi100StandIn(lambda: NOON, lambda *_: Reply(200, {}, b"{}"), Random(1), CALM)
        else:
            stand_in.phones[NUMBER] = {PHONE[-4:]}
        self.stand_in = stand_in
        secret = json.dumps(stand_in.settings()).encode()
        self.service = make(name, secret, InProcess(stand_in, Random(1), CALM), "http://shop/news", lambda: NOON)

    def state(self, move: str) -> ParcelState | None:
        self.stand_in.move(NUMBER, MOVES[self.name][move], "x")
        found = self.service.track("sf", NUMBER, PHONE)
        assert found
        return found.state


@pytest.fixture(params=TRACKERS)
def booth(request: pytest.FixtureRequest) -> Booth:
    return Booth(request.param)


def test_a_parcel_is_nowhere_then_taken_then_in_a_locker_which_is_on_its_way_then_there(booth: Booth) -> None:
    assert booth.service.track("sf", NUMBER, PHONE) is None
    assert [booth.state(move) for move in ("taken", "locker", "there")] == [
        ParcelState.SHIPPED, ParcelState.UNDERWAY, ParcelState.DELIVERED,
    ]  # fmt: skip


def test_asking_for_news_again_changes_nothing(booth: Booth) -> None:
    for _ in range(3):
        booth.service.follow("sf", NUMBER, PHONE)


def test_no_news_is_believed_that_nobody_signed(booth: Booth) -> None:
    for body in (b"", b"param=%7B%7D", b"param=%7B%7D&sign=x", b"\xff", b'{"Body": {}}'):
        with pytest.raises((Unauthorized, Malformed)):
            booth.service.read({}, body)
    assert booth.service.heard.status == 200
    assert booth.service.pushes is (booth.name == "kuaidi100")


@pytest.mark.parametrize("answer", [Reply(503, {}, b""), Reply(429, {}, b""), Reply(200, {}, b"<html>"), None])
def test_who_does_not_answer_is_away_and_has_not_said_that_there_is_nothing(booth: Booth, answer: Reply | None) -> None:
    class Silent:
        def send(self, *_: object) -> Reply:
            if answer is None:
                raise Away("no answer")
            return answer

    booth.service.transport = Silent()  # type: ignore[attr-defined]
    with pytest.raises(Away):
        booth.service.track("sf", NUMBER, PHONE)


def test_wrong_keys_are_declined(booth: Booth) -> None:
    name = {"kuaidi100": "customer", "sf": "check_word"}[booth.name]
    settings = booth.service.settings  # type: ignore[attr-defined]
    booth.service.settings = msgspec.structs.replace(settings, **{name: "x"})  # type: ignore[attr-defined]
    with pytest.raises(Declined):
        booth.service.track("sf", NUMBER, PHONE)


class Safe:
    """Where secrets are; `asked` are those that were read."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.text = json.dumps(
            Kuaidi100StandIn(lambda: NOON, lambda *_: Reply(200, {}, b""), Random(1), CALM).settings()
        )

    def read(self, name: str) -> str:
        self.asked.append(name)
        return self.text


def test_a_service_is_made_when_it_is_needed_and_its_keys_are_read_again_now_and_then(
    make_world: Callable[..., World],
) -> None:
    world, safe, at = make_world(), Safe(), [NOON]
    settings = msgspec.structs.replace(world.settings, track=("kuaidi100", "sf"), track_secrets={"kuaidi100": "the-id"})

    def clock() -> datetime:
        return at[0]

    found = CarrierServices(settings, safe.read, clock)
    assert ([*found], len(found), safe.asked) == (["kuaidi100", "sf"], 2, [])
    first = found["kuaidi100"]
    assert found["kuaidi100"] is first
    assert safe.asked == ["the-id"]
    at[0] += KEPT
    assert found["kuaidi100"] is first, "the secret is the same"
    good, safe.text = safe.text, "{}"
    at[0] += KEPT
    assert found["kuaidi100"] is first, "what worked until now goes on where the new is wrong"
    safe.text = good.replace("kd-salt", "another")
    at[0] += KEPT + timedelta(seconds=1)
    assert found["kuaidi100"] is not first
    with pytest.raises(BadSetting, match="SF_SECRET_ID is not set"):
        found["sf"]
    with pytest.raises(KeyError):
        found["ups"]
    safe.text = "{}"
    with pytest.raises(BadSetting, match="the secret of kuaidi100"):
        CarrierServices(settings, safe.read, clock)["kuaidi100"]
    with pytest.raises(BadSetting, match="no carriers' service"):
        carriers.make("ups", b"{}", InProcess(None, Random(1), CALM), "", clock)  # type: ignore[arg-type]
