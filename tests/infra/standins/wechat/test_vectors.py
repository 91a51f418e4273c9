"""What the stand-in of WeChat Pay signs and encrypts is what the real one does."""

import base64
import json
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cunbo.core.paths import ROOT
from cunbo.standins.wechat import APIV3_KEY, seal, signed_text
from cunbo.standins.wechat_trades import MCHID

from tests.infra.standins.wechat.calls import make

VECTORS = json.loads((ROOT / "tests/functions/payments/wechat_vectors.json").read_text(encoding="utf-8"))


def test_what_it_encrypts_is_what_the_real_one_encrypts() -> None:
    case, resource = VECTORS["notification"], json.loads(VECTORS["notification"]["body"])["resource"]
    sealed = seal(case["key"].encode(), resource["nonce"], resource["associated_data"], case["plaintext"].encode())
    assert sealed == resource["ciphertext"]
    case = VECTORS["aes"]
    sealed = seal(case["key"].encode(), case["nonce"], case["associated_data"], case["plaintext"].encode())
    assert sealed == case["ciphertext"]
    case = VECTORS["aes256"]
    for extra, ciphertext in case["ciphertexts"].items():
        assert seal(case["key"].encode(), case["nonce"], extra, case["plaintext"].encode()) == ciphertext


def test_what_it_signs_is_what_the_real_one_signs() -> None:
    case = VECTORS["notification"]
    headers = case["headers"]
    message = signed_text(headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], case["body"])
    key: Any = x509.load_pem_x509_certificate(case["certificate"].encode()).public_key()
    key.verify(base64.b64decode(headers["Wechatpay-Signature"]), message, padding.PKCS1v15(), hashes.SHA256())


def test_its_notification_has_the_fields_of_a_real_one_and_opens_with_the_key() -> None:
    bench = make()
    bench.paid()
    bench.stand_in.deliver()
    [(headers, body)] = bench.posted
    real, ours = json.loads(VECTORS["notification"]["body"]), json.loads(body)
    assert set(ours) == set(real)
    assert set(ours["resource"]) == set(real["resource"])
    assert {name.lower() for name in VECTORS["notification"]["headers"]} <= set(headers)
    resource = ours["resource"]
    cipher, extra = base64.b64decode(resource["ciphertext"]), resource["associated_data"].encode()
    assert json.loads(AESGCM(APIV3_KEY.encode()).decrypt(resource["nonce"].encode(), cipher, extra))["mchid"] == MCHID
