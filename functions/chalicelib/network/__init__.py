"""How the servers of others are reached, payment providers' and carriers' alike: the port, and what an answer is.

client.py goes over the network; tests go straight to a stand-in.
"""

from collections.abc import Mapping
from typing import Protocol

import msgspec


class Away(Exception):
    """The provider did not answer in time, or says that it cannot now: what was asked may have happened or not."""


class Declined(Exception):
    """The provider answered that it will not, with its own `code`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Reply(msgspec.Struct, frozen=True):
    """An answer of HTTP; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Protocol):
    """How a provider's servers are reached: over the network, or in tests straight to a stand-in."""

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Return the answer, whatever its status; raise Away where there is none in time."""
