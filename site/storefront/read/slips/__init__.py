"""Slips of the keyboard in YAML: a full-width colon, a lost space, a tab, a wrong indent, a number with its unit.

A slip is never guessed from how a line looks, for text may look like anything. The line is mended, and the file read
once more: where less is then wrong with it, that was the slip. What remains is found in the mended text, so that a
writer hears of all at once, each in its own line.

`signs` has the slips; this says which of them it was.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from storefront.read.faults import Said, fault, quoted
from storefront.read.frontmatter import Fields
from storefront.read.slips.signs import FIELD, QUOTING, RUNNING, SLIPS, TOGETHER

Told = tuple[int, Said, Said]
"""A fault: its line from 1, what is wrong, and how to mend it."""
TRIES = 80
"""How often one file is read again at most."""
SIGNS = 500_000
"""How many signs that may come to: a file of a thousand fields is tried less often than one of twenty."""
BEFORE = 30
"""Lines above the one where reading ends that are tried: what is never closed begins in one of them."""
GAIN = 3
"""Lines that can be read more, at least, where a line was moved or put in quotes and some remain unread."""
AFTER = 6
"""Lines below a fault that are tried: an entry that lacks a field may have it in one of them."""
SHOWN = 60
"""Signs of a mended line that a remedy repeats."""
FENCE = re.compile(r"[-–—―－‐‑−─_]{1,9}\s*")
LIKE_FIELD = re.compile(r"\s|- |#|[\w-]+\s*[:：]")
"""What stands for three hyphens; and what a line of fields begins with."""


@dataclass(frozen=True)
class Reading:
    """What reading a text has led to: its fields, if it has some, and all that is wrong with it."""

    fields: Fields | None
    faults: list[Told]

    def left(self, text: str) -> tuple[int, int]:
        """Return what is left to mend: lines that could not be read, and faults."""
        unread = 0 if self.fields else text.count("\n") + 2 - self.faults[0][0]
        return unread, len(self.faults)


@dataclass(frozen=True)
class Trial:
    """A text in which one slip is mended, in one line or several; `lines` count from 1."""

    names: tuple[str, ...]
    lines: tuple[int, ...]
    text: str


def mend(text: str, read: Callable[[str], Reading]) -> Reading:
    """Read a text; where something is wrong, find the slips, and return their faults and those that remain."""
    found, told = read(text), []
    tries = min(TRIES, SIGNS // max(1, len(text)))
    while found.faults:
        best: tuple[tuple[int, int], Trial, Reading] | None = None
        for trials in _trials(text, found):
            for trial in islice(trials, tries):
                tries -= 1
                after = read(trial.text)
                left = after.left(trial.text)
                if _only_hides(trial, after, found.left(text)[0] - left[0]):
                    continue
                if left < (best[0] if best else found.left(text)):
                    best = left, trial, after
            if best or not tries:
                break
        if best is None:
            break
        _, trial, after = best
        for line in trial.lines:
            before, now = (one.split("\n")[line - 1] for one in (text, trial.text))
            told += [(line, *_fault(name, before, now)) for name in trial.names if before != now]
        text, found = trial.text, after
    return Reading(found.fields, [*told, *found.faults])


def _only_hides(trial: Trial, after: Reading, gained: int) -> bool:
    """Return whether a trial may have hidden what is wrong: it has made a text of it, or moved it a few lines on."""
    names = {*trial.names}
    wrong = QUOTING & names and any(line in trial.lines for line, _, _ in after.faults)
    near = (QUOTING | {"indent"}) & names and after.fields is None and gained < GAIN
    return bool(wrong or near)


def _fault(name: str, before: str, now: str) -> tuple[Said, Said]:
    """Return the fault of a slip, with the line as it should be."""
    written = re.sub(FIELD, "", before).strip()
    mended = now.strip()
    indent = len(now) - len(now.lstrip())
    return fault(
        name,
        words=quoted(written[:1]),
        number=indent,
        fixed=mended if len(mended) <= SHOWN else f"{mended[:SHOWN]}…",
    )


def _trials(text: str, found: Reading) -> Iterator[Iterator[Trial]]:
    """Yield, line by line, what may have been meant: first where a fault is, then above what could not be read."""
    lines = text.split("\n")
    places = list(dict.fromkeys(line for line, _, _ in found.faults if line <= len(lines)))
    near = dict.fromkeys(places)
    if found.fields is None and places:
        near |= dict.fromkeys(range(places[0], max(places[0] - BEFORE, 0), -1))  # a lost colon is seen in the next line
    else:
        near |= dict.fromkeys(line for place in places for line in range(place, place + AFTER) if line <= len(lines))
    for line in near:
        yield _of_line(lines, line - 1)
    close = [line for line in near if {line - 1, line, line + 1} & {*places}]
    moved = [trial for line in close for trial in _indented(lines, line - 1, places)]
    yield iter(sorted(moved, key=_is_odd))


def _is_odd(trial: Trial) -> bool:
    """Return whether a line was moved to a depth at which people write less often."""
    line = trial.text.split("\n")[trial.lines[0] - 1]
    return (len(line) - len(line.lstrip(" "))) % 2 == 1


def _indented(lines: list[str], at: int, places: list[int]) -> Iterator[Trial]:
    """Yield the text with a line at another depth, alone, and with those below it that are wrong too."""
    run = at + 1
    while run + 1 in places:
        run += 1
    for depth in _depths(lines[:at]) if not lines[at].lstrip().startswith("#") else ():
        for end in dict.fromkeys((at + 1, run)):
            moved = [" " * depth + line.lstrip(" ") for line in lines[at:end]]
            yield Trial(("indent",), tuple(range(at + 1, end + 1)), "\n".join([*lines[:at], *moved, *lines[end:]]))


def _of_line(lines: list[str], at: int) -> Iterator[Trial]:
    """Yield the text with each slip of a line mended: there, in all lines from there on that have it, and together."""
    together = lines[at]
    names: list[str] = []
    for name, ways in SLIPS.items():
        for now in ways(lines[at]):
            if now != lines[at]:
                yield Trial((name,), (at + 1,), "\n".join([*lines[:at], now, *lines[at + 1 :]]))
        run = [next(iter(ways(line)), line) for line in lines[at:]] if name in RUNNING else []
        changed = list(takewhile(lambda pair: pair[0] != pair[1], zip(run, lines[at:], strict=False)))
        if len(changed) > 1:
            after = [now for now, _ in changed]
            place = tuple(range(at + 1, at + 1 + len(after)))
            yield Trial((name,), place, "\n".join([*lines[:at], *after, *lines[at + len(after) :]]))
        if name in TOGETHER:
            now = next(iter(ways(together)), together)
            if now != together:
                together, names = now, [*names, name]
    if len(names) > 1:
        yield Trial(tuple(names), (at + 1,), "\n".join([*lines[:at], together, *lines[at + 1 :]]))


def fences(text: str) -> Iterator[Told]:
    """Yield what is wrong with the lines of hyphens around a file's fields, one of which is not there."""
    lines = text.split("\n")
    begun = FENCE.fullmatch(lines[0]) is not None
    above = [*takewhile(lambda line: not line or FENCE.fullmatch(line) or LIKE_FIELD.match(line), lines)]
    odd = [at for at, line in enumerate(above, 1) if FENCE.fullmatch(line) and line.rstrip() != "---"]
    wrong = odd[:1] if begun else []
    for at in wrong:
        yield at, *fault("fence", words=quoted(lines[at - 1].strip()))
    if not wrong:
        yield 1, *fault("front_open" if text.startswith("---") else "no_front")


def _depths(above: list[str]) -> Iterable[int]:
    """Return the depths at which a line above, or the text of an entry, begins; the nearest first."""
    depths: dict[int, None] = {}
    for line in reversed([one for one in above if one.strip() and not one.lstrip().startswith("#")]):
        bare = line.lstrip(" ")
        indent, text = len(line) - len(bare), len(line) - len(bare.lstrip("- "))
        depths |= dict.fromkeys((indent, text, text + 2) if bare.rstrip().endswith(":") else (indent, text))
        if not indent and not bare.startswith("-"):
            break
    return depths
