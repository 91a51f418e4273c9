"""Each look on clips as phones save them: upright, as long, of a page's size and loudness, in colours to know it by."""

import subprocess
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from cunbo.core.refusal import Refusal
from cunbo.film import encode, finish, looks, patina, probe
from cunbo.film.sound import beds
from cunbo.film.ways import slides
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from storefront.check.media.films import first_fault
from storefront.read.media import films

from tests.infra.film.clips import drawn, frame, loudness

RED_OVER_BLUE = "color=c=0xb04040:s={size}:d=1.4:r={rate},drawbox=y=ih/2:h=ih/2:w=iw:c=0x4050b0:t=fill"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two clips whose upper half is red and whose lower one is blue."""
    folder = tmp_path_factory.mktemp("phones")
    lying = folder / "lying.mov"
    tone = ("-f", "lavfi", "-i", "sine=f=500:d=1.4", "-ar", "8000", "-ac", "1", "-c:a", "pcm_s16le")
    source = RED_OVER_BLUE.format(size="240x320", rate=60)
    drawn(lying, source, *tone, "-vf", "transpose=1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    turned = folder / "turned.mov"
    command = [encode.program(), "-v", "error", "-display_rotation", "90", "-i", str(lying), "-c", "copy", str(turned)]
    subprocess.run(command, check=True)
    source = RED_OVER_BLUE.format(size="180x144", rate=25)
    voices = ("-f", "lavfi", "-i", "anoisesrc=a=0.01:d=1.4", "-ac", "6", "-c:a", "aac")
    wide = ("-vf", "setsar=2", "-c:v", "mpeg4")
    return {"turned": turned, "wide": drawn(folder / "wide.mp4", source, *voices, *wide)}


def make(clip: Path, folder: Path, order: finish.FilmOrder) -> Path:
    return finish.make(probe.probe(clip), order, finish.ClipFiles(folder, "made"), lambda what, share: None)[0]


@pytest.mark.parametrize(
    ("look", "clip", "shape"),
    [
        ("television", "turned", "4:3"),
        ("film", "wide", "4:3"),
        ("8mm", "turned", "9:16"),
        ("vhs", "wide", "16:9"),
        ("none", "turned", "4:3"),
    ],
)
def test_a_look_leaves_a_clip_upright_and_as_long_and_makes_it_as_loud_as_all(
    clips: dict[str, Path], tmp_path: Path, look: str, clip: str, shape: str
) -> None:
    order = finish.FilmOrder(looks.LOOKS[look], looks.SHAPES[shape], day=date(1986, 5, 12))
    path = make(clips[clip], tmp_path, order)
    film, small = films.probe(path), films.probe(path.with_name("made-small.mp4"))
    assert first_fault(path) is None and (film.width, film.height) == looks.SHAPES[shape].large
    assert (small.width, small.height) == looks.SHAPES[shape].small
    assert abs(film.seconds - 1.4) < 0.2 and film.rate <= 30.5
    wide, high = film.width, film.height
    picture = np.asarray(frame(path, 0.7)).astype(float)
    above, below = (picture[int(high * at), wide // 3 : wide // 2].mean(axis=0) for at in (0.3, 0.7))
    assert above[0] > above[2] + 20 and below[2] > below[0] + 5, "red above blue, as it was filmed"
    heard = loudness(path)
    assert heard is not None and abs(heard + 16) <= 1


def test_a_silent_clip_is_heard_by_its_bed_after_the_countdown_and_the_title(tmp_path: Path) -> None:
    clip = drawn(tmp_path / "clip.mp4", "testsrc=s=160x120:d=1.2:r=5", "-pix_fmt", "yuv420p")
    path = make(clip, tmp_path, finish.FilmOrder(title="一坛白菜|第二天", leader=True, bed="projector", lean=True))
    film = films.probe(path)
    assert abs(film.seconds - 7.2) < 0.3 and film.sound == "aac"
    heard = loudness(path)
    assert heard is not None and abs(heard + 26) <= 1, "half as loud as a film that speaks"
    assert path.with_name("made-small.mp4").stat().st_size <= 1_200_000 * film.seconds / 60 + 20_000
    card = np.asarray(frame(path, 4.5)).reshape(-1, 3)
    assert (card.min(axis=1) > 150).mean() > 0.01 and (card[:, 0] > card[:, 2] + 30).mean() > 0.5, "letters on red"


def test_a_clip_with_a_bed_and_a_part_that_is_silent_is_made(tmp_path: Path) -> None:
    clip = drawn(
        tmp_path / "c.mp4", "testsrc=s=64x48:d=3:r=5", "-f", "lavfi", "-i", "anullsrc=d=3", "-pix_fmt", "yuv420p"
    )
    short = probe.part(probe.probe(clip), 1.0, 2.5)
    files = finish.ClipFiles(tmp_path, "made")
    made = finish.make(short, finish.FilmOrder(looks.LOOKS["none"]), files, lambda what, share: None)
    assert films.probe(made[0]).sound == "" and abs(films.probe(made[0]).seconds - 1.5) < 0.3


def test_photographs_become_a_show_each_upright_and_with_its_clunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slides, "EACH", 1.0)
    monkeypatch.setattr(slides, "RATE", Fraction(10))
    lying = Image.new("RGB", (160, 120), "#b04040")
    lying.getexif()[0x0112] = 6
    exif = lying.getexif()
    exif[0x0112] = 6
    lying.save(tmp_path / "a.jpg", exif=exif)
    Image.new("RGBA", (90, 200), (64, 80, 176, 255)).save(tmp_path / "b.png")
    (tmp_path / "out").mkdir()
    files = finish.ClipFiles(tmp_path / "out", "show")
    made = slides.make([tmp_path], finish.FilmOrder(looks.SLIDES), files, lambda what, share: None)
    assert abs(films.probe(made[0]).seconds - 2) < 0.2 and films.probe(made[0]).sound == "aac"
    first, second = (np.asarray(frame(made[0], at))[240, 320].astype(int) for at in (0.5, 1.5))
    assert first[0] > first[2] + 40 and second[2] > second[0] + 40


@given(st.tuples(st.integers(1, 9000), st.integers(1, 9000)), st.sampled_from(list(looks.SHAPES)), st.integers(0, 9))
def test_a_move_stays_within_its_photograph_and_keeps_the_frames_shape(
    photo: tuple[int, int], shape: str, number: int
) -> None:
    size = looks.SHAPES[shape].large
    for left, top, right, bottom in slides.move(photo, size, number):
        assert -0.01 <= left < right <= photo[0] + 0.01 and -0.01 <= top < bottom <= photo[1] + 0.01
        assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.01)


@given(st.fractions(min_value=0, max_value=100_000))
def test_a_film_keeps_at_most_thirty_frames_a_second_and_a_whole_part_of_its_own(rate: Fraction) -> None:
    kept = probe.steady(rate)
    assert 1 <= kept <= Fraction(303, 10)
    assert kept == probe.USUAL or (rate / kept).denominator == 1


def test_dirt_is_a_few_marks_and_the_same_each_time() -> None:
    frames = [np.asarray(image) for image in patina.marks("print", 320, 240, 40)]
    assert all(
        (one == np.asarray(two)).all() for one, two in zip(frames, patina.marks("print", 320, 240, 40), strict=True)
    )
    covered = [float((frame[:, :, 3] > 40).mean()) for frame in frames]
    assert 0 < max(covered) < 0.05 and sum(share > 0 for share in covered) > 10


@pytest.mark.parametrize("name", beds.BEDS)
def test_a_bed_is_heard_without_a_break_where_it_begins_anew(name: str) -> None:
    made = beds.bed(name)
    assert 0.05 < np.abs(made).max() <= 1 and abs(made.mean()) < 0.01
    steps = np.abs(np.diff(made))
    assert abs(made[0] - made[-1]) <= steps.max() * 1.5


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [(9, None, "ends at 4.0 seconds"), (0, 9, "ends at 4.0 seconds"), (3, 2, "less than a second")],
)
def test_a_part_that_a_clip_has_not_is_refused(start: float, end: float | None, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        probe.part(probe.SourceClip(Path("a.mp4"), 4, None, "null"), start, end)


def test_a_film_that_is_stopped_or_fails_leaves_nothing(tmp_path: Path) -> None:
    clip = probe.probe(drawn(tmp_path / "clip.mp4", "testsrc=s=64x48:d=2:r=5", "-pix_fmt", "yuv420p"))

    def stop(what: str, share: float) -> None:
        raise KeyboardInterrupt

    broken = replace(clip, colours="nosuchfilter")
    for each, tell, error in ((clip, stop, KeyboardInterrupt), (broken, lambda what, share: None, Refusal)):
        with pytest.raises(error):
            finish.make(each, finish.FilmOrder(), finish.ClipFiles(tmp_path, "made"), tell)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
