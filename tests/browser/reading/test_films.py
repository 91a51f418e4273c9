"""A film's page, in a browser that plays it: the television set, its knobs, its channels, and what ends a film."""

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import DESKTOP, PHONE, PREFIX, Shopper, Size
from tests.site.helpers.pages import CATALOG

FILMS = CATALOG.videos
FILM = next((film for film in FILMS if film.chapters and film.products), None)
pytestmark = pytest.mark.skipif(FILM is None, reason="no film has chapters and goods")
PATH = f"/videos/{FILM.id}/" if FILM else ""
PLAYED = r"**/*.mp4"


def of_clip(shopper: Shopper, name: str) -> Any:
    """A property of the film as it plays."""
    return shopper.part("clip").evaluate("(clip, name) => clip[name]", name)


def is_(shopper: Shopper, state: str) -> None:
    """Waits until the glass shows that."""
    expect(shopper.part("set")).to_have_attribute("data-state", state)


def on(shopper: Shopper, path: str = PATH) -> None:
    """Opens a film's page and turns the set on."""
    shopper.open(path)
    shopper.part("face").click()
    is_(shopper, "on")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_of_a_film_is_loaded_before_it_is_played_and_then_the_size_that_the_screen_needs(
    visit: Visit, size: Size
) -> None:
    shopper = visit(size=size)
    asked: list[str] = []
    shopper.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    shopper.open(PATH)
    for control in ("position", "captions", "whole", "volume", "brightness", "power"):
        expect(shopper.part(control)).to_be_enabled()
    shopper.look_over()
    assert [name for name in asked if name.endswith((".mp4", ".vtt"))] == []
    fits = shopper.part("clip").evaluate(
        "clip => [...clip.querySelectorAll('source')].find(({ media }) => !media || matchMedia(media).matches).src"
    )
    with shopper.page.expect_request(PLAYED) as played:
        shopper.part("face").press("Enter")
    assert played.value.url == fits
    is_(shopper, "on")
    expect(shopper.part("power")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chapter_and_a_caption_begin_the_film_where_they_stand(visit: Visit, lang: str) -> None:
    assert FILM
    shopper = visit(lang=lang)
    shopper.open(PATH)
    last = FILM.chapters[-1]
    chapter = shopper.part("chapters").get_by_role("button", name=getattr(last.title, lang))
    chapter.press("Enter")
    expect(chapter).to_have_attribute("aria-current", "true")
    assert last.at <= of_clip(shopper, "currentTime") <= FILM.seconds
    shopper.page.get_by_text(shopper.say("video.said")).click()
    words = shopper.part("said").get_by_role("button").nth(1)
    words.click()
    expect(words).to_have_attribute("aria-current", "true")
    said = re.sub(r"^[\d:]+ ", "", words.inner_text())  # in the list a caption's lines are one
    expect(shopper.part("caption")).to_have_text(re.compile(r"\s*".join(map(re.escape, said.replace(" ", "")))))
    shopper.part("captions").select_option("off")
    expect(shopper.part("caption")).to_be_hidden()
    tracks = "clip => [...clip.textTracks].map(({ mode }) => mode)"
    assert shopper.part("clip").evaluate(tracks) == ["disabled", "disabled"]


def test_the_knobs_turn_sound_and_picture_by_keyboard_and_stay_as_they_were_left(visit: Visit) -> None:
    shopper = visit()
    on(shopper)
    bright = "clip => getComputedStyle(clip).filter"
    assert (of_clip(shopper, "muted"), shopper.part("clip").evaluate(bright)) == (False, "none")
    shopper.part("volume").press("ArrowLeft")
    assert of_clip(shopper, "volume") == 0.95
    shopper.part("brightness").press("End")
    shopper.part("face").press("ArrowRight")
    assert of_clip(shopper, "currentTime") >= 5
    shopper.part("power").press("Enter")
    is_(shopper, "off")
    expect(shopper.part("power")).to_have_attribute("aria-pressed", "false")
    shopper.page.reload()
    expect(shopper.part("volume")).to_have_value("95")
    assert (of_clip(shopper, "volume"), shopper.part("clip").evaluate(bright)) == (0.95, "brightness(1.5)")
    shopper.part("volume").press("Home")
    assert of_clip(shopper, "muted")


def test_a_set_that_is_on_goes_on_at_the_next_channel_and_one_that_is_off_stays_off(visit: Visit) -> None:
    if len(FILMS) < 2:
        pytest.skip("there is one channel")
    assert FILM
    shopper = visit()
    here = FILMS.index(FILM)
    following = FILMS[(here + 1) % len(FILMS)]
    shopper.open(PATH)
    expect(shopper.part("set").locator(".dial b")).to_have_text(str(here + 1))
    expect(shopper.part("power")).to_be_enabled()
    shopper.page.locator("[rel=next]").click()
    shopper.page.wait_for_url(f"**/videos/{following.id}/")
    expect(shopper.part("power")).to_be_enabled()
    is_(shopper, "poster")
    shopper.part("face").click()
    is_(shopper, "on")
    shopper.page.locator("[rel=prev]").press("Enter")
    shopper.page.wait_for_url(f"**{PATH}")
    is_(shopper, "on")
    shopper.page.reload()
    is_(shopper, "poster")


@pytest.mark.parametrize(("lang", "size"), [("zh", PHONE), ("en", DESKTOP)])
def test_a_film_that_is_over_shows_its_goods_with_their_day_and_leads_on(visit: Visit, lang: str, size: Size) -> None:
    assert FILM
    shopper = visit(lang=lang, size=size)
    on(shopper)
    shopper.part("position").press("End")
    is_(shopper, "over")
    card = shopper.part("end")
    for id in FILM.products[:3]:
        row = card.locator(f'a[href="{PREFIX[lang]}/products/{id}/"]')
        expect(row.locator(".price")).to_have_text(re.compile(r"^¥\d+\.\d\d$"))
        expect(row.locator(".stock")).not_to_be_empty()
    shopper.look_over()
    shopper.part("again").click()
    is_(shopper, "on")
    expect(card).to_be_hidden()


def test_a_film_that_does_not_come_says_so_and_can_be_tried_again(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("404 (Not Found)")
    shopper.page.route(PLAYED, lambda route: route.fulfill(status=404))
    shopper.open(PATH)
    shopper.part("face").click()
    expect(shopper.page.get_by_role("alert").filter(has_text=shopper.say("scripts.film.gone"))).to_be_visible()
    expect(shopper.part("snow")).to_be_visible()
    shopper.look_over()
    shopper.page.unroute(PLAYED)
    shopper.part("retry").click()
    is_(shopper, "on")
    expect(shopper.part("fault")).to_be_hidden()


def test_who_prefers_the_plain_player_keeps_it(visit: Visit) -> None:
    shopper = visit()
    shopper.open(PATH)
    expect(shopper.part("clip")).not_to_have_attribute("controls", "")
    shopper.button("scripts.film.plain").click()
    expect(shopper.part("power")).to_be_hidden()
    shopper.page.reload()
    expect(shopper.button("scripts.film.set")).to_be_visible()
    expect(shopper.part("clip")).to_have_attribute("controls", "")
    shopper.part("clip").evaluate("clip => clip.play()")
    is_(shopper, "on")
    tracks = "clip => [...clip.textTracks].map(({ language, mode }) => [language, mode])"
    assert shopper.part("clip").evaluate(tracks) == [["zh-CN", "showing"], ["en", "disabled"]]
    shopper.button("scripts.film.set").click()
    expect(shopper.part("power")).to_be_visible()


def test_a_film_that_was_begun_before_the_set_had_come_goes_on_with_its_captions(visit: Visit) -> None:
    shopper = visit()

    def begin(route: Route) -> None:
        shopper.part("clip").evaluate("clip => void clip.play()")
        route.continue_()

    shopper.page.route("**/video.television.js", begin)
    shopper.open(PATH)
    is_(shopper, "on")
    tracks = "clip => [...clip.textTracks].map(({ mode }) => mode)"
    assert shopper.part("clip").evaluate(tracks) == ["hidden", "disabled"]


def test_without_a_script_the_film_and_all_that_is_said_in_it_are_there(visit: Visit) -> None:
    shopper = visit(lang="en", javascript=False)
    shopper.open(PATH)
    film = shopper.page.locator("video")
    expect(film).to_have_attribute("preload", "none")
    expect(film).to_have_attribute("controls", "")
    expect(shopper.part("power")).to_be_disabled()
    shopper.page.get_by_text(shopper.say("video.said")).click()
    expect(shopper.part("said").locator("li").first).to_be_visible()
