"""What a machine has made is marked as such, in the words by which it is called.

The mark is put into the film's title and its poster's words once, when the catalogue is made. So whatever shows a film
says it, whoever writes the template: page, card, feed, structured data, search (Measures for labelling content made by
AI, 2025, articles 4 and 5). The file's own tags say it to programs: `tags`.
"""

from chalicelib.catalog import Catalog, Text, Video
from msgspec import json
from msgspec.structs import replace

from storefront.read import messages
from storefront.read.messages import LANGUAGES


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
    return {"AIGC": json.encode(told).decode()}


def _with(record: Video, text: Text) -> Text:
    made = "both" if len(set(record.machine)) > 1 else record.machine[0]
    marks = {lang: messages.of(lang)["video"]["machine"][made] for lang in LANGUAGES}
    return Text(f"{text.zh}（{marks['zh']}）", f"{text.en} ({marks['en']})")
