"""`cunbo video`, on films that ffmpeg draws: what comes out is looked at frame by frame."""

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from cunbo.cli import main
from cunbo.film import encode, looks
from PIL import Image, ImageStat
from storefront.check.media.films import first_fault
from storefront.read.media import films

from tests.infra.film.clips import drawn, frame

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SOURCE = "color=c=0x7f7f7f:s=1280x720:d=2:r=25"


def film(path: Path, *sound: str) -> Path:
    """A grey film of two seconds, wide as phones film."""
    command = [FFMPEG, "-v", "error", "-y", "-f", "lavfi", "-i", SOURCE, *sound, "-metadata", "location=+41.1+126.1/"]
    subprocess.run([*command, "-shortest", str(path)], check=True)
    return path


def about(path: Path) -> str:
    return subprocess.run([FFMPEG, "-hide_banner", "-i", str(path)], capture_output=True, text=True).stderr


def mean(picture: Image.Image, box: tuple[float, float, float, float]) -> list[float]:
    """The mean colour of a part of the picture, given by shares of its width and height."""
    across, down = picture.size
    part = picture.crop((int(box[0] * across), int(box[1] * down), int(box[2] * across), int(box[3] * down)))
    return ImageStat.Stat(part).mean


def orange(picture: Image.Image) -> list[bytes]:
    data = picture.tobytes()
    pixels = [data[at : at + 3] for at in range(0, len(data), 3)]
    return [pixel for pixel in pixels if pixel[0] > 200 and pixel[0] > pixel[1] + 50 > pixel[2] + 80]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    clip = film(folder / "Village Life.mov", "-f", "lavfi", "-i", "sine=d=2")
    with pytest.raises(SystemExit) as left:
        main(["video", "nostalgia", str(clip), "--out", str(folder), "--date", "1986-05-12"])
    assert left.value.code == 0
    return folder


def test_two_sizes_of_four_by_three_and_a_poster_are_made_under_a_name_that_an_address_can_have(made: Path) -> None:
    names = {path.name for path in made.iterdir()}
    assert names == {"Village Life.mov", "village-life.mp4", "village-life-small.mp4", "village-life.jpg"}
    assert [frame(made / f"village-life{ending}.mp4").size for ending in ("", "-small")] == [(640, 480), (480, 360)]
    with Image.open(made / "village-life.jpg") as poster:
        assert poster.size == (640, 480)


def test_phones_play_it_from_its_first_bytes_with_its_sound_and_nothing_says_where_it_was_filmed(made: Path) -> None:
    for name in ("village-life.mp4", "village-life-small.mp4"):
        said, data = about(made / name), (made / name).read_bytes()
        assert "h264 (Main)" in said and "yuv420p" in said and "Audio: aac" in said
        assert re.search(r"Duration: 00:00:0[12]\.", said)
        assert data.index(b"moov") < data.index(b"mdat"), "it begins to play before it is all there"
        assert "location" not in said and b"+41.1" not in data


def test_it_is_warm_and_its_corners_are_dark(made: Path) -> None:
    picture = frame(made / "village-life.mp4")
    red, green, blue = mean(picture, (0.45, 0.45, 0.55, 0.55))
    assert red > green + 5 > blue + 10
    corner = mean(picture, (0, 0, 0.06, 0.06))
    assert sum(corner) < 0.8 * (red + green + blue)
    assert sum(corner) > 0.25 * (red + green + blue), "and not black"


def test_the_date_stands_in_its_corner_in_orange(made: Path) -> None:
    picture = frame(made / "village-life.mp4")
    corner = picture.crop((320, 380, 640, 480))
    assert len(orange(corner)) > 150
    assert orange(picture.crop((0, 0, 640, 300))) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.mp4"], "there is no file gone.mp4"),
        (["CLIP", "--name", "Village Life"], "'Village Life' cannot stand in an address: give --name, small letters"),
        (["CLIP", "--date", "1986"], "--date is '1986': write a date, such as 1986-05-12"),
        (["CLIP", "--out", "nowhere"], "there is no folder nowhere"),
        (["TEXT"], "text.mp4 is no film that can be read: save it as MP4, as phones do"),
        (["CLIP", "--name", "there"], "there.jpg would be written over in"),
    ],
)
def test_what_cannot_be_is_said_with_a_remedy_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    clip, text, there = film(tmp_path / "clip.mp4"), tmp_path / "text.mp4", tmp_path / "there.jpg"
    text.write_text("no film")
    there.write_text("a poster")
    files = {"CLIP": str(clip), "TEXT": str(text)}
    out = [] if "--out" in arguments else ["--out", str(tmp_path)]
    with pytest.raises(SystemExit) as left:
        main(["video", "nostalgia", *(files.get(each, each) for each in arguments), *out])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith(f"cunbo: {said}")
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", "text.mp4", "there.jpg"}


def test_captions_that_are_missing_or_wrong_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = film(tmp_path / "clip.mp4")
    (tmp_path / "film-en.vtt").write_text("WEBVTT\n\n00:00:01.000 --> 00:00:09.000\nToo late\n")
    with pytest.raises(SystemExit):
        main(["video", "nostalgia", str(clip), "--out", str(tmp_path), "--name", "film"])
    said = capsys.readouterr().out.splitlines()
    folder = tmp_path.name
    assert (
        f"{folder}/film.mp4:1: film-zh.vtt is missing beside this file: write the clip's captions there, as WebVTT"
        in said
    )
    assert f"{folder}/film-en.vtt:3: the cue ends after the clip's 2 seconds: let it end with the clip" in said
    assert "Audio" not in about(tmp_path / "film.mp4")


def plain(folder: Path, film: Path) -> Path:
    """What `cunbo video plain` makes of a film."""
    with pytest.raises(SystemExit) as left:
        main(["video", "plain", str(film), "--out", str(folder), "--name", "plain"])
    assert left.value.code == 0
    return folder / "plain.mp4"


HLG = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,"
    "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709,"
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020,zscale=t=arib-std-b67:m=bt2020nc:r=tv:npl=203,"
    "format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"
)
"""Makes HDR of an ordinary picture, as phones film it."""


def test_hdr_and_slow_motion_with_tags_in_any_encoding_become_what_every_phone_plays(tmp_path: Path) -> None:
    title = b"title=" + "\u91d1\u7ea2\u8461\u8404".encode("gbk")
    codec = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1"]
    source = "color=c=0xbf4040:s=320x180:d=1.2:r=240"
    film = drawn(tmp_path / "phone.mov", source, "-vf", HLG, *codec, "-metadata", title)
    path = plain(tmp_path, film)
    assert first_fault(path) is None and first_fault(film) is not None
    made, small = films.probe(path), films.probe(path.with_name("plain-small.mp4"))
    assert (made.codec, made.pixels, made.rate) == ("h264", "yuv420p", 30)
    assert (made.transfer, made.primaries) == (1, 1), "it is tagged as what it is"
    assert (made.width, made.height, small.size < made.size) == (320, 180, True)
    red, green, blue = mean(frame(path), (0.4, 0.4, 0.6, 0.6))
    assert abs(red - 0xBF) < 24 and abs(green - 0x40) < 24 and abs(blue - 0x40) < 24, "neither dull nor garish"
    assert (path.with_suffix(".jpg")).is_file()


def test_an_upright_film_with_odd_sides_and_odd_pixels_keeps_its_shape(tmp_path: Path) -> None:
    film = drawn(tmp_path / "odd.avi", "testsrc=s=181x321:d=1.2:r=50", "-vf", "setsar=2", "-c:v", "mpeg4")
    folder = tmp_path / "videos"
    folder.mkdir()
    made = films.probe(plain(folder, film))
    assert (made.width, made.height, made.rate) == (362, 320, 25)


def test_a_clip_that_lies_in_the_folder_is_found_by_its_name_and_keeps_its_poster(tmp_path: Path) -> None:
    drawn(tmp_path / "jar.mov", "testsrc=s=64x48:d=1.2:r=5", "-c:v", "mpeg4")
    (tmp_path / "jar.jpg").write_bytes(b"the writer's own")
    with pytest.raises(SystemExit) as left:
        main(["video", "plain", "jar.mov", "--out", str(tmp_path)])
    assert left.value.code == 0
    assert (tmp_path / "jar.jpg").read_bytes() == b"the writer's own"
    assert first_fault(tmp_path / "jar.mp4") is None


def test_a_long_film_gets_so_few_bits_that_a_git_host_takes_it() -> None:
    rendition = looks.PLAIN.fixed[0]
    assert encode.most_bits(rendition, 60) == rendition.most
    assert (encode.most_bits(rendition, 3600) + rendition.voice) * 3600 / 8 < films.LARGEST
