"""Consent: what people.yml may say, what of the catalogue a no takes out, and what production asks to be told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from storefront.check import content
from storefront.check.content import CheckedContent

from tests.site.helpers.films import film
from tests.site.helpers.samples import CHINESE, ENGLISH, GOOD, GOOD_VIDEO, photograph, write

TODAY = date(2026, 11, 30)
PHOTO = GOOD["stories/returnees.md"].replace("desk.svg", "wang.jpg")
WHOLE: dict[str, Any] = {**GOOD, **GOOD_VIDEO, "stories/returnees.md": PHOTO, "stories/wang.jpg": photograph()}
NOBODY = "  - {file: videos/jar.jpg, people: []}\n  - {file: videos/jar.mp4, people: []}\n"


def people(
    may: str = "[site, feeds, live]", until: str = "2027-12-31", seen: str = "stories/wang.jpg"
) -> dict[str, str]:
    """A people.yml with one person, who is seen in one file."""
    said = f"people:\n  - {{person: p1, may: {may}, until: {until}}}\nseen:\n  - {{file: {seen}, people: [p1]}}\n"
    return {"people.yml": said}


def looked(folder: Path, **changed: Any) -> CheckedContent:
    return content.look(write(folder, WHOLE | changed), day=TODAY)


def src(found: CheckedContent) -> str:
    """The picture of the one story."""
    assert found.catalog, found.faults
    return found.catalog.stories[0].picture.src


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({}, True),
        ({"people.yml": ""}, True),
        (people(), True),
        (people(until="2026-11-30"), True),
        (people(until="2026-11-29"), False),
        (people(may="[]"), False),
        (people(may="[feeds, live]"), False),
        (people(may="[site]"), True),
    ],
)
def test_a_picture_is_shown_while_all_whom_it_shows_agree(said: dict[str, str], shown: bool, tmp_path: Path) -> None:
    found = looked(tmp_path, **said)
    assert src(found) == ("/stories/wang.jpg" if shown else "/villages/gaotaizi.svg")
    assert (tmp_path / "content/stories/wang.jpg" in found.named) is shown
    told = [notice for notice in found.notices if "p1" in notice.what.en]
    assert bool(told) is (not shown or "until: 2026-11-30" in str(said) or said == people(may="[site]"))


def test_what_others_may_not_show_is_in_the_shop_and_not_in_what_is_fed(tmp_path: Path) -> None:
    found = looked(tmp_path, **people(may="[site]"))
    assert found.fed and found.catalog
    assert found.fed.stories[0].picture.src == "/villages/gaotaizi.svg"
    film = looked(tmp_path, **people(may="[site]", seen="videos/jar.mp4"))
    assert film.fed and film.catalog
    assert [len(each.videos) for each in (film.catalog, film.fed)] == [1, 0]


@pytest.mark.parametrize("seen", ["videos/jar.mp4", "videos/jar-small.mp4"])
def test_a_film_goes_as_a_whole_and_with_it_its_poster_and_captions(seen: str, tmp_path: Path) -> None:
    small = {"videos/jar-small.mp4": film(size=(32, 24))}
    found = looked(tmp_path, **people(may="[]", seen=seen), **small)
    assert found.catalog and not found.catalog.videos
    assert not [path for path in found.named if path.parent.name == "videos"]


def test_a_product_keeps_its_other_pictures_and_gets_the_villages_where_none_is_left(tmp_path: Path) -> None:
    more = "    alt: 一坛辣白菜\n  - {src: wang.jpg, alt: 老王}\n"
    both = {
        CHINESE: GOOD[CHINESE].replace("    alt: 一坛辣白菜\n", more, 1),
        ENGLISH: GOOD[ENGLISH].replace(
            "    alt: A jar of spicy cabbage\n", "    alt: A jar\n  - {src: wang.jpg, alt: He}\n"
        ),
        "products/wang.jpg": photograph(),
    }
    found = looked(tmp_path / "two", **both, **people(may="[]", seen="products/wang.jpg"))
    assert found.catalog and [one.src for one in found.catalog.products[0].pictures] == ["/products/spicy-cabbage.svg"]
    alone = looked(tmp_path / "one", **people(may="[]", seen="products/spicy-cabbage.svg"))
    assert alone.catalog and [one.src for one in alone.catalog.products[0].pictures] == ["/villages/gaotaizi.svg"]


def test_a_village_without_its_own_picture_gets_another_and_a_shop_without_any_is_told(tmp_path: Path) -> None:
    found = looked(tmp_path / "one", **people(may="[]", seen="villages/gaotaizi.svg"))
    assert found.catalog and found.catalog.villages[0].picture.src == "/products/spicy-cabbage.svg"
    every = [f"  - {{file: {name}, people: [p1]}}" for name in WHOLE if name.endswith((".svg", ".jpg"))]
    said = "people:\n  - {person: p1, may: [], until: 2027-12-31}\nseen:\n" + "\n".join(every) + "\n"
    none = looked(tmp_path / "none", **{"people.yml": said})
    assert [(fault.file, fault.line) for fault in none.faults] == [("content/people.yml", 1)]


@pytest.mark.parametrize(
    ("said", "line", "what"),
    [
        ("people:\n  - {person: 老王, may: [site], until: 2027-01-01}\n", 2, "person is '老王'"),
        ("people:\n  - {person: p1, may: [tv], until: 2027-01-01}\n", 2, "is 'tv'"),
        ("people:\n  - {person: p1, may: [site]}\n", 2, "until is missing"),
        (
            "people:\n  - {person: p1, may: [], until: 2027-01-01}\n  - {person: p1, may: [], until: 2027-01-01}\n",
            3,
            "'p1'",
        ),
        ("seen:\n  - {file: stories/wang.jpg, people: [p7]}\n", 2, "nothing says what 'p7' has agreed to"),
        ("seen:\n  - {file: stories/gone.jpg, people: []}\n", 2, "there is no file"),
        ("seen:\n  - {file: ../secret.jpg, people: []}\n", 2, "there is no file"),
        ("seen:\n  - {file: stories/wang.jpg}\n", 2, "people is missing"),
        ("names: [老王]\n", 1, "'names' is no field"),
    ],
)
def test_a_fault_of_people_yml_has_its_line(said: str, line: int, what: str, tmp_path: Path) -> None:
    (fault,) = looked(tmp_path, **{"people.yml": said}).faults
    assert (fault.file, fault.line) == ("content/people.yml", line)
    assert what in fault.what.en


def test_production_asks_who_is_seen_in_each_photograph_and_film_and_not_in_drawings(tmp_path: Path) -> None:
    def asked(said: str) -> list[str]:
        found = content.look(write(tmp_path, WHOLE | {"people.yml": said}), production=True, day=TODAY)
        return [fault.file for fault in found.faults if "who is seen" in fault.what.en]

    jar = ["content/videos/jar.jpg", "content/videos/jar.mp4"]
    assert asked("people: []\n") == ["content/stories/wang.jpg", *jar]
    assert asked(people()["people.yml"]) == jar
    assert asked(people()["people.yml"] + NOBODY) == []


def test_the_catalogue_holds_nobody(tmp_path: Path) -> None:
    found = looked(tmp_path, **people())
    assert "p1" not in str(found.catalog)
