"""WeChat Pay's API v3: signed calls, and answers and notifications that are believed by their signature alone.

Each rule names the page of pay.weixin.qq.com (its title, or its number in the documents of merchants) that has it.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.payments.port import Away, Declined, Reply, Transport

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE = 300
"""Seconds that a signature's time may differ from ours, both ways (4013053420)."""
KEY_BYTES = 32
"""Of an APIv3 key: shorter ones are AES-128, which WeChat Pay never uses."""
PARTS = ("timestamp", "nonce", "serial", "signature")
"""Of what WeChat Pay signs, the headers Wechatpay-…."""
BUSY = frozenset({"SYSTEM_ERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "BIZERR_NEED_RETRY", "BANK_ERROR"})
"""Refusals that ask to be tried again with the same parameters ("错误码")."""


class WechatSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a merchant of WeChat Pay has; `appid` and `app_secret` are of the service account that it is bound to.

    `private_key` is PEM and belongs to the merchant's certificate `serial`. `platform_keys` are WeChat Pay's own keys
    by serial, PEM, as public keys (PUB_KEY_ID_…) or certificates: all are believed, so that it can switch from one to
    another; of several public keys the last is the newest. `h5` says whether H5 payments were granted, which a merchant
    has to apply for.
    """

    appid: str
    app_secret: str
    mchid: str
    serial: str
    private_key: str
    apiv3_key: str
    platform_keys: dict[str, str]
    base_url: str = "https://api.mch.weixin.qq.com"
    h5: bool = True

    def __repr__(self) -> str:
        """Say which merchant, and no key."""
        return f"WechatSettings(mchid={self.mchid!r})"


class WechatGateway:
    """Calls WeChat Pay and reads what it sends. Keys are loaded at the first need of them, and once."""

    def __init__(self, settings: WechatSettings, transport: Transport, clock: Callable[[], datetime]) -> None:
        self.settings, self.transport, self.clock = settings, transport, clock
        self.hosts = tuple(dict.fromkeys((settings.base_url, settings.base_url.replace("://api.", "://api2.", 1))))
        """Its own, and the spare one far from it ("跨城容灾")."""
        self._ours: RSAPrivateKey | None = None
        self._theirs: dict[str, RSAPublicKey] = {}

    def call(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        """Call WeChat Pay, at the spare host too where the first does not answer; return the answer's fields.

        All calls may be sent twice: they name what they are about by the shop's own numbers. An answer of success has
        to be signed; one of failure may lack a signature, but may have no false one. Raise Away, Declined.
        """
        body = b"" if content is None else msgspec.json.encode(content)
        answer = self._sent(method, path, body)
        good = 200 <= answer.status < 300
        if good or "wechatpay-signature" in answer.headers:
            try:
                self.verify(answer.headers, answer.body, self.clock())
            except Unauthorized as error:
                raise Away(f"{_place(path)}: an answer that cannot be believed: {error}") from None
        found = _fields(answer.body) if answer.body else {}
        if good:
            return found
        code, detail = str(found.get("code", "")), str(found.get("message", ""))[:200]
        if answer.status == 429 or code in BUSY or not code:
            raise Away(f"{_place(path)}: HTTP {answer.status} {code}")
        raise Declined(code, detail)

    def fetch(self, url: str) -> bytes:
        """Return a file that an answer named; it comes without a signature. Raise Away."""
        host = next((host for host in self.hosts if url.startswith(f"{host}/")), "")
        if not host:
            raise Away("an answer names a file at a host that is not WeChat Pay's")
        answer = self.transport.send("GET", url, self._headers("GET", url[len(host) :], b""))
        if answer.status != 200:
            raise Away(f"the file could not be fetched: HTTP {answer.status}")
        return answer.body

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raise Unauthorized unless one of WeChat Pay's keys signed this body, and lately.

        Now and then it sends a false signature, WECHATPAY/SIGNTEST/…, to see that it is refused.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        given = {name.lower(): value for name, value in headers.items()}
        at, nonce, serial, sign = (given.get(f"wechatpay-{name}", "") for name in PARTS)
        if not re.fullmatch(r"[0-9]{1,12}", at, re.ASCII) or abs(now.timestamp() - int(at)) > TOLERANCE:
            raise Unauthorized(f"the signature's time is missing, or more than {TOLERANCE} s from ours")
        key = self._public().get(serial.upper())
        if key is None:
            raise Unauthorized("WeChat Pay's key of this serial is not in the settings")
        try:
            signature = base64.b64decode(sign, validate=True)
            key.verify(signature, f"{at}\n{nonce}\n".encode() + body + b"\n", PKCS1v15(), SHA256())
        except (ValueError, InvalidSignature):
            raise Unauthorized("the signature is missing or wrong") from None

    def opened(self, resource: object) -> dict[str, Any]:
        """Return the fields of an encrypted part of a notification (4013053249); raise Malformed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            sealed = msgspec.convert(resource, Sealed)
            if sealed.algorithm != "AEAD_AES_256_GCM":
                raise Malformed("the notification is encrypted in another way than AEAD_AES_256_GCM")
            text = base64.b64decode(sealed.ciphertext, validate=True)
            extra = (sealed.associated_data or "").encode()
            plain = AESGCM(self._secret()).decrypt(sealed.nonce.encode(), text, extra)
            return msgspec.json.decode(plain, type=dict[str, Any])
        except (msgspec.ValidationError, ValueError, InvalidTag) as error:
            raise Malformed(f"the notification cannot be opened: {type(error).__name__}") from None

    def sign(self, *parts: str) -> str:
        """Return the merchant's signature over these parts, each with a line's end."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        message = "".join(f"{part}\n" for part in parts).encode()
        return base64.b64encode(self._private().sign(message, PKCS1v15(), SHA256())).decode()

    def check_keys(self) -> None:
        """Raise ValueError where a key is none, is too short, or is the merchant's own in place of WeChat Pay's."""
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        load_pem_private_key(self.settings.private_key.encode(), None)  # here its parts are tried on one another
        ours, theirs = self._private().public_key(), self._public()
        self._secret()
        if not theirs:
            raise ValueError("platform_keys has none of WeChat Pay's keys")
        if any(each.public_numbers() == ours.public_numbers() for each in theirs.values()):
            raise ValueError("platform_keys has the merchant's own key, not WeChat Pay's")
        if min(each.key_size for each in (ours, *theirs.values())) < 2048:
            raise ValueError("WeChat Pay needs keys of 2048 bits")

    def _sent(self, method: str, path: str, body: bytes) -> Reply:
        """Sends a call, and once more to the spare host where there is no answer, or one that says it is broken."""
        for host in (self.hosts[0], self.hosts[-1]):
            try:
                answer = self.transport.send(method, host + path, self._headers(method, path, body), body)
            except Away as away:
                lost = away
                continue
            if answer.status < 500:
                return answer
            lost = Away(f"{_place(path)}: HTTP {answer.status}")
        raise lost

    def _headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """Returns the headers of a call with its signature (4012365336).

        Wechatpay-Serial asks for answers that are signed with the public key: else they stay on the certificate.
        """
        at, nonce = str(int(self.clock().timestamp())), secrets.token_hex(16)
        text = body.decode()
        fields = {
            "mchid": self.settings.mchid,
            "nonce_str": nonce,
            "timestamp": at,
            "serial_no": self.settings.serial,
            "signature": self.sign(method, path, at, nonce, text),
        }
        wanted = [serial for serial in self.settings.platform_keys if serial.upper().startswith("PUB_KEY_ID_")]
        return {
            "accept": "application/json",
            "user-agent": "cunbo",
            "authorization": f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in fields.items()),
            **({"content-type": "application/json"} if body else {}),
            **({"wechatpay-serial": wanted[-1]} if wanted else {}),
        }

    def _secret(self) -> bytes:
        key = self.settings.apiv3_key.encode()
        if len(key) != KEY_BYTES:
            raise ValueError(f"apiv3_key needs {KEY_BYTES} characters")
        return key

    def _private(self) -> "RSAPrivateKey":
        """Returns the merchant's key; its parts are not tried on one another, which takes longer than all else."""
        if self._ours is None:
            from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
            from cryptography.hazmat.primitives.serialization import load_pem_private_key

            pem = self.settings.private_key.encode()
            key = load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
            if not isinstance(key, RSAPrivateKey):
                raise ValueError("private_key is no RSA key")
            self._ours = key
        return self._ours

    def _public(self) -> "Mapping[str, RSAPublicKey]":
        if not self._theirs:
            self._theirs = {serial.upper(): _public(pem) for serial, pem in self.settings.platform_keys.items()}
        return self._theirs


class Sealed(msgspec.Struct, frozen=True):
    """An encrypted part of a notification; `associated_data` may be empty or missing."""

    algorithm: str
    ciphertext: str
    nonce: str
    associated_data: str | None = None


def _public(pem: str) -> "RSAPublicKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if "BEGIN CERTIFICATE" in pem:
        from cryptography import x509  # takes longer than all else here: public keys are better

        key: object = x509.load_pem_x509_certificate(pem.encode()).public_key()
    else:
        key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise ValueError("platform_keys has a key that is no RSA key")
    return key


def _fields(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Away("an answer that cannot be read") from None


def _place(path: str) -> str:
    """Returns a path as it may be told: a query may hold what is nobody's business."""
    return path.partition("?")[0]


def same(given: object, wanted: str) -> bool:
    """Return whether a field is what it must be."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())
