"""The providers of a stage: made at the first need, and their settings read again while a process stays warm."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import BadSetting
from chalicelib.payments import KEPT, PAUSE, Providers
from chalicelib.payments.stripe import Stripe

from tests.functions.helpers.world import NOON, SECRET, World


class Secrets:
    """Secrets Manager, as far as it is asked: what a secret holds now, and how often it was read."""

    def __init__(self) -> None:
        self.text = stripe("whsec_old")
        self.asked: list[str] = []
        self.away = False

    def __call__(self, name: str) -> str:
        self.asked.append(name)
        if self.away:
            raise OSError("Secrets Manager is away")
        return self.text


def stripe(webhook_secret: str) -> str:
    return json.dumps({"secret_key": "rk_test_1", "webhook_secret": webhook_secret})


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture
def world(make_world: Callable[..., World], secrets: Secrets) -> World:
    found = make_world()
    settings = msgspec.structs.replace(found.settings, pay=("stripe", "sandbox"), pay_secrets={"stripe": "its-secret"})
    found.settings = settings
    found.providers = Providers(settings, Keys(SECRET), secrets, lambda: found.now)  # type: ignore[assignment]
    found.shop = found.process(found.shop.catalog)
    return found


def webhook_secret(world: World) -> str:
    provider: Any = world.providers["stripe"]
    assert isinstance(provider, Stripe)
    return provider.settings.webhook_secret


def test_no_secret_is_read_until_a_provider_is_needed_and_then_once(world: World, secrets: Secrets) -> None:
    assert [*world.providers] == ["stripe", "sandbox"]
    assert ("stripe" in world.providers, "wechat" in world.providers, secrets.asked) == (True, False, [])
    assert world.providers["stripe"] is world.providers["stripe"]
    assert secrets.asked == ["its-secret"]


def test_settings_are_read_again_after_some_minutes_and_a_provider_that_stays_the_same_stays(
    world: World, secrets: Secrets
) -> None:
    first = world.providers["stripe"]
    secrets.text = stripe("whsec_new")
    world.now += KEPT - timedelta(seconds=1)
    assert world.providers["stripe"] is first
    world.now += timedelta(seconds=1)
    assert webhook_secret(world) == "whsec_new"
    second = world.providers["stripe"]
    world.now += KEPT
    assert world.providers["stripe"] is second
    assert len(secrets.asked) == 3


@pytest.mark.parametrize("trouble", ["away", "no json", "no settings"])
def test_what_worked_goes_on_where_the_new_settings_cannot_be_read(
    world: World, secrets: Secrets, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = world.providers["stripe"]
    secrets.away = trouble == "away"
    secrets.text = {"away": "", "no json": "{", "no settings": '{"secret_key": "rk_test_2"}'}[trouble]
    world.now += KEPT
    assert world.providers["stripe"] is first
    assert world.providers["stripe"] is first
    assert len(secrets.asked) == 2, "it is not asked at each request"
    assert "stripe: its settings cannot be read again" in caplog.text
    assert "rk_test" not in caplog.text


def signed(now: Any, secret: str) -> tuple[dict[str, str], bytes]:
    body = b'{"id": "evt_1", "created": 1, "livemode": false, "type": "none", "data": {"object": {}}}'
    at = int(now.timestamp())
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={at},v1={mac}"}, body


def test_news_signed_with_a_key_that_is_new_is_believed_once_the_settings_are_read_again(
    world: World, secrets: Secrets
) -> None:
    headers, body = signed(world.now, "whsec_new")
    hear = world.services.payments
    with pytest.raises(Unauthorized):
        hear.read("stripe", headers, body)
    secrets.text = stripe("whsec_new")
    with pytest.raises(Unauthorized):
        hear.read("stripe", headers, body)
    world.now += PAUSE
    assert [*hear.read("stripe", *signed(world.now, "whsec_new"))] == []


def test_strangers_cannot_have_the_secret_read_at_each_request(world: World, secrets: Secrets) -> None:
    headers, body = signed(world.now, "whsec_of_a_stranger")
    for _ in range(50):
        world.now += timedelta(seconds=1)
        with pytest.raises(Unauthorized):
            world.services.payments.read("stripe", headers, body)
    assert len(secrets.asked) <= 1 + 50 / PAUSE.total_seconds()


def test_a_secret_that_is_no_settings_says_of_which_provider(world: World, secrets: Secrets) -> None:
    secrets.text = "{}"
    with pytest.raises(BadSetting, match="stripe"):
        world.providers["stripe"]
    secrets.text = stripe("whsec_mended")
    assert webhook_secret(world) == "whsec_mended", "it is tried again"


def test_a_real_shop_is_led_to_no_other_address_than_the_providers(world: World, secrets: Secrets) -> None:
    secrets.text = json.dumps(json.loads(stripe("whsec_old")) | {"base_url": "https://elsewhere.example.com"})
    real = msgspec.structs.replace(world.settings, stage="shop", pay=("stripe",))
    with pytest.raises(BadSetting, match="base_url"):
        Providers(real, Keys(SECRET), secrets, lambda: NOON)["stripe"]
    assert world.providers["stripe"]
