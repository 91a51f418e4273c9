"""The sandbox's events: believed only with the right signature over the raw body, and near our own clock."""

from datetime import timedelta
from typing import Any

import pytest
from chalicelib.domain.errors import Busy, Malformed, Unauthorized
from chalicelib.domain.keys import Keys
from chalicelib.domain.payments.news import Money
from chalicelib.domain.settings import BadSetting, pay
from chalicelib.payments.sandbox import Sandbox, SandboxEvent

from tests.functions.helpers.world import NOON, SECRET, make_order

KEYS = Keys(SECRET)
EVENT = SandboxEvent("event-1", "paid", "1" * 20, "payment-1", 5980)


def make_sandbox(**kwargs: Any) -> Sandbox:
    return Sandbox("http://shop", KEYS, **kwargs)


def test_a_signed_event_is_read() -> None:
    headers, body = make_sandbox().signed(EVENT, NOON)
    money = Money(event="event-1", reference="1" * 20, payment="payment-1", amount=5980, currency="CNY")
    assert make_sandbox().read(headers, body, NOON) == [money]


def test_header_names_may_come_in_any_case() -> None:
    headers, body = make_sandbox().signed(EVENT, NOON)
    assert make_sandbox().read({name.upper(): value for name, value in headers.items()}, body, NOON)


@pytest.mark.parametrize(("seconds", "believed"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_an_events_time_may_differ_by_five_minutes_both_ways(seconds: int, believed: bool) -> None:
    headers, body = make_sandbox().signed(EVENT, NOON)
    now = NOON + timedelta(seconds=seconds)
    if believed:
        assert make_sandbox().read(headers, body, now)
    else:
        with pytest.raises(Unauthorized):
            make_sandbox().read(headers, body, now)


def test_the_signature_is_over_every_byte_of_the_raw_body_and_the_time() -> None:
    headers, body = make_sandbox().signed(EVENT, NOON)
    forged = headers["Sandbox-Signature"].replace("t=1", "t=2")
    for wrong_headers, wrong_body in [
        (headers, body + b" "),
        (headers, body.replace(b"5980", b"5981")),
        ({"Sandbox-Signature": forged}, body),
        ({"Sandbox-Signature": "t=1,v1=" + "0" * 64}, body),
        ({"Sandbox-Signature": "nonsense"}, body),
        ({}, body),
    ]:
        with pytest.raises(Unauthorized):
            make_sandbox().read(wrong_headers, wrong_body, NOON)


def test_an_event_is_believed_by_processes_on_both_sides_of_a_rotations_step() -> None:
    announced = KEYS.announced("n" * 40)
    for one, other in ((KEYS, announced), (announced, announced.promoted())):
        for signs, reads in ((one, other), (other, one)):
            headers, body = Sandbox("http://shop", signs).signed(EVENT, NOON)
            assert Sandbox("http://shop", reads).read(headers, body, NOON)


def test_an_event_signed_by_another_stage_is_not_believed() -> None:
    headers, body = Sandbox("http://shop", Keys("x" * 40)).signed(EVENT, NOON)
    with pytest.raises(Unauthorized):
        make_sandbox().read(headers, body, NOON)


def test_a_signed_body_of_another_form_is_malformed() -> None:
    sandbox = make_sandbox()
    body = b'{"id": 1}'
    at = str(int(NOON.timestamp()))
    with pytest.raises(Malformed):
        sandbox.read({"Sandbox-Signature": f"t={at},v1={sandbox._sign(at, body)}"}, body, NOON)


def test_the_shop_is_told_again_when_it_was_away_and_the_person_hears_when_it_stays_away() -> None:
    calls: list[bytes] = []

    def away(times: int) -> Any:
        def post(url: str, headers: dict[str, str], body: bytes) -> None:
            calls.append(body)
            if len(calls) <= times:
                raise OSError("away")

        return post

    make_sandbox(post=away(2)).act(make_order(), "pay", NOON)
    assert calls == [calls[0]] * 3, "the same event, so that it counts once"
    calls.clear()
    with pytest.raises(Busy):
        make_sandbox(post=away(9)).act(make_order(), "pay", NOON)


@pytest.mark.parametrize("stage", ["local", "sandbox", "sandbox-2"])
def test_made_up_payments_are_taken_in_sandbox_stages(stage: str) -> None:
    assert pay("sandbox", stage) == ("sandbox",)


@pytest.mark.parametrize("stage", ["prod", "production", "my-sandbox"])
def test_made_up_payments_are_taken_in_no_real_shop(stage: str) -> None:
    with pytest.raises(BadSetting, match="PAY"):
        pay("wechat,sandbox", stage)
