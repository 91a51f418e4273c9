"""Clips that were cut from a show: each is true of its product as it was that evening, or it is not shown.

The record keeps what was true then (`CutFrom`). Where the catalogue says something else now, the clip is withdrawn as
a consent's no withdraws a film: one build takes it off pages, cards, feeds, search and sitemap together. Nor is one
shown whose words nobody has written yet, or of which nobody has said who is seen in it. Each is told as a notice: a
clip of yesterday evening stops no shop.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from chalicelib.catalog import Catalog, CutFrom, Pack, PackThen, Text, Video
from msgspec.structs import replace

from storefront.read import messages
from storefront.read.faults import Report, Said, fault
from storefront.read.forms import find, labels, shown
from storefront.read.frontmatter import Node, child, day_of, entries, number_of, text_of
from storefront.read.media import captions
from storefront.read.media.films import small_of
from storefront.read.messages import LANGUAGES
from storefront.read.people import FILE, PeopleFile
from storefront.read.records import ContentReader, SourceRecord

UNWRITTEN = "……"
"""What stands in the captions of a new clip where somebody is to write what is said."""
SAYS_NOTHING = re.compile(r"[\s.…·—-]*")
OF_PRODUCT = ("made_of", "allergens", "storage", "shelf_life")
OF_PACK = ("price", "weight")
SAME = str.maketrans({**dict.fromkeys("、，;；", ","), **dict.fromkeys("。.", None), "：": ":"})
"""Signs between words that say the same, whichever of them stands there."""


def check(
    reader: ContentReader,
    videos: Iterable[SourceRecord],
    products: Iterable[SourceRecord],
    people: PeopleFile,
    today: date,
) -> frozenset[str]:
    """Report what is wrong with clips cut from shows; return those not to be shown, each told as a notice.

    They are paths below content/, such as videos/spicy-cabbage-20261130.mp4. A show later than `today` has not been.
    """
    known = {product.id: product for product in products}
    seen = {one.file for one in people.seen()}
    held: set[str] = set()
    for video in videos:
        cut, clip = video.get("cut_from"), text_of(video.get("clip"))
        if cut is None or not clip:
            continue
        names = [text_of(node) for node in entries(video.get("products"))]
        if len(names) != 1:
            node = video.get("products") or cut
            video.facts.report(node.line, *fault("clip_products", number=len(names)))
            continue
        notice = partial(reader.notice, video.facts.path)
        told = [*_changes(cut, known[name], clip, notice)] if (name := names[0] or "") in known else []
        told += [*_unwritten(reader, video, clip)]
        on_air = child(cut, "day")
        if on_air and (day := day_of(on_air)) and day > today:
            notice(on_air.line, *fault("clip_future", words=clip, day=str(day)))
            told.append("day")
        if not seen & {f"videos/{clip}", f"videos/{small_of(clip)}"}:
            line = f"- {{file: videos/{clip}, people: [pN]}}"
            notice(cut.line, *fault("clip_people", words=clip, file=FILE, line=line))
            told.append("people")
        if told:
            held.add(f"videos/{clip}")
    return frozenset(held)


def files(content: Path, videos: Iterable[SourceRecord], held: Iterable[str]) -> set[Path]:
    """Return the files of the clips that are held back: film, smaller rendition, poster."""
    out = set(held)
    found: set[Path] = set()
    for video in videos:
        clip = text_of(video.get("clip")) or ""
        if f"videos/{clip}" in out:
            poster = text_of(child(video.get("picture"), "src")) or ""
            found |= {content / "videos" / name for name in (clip, small_of(clip), poster)}
    return found


def marked(catalog: Catalog) -> Catalog:
    """Return the catalogue whose clips say by their titles from which show they were cut."""
    return replace(catalog, videos=tuple(_marked(one) if one.cut_from else one for one in catalog.videos))


def _marked(video: Video) -> Video:
    day = video.cut_from.day if video.cut_from else video.published
    said = {lang: messages.of(lang)["video"]["cut"].format(day=day_in(lang, day)) for lang in LANGUAGES}
    return replace(video, title=Text(f"{video.title.zh}（{said['zh']}）", f"{video.title.en} ({said['en']})"))


def day_in(lang: str, day: date) -> str:
    """Return a day as a title says it: 11 月 30 日, 30 November."""
    return f"{day.month} 月 {day.day} 日" if lang == "zh" else f"{day.day} {day:%B}"


def _changes(cut: Node, product: SourceRecord, clip: str, notice: Report) -> Iterator[str]:
    """Tell and yield each thing that was true of the product when the clip was filmed, and is not now."""
    unsaid = {text_of(node) for node in entries(child(cut, "unsaid"))}
    facts = product.facts.fields
    pairs = [(name, child(cut, name), child(facts, name)) for name in OF_PRODUCT]
    packs = _packs(product)
    for pack in find(PackThen, CutFrom, cut) if packs else ():
        sku = text_of(child(pack, "sku")) or ""
        if sku in packs:
            pairs += [(name, child(pack, name), child(packs[sku], name)) for name in OF_PACK]
        elif sku:
            notice(pack.line, *fault("clip_pack", words=clip, sku=sku))
            yield sku
    for name, then, now in pairs:
        if then is None or now is None or name in unsaid or _meaning(then) == _meaning(now):
            continue
        words: Mapping[str, Said | str] = {"words": clip, "then": _told(name, then), "now": _told(name, now)}
        if name == "allergens":
            notice(then.line, *fault("clip_allergens", **words))
        else:
            label = labels()[name]
            notice(then.line, *fault("clip_changed", **words, name=name, field=Said(label["zh"], label["en"].lower())))
        yield name


def _packs(product: SourceRecord) -> dict[str, Node]:
    found = ((text_of(child(pack, "sku")), pack) for pack in product.facts.find(Pack))
    return {sku: pack for sku, pack in found if sku}


def _told(name: str, node: Node) -> Said | str:
    number = number_of(node)
    if number is None:
        return shown(node)
    return f"¥{number / 100:.2f}" if name == "price" else Said(f"{number} 克", f"{number} g")


def _meaning(node: Node) -> object:
    """What a value says: of words, whatever their form, and the signs between them."""
    number = number_of(node)
    if number is not None:
        return number
    text = unicodedata.normalize("NFKC", text_of(node) or "").casefold()
    text = re.sub(r"(?<=\d)\.(?=\d)", "·", text).translate(SAME)  # 1.5 and 15 are two
    return re.sub(r"\s+", "", text)


def _unwritten(reader: ContentReader, video: SourceRecord, clip: str) -> Iterator[str]:
    """Tell and yield captions in which somebody still has to write what is said."""
    for lang in LANGUAGES:
        path = video.beside / f"{video.id}-{lang}.vtt"
        text = reader.text(path) if path.is_file() else None
        left = [cue for cue in captions.cues(text or "") if _says_nothing(cue)]
        if left:
            reader.notice(path, left[0].line, *fault("clip_captions", words=clip, number=len(left), mark=UNWRITTEN))
            yield lang


def _says_nothing(cue: captions.Cue) -> bool:
    return bool(cue.spoken) and all(SAYS_NOTHING.fullmatch(words) for _, words in cue.spoken)
