"""The files of a clip that was cut from a show, beside the film: its record in both languages, and captions to fill in.

Nobody but a person knows what was said. So the captions have the times at which somebody speaks, found by the pauses
between, and a mark in place of each sentence: until the last one is written, the clip is not shown
(storefront/check/media/show_clips.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from chalicelib.catalog import Product, Room
from chalicelib.domain.calendar import VILLAGE
from storefront.check.media.show_clips import UNWRITTEN, day_in
from storefront.read.messages import LANGUAGES

from cunbo.core.refusal import Refusal
from cunbo.film import encode
from cunbo.film.evening.cuts import Cut

LONGEST_ID = 40
"""Signs of an id, as the catalogue has them."""
QUIET = "silencedetect=noise=-32dB:d=0.35"
LONGEST_CUE, SHORTEST_CUE = 6.0, 0.6
"""Seconds. Nobody reads a longer one at once; a shorter one is a cough."""

Times = tuple[float, float]


class ClipRecord(NamedTuple):
    """A clip, of what and of which show it is, and the day on which it is published."""

    id: str
    cut: Cut
    product: Product
    room: Room
    show: str
    published: date

    @property
    def day(self) -> date:
        """The day in the village on which it was filmed."""
        return self.cut.stretch.first.astimezone(VILLAGE).date()


def id_of(product: str, day: date, taken: Iterable[str] = ()) -> str:
    """Return the id of a product's clip of a day, which is none of those `taken`."""
    used = set(taken)
    endings = (f"-{day:%Y%m%d}{f'-{number}' if number > 1 else ''}" for number in range(1, 100))
    ids = (f"{product[: LONGEST_ID - len(ending)].rstrip('-')}{ending}" for ending in endings)
    return next(one for one in ids if one not in used)


def texts(record: ClipRecord) -> dict[str, str]:
    """Return both files of the record, by the endings of their names: what a writer finds to go on from."""
    kept = {"template": "video.html"}
    written = {lang: kept | _words(record, lang) for lang in LANGUAGES}
    written["zh"] |= _facts(record)
    return {
        f"{'' if lang == 'zh' else f'.{lang}'}.md": f"---\n{_front(fields)}---\n\n{_body(record, lang)}\n"
        for lang, fields in written.items()
    }


def _words(record: ClipRecord, lang: str) -> dict[str, Any]:
    name, day = getattr(record.product.name, lang), day_in(lang, record.day)
    summary = {"zh": f"主播在直播里怎么说{name}。", "en": f"{name}, shown live by the host."}
    alt = {
        "zh": f"{day}直播的一格画面，正在说{name}",
        "en": f"A frame of the livestream of {day}, about {name.lower()}",
    }
    return {"title": name, "summary": summary[lang], "picture": {"alt": alt[lang]}}


def _facts(record: ClipRecord) -> dict[str, Any]:
    product, begins = record.product, record.cut.stretch.first.astimezone(VILLAGE)
    return {
        "village": record.room.village,
        "clip": f"{record.id}.mp4",
        "published": record.published,
        "picture": {"src": f"{record.id}.jpg", **_words(record, "zh")["picture"]},
        "products": [product.id],
        "cut_from": {
            "room": record.room.id,
            "show": record.show,
            "day": record.day,
            "time": f"{begins:%H:%M}",
            "packs": [{"sku": pack.sku, "price": pack.price, "weight": pack.weight} for pack in product.packs],
            **{name: getattr(product, name).zh for name in ("made_of", "allergens", "storage", "shelf_life")},
        },
    }


def _front(fields: dict[str, Any]) -> str:
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)


def _body(record: ClipRecord, lang: str) -> str:
    name, day, at = getattr(record.product.name, lang), day_in(lang, record.day), record.cut.stretch.first
    clock, link = f"{at.astimezone(VILLAGE):%H:%M}", f"../products/{record.product.id}.md"
    if lang == "zh":
        return f"从 {day} {clock} 的直播里剪出，中间没有删改。想买，看[{name}]({link})。"
    return f"Cut from the livestream of {day}, {clock}, with nothing taken out. To buy it, see [{name}]({link})."


def captions(times: Sequence[Times]) -> str:
    """Return captions (WebVTT) in which somebody is to write what is said at these times, in seconds."""
    cues = (f"{_clock(first)} --> {_clock(last)}\n{UNWRITTEN}\n" for first, last in times)
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(int(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def cue_times(seconds: float, pauses: Iterable[Times]) -> list[Times]:
    """Return when sentences may be said in a clip of so many seconds: between its pauses, in parts that can be read.

    They rise and do not overlap. The whole clip where nothing is heard in it but one pause, or none at all.
    """
    speech = [(first, last) for first, last in _between(seconds, pauses) if last - first >= SHORTEST_CUE]
    return [part for one in speech or [(0.0, seconds)] for part in _parts(*one)]


def _between(seconds: float, pauses: Iterable[Times]) -> Iterator[Times]:
    at = 0.0
    for first, last in sorted(pauses):
        yield at, min(first, seconds)
        at = min(max(at, first, last), seconds)
    yield at, seconds


def _parts(first: float, last: float) -> Iterator[Times]:
    count = max(1, -int(-(last - first) // LONGEST_CUE))
    size = (last - first) / count
    for number in range(count):
        yield first + size * number, last if number == count - 1 else first + size * (number + 1)


def pauses_in(path: Path) -> list[Times]:
    """Return when nobody speaks in a film, in seconds; none where it is silent or cannot be heard."""
    try:
        told = encode.ask("-i", str(path), "-map", "0:a:0", "-af", QUIET, "-f", "null", "-")
    except Refusal:
        return []
    ends = r"silence_start: (-?[\d.]+)(?:[\s\S]*?silence_end: ([\d.]+))?"
    return [(max(float(first), 0.0), float(last or "inf")) for first, last in re.findall(ends, told)]
