"""Films for the platforms: what each takes, and a last card that a phone reads from the film itself."""

from pathlib import Path

import pytest
import zxingcpp
from cunbo.core.refusal import Refusal
from cunbo.film import finish, looks
from cunbo.film.probe import probe
from cunbo.film.ways import cards
from storefront.build import codes
from storefront.read.media import films

from tests.infra.film.clips import drawn, frame

LINK = codes.link("https://shop.example.cn", "cabbage-1", "spicy-cabbage-500g")


def test_what_is_said_of_the_platforms_holds_together() -> None:
    assert set(cards.platforms()) == {"douyin", "channels", "kuaishou"}
    for platform in cards.platforms().values():
        left, top, right, bottom = platform.safe
        wide, high = platform.size
        assert 0 < left < right < wide and 0 < top < bottom < high and wide % 2 == high % 2 == 0
        assert platform.shortest < platform.best < platform.longest


@pytest.mark.parametrize("name", cards.platforms())
def test_all_that_a_last_card_says_lies_where_nothing_covers_it(name: str) -> None:
    platform = cards.platform_of(name)
    card = cards.ending(platform, codes.code(LINK), ("辣白菜 500 克", "截图扫码，进店看看"))
    bare = cards.title_cloth(platform.size)
    left, top, right, bottom = platform.safe
    for picture in (card, bare):
        picture.paste("#000000", (left, top, right, bottom))
    assert card.tobytes() == bare.tobytes()


def test_the_code_is_read_from_a_frame_of_the_film_as_a_platform_would_shrink_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "ENDING", 0.8)
    platform = cards.platform_of("douyin")
    clip = probe(drawn(tmp_path / "clip.mp4", "testsrc=s=320x240:d=1.2:r=5", "-pix_fmt", "yuv420p"))
    order = finish.FilmOrder(
        looks.LOOKS["none"],
        platform.shape,
        ending=cards.ending(platform, codes.code(LINK), ("辣白菜", "截图扫码，进店看看")),
        rendition=platform.rendition,
        safe=platform.safe,
    )
    files = finish.ClipFiles(tmp_path, "card", endings=(".mp4",))
    made = finish.make(clip, order, files, lambda what, share: None)
    assert [path.name for path in made] == ["card.mp4", "card.jpg"]
    film = films.probe(made[0])
    assert (film.width, film.height) == platform.size and abs(film.seconds - clip.seconds - order.more) < 0.3
    shown = frame(made[0], clip.seconds + 0.5)
    [read] = zxingcpp.read_barcodes(shown.resize((360, 640)))
    assert read.text == LINK


@pytest.mark.parametrize(("seconds", "said"), [(1000, "this has 100 more"), (2, "no film of less than 3 seconds")])
def test_a_film_that_a_platform_does_not_take_is_refused_before_it_is_made(seconds: float, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        cards.fits(cards.platform_of("douyin"), seconds)


def test_a_platform_that_is_not_known_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(Refusal, match=r"did you mean douyin\?"):
        cards.platform_of("duoyin")
