"""Settings are proved before they are used, and tell no secret."""

import subprocess
import sys
from typing import Any

import msgspec
import pytest
from chalicelib.payments.port import Away, Declined
from chalicelib.payments.wechat_gateway import WechatSettings
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.functions.payments.wechat.merchant import KEY_ID, OURS, SETTINGS, private, public, refusal, sent, wechat


def test_a_check_proves_keys_and_a_call_without_money() -> None:
    provider, transport = wechat(refusal(404, "ORDER_NOT_EXIST"))
    provider.check()
    assert sent(transport)[0] == "GET"
    with pytest.raises(Declined):
        wechat(refusal(401, "SIGN_ERROR"))[0].check()
    with pytest.raises(Away):
        wechat(Away("slow"))[0].check()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"private_key": "x"}, "PEM"),
        ({"private_key": private(ec.generate_private_key(ec.SECP256R1()))}, "private_key is no RSA key"),
        ({"private_key": private(rsa.generate_private_key(65537, 1024))}, "2048"),
        ({"apiv3_key": "k" * 16}, "32"),
        ({"apiv3_key": "键" * 32}, "32"),
        ({"platform_keys": {}}, "none of WeChat Pay's keys"),
        ({"platform_keys": {KEY_ID: public(OURS)}}, "the merchant's own key"),
        ({"platform_keys": {KEY_ID: public(ec.generate_private_key(ec.SECP256R1()))}}, "no RSA key"),
        ({"platform_keys": {KEY_ID: "x"}}, "PEM"),
    ],
)
def test_a_check_refuses_keys_that_do_not_fit(changes: dict[str, Any], why: str) -> None:
    provider, transport = wechat(refusal(404, "ORDER_NOT_EXIST"), **changes)
    with pytest.raises(ValueError, match=why):
        provider.check()
    assert transport.sent == []


def test_settings_say_no_secret_and_take_no_unknown_field() -> None:
    assert repr(SETTINGS) == "WechatSettings(mchid='1900000001')"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.structs.asdict(SETTINGS), "more": ""}, WechatSettings)


def test_the_shop_starts_without_cryptography() -> None:
    code = "import sys, chalicelib.payments.wechat; assert not [m for m in sys.modules if m.startswith('cryptography')]"
    subprocess.run([sys.executable, "-c", code], check=True)
