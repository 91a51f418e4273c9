"""A drawn film: a shot at each moment, and the same picture at every run."""

import pytest
from cunbo.film.drawn import letters, props, stage, svg
from cunbo.film.drawn.making import FILMS
from cunbo.film.drawn.stage import Brush, DrawnFilm, DrawnShot
from cunbo.film.sound.mix import Score
from hypothesis import given
from hypothesis import strategies as st

RED, BLUE = svg.box(0, 0, 800, 600, "#ff0000"), svg.box(0, 0, 800, 600, "#0000ff")
TWO = DrawnFilm("two", (DrawnShot(1, lambda _: RED), DrawnShot(1, lambda _: BLUE, melt=0.5)), 0.5, Score)


@pytest.mark.parametrize(
    ("at", "colour"), [(0, (255, 0, 0)), (0.99, (255, 0, 0)), (1.5, (0, 0, 255)), (2, (0, 0, 255)), (9, (0, 0, 255))]
)
def test_the_shot_of_a_moment_is_seen(at: float, colour: tuple[int, int, int]) -> None:
    assert stage.picture(TWO, at).getpixel((320, 240)) == colour


def test_a_shot_melts_into_the_next() -> None:
    red, _, blue = stage.picture(TWO, 1.25).getpixel((320, 240))
    assert 90 < red < 165 and 90 < blue < 165


def test_the_same_picture_is_painted_the_same_twice() -> None:
    drawn = stage.render(props.jar())
    assert Brush().work(drawn, 5).tobytes() == Brush().work(drawn, 5).tobytes()
    assert Brush().work(drawn, 0).tobytes() != Brush().work(drawn, stage.BOIL).tobytes()


@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
def test_a_film_can_be_drawn_at_both_ends_of_each_shot(film: DrawnFilm) -> None:
    start = 0.0
    for shot in film.shots:
        for at in (start, start + shot.seconds - 1e-6):
            pieces = film.at(at)
            assert "nan" not in pieces and "inf" not in pieces and pieces.count("<g") == pieces.count("</g>")
        start += shot.seconds
    assert 45 <= film.seconds <= 90 and 0 < film.poster < film.seconds


def test_the_leaf_for_the_day_of_shipping_lies_in_the_picture() -> None:
    left, top, wide, high = stage.SHIP_DAY
    (across, down), corners = stage.SIZE, (left, top, left + wide, top + high)
    box = [round(share * side) for share, side in zip(corners, (across, down, across, down), strict=True)]
    leaf = stage.render(stage.ending(lambda _: "", "哪天发").draw(4)).crop((box[0], box[1], box[2], box[3]))
    assert min(leaf.getpixel((leaf.width - 8, leaf.height - 8))) > 200 and 0 < left + wide < 1 and 0 < top + high < 1


def test_a_sign_that_the_font_lacks_is_told() -> None:
    with pytest.raises(KeyError):
        letters.row("\U0001f962", (0, 0), 10, "#000")


@given(st.floats(-5, 5), st.floats(-2, 2), st.floats(0.01, 3))
def test_a_movement_begins_at_nothing_and_ends_at_all(t: float, start: float, long: float) -> None:
    assert 0 <= svg.ease(t, start, start + long) <= 1 and 0 <= svg.there_and_back(t, start, start + long) <= 1
    assert svg.ease(start - 1, start, start + long) == 0 and svg.ease(start + long + 1, start, start + long) == 1
