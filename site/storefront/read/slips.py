"""Slips of the keyboard in YAML: a full-width colon, a lost space, a tab, a wrong indent, a number with its unit.

A slip is never guessed from how a line looks, for text may look like anything. The line is mended, and the file read
once more: where less is then wrong with it, that was the slip. What remains is found in the mended text, so that a
writer hears of all at once, each in its own line.

**To add a slip, write a function that yields a line as it was meant, and add it to `SLIPS`** by its name in faults.yml.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from unicodedata import normalize

from storefront.read.faults import Said, fault, quoted
from storefront.read.frontmatter import Fields

Told = tuple[int, Said, Said]
"""A fault: its line from 1, what is wrong, and how to mend it."""
Mend = Callable[[str], Iterable[str]]
"""Yields what a line may have meant."""

TRIES = 80
"""How often one file is read again at most."""
BEFORE = 30
"""Lines above the one where reading ends that are tried: what is never closed begins in one of them."""
GAIN = 3
"""Lines that can be read more, at least, where a line was moved or put in quotes and some remain unread."""
AFTER = 6
"""Lines below a fault that are tried: an entry that lacks a field may have it in one of them."""
SHOWN = 60
"""Signs of a mended line that a remedy repeats."""
LINE = r"^(\s*(?:- +)*)"
FIELD = r"^(\s*(?:- +)*(?:[\w-]+:\s+)?|.*[{,]\s*[\w-]+:\s+)"
NAME = r"([\w-]{1,30})"
DASHES = "–—―－‐‑−•·●*+"
LEFT, RIGHT = "“”„‟「『＂‘’＇«", "“”」』＂‘’＇»"
WIDE_SPACE = "\u3000\u00a0\u2000-\u200a\u202f\u205f\u200b-\u200d\u2060\ufeff"
BRACKETS = str.maketrans("［【〔］】〕｛｝", "[[[]]]{}")
SPECIAL = "[]{}@%`&*!|>?,\"'#"
"""Signs with which no text may begin outside quotes."""
FENCE = re.compile(r"[-–—―－‐‑−─_]{1,9}\s*")
LIKE_FIELD = re.compile(r"\s|- |#|[\w-]+\s*[:：]")
UNITS = {"公斤": 1000, "千克": 1000, "kg": 1000, "斤": 500, "两": 50} | dict.fromkeys(
    re.findall(r"\S+", "克 g 天 日 day days 分 fen 秒 s 件 个 坛 瓶 盒 包 份 袋 箱 只 条 根 支 朵 束"), 1
)
"""How many of what is counted each unit is; yuan is told with its price."""
TRUTHS = {"是": "true", "对": "true", "有": "true", "否": "false", "不是": "false", "没有": "false"}


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
    tries = iter(range(TRIES))
    while found.faults:
        best: tuple[tuple[int, int], Trial, Reading] | None = None
        for trials in _trials(text, found):
            for trial, _ in zip(trials, tries, strict=False):
                after = read(trial.text)
                left = after.left(trial.text)
                if _only_hides(trial, after, found.left(text)[0] - left[0]):
                    continue
                if left < (best[0] if best else found.left(text)):
                    best = left, trial, after
            if best:
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
        yield _of_line(lines, line - 1, SLIPS)
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


def _of_line(lines: list[str], at: int, slips: dict[str, Mend]) -> Iterator[Trial]:
    """Yield the text with each slip of a line mended: there, in all lines from there on that have it, and together."""
    together = lines[at]
    names: list[str] = []
    for name, ways in slips.items():
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


def _wide_colon(line: str) -> Iterator[str]:
    yield _at_names(r" *[：﹕∶︰]\s*", line)


def _colon_space(line: str) -> Iterator[str]:
    yield _at_names(r":(?=[^\s/,}])", line)


def _at_names(wrong: str, line: str) -> str:
    """Return a line with a colon and a space in place of what is `wrong` after its field, and after those in braces."""
    line = re.sub(rf"{LINE}{NAME}{wrong}", r"\1\2: ", line)
    at = min((place for brace in "{｛" if (place := line.find(brace)) >= 0), default=len(line))
    return line[:at] + re.sub(rf"([{{｛,，、]\s*){NAME}{wrong}", r"\1\2: ", line[at:])


def _hyphen_space(line: str) -> Iterator[str]:
    yield re.sub(r"^(\s*)-(?=[^\s-])", r"\1- ", line)


def _dash(line: str) -> Iterator[str]:
    yield re.sub(rf"^(\s*)(?:[{re.escape(DASHES)}]+|\d{{1,2}}[.、．)）])\s*(?=\S)", r"\1- ", line)


def _comma(line: str) -> Iterator[str]:
    yield re.sub(r"[，、；;](?=\s*[\w-]{1,30}\s*[:：])\s*", ", ", line)
    yield re.sub(r"\[.*\]", lambda found: re.sub(r"[，、；;]\s*", ", ", found[0]), line)
    yield re.sub(r"\s*[，,、；;。]+\s*$", "", line)


def _quotes(line: str) -> Iterator[str]:
    odd = (
        rf"((?:^|[:\[{{,-])\s*)(?=[^,]*[{LEFT}{RIGHT}])[{LEFT}\"']([^{LEFT}{RIGHT}\"]*)[{RIGHT}\"'](?=\s*(?:[,\]}}]|$))"
    )
    yield re.sub(odd, r"\1\2", line)
    yield re.sub(odd, r'\1"\2"', line)


def _quoted(line: str) -> Iterator[str]:
    yield re.sub(r"(:\s+)(['\"])([^'\"\\#:]*)\2\s*$", r"\1\3", line)


def _brackets(line: str) -> Iterator[str]:
    yield line.translate(BRACKETS)
    yield re.sub(rf"{FIELD}[（(](.*)[）)]\s*$", r"\1[\2]", line)


def _quote_open(line: str) -> Iterator[str]:
    for whole in (r"\1\2\3\2", r"\1\3"):
        yield re.sub(rf"{FIELD}([\"'])((?:(?!\2).)*)$", whole, line)


def _bracket_open(line: str) -> Iterator[str]:
    for left, right in ("[]", "{}"):
        if line.count(left) > line.count(right):
            yield line.rstrip() + right


def _tab(line: str) -> Iterator[str]:
    if "\t" in line:
        indent = line[: len(line) - len(line.lstrip())]
        rest = re.sub(r"^((?:-\s+)*(?:[\w-]+:)?)\s*\t\s*", r"\1 ", line.lstrip())
        for size in (2, 4, 6, 8):
            yield indent.replace("\t", " " * size) + rest


def _wide_space(line: str) -> Iterator[str]:
    odd = re.compile(rf"^(\s*(?:-[\s{WIDE_SPACE}]+)*(?:[\w-]+:)?[\s{WIDE_SPACE}]*)")
    for size in (1, 2, 0):
        yield odd.sub(lambda found, size=size: re.sub(f"[{WIDE_SPACE}]", " " * size, found[1]), line)  # type: ignore[misc]


def _wide(line: str) -> Iterator[str]:
    yield re.sub(rf"{FIELD}(.+)$", lambda found: found[1] + normalize("NFKC", found[2]), line)
    yield re.sub("[０-９Ａ-Ｚａ-ｚ．－]", lambda found: normalize("NFKC", found[0]), line)


def _thousands(line: str) -> Iterator[str]:
    yield re.sub(r"(?<=\d)[,，_ ](?=\d{3}(?:\D|$))", "", line)


def _unit(line: str) -> Iterator[str]:
    def alone(found: re.Match[str]) -> str:
        many = UNITS.get(found[3].lower(), 0) * float(found[2])
        return f"{found[1]}{many:g}" if many and many < 1_000_000 else found[0]

    yield re.sub(rf"{FIELD}(\d+(?:\.\d+)?)\s*([^\d\s,，]+)\s*$", alone, normalize("NFC", line))


def _day(line: str) -> Iterator[str]:
    yield re.sub(
        r"(?<!\d)(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?",
        lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}",
        line,
    )
    yield re.sub(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", r"\1-\2-\3", line)


def _truth(line: str) -> Iterator[str]:
    yield re.sub(rf"{FIELD}({'|'.join(TRUTHS)})\s*$", lambda found: found[1] + TRUTHS[found[2]], line)


def _in_quotes(line: str, wanted: str) -> Iterator[str]:
    """Yield a line whose text stands in quotes, where what wants them is the comment, the colon or the sign."""
    for begin in (rf"{LINE[:-1]}[\w-]+:\s+)", r"^(\s*(?:- +)+)"):
        found = re.fullmatch(rf"{begin}(.+?)\s*", line)
        if found and found[2].strip() and not re.fullmatch(r"\{.*:.*\}|\"[^\"]*\"|'[^']*'", found[2]):
            text = found[2]
            cut = re.search(r"(?:^|\s)#", text)
            why = (
                "comment"
                if cut
                else "sign"
                if text[0] in SPECIAL or text.startswith("- ")
                else "colon"
                if re.search(r":(?:\s|$)", text)
                else ""
            )
            if why == wanted:
                safe = text.replace("\\", "\\\\")
                yield found[1] + (f'"{safe}"' if '"' not in text else "'" + text.replace("'", "''") + "'")


def _in_braces(line: str, wanted: str) -> Iterator[str]:
    """Yield a line in which a text within brackets stands in quotes, for the same reasons; and for a comma."""
    words = r"(?:(?!:\s)[^\]}\"'])*?"
    inside = {
        "comment": r"(?:[^,\]}\"']*\s)?#[^,\]}]*",
        "colon": r"[^,\]}\"']*:\s[^,\]}]*",
        "comma": rf"{words},{words}",
    }
    end = r"(?=,\s*[\w-]+:\s|\s*\})" if wanted == "comma" else r"(?=\s*[,\]}])"
    begin = r"([\[{,]\s*(?:[\w-]+:\s+)?)" if wanted == "comment" else r"([{,]\s*[\w-]+:\s+)"
    yield re.sub(rf"{begin}({inside[wanted]}){end}", lambda found: f'{found[1]}"{found[2].strip()}"', line)


def _in_quotes_or_braces(line: str, wanted: str) -> Iterator[str]:
    yield from _in_quotes(line, wanted)
    yield from _in_braces(line, wanted)


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


SLIPS: dict[str, Mend] = {
    "brackets": _brackets,
    "dash": _dash,
    "hyphen_space": _hyphen_space,
    "tab": _tab,
    "wide_space": _wide_space,
    "wide_colon": _wide_colon,
    "colon_space": _colon_space,
    "comma": _comma,
    "quotes": _quotes,
    "quoted": _quoted,
    "wide": _wide,
    "thousands": _thousands,
    "unit": _unit,
    "day": _day,
    "truth": _truth,
    "bracket_open": _bracket_open,
    "quote_open": _quote_open,
    "comment": partial(_in_quotes_or_braces, wanted="comment"),
    "colon_in_text": partial(_in_quotes_or_braces, wanted="colon"),
    "comma_in_text": partial(_in_braces, wanted="comma"),
    "sign": partial(_in_quotes, wanted="sign"),
}
"""Every slip by its name in faults.yml. The first that leaves the least is taken."""
TOGETHER = {"brackets", "dash", "hyphen_space", "wide_space", "wide_colon", "colon_space", "comma", "quotes", "wide"}
"""Those of which one line may have several."""
QUOTING = {"comment", "colon_in_text", "comma_in_text", "sign", "quote_open"}
"""Those that make a text of what stands there, whatever it is: nothing else may be wrong with it then."""
RUNNING = TOGETHER - {"comma", "wide"} | {"tab"}
"""Those that a writer repeats in line after line."""
