"""What the command is doing, a line for each step, with the time that it took; and how it counts."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print `what` at once, and the seconds when it is done; when it fails, the error says the rest."""
    started = time.monotonic()
    print(f"{what} ... ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def progress(what: str, share: float) -> None:
    """Write the share of `what` that is done, 0 to 1, over the line's last value; at 1 the line stays."""
    if share >= 1 or sys.stdout.isatty():
        print(f"\r{what} {share:4.0%}", end="\n" if share >= 1 else "", flush=True)


def note(line: str) -> None:
    """Print a line."""
    print(line, flush=True)


def note_error(line: str) -> None:
    """Print a line to standard error."""
    print(line, file=sys.stderr, flush=True)


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number of things in words, such as 1 unit, 1,200 units."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
