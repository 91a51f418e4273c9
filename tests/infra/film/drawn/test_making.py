"""A drawn film is made the same twice, and what lies in content is what it says of itself."""

from functools import cache
from pathlib import Path

import av
import pytest
from cunbo.cli import main
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.film.drawn import making, props, stage, svg
from cunbo.film.drawn.stage import DrawnFilm, DrawnShot
from cunbo.film.finish import ClipFiles
from cunbo.film.sound import mix, noises
from cunbo.film.sound.mix import LOUDNESS, PEAK, SPREAD, Score
from PIL import Image
from storefront.read.media import captions, films

VIDEOS = Paths().content / "videos"
NAMES = [*making.FILMS]
MOST = {".mp4": 3.0, "-small.mp4": 1.2}
"""MB a minute."""


def heard(seconds: float) -> Score:
    score = Score(seconds)
    score.add(noises.projector(seconds), 0)
    return score


def piece() -> DrawnFilm:
    drawn = svg.box(0, 0, 800, 600, "#e9d0a0") + svg.put(props.jar(), (400, 500))
    return DrawnFilm(
        "piece", (DrawnShot(0.5, stage.leader), DrawnShot(0.7, lambda t: svg.put(drawn, (20 * t, 0)))), 0.8, heard
    )


def shown(path: Path) -> list[bytes]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24").tobytes() for frame in film.decode(video=0)]


def test_a_master_made_twice_has_the_same_pictures_and_the_same_sound(tmp_path: Path) -> None:
    for name in ("one", "two"):
        making.draw(piece(), tmp_path / f"{name}.mkv", lambda *_: None)
        mix.master(piece().score(1.2).mixed(), tmp_path / f"{name}.wav")
    assert shown(tmp_path / "one.mkv") == shown(tmp_path / "two.mkv")
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()


def test_a_film_gets_two_sizes_and_a_poster_and_says_what_is_done(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    making.make(piece(), ClipFiles(tmp_path, "piece"), lambda *said: told.append(said))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["piece-small.mp4", "piece.jpg", "piece.mp4"]
    assert told[0][0] == "piece, drawn" and told[-1] == ("piece", 1.0)
    with pytest.raises(Refusal, match=r"piece\.mp4"):
        making.make(piece(), ClipFiles(tmp_path, "piece"), lambda *_: None)


@pytest.mark.parametrize(("typed", "says"), [("nodles-at-dawn", "noodles-at-dawn"), ("", "no drawn film")])
def test_a_film_that_does_not_exist_is_refused_by_the_names_that_do(
    typed: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["video", "drawn", typed, "--out", str(tmp_path)])
    assert says in "".join(capsys.readouterr())


def test_no_minute_is_spent_where_a_later_film_would_be_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"{NAMES[-1]}.jpg").write_bytes(b"mine")
    with pytest.raises(SystemExit):
        main(["video", "drawn", "--out", str(tmp_path)])
    assert f"{NAMES[-1]}.jpg" in "".join(capsys.readouterr())
    with pytest.raises(SystemExit):
        main(["video", "drawn", "--out", str(tmp_path / "gone")])
    assert [path.name for path in tmp_path.iterdir()] == [f"{NAMES[-1]}.jpg"]


@cache
def of(name: str, ending: str) -> films.Film:
    return films.probe(VIDEOS / f"{name}{ending}")


@pytest.mark.parametrize("ending", MOST)
@pytest.mark.parametrize("name", NAMES)
def test_a_film_in_content_is_as_long_as_drawn_small_enough_and_as_loud_as_broadcasts(name: str, ending: str) -> None:
    film = of(name, ending)
    assert film.seconds == pytest.approx(making.FILMS[name].seconds, abs=0.1)
    assert film.size / 1e6 * 60 / film.seconds <= MOST[ending]
    assert (film.codec, film.sound) == ("h264", "aac") and film.rate <= 2 * making.FILMS[name].pace
    loud = mix.measure(VIDEOS / f"{name}{ending}")
    assert abs(loud.integrated - LOUDNESS) <= SPREAD and loud.peak <= PEAK


@pytest.mark.parametrize("name", NAMES)
def test_captions_say_the_same_moments_in_both_languages_and_can_be_read_in_their_time(name: str) -> None:
    zh, en = (captions.cues((VIDEOS / f"{name}-{lang}.vtt").read_text(encoding="utf-8")) for lang in ("zh", "en"))
    assert [(cue.start, cue.end) for cue in zh] == [(cue.start, cue.end) for cue in en]
    assert zh[-1].end <= making.FILMS[name].seconds * 1000
    for cue, most in [*((cue, 9) for cue in zh), *((cue, 22) for cue in en)]:
        assert len(cue.spoken) / ((cue.end - cue.start) / 1000) <= most, cue


@pytest.mark.parametrize("name", NAMES)
def test_a_poster_is_a_picture_of_its_film(name: str) -> None:
    with Image.open(VIDEOS / f"{name}.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", stage.SIZE)
        light = poster.convert("L").getextrema()
    assert light[1] - light[0] > 120
