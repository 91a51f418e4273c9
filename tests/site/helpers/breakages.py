"""Ways to break the village's real content, one fault each, and where the fault must then be named."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from chalicelib.catalog import WEEKDAYS

OPTIONAL = {
    "sample",
    "per_order",
    "per_buyer",
    "unit",
    "warnings",
    "zones",
    "products",
    "also",
    "licence",
    "icp",
    "was",
    "drop_floor",
    "parts",
    "hands",
    "field",
    "jar",
    "parcel",
    "postage",
    "first",
    "standard",
    "maker_address",
    "machine",
    "people",
    "seen",
    "for_hosts",
    "keeps_days",
}
"""Fields that may be missing: taking one of these away breaks nothing."""
WORDS = {"summary", "name", "title"}
CLAIMS = (("好吃，还能降血压。", "全国第一。"), ("It cures colds.", "Additive-free."))
"""Sentences that no product may say, in Chinese and in English."""
FIELD = re.compile(r"^(\w+):[ ]*(.*)$")


class Broken(NamedTuple):
    """What is changed (None: the file is taken away), and the file and lines (from 1) where a fault must be named."""

    what: str
    file: str
    text: bytes | None
    named: str
    lines: range


Change = Callable[[list[str], int], tuple[list[str], range] | None]
"""Breaks the line of that index; None where it cannot be broken so."""


def every(content: Path) -> Iterator[Broken]:
    """Every breakage of every file, in an order that never changes."""
    for path in sorted(content.rglob("*")):
        file = path.relative_to(content).as_posix()
        if path.suffix == ".md" and path.parent != content:
            yield from of_sheet(content, file, path.read_text(encoding="utf-8"))
        elif path.suffix == ".yml":
            yield from of_fields(file, path.read_text(encoding="utf-8").splitlines(), 0, None)
        elif path.suffix == ".vtt":
            yield from of_captions(file, path.read_text(encoding="utf-8").splitlines())


def of_sheet(content: Path, file: str, text: str) -> Iterator[Broken]:
    """A Markdown file: its front matter, its text, and the file itself."""
    lines = text.splitlines()
    end = lines.index("---", 1)
    yield from of_fields(file, lines, 1, end)
    yield broken("the front matter never ends", file, lines[:end] + lines[end + 1 :], 1)
    yield broken("nothing follows the front matter", file, lines[: end + 1], end + 1)
    at = next(index for index in range(end + 1, len(lines)) if lines[index].strip())
    spoilt = "\n".join(lines).encode() + b"\n\xff\xfe\n"
    yield Broken("it is not UTF-8", file, spoilt, file, span(len(lines) + 1))
    partner = file.replace(".en.md", ".md") if file.endswith(".en.md") else file.replace(".md", ".en.md")
    yield Broken("it is not there", file, None, partner, span(1))
    if file.startswith("products/"):
        claims = (
            ("好吃，还能降血压。", "全国第一。")
            if not file.endswith(".en.md")
            else ("It cures colds.", "Additive-free.")
        )
        for claim in claims:
            yield broken(f"it claims {claim}", file, [*lines[:at], claim, *lines[at:]], at + 1)


def of_fields(file: str, lines: list[str], start: int, end: int | None) -> Iterator[Broken]:
    """A block of YAML, line by line."""
    for index in range(start, len(lines) if end is None else end):
        for what, change in CHANGES.items():
            if made := change(lines, index):
                changed, at = made
                yield Broken(what, file, ("\n".join(changed) + "\n").encode(), file, at)


def of_captions(file: str, lines: list[str]) -> Iterator[Broken]:
    """Captions: their head, and each cue's times."""
    yield broken("captions without their first line", file, lines[1:], 1)
    for index, line in enumerate(lines):
        if "-->" in line:
            start, _, stop = line.partition(" --> ")
            yield broken(
                "a cue that ends before it begins", file, replaced(lines, index, f"{stop} --> {start}"), index + 1
            )
            yield broken(
                "a cue with commas in its times", file, replaced(lines, index, line.replace(".", ",")), index + 1
            )
            late = replaced(lines, index, f"{start} --> 01:00:00.000")
            yield Broken("a cue beyond the clip's end", file, text_of(late), file, range(index + 1, index + 5))


def broken(what: str, file: str, lines: list[str], line: int) -> Broken:
    return Broken(what, file, text_of(lines), file, span(line))


def text_of(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def span(line: int, more: int = 0) -> range:
    return range(line, line + 1 + more)


def replaced(lines: list[str], index: int, *by: str) -> list[str]:
    return [*lines[:index], *by, *lines[index + 1 :]]


def on_field(make: Callable[[str, str], str | None]) -> Change:
    """Replaces a field of the first level by what `make` gives for its name and value; the line itself is at fault."""

    def change(lines: list[str], index: int) -> tuple[list[str], range] | None:
        found = FIELD.match(lines[index])
        made = make(found[1], found[2]) if found else None
        return None if made is None else (replaced(lines, index, made), span(index + 1))

    return change


def on_line(pattern: str, by: str) -> Change:
    """Replaces what the pattern finds in a line, which is then at fault."""

    def change(lines: list[str], index: int) -> tuple[list[str], range] | None:
        made = re.sub(pattern, by, lines[index])
        return None if made == lines[index] else (replaced(lines, index, made), span(index + 1))

    return change


def without(lines: list[str], index: int) -> tuple[list[str], range] | None:
    """Takes a required field of one line away: it is missing from the record, which begins at its first field."""
    found = FIELD.match(lines[index])
    if not found or not found[2] or found[1] in OPTIONAL:
        return None
    first = next(at for at, line in enumerate(lines) if FIELD.match(line)) + 1
    return replaced(lines, index), span(first)


def open_quote(lines: list[str], index: int) -> tuple[list[str], range] | None:
    found = FIELD.match(lines[index])
    if not found or not found[2] or found[2][0] in "\"'{[|>":
        return None
    return replaced(lines, index, f'{found[1]}: "{found[2]}'), range(index + 1, len(lines) + 2)


def twice(lines: list[str], index: int) -> tuple[list[str], range] | None:
    found = FIELD.match(lines[index])
    return ([*lines[: index + 1], lines[index], *lines[index + 1 :]], span(index + 2)) if found and found[2] else None


def resting(*days: str) -> Change:
    """Has the calendar rest on these days of each week."""

    def change(lines: list[str], index: int) -> tuple[list[str], range] | None:
        if lines[index] != "calendar:":
            return None
        return replaced(lines, index, lines[index], f"  rest_days: [{', '.join(days)}]"), span(index + 2)

    return change


CHANGES: dict[str, Change] = {
    "a required field is missing": without,
    "a field is misspelt": on_field(lambda name, value: f"{name}x: {value}" if value else None),
    "a field is blank": on_field(lambda name, value: f"{name}:" if value and name not in OPTIONAL else None),
    "a field stands there twice": twice,
    "a quote is never closed": open_quote,
    "an anchor hides a word": on_field(lambda name, value: f"{name}: &one {value}" if value[:1].isalnum() else None),
    "a tag hides a word": on_field(lambda name, value: f"{name}: !one {value}" if value[:1].isalnum() else None),
    "a number stands for words": on_field(lambda name, value: f"{name}: 12" if name in {"summary", "name"} else None),
    "a list stands for words": on_field(
        lambda name, value: f"{name}: [a, b]" if name in {"summary", "title"} else None
    ),
    "too many words": on_field(lambda name, value: f"{name}: {'长' * 401}" if name == "summary" else None),
    "a sign that no page can show": on_field(lambda name, value: f'{name}: "a\\x07b"' if name == "summary" else None),
    "a village that is not there": on_line(r"^village: .*", "village: nowhere"),
    "a product that is not there": on_line(r"^  - ([a-z]+-?[a-z]+)$", "  - nothing"),
    "a picture that is not there": on_line(r"^(.*src: ).*$", r"\1nothing.svg"),
    "a picture outside its folder": on_line(r"^(.*src: ).*$", r"\1../nothing.svg"),
    "a price with a point": on_line(r"^(    price: )\d+$", r"\g<1>29.90"),
    "a price in quotes": on_line(r"^(    price: )(\d+)$", r'\1"\2"'),
    "a price of nothing": on_line(r"^(    price: )\d+$", r"\g<1>0"),
    "a weight of nothing": on_line(r"^(    weight: )\d+$", r"\g<1>0"),
    "more per day than a number": on_line(r"^(  per_day: )\d+$", r"\1many"),
    "a horizon beyond all plans": on_line(r"^(  horizon_days: )\d+$", r"\g<1>61"),
    "more per order than a parcel": on_line(r"^(per_order: )\d+$", r"\g<1>21"),
    "a unit of many words": on_line(r"^(unit: )[^/]+$", r"\1一坛一坛地卖"),
    "a unit that is a number": on_line(r"^(unit: ).*$", r"\g<1>60"),
    "a unit for one alone": on_line(r"^(unit: [a-z]+)/.*$", r"\1"),
    "a kind that is none": on_line(r"^kind: .*", "kind: toys"),
    "returns that are none": on_line(r"^returns: .*", "returns: never"),
    "a province that is none": on_line(r"(province: )[^,}]+", r"\1火星省"),
    "a period that ends before it begins": on_line(r"( last: )\d{4}", r"\g<1>2020"),
    "a period of more than a year": on_line(r"({first: )\d{4}", r"\g<1>2020"),
    "a period that never ends": on_line(r", last: [-\d]+", ""),
    "a day of rest that is none": resting("funday"),
    "a shop that always rests": resting(*WEEKDAYS),
    "last orders at an hour that is none": on_line(r"^(  last_orders: ).*$", r'\1"24:00"'),
    "last orders without their minutes": on_line(r"^(  last_orders: ).*$", r"\g<1>16"),
    "a struck-out price below the price": on_line(r"^(      price: )\d+$", r"\g<1>1"),
    "a floor above the price": on_line(r"^(    drop_floor: )\d+$", r"\g<1>9999999"),
    "a day that does not exist": on_line(r"^published: .*", "published: 2026-02-30"),
    "a clip that is not there": on_line(r"^clip: .*", "clip: nothing.mp4"),
    "a template of another kind": on_line(r"^template: .*", "template: nothing.html"),
    "neither yes nor no": on_line(r"^sample: .*", "sample: perhaps"),
}
"""What may happen to a line of YAML."""
