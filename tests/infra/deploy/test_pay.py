"""PAY and PAY_SETTINGS: all that is wrong is told at once, by field, and no key is told."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from chalicelib.domain.settings import PROVIDERS
from chalicelib.payments import make
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cunbo.core.refusal import Refusal
from cunbo.deploy.pay import FIELDS, RULES, check, payments_of
from cunbo.standins.base import InProcess, Misbehaviour
from cunbo.standins.server import STAND_INS

Settings = dict[str, Any]
CALM = Misbehaviour()


def stand_in(name: str, how: Misbehaviour = CALM) -> Any:
    found: Any = STAND_INS[name](lambda: datetime.now(UTC), lambda *_: None, Random(0), how)
    if name == "stripe":
        found.webhook_url = "https://shop.example.com/api/payments/stripe/events"
    return found


@cache
def _settings() -> str:
    return json.dumps({name: stand_in(name).settings() for name in FIELDS})


@pytest.fixture
def settings() -> Settings:
    """What a real shop would have, but for the keys: they are the stand-ins'."""
    found: Settings = json.loads(_settings())
    for one in found.values():
        del one["base_url"]
    found["stripe"]["secret_key"] = "rk_live_of_a_test"
    return found


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Any]:
    def payments(content: object, stage: str = "shop", before: Any = (), pay: str = "wechat,alipay,stripe") -> Any:
        path = tmp_path / "pay.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return payments_of(stage, dict(before), {"PAY": pay, "PAY_SETTINGS": str(path)})

    return payments


@cache
def pem(bits: int = 2048, private: bool = True) -> str:
    key: Any = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
    if private:
        return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def faults(read: Callable[..., Any], content: object, **more: Any) -> list[str]:
    with pytest.raises(Refusal) as refused:
        read(content, **more)
    return [line.strip() for line in str(refused.value).splitlines()[1:]]


def test_good_settings_become_parameters_and_a_secret_for_each_provider(
    read: Callable[..., Any], settings: Settings
) -> None:
    found = read(settings, pay="wechat, alipay")
    wanted = {"Pay": "wechat,alipay", "PayWechat": "yes", "PayAlipay": "yes", "PayStripe": ""}
    assert found.parameters == wanted
    assert {name: json.loads(text) for name, text in found.given.items()} == {
        name: settings[name] for name in ("wechat", "alipay")
    }
    for name, text in found.given.items():
        assert make(name, text, InProcess(stand_in(name), Random(0), CALM), "", lambda: datetime.now(UTC))


def test_a_stage_keeps_what_is_not_given_anew(read: Callable[..., Any], settings: Settings) -> None:
    before = read(settings, pay="wechat").parameters
    kept = payments_of("shop", before, {})
    assert (kept.names, kept.given, kept.parameters) == (("wechat",), {}, before)
    assert payments_of("shop", before, {"PAY": "wechat"}).parameters == before
    with pytest.raises(Refusal, match="alipay: PAY names it, and PAY_SETTINGS has no settings of it"):
        payments_of("shop", before, {"PAY": "wechat,alipay"})


def test_without_pay_a_sandbox_takes_made_up_money_and_a_real_shop_none() -> None:
    assert payments_of("sandbox-1", {}, {}).names == ("sandbox",)
    assert payments_of("shop", {}, {}).names == ()
    with pytest.raises(Refusal, match="its money is made up"):
        payments_of("shop", {}, {"PAY": "sandbox"})


WRONG: list[tuple[str, str, Any, str]] = [
    ("wechat", "appid", "wx1", "wechat.appid: "),
    ("wechat", "appid", None, "wechat.appid: it is missing"),
    ("wechat", "appid", "", "wechat.appid: it is empty"),
    ("wechat", "mchid", 1900000109, "wechat.mchid: Expected `str`, got `int`"),
    ("wechat", "serial", "no hex", "wechat.serial: "),
    ("wechat", "apiv3_key", "k" * 16, "wechat.apiv3_key: an APIv3 key has 32 characters"),
    ("wechat", "private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "wechat.private_key: "),
    ("wechat", "private_key", pem(1024), "wechat.private_key: it has fewer than 2048 bits"),
    ("wechat", "private_key", pem(0), "wechat.private_key: it is no RSA key"),
    ("wechat", "platform_keys", {}, "wechat.platform_keys: it is empty"),
    ("wechat", "platform_keys", {"PUB_KEY_ID_1": "?"}, "wechat.platform_keys: PUB_KEY_ID_1: it is no public key"),
    (
        "wechat",
        "platform_keys",
        {"7C": "-----BEGIN CERTIFICATE-----"},
        "wechat.platform_keys: 7C: it is no certificate",
    ),
    ("wechat", "platform_keys", {"7C": pem(1024, False)}, "wechat.platform_keys: 7C: it has fewer than 2048 bits"),
    ("wechat", "h5", "yes", "wechat.h5: "),
    ("wechat", "app_id", "wx", "wechat.app_id: it is no setting of this provider"),
    ("wechat", "base_url", "https://x.example.com", "wechat.base_url: it is for a stage named local or sandbox…"),
    ("alipay", "app_id", "2021", "alipay.app_id: "),
    ("alipay", "seller_id", "1088000000000000", "alipay.seller_id: "),
    ("alipay", "private_key", pem(2048, False), "alipay.private_key: it is no private key"),
    ("alipay", "alipay_public_key", pem(), "alipay.alipay_public_key: it is no public key"),
    ("alipay", "alipay_public_key", "%%%", "alipay.alipay_public_key: it is no public key"),
    ("stripe", "secret_key", "pk_live_1", "stripe.secret_key: it must be a restricted key"),
    ("stripe", "secret_key", "sk_live_1", "stripe.secret_key: it must be a restricted key"),
    ("stripe", "secret_key", "rk_test_1", "stripe.secret_key: it is for tests, and STAGE is shop"),
    ("stripe", "webhook_secret", "1234", "stripe.webhook_secret: it must be a signing secret"),
]


@pytest.mark.parametrize(
    ("name", "field", "value", "words"), WRONG, ids=[f"{row[0]}.{row[1]}-{row[3][:40]}" for row in WRONG]
)
def test_a_field_that_cannot_be_right_is_named(
    read: Callable[..., Any], settings: Settings, name: str, field: str, value: Any, words: str
) -> None:
    settings[name] |= {field: value}
    if value is None:
        del settings[name][field]
    [told] = faults(read, settings)
    assert told.startswith(words)


def test_all_that_is_wrong_is_told_at_once_and_no_key_with_it(read: Callable[..., Any], settings: Settings) -> None:
    secrets = [*_secrets(settings)]
    settings["wechat"] |= {"appid": "x", "apiv3_key": settings["wechat"]["apiv3_key"][:-1], "typo": "1"}
    settings["alipay"] = ["not an object"]
    settings["stripe"]["webhook_secret"] += "\n?"
    settings["paypal"] = {}
    told = faults(read, settings)
    assert [line.partition(":")[0] for line in told] == [
        "paypal", "wechat.typo", "wechat.appid", "wechat.apiv3_key", "alipay", "stripe.webhook_secret"
    ]  # fmt: skip
    assert not [one for one in secrets if one[:-1] in "\n".join(told)]


def _secrets(settings: Settings) -> Iterator[str]:
    wechat, alipay, stripe = (settings[name] for name in ("wechat", "alipay", "stripe"))
    yield from (wechat["app_secret"], wechat["apiv3_key"], wechat["private_key"].splitlines()[1])
    yield from (alipay["private_key"].splitlines()[1], stripe["secret_key"], stripe["webhook_secret"])


def test_keys_that_do_not_fit_together_are_told(read: Callable[..., Any], settings: Settings) -> None:
    own = settings["alipay"]["private_key"]
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    public = load_pem_private_key(own.encode(), None).public_key()
    text = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    settings["alipay"]["alipay_public_key"] = text
    [told] = faults(read, settings)
    assert told.startswith("alipay.keys: alipay_public_key is the app's own public key")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"wechat": 1}'])
def test_a_file_that_is_no_settings_is_told_with_all_that_is_missing(read: Callable[..., Any], content: bytes) -> None:
    told = faults(read, content, pay="wechat")
    assert any("PAY_SETTINGS is" in line or line.startswith("wechat: it must be an object") for line in told)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(Refusal, match="which cannot be read"):
        payments_of("shop", {}, {"PAY": "wechat", "PAY_SETTINGS": "/nowhere/pay.json"})


@pytest.mark.parametrize(
    ("stage", "url", "words"),
    [
        ("local", "http://127.0.0.1:8003", ""),
        ("sandbox-1", "https://openapi-sandbox.dl.alipaydev.com", ""),
        ("sandbox-1", "http://127.0.0.1:8003", "it must begin with https://"),
        ("local", "http://elsewhere.example.com", "it must begin with https://"),
        ("local", "ftp://127.0.0.1", "it must begin with https://"),
        ("sandbox-1", "https://x.example.com/", "it must be an address without a slash"),
        ("sandbox-1", "https://x.example.com?a=1", "it must be an address without a slash"),
        ("sandboxed", "https://x.example.com", ""),
        ("prod", "https://openapi.alipay.com", "it is for a stage named local or sandbox…"),
    ],
)
def test_a_provider_is_elsewhere_in_a_sandbox_alone(
    read: Callable[..., Any], settings: Settings, stage: str, url: str, words: str
) -> None:
    settings["alipay"]["base_url"] = url
    if words:
        [told] = faults(read, settings, stage=stage, pay="alipay")
        assert told.startswith(f"alipay.base_url: {words}")
    else:
        assert read(settings, stage=stage, pay="alipay").names == ("alipay",)


def test_every_rule_is_of_a_field_and_every_provider_with_settings_has_rules() -> None:
    fields = {(name, field) for name, kind in FIELDS.items() for field in kind.__struct_fields__}
    assert {*RULES} <= fields
    assert {*FIELDS} == {name for name, _ in RULES} == {*PROVIDERS} - {"sandbox"}


@pytest.mark.parametrize("name", [*FIELDS])
def test_a_provider_proves_its_settings_without_money(name: str) -> None:
    there = stand_in(name)
    text = json.dumps(there.settings()).encode()
    assert check(name, text, "https://shop.example.com", InProcess(there, Random(0), CALM)) is None
    assert there.books == []
    away = InProcess(there, Random(0), Misbehaviour(silent=1))
    assert "did not answer" in str(check(name, text, "https://shop.example.com", away))
    strangers = json.dumps(stand_in(name).settings() | KEYS_OF_OTHERS[name]()).encode()
    assert check(name, strangers, "https://shop.example.com", InProcess(there, Random(0), CALM))


KEYS_OF_OTHERS: dict[str, Callable[[], Settings]] = {
    "wechat": lambda: {"private_key": pem()},
    "alipay": lambda: {"private_key": pem()},
    "stripe": lambda: {"secret_key": "rk_test_of_somebody_else"},
}


def test_stripe_has_to_know_where_to_tell_its_news() -> None:
    there = stand_in("stripe")
    text = json.dumps(there.settings()).encode()
    told = check("stripe", text, "https://other.example.com", InProcess(there, Random(0), CALM))
    assert told == ("Stripe has no webhook endpoint that leads to https://other.example.com/api/payments/stripe/events")
