"""By what a stage is paid: which providers PAY names, with which settings and keys, as PAY_SETTINGS has them.

Whatever is wrong with them is told at once, field by field, before anything is deployed. Keys are never told.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from chalicelib.domain import settings
from chalicelib.domain.settings import BadSetting, is_sandbox
from chalicelib.network.client import Network
from chalicelib.payments import make
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Away, Declined, Transport
from chalicelib.payments.stripe_api import StripeSettings
from chalicelib.payments.wechat_gateway import KEY_BYTES, WechatSettings
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from cunbo.core.cloud import Cloud
from cunbo.core.refusal import Refusal
from cunbo.deploy.package import LOCAL
from cunbo.deploy.secret import put
from cunbo.deploy.stack import Outputs

FIELDS: dict[str, type[msgspec.Struct]] = {"wechat": WechatSettings, "alipay": AlipaySettings, "stripe": StripeSettings}
"""The settings of each provider that has any."""
BITS = 2048
"""Of a key, at least: what WeChat Pay and Alipay sign with."""
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
PATIENCE = 20.0
"""Seconds that a provider may take to answer a check: no shopper waits with it."""


@dataclass(frozen=True)
class PaymentSettings:
    """The providers of a stage in the order of offering, and the settings of those that are given anew, as JSON."""

    names: tuple[str, ...] = ("sandbox",)
    given: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, str]:
        """What the stack is told of them."""
        uses = {f"Pay{name.capitalize()}": "yes" if name in self.names else "" for name in FIELDS}
        return {"Pay": ",".join(self.names), **uses}

    def keep(self, cloud: Cloud, outputs: Outputs) -> None:
        """Put the settings that are given into the secrets of the stack, where they are not there."""
        for name, text in self.given.items():
            put(cloud, outputs[f"{name.capitalize()}SecretId"], text.decode())


SANDBOX = PaymentSettings()
"""The sandbox alone."""


def payments_of(stage: str, before: Mapping[str, str], environ: Mapping[str, str]) -> PaymentSettings:
    """Return by what the stage is paid: as PAY and PAY_SETTINGS say, else as before, by the stack's parameters.

    Raise Refusal with all that is wrong.
    """
    faults: list[str] = []
    try:
        names = settings.pay(environ.get("PAY") or before.get("Pay", ""), stage)
    except BadSetting as wrong:
        faults.append(str(wrong))
        names = ()
    given = _file(environ["PAY_SETTINGS"], faults) if environ.get("PAY_SETTINGS") else {}
    faults += [f"{name}: there is no provider of this name that has settings" for name in given if name not in FIELDS]
    for name in names:
        if name in given:
            faults += faults_of(name, given[name], stage)
        elif name in FIELDS and before.get(f"Pay{name.capitalize()}") != "yes":
            faults.append(f"{name}: PAY names it, and PAY_SETTINGS has no settings of it")
    if faults:
        raise Refusal("\n  ".join(["these settings of payments cannot be used:", *faults]))
    return PaymentSettings(names, {name: msgspec.json.encode(given[name]) for name in names if name in given})


def check(name: str, text: bytes, shop_url: str, transport: Transport | None = None) -> str | None:
    """Ask the provider whether these settings are good, without money; return what is wrong, None for nothing."""
    notify_url = f"{shop_url}/api/payments/{name}/events"
    try:
        provider: Any = make(name, text, transport or Network(PATIENCE), notify_url, lambda: datetime.now(UTC))
        provider.check()  # all that have settings have it
    except (BadSetting, ValueError) as wrong:
        return str(wrong)
    except Declined as refused:
        return f"the provider refuses: {refused}"
    except Away as away:
        return f"the provider did not answer, or not with a signature that fits, so nothing is proved: {away}"
    return None


def _file(path: str, faults: list[str]) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(Path(path).read_bytes())
    except OSError as error:
        faults.append(f"PAY_SETTINGS is {path}, which cannot be read: {error.strerror}")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        faults.append(f"PAY_SETTINGS is {path}, which is no JSON: {error}")
    else:
        if isinstance(found, dict):
            return found
        faults.append(f"PAY_SETTINGS is {path}: it must be an object, with one object a provider")
    return {}


def faults_of(name: str, given: object, stage: str) -> list[str]:
    """Return what is wrong with a provider's settings, each named as provider.field."""
    if not isinstance(given, dict):
        return [f"{name}: it must be an object"]
    fields = {one.name: one for one in msgspec.structs.fields(FIELDS[name])}
    faults = [(one, "it is no setting of this provider") for one in given if one not in fields]
    for one in fields.values():
        if one.name not in given:
            faults += [(one.name, "it is missing")] if one.required else []
            continue
        try:
            value = msgspec.convert(given[one.name], one.type)
        except msgspec.ValidationError as error:
            faults.append((one.name, str(error)))
            continue
        if value in ("", {}):
            faults.append((one.name, "it is empty"))
        elif rule := RULES.get((name, one.name)):
            faults += [(one.name, words) for words in rule(value)]
    faults += [("base_url", words) for words in _place(given.get("base_url"), stage)]
    if name == "stripe" and not is_sandbox(stage) and "_test_" in str(given.get("secret_key", "")):
        faults.append(("secret_key", f"it is for tests, and STAGE is {stage}: its money is made up"))
    if not faults and name != "stripe":
        faults += [("keys", words) for words in _together(name, given)]
    return [f"{name}.{one}: {words}" for one, words in faults]


def _place(url: object, stage: str) -> Iterator[str]:
    """What is wrong with a base_url, by which a provider is somewhere else than it is."""
    if not isinstance(url, str):
        return
    parts = urlsplit(url)
    if not is_sandbox(stage):
        yield f"it is for a stage named local or sandbox… alone, and STAGE is {stage}: leave it out"
    elif parts.scheme != "https" and not (stage == LOCAL and parts.scheme == "http" and parts.hostname in LOOPBACK):
        yield "it must begin with https://"
    elif not parts.hostname or parts.query or parts.fragment or url.endswith("/"):
        yield "it must be an address without a slash, a query or a fragment at its end"


def _together(name: str, given: object) -> Iterator[str]:
    """What is wrong with keys that are each a key: such as one's own in place of the provider's."""
    provider: Any = make(name, msgspec.json.encode(given), Network(), "", lambda: datetime.now(UTC))
    try:
        provider.gateway.check_keys()
    except ValueError as wrong:
        yield str(wrong)


# ---- Rules of one field


def _private(text: str) -> Iterator[str]:
    try:
        [der] = _ders(text)
        key = load_der_private_key(der, None)
    except (ValueError, TypeError):
        yield "it is no private key as PEM text, without a password"
        return
    yield from _strong(key, RSAPrivateKey)


def _public(text: str) -> Iterator[str]:
    for der in _ders(text) or [b""]:
        try:
            key: object = load_der_public_key(der)
        except ValueError:
            yield "it is no public key as PEM text"
        else:
            yield from _strong(key, RSAPublicKey)


def _platform_keys(keys: Mapping[str, str]) -> Iterator[str]:
    for serial, text in keys.items():
        if "BEGIN CERTIFICATE" in text:
            try:
                wrong = [*_strong(x509.load_pem_x509_certificate(text.encode()).public_key(), RSAPublicKey)]
            except ValueError:
                wrong = ["it is no certificate"]
        else:
            wrong = [*_public(text)]
        yield from (f"{serial}: {words}" for words in wrong)


def _strong(key: object, kind: type) -> Iterator[str]:
    if not isinstance(key, kind):
        yield "it is no RSA key"
    elif getattr(key, "key_size", 0) < BITS:
        yield f"it has fewer than {BITS} bits"


def _ders(text: str) -> list[bytes]:
    """The keys in a text of PEM blocks, or of bare base64, as Alipay's tools give it."""
    blocks = re.findall(r"-----BEGIN [A-Z ]+-----(.*?)-----END [A-Z ]+-----", text, re.DOTALL) or [text]
    try:
        return [base64.b64decode("".join(block.split()), validate=True) for block in blocks]
    except ValueError:
        return []


def _fits(pattern: str, words: str) -> Callable[[str], Iterator[str]]:
    def rule(value: str) -> Iterator[str]:
        if not re.fullmatch(pattern, value, re.ASCII):
            yield words

    return rule


RULES: dict[tuple[str, str], Callable[[Any], Iterator[str]]] = {
    ("wechat", "appid"): _fits(r"wx[0-9a-zA-Z]{16}", "an appid is wx and 16 letters or digits"),
    ("wechat", "mchid"): _fits(r"[0-9]{8,10}", "a merchant's number has 8 to 10 digits"),
    ("wechat", "serial"): _fits(r"[0-9A-Fa-f]{16,64}", "a certificate's serial number is written in hex"),
    ("wechat", "apiv3_key"): _fits(rf"[!-~]{{{KEY_BYTES}}}", f"an APIv3 key has {KEY_BYTES} characters"),
    ("wechat", "private_key"): _private,
    ("wechat", "platform_keys"): _platform_keys,
    ("alipay", "app_id"): _fits(r"[0-9]{16}", "an app's id has 16 digits"),
    ("alipay", "seller_id"): _fits(r"2088[0-9]{12}", "a seller's id has 16 digits and begins with 2088"),
    ("alipay", "private_key"): _private,
    ("alipay", "alipay_public_key"): _public,
    ("stripe", "secret_key"): _fits(
        r"(rk_live|rk_test|sk_test)_\S+", "it must be a restricted key: rk_live_… or rk_test_…"
    ),
    ("stripe", "webhook_secret"): _fits(r"whsec_\S+(\s+whsec_\S+)*", "it must be a signing secret: whsec_…"),
}
"""What a field of a provider must be, beyond its type."""
