"""A film's page, in a browser that plays it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import DESKTOP, PHONE, Shopper, Size
from tests.site.helpers.pages import CATALOG

FILM = next(film for film in CATALOG.videos if film.chapters)
PATH = f"/videos/{FILM.id}/"


def at(shopper: Shopper) -> float:
    found: float = shopper.part("clip").evaluate("clip => clip.currentTime")
    return found


@pytest.mark.parametrize(("size", "file"), [(PHONE, f"{FILM.id}-small.mp4"), (DESKTOP, f"{FILM.id}.mp4")])
def test_nothing_of_a_film_is_loaded_before_it_is_played_and_then_the_size_that_the_screen_needs(
    visit: Visit, size: Size, file: str
) -> None:
    shopper = visit(size=size)
    asked: list[str] = []
    shopper.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    shopper.open(PATH)
    expect(shopper.part("chapters").get_by_role("button").first).to_be_enabled()
    assert [name for name in asked if name.endswith((".mp4", ".vtt"))] == []
    with shopper.page.expect_request(lambda request: request.url.endswith(".mp4")) as played:
        shopper.part("clip").evaluate("clip => { clip.muted = true; clip.play(); }")
    assert played.value.url.endswith(f"/{file}")
    expect(shopper.part("chapters").locator("[aria-current]")).to_have_count(1)
    tracks = "clip => [...clip.textTracks].map(({ language, mode }) => [language, mode])"
    assert shopper.part("clip").evaluate(tracks) == [["zh-CN", "showing"], ["en", "disabled"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chapter_and_a_caption_begin_the_film_where_they_stand(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang)
    shopper.open(PATH)
    shopper.part("clip").evaluate("clip => { clip.muted = true; }")
    last = FILM.chapters[-1]
    chapter = shopper.part("chapters").get_by_role("button", name=getattr(last.title, lang))
    chapter.press("Enter")
    expect(chapter).to_have_attribute("aria-current", "true")
    assert last.at <= at(shopper) <= FILM.seconds
    shopper.page.get_by_text(shopper.say("video.said")).click()
    shopper.part("said").get_by_role("button").nth(1).click()
    expect(shopper.part("said").get_by_role("button").nth(1)).to_have_attribute("aria-current", "true")
    assert at(shopper) < last.at
    shopper.look_over()


def test_the_grain_of_an_old_television_can_be_turned_off_and_never_moves_for_who_wants_none(visit: Visit) -> None:
    shopper = visit()
    shopper.open(PATH)
    clip = shopper.part("clip")
    clip.evaluate("clip => { clip.muted = true; clip.loop = true; return clip.play(); }")
    expect(shopper.part("grain")).to_be_hidden()
    expect(shopper.part("film")).to_be_hidden()
    shopper.page.emulate_media(reduced_motion="no-preference")
    expect(shopper.part("grain")).to_be_visible()
    drawn = shopper.part("grain").evaluate(
        "canvas => new Set(canvas.getContext('2d').getImageData(0, 0, 40, 40).data).size"
    )
    assert drawn > 100
    shopper.part("film").press("Enter")
    expect(shopper.part("grain")).to_be_hidden()
    expect(shopper.part("film")).to_have_attribute("aria-pressed", "false")
    shopper.part("film").press("Enter")
    expect(shopper.part("grain")).to_be_visible()
    clip.evaluate("clip => clip.pause()")
    expect(shopper.part("grain")).to_be_hidden()


def test_without_a_script_the_film_and_all_that_is_said_in_it_are_there(visit: Visit) -> None:
    shopper = visit(lang="en", javascript=False)
    shopper.open(PATH)
    expect(shopper.page.locator("video")).to_have_attribute("preload", "none")
    shopper.page.get_by_text(shopper.say("video.said")).click()
    expect(shopper.part("said").locator("li").first).to_be_visible()
