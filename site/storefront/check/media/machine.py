"""What a machine has made is marked as such, in the words by which it is called.

The mark is put into the film's title and its poster's words once, when the catalogue is made. So whatever shows a film
says it, whoever writes the template: page, card, feed, structured data, search (Measures for labelling content made by
AI, 2025, articles 4 and 5). The file's own tags say it to programs: `tags`.
"""

from collections.abc import Iterable
from pathlib import Path

from chalicelib.catalog import Catalog, Text, Video
from msgspec import json
from msgspec.structs import replace

from storefront.read import messages
from storefront.read.faults import fault
from storefront.read.forms import shown
from storefront.read.frontmatter import entries, text_of
from storefront.read.media import films
from storefront.read.messages import LANGUAGES
from storefront.read.records import SourceRecord

TAG = "AIGC"
"""The tag by which a file says that a machine has made what is in it (GB 45438-2025)."""


def check(content: Path, videos: Iterable[SourceRecord]) -> None:
    """Report each film whose file says that a machine has made it, and whose record does not: the law wants it kept."""
    for record in videos:
        clip = record.get("clip")
        path = content / record.folder / (text_of(clip) or "")
        if clip and path.is_file() and not entries(record.get("machine")) and TAG in films.tags_of(path):
            record.facts.report(clip.line, *fault("machine_untold", words=shown(clip)))


def marked(catalog: Catalog) -> Catalog:
    """Return the catalogue with what machines have made marked."""
    return replace(catalog, videos=tuple(video(one) if one.machine else one for one in catalog.videos))


def video(record: Video) -> Video:
    """Return a film whose title and poster say what a machine has made of it."""
    picture = replace(record.picture, alt=_with(record, record.picture.alt))
    return replace(record, title=_with(record, record.title), picture=picture)


def tags(record: Video, producer: str) -> dict[str, str]:
    """Return the tags of the film's file: none, or the one by which programs know what a machine has made (GB 45438).

    `producer` is who publishes it.
    """
    if not record.machine:
        return {}
    told = {"Label": "1", "ContentProducer": producer, "ProduceID": record.id}
    return {TAG: json.encode(told).decode()}


def _with(record: Video, text: Text) -> Text:
    made = "both" if len(set(record.machine)) > 1 else record.machine[0]
    marks = {lang: messages.of(lang)["video"]["machine"][made] for lang in LANGUAGES}
    return Text(f"{text.zh}（{marks['zh']}）", f"{text.en} ({marks['en']})")
