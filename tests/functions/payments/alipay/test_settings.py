"""Settings are proved before they are used, and show no key."""

import subprocess
import sys

import msgspec
import pytest
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Away, Declined
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.functions.payments.alipay.seller import NONE, OURS, PEM, PKCS8, SETTINGS, THEIRS, alipay, public, refused


def test_the_settings_are_proved_by_a_call_that_names_no_order() -> None:
    client = alipay(refused("alipay.trade.query", "ACQ.TRADE_NOT_EXIST"))
    client.check()
    [(_, _, body)] = client.transport.sent  # type: ignore[attr-defined]
    assert b"00000000000000000000_0" in body


def weak() -> str:
    return public(rsa.generate_private_key(65537, 1024))


def inconsistent() -> str:
    numbers = OURS.private_numbers()
    wrong = rsa.RSAPrivateNumbers(
        numbers.p, numbers.q, numbers.d + 2, numbers.dmp1, numbers.dmq1, numbers.iqmp, numbers.public_numbers
    )
    return wrong.private_key(unsafe_skip_rsa_key_validation=True).private_bytes(PEM, PKCS8, NONE).decode()


def curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("alipay_public_key", public(OURS)),
        ("alipay_public_key", weak()),
        ("alipay_public_key", curve()),
        ("alipay_public_key", ""),
        ("alipay_public_key", "not a key"),
        ("private_key", public(THEIRS)),
        ("private_key", ""),
        ("private_key", inconsistent()),
    ],
)
def test_keys_that_cannot_be_right_are_found_without_a_call(field: str, value: str) -> None:
    client = alipay(refused("alipay.trade.query", "ACQ.TRADE_NOT_EXIST"), **{field: value})
    with pytest.raises(ValueError, match=r".") as caught:
        client.check()
    assert client.transport.sent == []  # type: ignore[attr-defined]
    assert value[30:80] not in str(caught.value) or not value[30:80]


def test_a_wrong_app_is_found_by_the_call() -> None:
    with pytest.raises(Declined):
        alipay(refused("alipay.trade.query", "isv.invalid-signature", code="40002")).check()
    with pytest.raises(Away, match="invalid-app-id"):
        alipay(b'{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}').check()


def test_settings_show_no_key_and_take_no_unknown_field() -> None:
    assert "KEY" not in repr(SETTINGS)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(SETTINGS), "secret": "x"}, AlipaySettings)


def test_the_shop_starts_without_cryptography() -> None:
    code = "import sys, chalicelib.payments.alipay; assert not [m for m in sys.modules if m.startswith('cryptography')]"
    subprocess.run([sys.executable, "-c", code], check=True)
