"""Whoever is seen or heard has agreed to it, or is not shown: consent, applied before anything is built.

What a person's no, or the end of their yes, takes out is gone from the catalogue and from the files that are published.
So it is on no page, card, feed, screen or list of search results, whoever makes them. A record that loses its picture
gets its village's drawing; a film goes as a whole. What others show of the shop is made of its own catalogue, `fed`.
"""

from collections.abc import Container, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from chalicelib.catalog import Catalog, Picture, Product, Room, Story, Video, Village
from msgspec.structs import replace

from storefront.read.addresses import path_of
from storefront.read.faults import Said, fault
from storefront.read.forms import shown
from storefront.read.media.pictures import PHOTOGRAPHS
from storefront.read.people import FILE, PLACES, PeopleFile
from storefront.read.records import ContentReader

FILM, SMALL = ".mp4", "-small.mp4"
SOON = timedelta(days=30)
"""How long before its end a consent is told of."""
NAMES = {
    "site": Said("网页", "the pages"),
    "feeds": Said("订阅和转发", "feeds and previews"),
    "live": Said("直播室", "the livestream rooms"),
}


@dataclass(frozen=True)
class Withheld:
    """Files that may not be shown on the day of the build, by their paths below content/, for each place."""

    site: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()
    live: frozenset[str] = frozenset()


def check(reader: ContentReader, people: PeopleFile, day: date) -> Withheld:
    """Report what is wrong with people.yml; return what may not be shown on that day, each told as a notice."""
    consents = people.consents()
    once(people, "consent_twice", people.lines())
    once(people, "consent_twice", ((seen.line, seen.file) for seen in people.seen()))
    out: dict[str, set[str]] = {place: set() for place in PLACES}
    for seen in people.seen():
        if not is_inside(reader.content, seen.file):
            people.report(seen.line, *fault("consent_file", words=shown(seen.file)))
        for line, person in seen.people:
            if person and person not in consents:
                people.report(line, *fault("consent_unknown", words=shown(person), file=FILE))
        known = [(person, consents[person]) for _, person in seen.people if person in consents]
        for place in PLACES:
            no = [person for person, consent in known if not consent.allows(place, day)]
            if no:
                out[place].add(seen.file.replace(SMALL, FILM))
                told = fault("consent_no", words=shown(seen.file), who=", ".join(no), place=NAMES[place])
                people.notice(seen.line, *told)
        for person, consent in known:
            if consent.may and day <= consent.until <= day + SOON:
                told = fault("consent_ends", words=shown(seen.file), who=person, day=str(consent.until))
                people.notice(seen.line, *told)
    return Withheld(*(frozenset(out[place]) | frozenset(out["site"]) for place in PLACES))


def check_production(reader: ContentReader, people: PeopleFile, named: AbstractSet[Path]) -> None:
    """Report each photograph and film that is published though nobody has said who is seen in it."""
    told = {seen.file.replace(SMALL, FILM) for seen in people.seen()}
    for path in sorted(named):
        name = path.relative_to(reader.content).as_posix()
        seen = path.suffix.lower() in PHOTOGRAPHS or name.endswith(FILM)
        if seen and name.replace(SMALL, FILM) not in told:
            reader.report(path, 1, *fault("consent_missing", words=name, file=FILE))


def once(people: PeopleFile, name: str, names: Iterator[tuple[int, str]]) -> None:
    """Report what stands in an earlier line already."""
    lines: dict[str, int] = {}
    for line, one in names:
        if one in lines:
            people.report(line, *fault(name, words=shown(one), line=str(lines[one])))
        lines.setdefault(one, line)


def is_inside(content: Path, name: str) -> bool:
    """Return whether a file of that path lies in the content folder."""
    try:
        return (content / name).is_file() and (content / name).resolve().is_relative_to(content.resolve())
    except (OSError, ValueError):  # too long for a name, or a sign that no name has
        return False


def applied(catalog: Catalog, out: Container[str], out_of_rooms: Container[str]) -> Catalog:
    """Return the catalogue without the pictures and films `out`; raises NothingToShow where no other picture is left.

    Both are paths below content/, such as stories/desk.jpg; the rooms' own pictures go by `out_of_rooms`.
    """
    spare = SparePictures(catalog, out)
    villages = {village.id: village for village in catalog.villages}

    def shown_for(picture: Picture, village: str, out: Container[str]) -> Picture:
        return spare.of(villages[village]) if name_of(picture) in out else picture

    return replace(
        catalog,
        villages=tuple(replace(one, picture=shown_for(one.picture, one.id, out)) for one in catalog.villages),
        products=tuple(
            replace(one, pictures=left or (spare.of(villages[one.village]),))
            for one in catalog.products
            for left in [tuple(picture for picture in one.pictures if name_of(picture) not in out)]
        ),
        stories=tuple(
            replace(
                one,
                picture=shown_for(one.picture, one.village, out),
                steps=tuple(
                    replace(step, picture=None) if step.picture and name_of(step.picture) in out else step
                    for step in one.steps
                ),
            )
            for one in catalog.stories
        ),
        videos=tuple(
            replace(one, picture=shown_for(one.picture, one.village, out))
            for one in catalog.videos
            if f"videos/{one.clip}" not in out
        ),
        rooms=tuple(replace(one, picture=shown_for(one.picture, one.village, out_of_rooms)) for one in catalog.rooms),
    )


class NothingToShow(Exception):
    """A record has lost its picture, and no other picture of the shop may stand in its place."""


@dataclass(frozen=True)
class SparePictures:
    """What stands where a picture was: a village's own, or any other of the shop's; never one that is `out`."""

    catalog: Catalog
    out: Container[str]

    def of(self, village: Village) -> Picture:
        """Return the picture that stands in for one of a village; raises NothingToShow."""
        records: tuple[Product | Story | Video, ...] = (
            *self.catalog.products,
            *self.catalog.stories,
            *self.catalog.videos,
        )
        near = sorted(records, key=lambda record: record.village != village.id)
        pictures = [village.picture, *(other.picture for other in self.catalog.villages)]
        pictures += [one for record in near for one in getattr(record, "pictures", None) or (record.picture,)]  # type: ignore[union-attr]
        for picture in pictures:
            if name_of(picture) not in self.out:
                return picture
        raise NothingToShow


def name_of(picture: Picture) -> str:
    """Return the path of a picture below content/."""
    return path_of(picture.src).lstrip("/")


def lent(catalog: Catalog, fed: Catalog, cards: Mapping[str, str]) -> dict[str, str]:
    """Return the card that others show of each picture, by its address; a village's where it is not theirs to show.

    `cards` are the cards of all pictures.
    """
    own, theirs = _pictures(catalog), _pictures(fed)
    instead = cards[fed.villages[0].picture.src] if fed.villages else ""
    return {src: instead if src in own - theirs and instead else card for src, card in cards.items()}


def _pictures(catalog: Catalog) -> set[str]:
    records: tuple[Village | Story | Video | Room, ...] = (
        *catalog.villages,
        *catalog.stories,
        *catalog.videos,
        *catalog.rooms,
    )
    return {record.picture.src for record in records} | {
        picture.src for product in catalog.products for picture in product.pictures
    }
