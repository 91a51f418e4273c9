"""Films as hosts have them: what is odd in a file or in its name is read right, or refused in one line."""

import subprocess
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from cunbo.core.refusal import Refusal
from cunbo.film import colours, finish, looks, probe
from cunbo.film.encode import program
from PIL import Image
from storefront.read.media import films

from tests.infra.film.clips import drawn, frame, loudness

SOUND = ("-f", "lavfi", "-i", "sine=f=500:d={}", "-c:v", "mpeg4", "-c:a", "aac")
NAMES = ("a:b.mp4", "file:x.mp4", "pipe:0.mp4", "50%d.mp4", "-lead.mp4", "a'b;[c],d.mp4", "秋收 一.mp4", "a\nb.mp4")
PHOTO = BytesIO()
Image.new("RGB", (64, 48)).save(PHOTO, "JPEG")


def ways(seconds: float) -> tuple[str, ...]:
    return tuple(word.format(seconds) for word in SOUND)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, whose contents stand before their bytes."""
    path = tmp_path_factory.mktemp("films") / "whole.mp4"
    return drawn(path, "testsrc=s=64x48:d=2:r=10", *ways(2), "-movflags", "+faststart")


def copied(film: Path, path: Path, *how: str) -> Path:
    """The same film in another file."""
    subprocess.run([program(), "-v", "error", "-y", "-i", str(film), "-c", "copy", *how, str(path)], check=True)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_film_is_read_whatever_it_is_called(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(whole.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert probe.probe(Path(name)).seconds == pytest.approx(2, abs=0.1)


def test_a_film_is_as_long_as_what_is_in_it_wherever_its_clock_begins(whole: Path, tmp_path: Path) -> None:
    late = copied(whole, tmp_path / "late.mkv", "-output_ts_offset", "1000", "-copyts")
    parts = copied(whole, tmp_path / "parts.mp4", "-movflags", "frag_keyframe+empty_moov", "-g", "5")
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(late.read_bytes()[: late.stat().st_size * 2 // 3])
    for path in (late, parts):
        assert probe.probe(path).seconds == pytest.approx(2, abs=0.15)
    assert 1 <= probe.probe(broken).seconds < 1.8, "a recording that broke off goes on as far as it goes"


@pytest.mark.parametrize(
    ("name", "holds", "said"),
    [
        ("empty.mp4", b"", "is empty: copy it again"),
        ("copying.mp4", None, "is cut off: wait until it is copied"),
        ("text.mp4", b"no film\n" * 99, "is no film that can be read"),
        ("list.mp4", b"ffconcat version 1.0\nfile whole.mp4\n", "is no film that can be read"),
        ("picture.mp4", PHOTO.getvalue(), "is a photograph, no film"),
        (".", None, "is a folder: name the film in it"),
    ],
)
def test_what_is_no_whole_film_is_refused_with_what_to_do(
    whole: Path, tmp_path: Path, name: str, holds: bytes | None, said: str
) -> None:
    path = tmp_path / name
    (tmp_path / "whole.mp4").write_bytes(whole.read_bytes())
    if not path.is_dir():
        path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3] if holds is None else holds)
    with pytest.raises(Refusal, match=said):
        probe.probe(path)


def test_pictures_last_as_long_as_the_sound_and_the_sound_is_the_one_that_is_heard(tmp_path: Path) -> None:
    silence = ("-f", "lavfi", "-i", "anullsrc=d=2.4", "-f", "lavfi", "-i", "sine=d=2.4", "-map", "1", "-map", "2")
    film = drawn(tmp_path / "a.mkv", "color=c=red:s=64x48:d=1.2:r=10", *silence, "-map", "0", "-c:v", "mpeg4")
    made = finish.make(
        probe.probe(film), finish.FilmOrder(looks.PLAIN), finish.ClipFiles(tmp_path, "made"), lambda what, share: None
    )
    assert films.probe(made[0]).seconds == pytest.approx(2.4, abs=0.15)
    assert np.asarray(frame(made[0], 2.2))[24, 32, 0] > 200, "the last picture stays"
    assert loudness(made[0]) == pytest.approx(-16, abs=1)


def test_where_nothing_can_be_written_is_said_in_one_line(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cunbo.film.encode.write_lossless", full)
    order = finish.FilmOrder(title="秋收")
    with pytest.raises(Refusal, match="No space left on device"):
        finish.make(probe.probe(whole), order, finish.ClipFiles(tmp_path, "made"), lambda what, share: None)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("primaries", "matrix", "high", "chain"),
    [
        (12, 1, 1080, "pin=smpte432:min=709"),
        (12, 2, 480, "pin=smpte432:min=170m"),
        (9, 2, 1080, "pin=bt2020:min=bt2020nc"),
        (9, 9, 1080, "pin=bt2020:min=bt2020nc"),
        (1, 1, 1080, "in_color_matrix=bt709"),
        (2, 2, 480, "in_color_matrix=bt601"),
    ],
)
def test_colours_wider_than_a_screens_are_brought_into_it(primaries: int, matrix: int, high: int, chain: str) -> None:
    codec = SimpleNamespace(color_trc=1, color_primaries=primaries, colorspace=matrix, height=high, format=None)
    assert chain in colours.to_bt709(codec)
