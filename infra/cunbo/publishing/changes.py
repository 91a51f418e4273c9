"""What a publication changes, in words that whoever writes for the village can check. Pure, no I/O.

Prices come first and from to; then what else of each record changes; then what readers see in the pages, line by line,
whatever the markup; then pictures and films that come or go.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any, NamedTuple

from chalicelib.catalog import Catalog, Pack, Shop, Text, pack_name
from msgspec import Struct
from storefront.build.pages import money
from storefront.read import forms, messages
from storefront.read.forms import labels
from storefront.read.records import FOLDERS, SHELVES

from cunbo.deploy.site import HASHED

MOST_WORDS = 90
"""Characters of a value that are shown."""
MOST_LINES = 6
"""Lines of one change that are shown, at most."""
MOST_NAMES = 3
"""Pages that are named of those that change alike."""
MEDIA = re.compile(r".*\.(?:avif|gif|jpe?g|m4v|mov|mp4|png|svg|webm|webp)", re.IGNORECASE)
AMOUNT = re.compile(r"¥[\d,.]*\d")
SILENT = {"script", "style", "template", "head", "nav", "footer"}
"""Elements without a text of the page's own."""
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "code",
    "data",
    "em",
    "i",
    "mark",
    "ruby",
    "rt",
    "s",
    "small",
    "span",
    "strong",
    "sub",
}
INLINE |= {"sup", "time", "u", "wbr", "del", "ins", "kbd", "q", "cite", "label"}


class ChangedPart(NamedTuple):
    """A part of the publication's list: what its heading is called in messages.yml, and its lines."""

    kind: str
    lines: tuple[str, ...]


class PageTexts(NamedTuple):
    """A page's address and its HTML as it is live and as it will be; None where there is none."""

    path: str
    live: bytes | None
    new: bytes | None


class PageReader(HTMLParser):
    """Reads what a page shows: its title, and its text in lines."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.lines = "", [""]
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, but for what stands within one."""
        if tag == "title" or tag in SILENT:
            self.inside.append(tag)
        if tag not in INLINE:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a line, or what is not read."""
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass
        if tag not in INLINE:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        """Take text, unless it is a script's or the like."""
        if self.inside[-1:] == ["title"]:
            self.title += data
        elif not self.inside:
            self.lines[-1] += data


def read_page(html: bytes) -> tuple[str, list[str]]:
    """Return a page's title and the lines that it shows."""
    reader = PageReader()
    reader.feed(html.decode(errors="replace"))
    lines = (" ".join(line.split()) for line in reader.lines)
    return reader.title.partition(" | ")[0].strip(), [line for line in lines if line]


def changed_parts(
    live: Catalog,
    new: Catalog,
    pages: Iterable[PageTexts],
    files: tuple[Mapping[str, str], Mapping[str, str]],
    lang: str,
) -> list[ChangedPart]:
    """Return all that differs, by part; empty where nothing does. `files` are the keys and digests, live and new."""
    say = messages.of(lang)["publishing"]
    found = {
        "prices": prices(live, new, lang),
        "records": records(live, new, lang),
        "pages": page_lines(pages, say),
        "pictures": media(*files, say),
    }
    return [ChangedPart(kind, lines) for kind, told in found.items() if (lines := tuple(told))]


def prices(live: Catalog, new: Catalog, lang: str) -> Iterator[str]:
    """Yield each pack whose price changes, from to."""
    before = {pack.sku: pack for product in live.products for pack in product.packs}
    for product in new.products:
        for pack in product.packs:
            was = before.get(pack.sku)
            if was is not None and was.price != pack.price:
                yield f"{pack_name(product, pack, lang)}: {money(was.price)} → {money(pack.price)}"


def records(live: Catalog, new: Catalog, lang: str) -> Iterator[str]:
    """Yield each record that comes, goes or changes, and of what changes each field."""
    say = messages.of(lang)["publishing"]
    yield from (f"{say['shop']}: {line}" for line in fields(Shop, live.shop, new.shop, lang))
    for folder, kind in FOLDERS.items():
        shelf = SHELVES.get(folder, folder)
        before, after = ({one.id: one for one in getattr(catalog, shelf)} for catalog in (live, new))
        for name in [*after, *(one for one in before if one not in after)]:
            title = f"{say['folders'][folder]} {_name(after.get(name) or before[name], lang)}"
            if name not in before:
                yield say["added"].format(what=title)
            elif name not in after:
                yield say["removed"].format(what=title)
            else:
                yield from (f"{title}: {line}" for line in fields(kind, before[name], after[name], lang))


def fields(kind: Any, live: Struct, new: Struct, lang: str) -> Iterator[str]:
    """Yield a line for each field that differs between two records of a kind, but for prices, which have their own."""
    for name, info in forms.fields_of(kind).items():
        was, now = getattr(live, name), getattr(new, name)
        if was == now or (kind is Pack and name == "price"):
            continue
        label = labels()[name][lang]
        if forms.bare(forms.item_of(info.type)) is Pack:
            yield from _packs(was, now, lang)
        elif isinstance(was, Text | str | int | None) and isinstance(now, Text | str | int | None):
            shown = _money if forms.present(info.type) in forms.MONEY else _plain
            yield f"{label}: {shown(was, lang)} → {shown(now, lang)}"
        else:
            yield label


def page_lines(pages: Iterable[PageTexts], say: Mapping[str, Any]) -> Iterator[str]:
    """Yield each page that comes or goes, then each change of what readers see, with the pages that it is on.

    What few pages show comes first. Where a changed price is shown, how many pages do is told alone.
    """
    places = defaultdict[tuple[str, ...], list[str]](list)
    for page in pages:
        title, was = read_page(page.live or b"")
        now_title, now = read_page(page.new or b"")
        name = f"{now_title or title} ({page.path})"
        if page.live is None or page.new is None:
            yield say["added" if page.live is None else "removed"].format(what=name)
            continue
        for lines in _differences([title, *was], [now_title, *now]):
            if name not in places[lines]:
                places[lines].append(name)
    priced = {name for lines, names in places.items() if _is_price(lines) for name in names}
    told = {lines: names for lines, names in places.items() if not _is_price(lines)}
    if priced:
        yield say["priced"].format(count=len(priced))
    for lines, names in sorted(told.items(), key=lambda found: len(found[1])):
        more = [say["more"].format(count=len(lines) - MOST_LINES)] if len(lines) > MOST_LINES else []
        where = (
            names[0] if len(names) == 1 else say["several"].format(count=len(names), what=", ".join(names[:MOST_NAMES]))
        )
        yield "\n".join([where, *lines[:MOST_LINES], *more])


def media(live: Mapping[str, str], new: Mapping[str, str], say: Mapping[str, Any]) -> Iterator[str]:
    """Yield the pictures and films that come, go or change, by their own addresses; their smaller copies follow."""
    for key in sorted({*live, *new}):
        if MEDIA.fullmatch(key) and not HASHED.match(key) and live.get(key) != new.get(key):
            kind = "added" if key not in live else "removed" if key not in new else "replaced"
            yield say[kind].format(what=f"/{key}")


def _packs(live: Iterable[Pack], new: Iterable[Pack], lang: str) -> Iterator[str]:
    say = messages.of(lang)["publishing"]
    before, after = ({pack.sku: pack for pack in packs} for packs in (live, new))
    for sku in [*after, *(one for one in before if one not in after)]:
        title = _name(after.get(sku) or before[sku], lang)
        if sku not in before:
            yield say["added"].format(what=f"{title} {money(after[sku].price)}")
        elif sku not in after:
            yield say["removed"].format(what=title)
        else:
            yield from (f"{title}: {line}" for line in fields(Pack, before[sku], after[sku], lang))


def _differences(was: list[str], now: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of each place that differs, those that go and those that come."""
    for tag, first, last, begin, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            yield (*(f"− {_cut(line)}" for line in was[first:last]), *(f"+ {_cut(line)}" for line in now[begin:end]))


def _is_price(lines: tuple[str, ...]) -> bool:
    """Return whether nothing but amounts of money differs, as it does wherever a changed price is shown."""
    was, now = ([AMOUNT.sub("¥", line[1:]) for line in lines if line[0] == sign] for sign in "−+")
    return was == now


def _name(record: Any, lang: str) -> str:
    """What a record is called; its id where it has neither name nor title."""
    words: Callable[[str], Any] = lambda name: getattr(record, name, None)  # noqa: E731
    found = words("name") or words("title")
    return str(getattr(found, lang, found) or record.id)


def _plain(value: Any, lang: str) -> str:
    if value is None or value == "":
        return "–"
    return _cut(str(getattr(value, lang, value)))


def _money(value: Any, lang: str) -> str:
    return money(value) if isinstance(value, int) else "–"


def _cut(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS - 1]}…"
