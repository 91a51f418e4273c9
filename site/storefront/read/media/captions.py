"""Captions of a film (WebVTT): what is said, when and by whom, as the page tells it and as players show it."""

import re
from bisect import bisect
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

import webvtt
from webvtt.models import Caption, Timestamp

FIRST = re.compile(r"WEBVTT(?:[ \t].*)?")
TIME = r"(?:\d{2,9}:)?[0-5]\d:[0-5]\d\.\d{3}"
TIMES = re.compile(rf"({TIME})[ \t]+-->[ \t]+({TIME})(?:[ \t].*)?", re.ASCII)
"""A cue's line of times as players take it: they drop a cue whose line is written in any other way."""
SRT = re.compile(r"\s*\d+[ \t]*\n[ \t]*\d+:\d\d:\d\d,\d+[ \t]*-->")
"""How the other common form of captions begins; editing programs for phones write it."""
VOICE = re.compile(r"<v(?:\.[^\s<>]+)*[ \t]+([^<>]+)>|(</v>)")
READING = re.compile(r"<rt(?:\.[^\s<>]+)*>.*?(?:</rt>|(?=</ruby>)|$)", re.DOTALL)
"""How a character is pronounced, set above it."""
TAG = re.compile(
    r"</?(?:[biu]|c|v|lang|ruby|rt)(?:\.[\w.-]+)?>"
    r"|<(?:v|lang)(?:\.[\w.-]+)?[ \t][^<>&=\"']*>"
    r"|<(?:\d+:)?\d\d:\d\d\.\d{3}>"
)
"""What WebVTT itself has."""
CHINESE_MARK = r"[\u3000-\u303f\uff00-\uffef]"


class Cue(NamedTuple):
    """What is said between two moments (milliseconds): each speaker, "" where none is named, with their words.

    `line` is that of its times, from 1.
    """

    line: int
    start: int
    end: int
    spoken: tuple[tuple[str, str], ...]


def cues(text: str) -> list[Cue]:
    """Return the cues of captions in their order; what is no cue that players show is passed over."""
    lines: dict[tuple[int, int], list[int]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if "-->" in line and (times := times_of(line)):
            lines.setdefault(times, []).append(number)
    found: list[Cue] = []
    for caption in _captions(text):
        start, end = (time.in_milliseconds() for time in (caption.start_time, caption.end_time))
        there, after = lines.get((start, end), []), found[-1].line if found else 0
        at = bisect(there, after)
        if at < len(there):
            found.append(Cue(there[at], start, end, tuple(_spoken("\n".join(caption.lines)))))
    return found


def is_srt(text: str) -> bool:
    """Return whether captions are in the form of SubRip."""
    return bool(SRT.match(text))


def times_of(line: str) -> tuple[int, int] | None:
    """Return when the cue of this line begins and ends, in milliseconds; None where the line says no times."""
    times = TIMES.fullmatch(line.strip())
    start, end = (Timestamp.from_string(times[group]).in_milliseconds() if times else 0 for group in (1, 2))
    return (start, end) if times else None


def published(text: str) -> str:
    """Return captions as players get them: the cues alone, without the writer's notes and numbers."""
    cues = [Caption(each.start, each.end, each.lines, settings=each.settings) for each in _captions(text)]
    return str(webvtt.WebVTT(captions=cues).content)


def _captions(text: str) -> list[Caption]:
    try:
        return list(webvtt.from_string(_parted(text)).captions)
    except webvtt.errors.MalformedFileError:
        return []


def _parted(text: str) -> str:
    """Return captions with an empty line before each numbered cue, and nothing in lines of blanks.

    Players would show the number as the last word of the cue before.
    """
    lines: list[str] = []
    before, typed = "", [line.rstrip() for line in text.split("\n")]
    for line, following in zip(typed, [*typed[1:], ""], strict=True):
        if line.isascii() and line.isdigit() and "-->" in following and before and "-->" not in before:
            lines.append("")
        lines.append(line)
        before = line
    return "\n".join(lines)


def _spoken(payload: str) -> Iterator[tuple[str, str]]:
    """Yield each speaker's words in a cue, without what only says how they look."""
    speaker, at = "", 0
    for mark in (*VOICE.finditer(payload), None):
        words = _words(payload[at : mark.start() if mark else None])
        if words:
            yield speaker, words
        if mark:
            speaker, at = (_words(mark[1]) if mark[1] else ""), mark.end()


def _words(text: str) -> str:
    """Return text as it is read, on one line; none of Chinese punctuation has a blank after it."""
    plain = unescape(TAG.sub("", READING.sub("", text)))
    return " ".join(re.sub(rf"(?<={CHINESE_MARK})\s+", "", plain).split())
