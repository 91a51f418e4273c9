"""Visits every state of a model, the nearest first, and tells the shortest way to one that must not be. No I/O.

A model says where it begins and what may happen in each state. States are remembered by a digest of 128 bits, and by
the move that first led there, so that a violation is told as a list of moves in words.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Protocol, TypeVar

import msgspec

S = TypeVar("S")


class Model(Protocol[S]):
    """What is explored. All of it must follow from the state alone: no chance, no clock."""

    name: str

    def begin(self) -> S:
        """Return the state that it begins in."""

    def moves(self, state: S) -> Iterator[tuple[str, S]]:
        """Yield all that may happen in the state, in words, with what comes of it: itself where nothing does."""

    def key(self, state: S) -> bytes:
        """Return the state as bytes: the same for the same state, others for any other."""

    def broken(self, state: S) -> str | None:
        """Return what is wrong with the state, in words; None where all invariants hold."""

    def broken_by(self, before: S, words: str, after: S) -> str | None:
        """Return what is wrong with a move, in words; None where it may be."""

    def rests(self, state: S) -> bool:
        """Return whether nothing more comes of the state, whatever is begun in it."""

    def unfinished(self, state: S) -> str | None:
        """Return what is left undone in a state that rests, in words; None where all is done."""


class Violation(msgspec.Struct, frozen=True):
    """What is wrong, and the shortest way there: the moves, in words, from the beginning."""

    what: str
    moves: tuple[str, ...]

    def __str__(self) -> str:
        lines = (f"  {number:2}. {words}" for number, words in enumerate(self.moves, 1))
        return "\n".join([self.what, *lines])


class Explored(msgspec.Struct, frozen=True):
    """What was seen: `states` and `edges` between them, the `depth` of the farthest, in so many seconds."""

    name: str
    states: int
    edges: int
    depth: int
    seconds: float
    violation: Violation | None = None

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.states:,} states, {self.edges:,} edges, {self.depth} moves deep, {self.seconds:.1f} s"
        )


def explore(
    model: Model[S],
    edge: Callable[[S, str, S], str | None] = lambda *_: None,
    seen: Callable[[int, int], None] = lambda *_: None,
) -> Explored:
    """Visit every state until all are seen or something is wrong.

    `edge` hears of each edge, and says what is wrong with it, if anything: a replay elsewhere. `seen` is told, now and
    then, how many states are known and how many of them wait to be visited.
    """
    started = time.perf_counter()
    first = model.begin()
    known: dict[bytes, tuple[bytes, str] | None] = {_digest(model, first): None}
    waiting = deque([(first, _digest(model, first), 0)])
    edges = depth = 0

    def end(what: str = "", at: bytes = b"", last: str = "") -> Explored:
        violation = Violation(what, (*_way(known, at), *([last] if last else []))) if what else None
        return Explored(model.name, len(known), edges, depth, time.perf_counter() - started, violation)

    if what := model.broken(first):
        return end(what, _digest(model, first))
    while waiting:
        state, digest, depth = waiting.popleft()
        for words, after in model.moves(state):
            edges += 1
            if what := edge(state, words, after):
                return end(what, digest, words)
            if after is state:
                continue
            if what := model.broken_by(state, words, after):
                return end(what, digest, words)
            found = _digest(model, after)
            if found in known:
                continue
            known[found] = digest, words
            if what := model.broken(after):
                return end(what, found)
            waiting.append((after, found, depth + 1))
            if len(known) % 1_000 == 0:
                seen(len(known), len(waiting))
        if model.rests(state) and (what := model.unfinished(state)):
            return end(f"nothing more comes of it, and {what}", digest)
    return end()


def _digest(model: Model[S], state: S) -> bytes:
    return blake2b(model.key(state), digest_size=16).digest()


def _way(known: dict[bytes, tuple[bytes, str] | None], at: bytes) -> tuple[str, ...]:
    moves: list[str] = []
    while step := known[at]:
        at, words = step
        moves.append(words)
    return tuple(reversed(moves))
