"""A use case that is under way: the shop's own code, stopped before each thing that others could notice.

What it has read is kept, and it is run again from the beginning with the same answers to come to where it stood; so it
can be overtaken, or end, between any two of its calls. Reads are answered at once: a process stands still only before
a write, and before it asks a payment provider.
"""

import re
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from botocore.exceptions import ClientError

WRITES = frozenset({"put_item", "update_item", "delete_item", "transact_write_items"})
OUTSIDE = "outside"
"""The operation of asking somebody else than the table."""

Call = tuple[str, dict[str, Any]]
"""An operation of the table's client, or OUTSIDE, and what is asked."""


class TapAnswer(msgspec.Struct, frozen=True):
    """What a call was answered, at the instant of which index; `error` is botocore's, where it failed."""

    now: int
    found: Any = None
    error: dict[str, Any] | None = None


Note = Callable[[Call, TapAnswer], None]
"""Hears of a call of the table, and of its answer."""


class Process(msgspec.Struct, frozen=True):
    """A use case under way: when it `began`, what it `heard` since, and the `call` that it stands before."""

    began: int
    heard: tuple[TapAnswer, ...]
    call: Call
    digest: bytes = b""


class CallRecord(msgspec.Struct, frozen=True):
    """A call of a table, what it was answered, and the digest of the table `after` it."""

    call: Call
    answer: TapAnswer
    after: bytes


class Paused(BaseException):
    """The process stands before a call; no `except Exception` of the shop may take it for a failure."""

    def __init__(self, process: Process | None) -> None:
        super().__init__("paused")
        self.process = process


class Tap:
    """Stands between a use case and the table: answers from what was heard, then reads, and stops before a write.

    Where its last write was done it goes on to what it does without reading again, and no farther: whatever it would
    read, another that begins there reads too. `note` hears of each call that the table answers.
    """

    def __init__(self, table: Any, began: int, heard: Sequence[TapAnswer], note: Note) -> None:
        self.table, self.began, self.heard, self.note = table, began, [*heard], note
        self.over = False
        self.next = 0

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """Return an operation, as botocore's client has it."""
        return lambda **request: self.ask(operation, request)

    def instant(self) -> int:
        """Return the index of the instant: that of the last answer, since what follows an answer is done at once."""
        return self.heard[self.next - 1].now if self.next else self.began

    def ask(self, operation: str, request: dict[str, Any]) -> Any:
        """Return the answer to a call, or raise Paused before it."""
        if self.next < len(self.heard):
            answer = self.heard[self.next]
        elif operation in WRITES or operation == OUTSIDE:
            raise Paused(_paused(self.began, self.heard, (operation, request)))
        elif self.over:
            raise Paused(None)
        else:
            answer = self._answered((operation, request), self.instant())
        self.next += 1
        if answer.error:
            raise ClientError(answer.error, operation)  # type: ignore[arg-type]
        return answer.found

    def write(self, call: Call, now: int) -> None:
        """Do the write that the process stood before."""
        self.over = self._answered(call, now).error is None

    def _answered(self, call: Call, now: int) -> TapAnswer:
        answer = answered(self.table, call, now)
        self.heard.append(answer)
        self.note(call, answer)
        return answer


def answered(table: Any, call: Call, now: int) -> TapAnswer:
    """Return what the table answers."""
    operation, request = call
    try:
        found = getattr(table, operation)(**request)
    except ClientError as error:
        return TapAnswer(now, error=_without_words(dict(error.response)))
    return TapAnswer(now, _told(operation, found))


def _told(operation: str, found: dict[str, Any]) -> dict[str, Any]:
    """What matters of an answer: what was read."""
    if operation in WRITES:
        return {}
    return {name: found[name] for name in ("Item", "Items", "Responses", "UnprocessedKeys") if name in found}


def _without_words(response: dict[str, Any]) -> dict[str, Any]:
    reasons = [
        {name: reason[name] for name in ("Code", "Item") if name in reason}
        for reason in response.get("CancellationReasons", [])
    ]
    return {"Error": {"Code": response["Error"]["Code"], "Message": ""}, "CancellationReasons": reasons}


ENCODER = msgspec.json.Encoder(order="deterministic")
WHEN = re.compile(rb"""(?:\\"(?:at|retry_at)\\":|"due_at":{"S":|\[)\\?"(20\d\d-\d\d-\d\dT[^"\\]+)\\?"(?![^\\]\\"\d)""")
"""When something happened to an order, as its item has it: letters and the index of what is due ask for it, and no
rule. So states that differ by this alone are one."""


def bytes_of(facts: Any) -> bytes:
    """Return facts as bytes, which are the same where only the instants differ at which something happened."""
    return WHEN.sub(b"", ENCODER.encode(facts))


def _paused(began: int, heard: Sequence[TapAnswer], call: Call) -> Process:
    digest = blake2b(bytes_of((began, heard, call)), digest_size=16).digest()
    return Process(began, tuple(heard), call, digest)
