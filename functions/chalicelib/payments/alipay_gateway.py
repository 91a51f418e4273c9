"""Alipay's gateway: signed calls, and answers and notifications that are believed by their signature alone."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlencode

import msgspec

from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.payments.port import Away, Declined, Transport

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

HIDDEN = re.compile(rb"&[a-z_]+=")
"""A value that would be signed as fields of their own: so somebody could hide what a true notification says."""


class AlipaySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an app of Alipay's open platform has. Keys are PEM, or the bare base64 that Alipay's tools give.

    `alipay_public_key` may hold several, one after another: all of them are believed while Alipay changes its key.
    """

    app_id: str
    seller_id: str
    private_key: str
    alipay_public_key: str
    base_url: str = "https://openapi.alipay.com"

    def __repr__(self) -> str:
        """Say which app, and no key."""
        return f"AlipaySettings(app_id={self.app_id!r})"


class AlipayGateway:
    """Calls Alipay and reads what it sends. Keys are loaded at the first need of them, and once."""

    def __init__(self, settings: AlipaySettings, transport: Transport, clock: Callable[[], datetime]) -> None:
        self.settings, self.transport, self.clock = settings, transport, clock
        self._ours: RSAPrivateKey | None = None
        self._theirs: list[RSAPublicKey] = []

    def link(self, method: str, content: Mapping[str, Any], **more: str) -> str:
        """Return an address that opens a page of Alipay; it is made here, without a call."""
        return f"{self.settings.base_url}/gateway.do?{urlencode(self._signed(method, content, **more))}"

    def check_keys(self) -> None:
        """Raise ValueError where a key is none, is too short, or is the app's own in place of Alipay's."""
        from cryptography.hazmat.primitives.serialization import load_der_private_key

        load_der_private_key(_ders(self.settings.private_key)[0], None)  # here its parts are tried on one another
        ours = self._private().public_key()
        for each in self._public():
            if each.public_numbers() == ours.public_numbers():
                raise ValueError("alipay_public_key is the app's own public key, not Alipay's")
        if min(each.key_size for each in (ours, *self._public())) < 2048:
            raise ValueError("RSA2 needs keys of 2048 bits")

    def call(self, method: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Call the gateway; return the answer's fields, once its signature over their exact bytes is right."""
        signed = self._signed(method, content)
        form = urlencode({"biz_content": signed.pop("biz_content")}).encode()
        url = f"{self.settings.base_url}/gateway.do?{urlencode(signed)}"  # charset must stand here, else it reads GBK
        answer = self.transport.send("POST", url, {"content-type": "application/x-www-form-urlencoded"}, form)
        if answer.status != 200:
            raise Away(f"{method}: HTTP {answer.status}")
        try:
            parts = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
            name = next(name for name in (method.replace(".", "_") + "_response", "error_response") if name in parts)
            found = msgspec.json.decode(parts[name], type=dict[str, Any])
            code, detail = str(found.get("sub_code") or found.get("code")), str(found.get("sub_msg", ""))[:200]
            sign = msgspec.json.decode(parts["sign"], type=str) if "sign" in parts else ""
        except (msgspec.DecodeError, UnicodeDecodeError, StopIteration):
            raise Away(f"{method}: an answer that cannot be read") from None
        if not self._fits(bytes(parts[name]), sign):
            raise Away(f"{method}: an answer without Alipay's signature: {code}")
        if str(found.get("code")) == "10000":
            return found
        if str(found.get("code")) in {"20000", "40005"} or code.upper().endswith(("SYSTEM_ERROR", "UNKNOW_ERROR")):
            raise Away(f"{method}: {code}")
        raise Declined(code, detail)

    def _signed(self, method: str, content: Mapping[str, Any], **more: str) -> dict[str, str]:
        """Returns the parameters of a call, in order and with their signature ("签名", 自行实现签名)."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        asked = {
            "app_id": self.settings.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": beijing(self.clock()),
            "version": "1.0",
            "biz_content": msgspec.json.encode(content).decode(),
            **more,
        }
        signed = {name: asked[name] for name in sorted(asked) if asked[name]}
        text = "&".join(f"{name}={value}" for name, value in signed.items())
        signature = self._private().sign(text.encode(), PKCS1v15(), SHA256())
        return {**signed, "sign": base64.b64encode(signature).decode()}

    def verified(self, body: bytes) -> dict[str, str]:
        """Return the fields of a form that Alipay signed, whatever its charset: the signature is over the bytes.

        Trades are signed without sign_type, some other notifications with it ("异步返回结果的验签").
        """
        form: dict[str, bytes] = {}
        for pair in filter(None, body.split(b"&")):
            name, _, value = (unquote_to_bytes(part.replace(b"+", b" ")) for part in pair.partition(b"="))
            if HIDDEN.search(value):
                raise Malformed("the notification has a field inside another")
            form[name.decode("latin-1")] = value
        sign = form.pop("sign", b"").decode("latin-1")
        if form.get("sign_type", b"RSA2") != b"RSA2":
            raise Unauthorized("the notification is not signed with RSA2")
        for left_out in ({"sign_type"}, set[str]()):
            names = sorted(name for name in form if form[name] and name not in left_out)
            if self._fits(b"&".join(name.encode("latin-1") + b"=" + form[name] for name in names), sign):
                return {name: form[name].decode("utf-8", "replace") for name in names}  # nothing that is not signed
        raise Unauthorized("the notification's signature is missing or wrong")

    def _fits(self, message: bytes, sign: str) -> bool:
        """Says whether one of Alipay's keys signed exactly this."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            signature = base64.b64decode(sign, validate=True)
        except ValueError:
            return False
        for each in self._public():
            try:
                each.verify(signature, message, PKCS1v15(), SHA256())
                return True
            except InvalidSignature:
                continue
        return False

    def _private(self) -> "RSAPrivateKey":
        """Returns the app's key; its parts are not tried on one another, which takes longer than all else (`check`)."""
        if self._ours is None:
            from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
            from cryptography.hazmat.primitives.serialization import load_der_private_key

            key = load_der_private_key(_ders(self.settings.private_key)[0], None, unsafe_skip_rsa_key_validation=True)
            if not isinstance(key, RSAPrivateKey):
                raise ValueError("private_key is no RSA key")
            self._ours = key
        return self._ours

    def _public(self) -> "list[RSAPublicKey]":
        if not self._theirs:
            from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
            from cryptography.hazmat.primitives.serialization import load_der_public_key

            keys = [load_der_public_key(der) for der in _ders(self.settings.alipay_public_key)]
            if not all(isinstance(key, RSAPublicKey) for key in keys):
                raise ValueError("alipay_public_key is no RSA key")
            self._theirs = [key for key in keys if isinstance(key, RSAPublicKey)]
        return self._theirs


def beijing(at: datetime) -> str:
    """Return an instant as Alipay writes it: Beijing's time, to the second."""
    return at.astimezone(VILLAGE).strftime("%Y-%m-%d %H:%M:%S")


def _ders(text: str) -> list[bytes]:
    """Returns the keys in a text of PEM blocks, or of bare base64."""
    blocks = re.findall(r"-----BEGIN [A-Z ]+-----(.*?)-----END [A-Z ]+-----", text, re.DOTALL) or [text]
    return [base64.b64decode("".join(block.split()), validate=True) for block in blocks]
