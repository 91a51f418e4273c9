"""What the command is doing, a line for each step, with the time that it took; and how it counts."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MORE = 16
"""Signs beside a share, over which the next value is written."""


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


def progress(what: str, share: float, more: str = "") -> None:
    """Write the share of `what` that is done, 0 to 1, over the line's last value; at 1 the line stays."""
    if share >= 1 or sys.stdout.isatty():
        room = " " * (MORE - len(more)) if sys.stdout.isatty() else ""
        print(f"\r{what} {share:4.0%}{more}{room}", end="\n" if share >= 1 else "", flush=True)


class ProgressLine:
    """How long work still takes: called as `progress` is, it says the time left too, where somebody looks on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.what, self.began = clock, "", 0.0

    def __call__(self, what: str, share: float) -> None:
        """Write the share of `what` that is done; what is new begins to count."""
        if what != self.what:
            self.what, self.began = what, self.clock()
        left = time_left(self.clock() - self.began, share)
        progress(what, share, f", {left} left" if left else "")


def time_left(spent: float, share: float) -> str:
    """Return the minutes and seconds that are left, where a share of the work took so many seconds; "" if unknown."""
    if share < 0.03 or share >= 1 or spent < 2:
        return ""
    minutes, seconds = divmod(round(spent / share - spent), 60)
    return f"{minutes}:{seconds:02}"


def note(line: str) -> None:
    """Print a line."""
    print(line, flush=True)


def note_error(line: str) -> None:
    """Print a line to standard error."""
    print(line, file=sys.stderr, flush=True)


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number of things in words, such as 1 unit, 1,200 units."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
