"""The stage's secret, and all that is derived from it: order numbers, tokens, pseudonyms and signatures.

One secret serves each purpose through a label of its own. After a rotation the old secrets are kept: an old
idempotency key must find its order for ever, and an old order page's link must open it.

A rotation has two steps, since processes read the secret once and the old ones go on for a while. First the new secret
is announced: it is believed, and looked for, but makes nothing. Once every process knows it, it is promoted. So of any
two processes that run at once each knows what the other makes order numbers from, and one idempotency key stays one
order: each writes its own number on the condition that none of the others it knows exists.
"""

import base64
import hashlib
import hmac
import re
from datetime import date, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.domain.errors import Fault, Malformed

IDEMPOTENCY_KEY = re.compile(r"[0-9A-Za-z_-]{16,64}", re.ASCII)
NUMBER = re.compile(r"[0-9]{20}", re.ASCII)
"""The number of an order, or of a place on a waitlist: digits only, so that it can be read out on the phone; 20 of
them, so that no two keys meet."""


FIRST_DAY = date(2026, 1, 1)
"""From which the days of sent links are counted, in 15 bits: for 89 years."""


class Proof(msgspec.Struct, frozen=True):
    """That a link was sent on a day of the village, to the order's phone, or to its mailbox."""

    day: date
    by_phone: bool


class Ticket(msgspec.Struct, frozen=True):
    """The order number that an idempotency key leads to, and the token that opens it."""

    number: str
    token: str


Secret = Annotated[str, Meta(min_length=32)]


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stage's secret as Secrets Manager holds it."""

    current: Secret
    old: tuple[Secret, ...] = ()
    next: Secret | None = None
    """Announced: it becomes the current one."""

    def announced(self, secret: str) -> "Keys":
        """Return what is kept while all processes come to know the next secret; one that was announced stays it."""
        return self if self.next else msgspec.structs.replace(self, next=secret)

    def promoted(self) -> "Keys":
        """Return what is kept once all processes know the next secret."""
        if self.next is None:
            return self
        return msgspec.structs.replace(self, current=self.next, old=(self.current, *self.old), next=None)

    def tickets(self, idempotency_key: str) -> list[Ticket]:
        """Return a ticket for each secret, the current one's first; raise Malformed for a key of another form."""
        if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
            words = "16 to 64 of 0-9, A-Z, a-z, _ and -, made by the client for this order"
            raise Malformed(f"the header Idempotency-Key must have {words}", [Fault("/Idempotency-Key", words)])
        numbers = ((secret, _number(secret, "order", idempotency_key)) for secret in self._secrets)
        return [Ticket(number, _token(secret, number)) for secret, number in numbers]

    def places(self, sku: str, mailbox: str) -> list[str]:
        """Return the number of this mailbox's place on the SKU's waitlist by each secret, the current one's first."""
        return [_number(secret, "place", f"{sku}\n{mailbox}") for secret in self._secrets]

    def numbers(self, purpose: str, *facts: str) -> list[str]:
        """Return the number of what these facts name, for that purpose, by each secret, the current one's first."""
        return [_number(secret, purpose, "\n".join(facts)) for secret in self._secrets]

    def token(self, number: str) -> str:
        """Return the token that opens the order or place."""
        return _token(self.current, number)

    def opens(self, number: str, token: str) -> bool:
        """Return whether the token opens the order or place, in the same time for a wrong token as for a right one."""
        given = token.encode()
        # A list, not any() of a generator: all secrets are compared, so the time tells nothing.
        fits = [hmac.compare_digest(_token(secret, number).encode(), given) for secret in self._secrets]
        return any([*fits, self.proof(number, token) is not None])

    def sent_token(self, number: str, proof: "Proof") -> str:
        """Return a token that opens the order as its other one does, and proves whose phone or mailbox it was sent to.

        It is as long as the other one: a text message has no room for more.
        """
        return _sent_token(self.current, number, _packed(proof))

    def proof(self, number: str, token: str) -> "Proof | None":
        """Return what the token of a sent link proves; None for every other token."""
        try:
            packed = base64.urlsafe_b64decode(token.encode())[-2:]
        except ValueError:
            packed = b""
        sent = (_sent_token(secret, number, packed).encode() for secret in self._secrets)
        fits = [hmac.compare_digest(one, token.encode()) for one in sent]
        return _unpacked(packed) if any(fits) else None

    def signature(self, purpose: str, message: str) -> str:
        """Return the signature of a message, in hex. Signatures for one purpose are worth nothing for another."""
        return _mac(self.current, purpose, message).hex()

    def signed(self, purpose: str, message: str, signature: str) -> bool:
        """Return whether the stage has signed this by any of its secrets, in the same time where it has not."""
        fits = [hmac.compare_digest(_mac(secret, purpose, message).hex(), signature) for secret in self._secrets]
        return any(fits)

    def pseudonyms(self, purpose: str, *facts: str) -> list[str]:
        """Return what stands for personal data in the table's keys: 24 hex digits by each secret, the current first.

        96 bits: two of a billion people share one with a chance of one in 10^11, and each digit is paid in every write.
        """
        return [_mac(secret, purpose, "\n".join(facts)).hex()[:24] for secret in self._secrets]

    @property
    def _secrets(self) -> list[str]:
        """The current one first; each once, even where somebody wrote one twice into the secret by hand."""
        return [*dict.fromkeys((self.current, *filter(None, [self.next]), *self.old))]


def _mac(secret: str, purpose: str, message: str) -> bytes:
    return hmac.digest(secret.encode(), f"{purpose}:{message}".encode(), hashlib.sha256)


def _number(secret: str, purpose: str, message: str) -> str:
    return f"{int.from_bytes(_mac(secret, purpose, message)) % 10**20:020}"


def _token(secret: str, number: str) -> str:
    return base64.urlsafe_b64encode(_mac(secret, "token", number)[:24]).decode()


def _sent_token(secret: str, number: str, packed: bytes) -> str:
    """A digest two bytes shorter than another token's, with the day and the way behind it."""
    return base64.urlsafe_b64encode(_mac(secret, "sent", f"{number}\n{packed.hex()}")[:22] + packed).decode()


def _packed(proof: Proof) -> bytes:
    return ((proof.day - FIRST_DAY).days * 2 + proof.by_phone).to_bytes(2)


def _unpacked(packed: bytes) -> Proof:
    days, by_phone = divmod(int.from_bytes(packed), 2)
    return Proof(FIRST_DAY + timedelta(days=days), bool(by_phone))
