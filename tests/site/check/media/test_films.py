"""Films, their smaller renditions, captions and chapters: each fault with its line and its remedy."""

from pathlib import Path
from typing import Any

import pytest
from storefront.check.content import read
from storefront.check.media.films import first_fault
from storefront.read.media import films

from tests.site.helpers.films import film, telling
from tests.site.helpers.samples import CUES, GOOD, GOOD_VIDEO, VIDEO, faults, photograph, the_fault, write


def test_a_films_length_is_read_from_its_file(tmp_path: Path) -> None:
    (video,) = read(write(tmp_path, GOOD | GOOD_VIDEO)).videos
    assert (video.clip, video.seconds, video.products) == ("jar.mp4", 16, ("spicy-cabbage",))
    (longer,) = read(write(tmp_path, {"videos/jar.mp4": film(19.4)})).videos
    assert longer.seconds == 19
    written = VIDEO.replace("clip:", "seconds: 19\nclip:")
    assert the_fault(tmp_path, **GOOD_VIDEO | {"videos/jar.md": written}) == (
        "content/videos/jar.md:6: the length is not written: remove seconds: it is read from the clip itself"
    )


PLAYABLE = [
    {},
    {"sound": "aac"},
    {"form": "mov"},
    {"pixels": "yuvj420p"},
    {"rate": 60, "seconds": 2},
    {"size": (1920, 1080), "seconds": 1},
    {"size": (1080, 1920), "seconds": 1},
]
UNPLAYABLE: list[tuple[dict[str, Any], str]] = [
    ({"codec": "libx265"}, "the pictures of jar.mp4 are HEVC (H.265), which some phones cannot play: run cunbo video"),
    ({"codec": "libvpx-vp9"}, "the pictures of jar.mp4 are VP9, which some phones"),
    ({"codec": "mpeg4"}, "the pictures of jar.mp4 are MPEG-4 Visual, which some phones"),
    ({"pixels": "yuv420p10le"}, "the pictures of jar.mp4 are yuv420p10le, which some phones cannot play"),
    ({"pixels": "yuv444p"}, "the pictures of jar.mp4 are yuv444p, which some phones cannot play"),
    ({"transfer": 18}, "the clip jar.mp4 is HDR: its colours are wrong on most screens: run cunbo video plain jar"),
    ({"transfer": 16}, "the clip jar.mp4 is HDR: its colours are wrong on most screens"),
    ({"sound": "mp3"}, "the sound of jar.mp4 is MP3, which some phones cannot play"),
    ({"sound": "ac3"}, "the sound of jar.mp4 is AC3, which some phones cannot play"),
    ({"rate": 240, "seconds": 1}, "the clip jar.mp4 has 240 frames a second, as slow motion is filmed"),
    ({"size": (3840, 2160), "seconds": 1, "rate": 1}, "the clip jar.mp4 has 3840 × 2160 pixels: at most 1920 × 1080"),
    ({"seconds": 0.4}, "the clip jar.mp4 is 0.4 seconds long: put one there that lasts a second or more"),
    (
        {"form": "matroska"},
        "jar.mp4 is really WebM / Matroska, not an MP4 clip: if it is a film, run cunbo video plain",
    ),
    ({"form": "mpegts"}, "jar.mp4 is really MPEG, not an MP4 clip"),
    ({"form": "avi", "codec": "mpeg4"}, "jar.mp4 is really AVI, not an MP4 clip"),
]


def said_of(folder: Path, data: bytes, name: str = "jar.mp4") -> str:
    path = folder / name
    path.write_bytes(data)
    return ": ".join(part.en for part in first_fault(path) or ())


@pytest.mark.parametrize("how", PLAYABLE)
def test_what_every_phone_plays_is_without_a_fault(tmp_path: Path, how: dict[str, Any]) -> None:
    assert said_of(tmp_path, film(**how)) == ""


def test_so_is_a_film_with_all_that_a_phone_writes_beside_it(tmp_path: Path) -> None:
    assert said_of(tmp_path, telling()) == ""


@pytest.mark.parametrize(("how", "expected"), UNPLAYABLE)
def test_what_some_phones_do_not_play_is_told_with_what_to_do(
    tmp_path: Path, how: dict[str, Any], expected: str
) -> None:
    assert said_of(tmp_path, film(**how)).startswith(expected)


WHOLE = film(2, sound="aac")
FIRST = film(2, form="mov")
NO_FILMS: list[tuple[bytes, str]] = [
    (b"", "the clip jar.mp4 is an empty file: put the clip there, as MP4"),
    (b"no film", "jar.mp4 is not an MP4 clip that can be read: wait if it is still being copied; if not, save it from"),
    (b"\0\0\0\x18ftypmp42", "the clip jar.mp4 is incomplete: its end is missing: wait if it is still being copied"),
    (WHOLE[:-500], "the clip jar.mp4 is incomplete: its end is missing"),
    (WHOLE[: len(WHOLE) // 2], "the clip jar.mp4 is incomplete: its end is missing"),
    (b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n", "jar.mp4 is really M3U8, not an MP4 clip"),
    (b"ffconcat version 1.0\nfile other.mp4\n", "jar.mp4 is not an MP4 clip that can be read"),
    (photograph(), "jar.mp4 is really JPEG, not an MP4 clip"),
    (WHOLE.replace(b"vide", b"soun"), "jar.mp4 "),
]


@pytest.mark.parametrize(("data", "expected"), NO_FILMS)
def test_a_name_makes_no_film(tmp_path: Path, data: bytes, expected: str) -> None:
    assert said_of(tmp_path, data).startswith(expected)


@pytest.mark.parametrize("place", range(0, len(FIRST), 97))
def test_whatever_is_broken_in_a_film_is_told_and_never_raises(
    tmp_path: Path, place: int, capfd: pytest.CaptureFixture[str]
) -> None:
    said_of(tmp_path, FIRST[:place] + bytes(64) + FIRST[place + 64 :])
    assert capfd.readouterr() == ("", ""), "and libav prints nothing of its own"


def test_a_film_is_read_again_only_where_its_time_or_size_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "jar.mp4"
    path.write_bytes(film(2))
    before = films.probe(path)
    monkeypatch.setattr(films, "opened_film", lambda path: pytest.fail("opened again"))
    assert films.probe(path) is before
    monkeypatch.undo()
    path.write_bytes(film(3))
    assert films.probe(path).seconds == 3


CLIPS: list[tuple[dict[str, Any], str]] = [
    ({"jar.mp4": b""}, "jar.md:6: the clip jar.mp4 is an empty file: put the clip there, as MP4"),
    ({"jar.mp4": None}, "jar.md:6: there is no clip 'jar.mp4' beside the file: put it there"),
    ({"jar.md": VIDEO.replace("jar.mp4", "jam.mp4")}, "jar.md:6: there is no clip 'jam.mp4' beside the file: put it "),
    ({"jar.md": VIDEO.replace("jar.mp4", "Jar.mp4")}, "jar.md:6: there is no clip 'Jar.mp4' beside the file: put it "),
    ({"jar.md": VIDEO.replace("jar.mp4", "../jar.mp4")}, "jar.md:6: clip '../jar.mp4' is in another folder: put the"),
    ({"jar.md": VIDEO.replace("-11-24", "-11-31")}, "jar.md:7: published is 2026-11-31: write a date, such as 2026-1"),
    ({"jar.mp4": film(codec="mpeg4")}, "jar.md:6: the pictures of jar.mp4 are MPEG-4 Visual, which some phones"),
    ({"jar-small.mp4": film(9, quality=51)}, "jar.md:6: the smaller clip jar-small.mp4 is 9.0 seconds long, the clip"),
    ({"jar-small.mp4": film(sound="aac")}, "jar.md:6: the smaller clip jar-small.mp4 is no smaller than the clip its"),
    ({"jar-small.mp4": b""}, "jar.md:6: the clip jar-small.mp4 is an empty file: put the clip there, as MP4"),
    (
        {"jar.mp4": film(sound="aac"), "jar-small.mp4": film(size=(48, 64))},
        "jar.md:6: the smaller clip jar-small.mp4 is 48 × 64: not the shape of the clip itself, 64 × 48: make it again",
    ),
    (
        {"jar-zh.vtt": None},
        "jar.md:2: jar-zh.vtt is missing beside this file: write the clip's captions there, as WebVTT",
    ),
    (
        {"jar-en.vtt": None},
        "jar.md:2: jar-en.vtt is missing beside this file: write the clip's captions there, as WebVTT",
    ),
    ({"jar-en.vtt": CUES.encode("utf-16")}, "jar-en.vtt:1: this is not UTF-8: save the file as UTF-8 in your editor"),
    ({"jar-en.vtt": CUES[6:]}, "jar-en.vtt:1: the captions do not begin with WEBVTT: write WEBVTT as the first line"),
    ({"jar-en.vtt": "WEBVTTX" + CUES[6:]}, "jar-en.vtt:1: the captions do not begin with WEBVTT: write WEBVTT as the"),
    ({"jar-en.vtt": "WEBVTT\n"}, "jar-en.vtt:1: there is no cue: write one: its times, 00:00:01.000 --> 00:00:02.500"),
    ({"jar-en.vtt": CUES.replace("2.300", "2,300")}, "jar-en.vtt:3: '00:00:00.000 --> 00:00:02,300' gives no times"),
    (
        {"jar-en.vtt": CUES.replace("00:02.400", "0:02.400")},
        "jar-en.vtt:9: '0:02.400 --> 00:00:16.000 align:start' giv",
    ),
    ({"jar-en.vtt": CUES.replace("00:02.400", "00:02.200")}, "jar-en.vtt:9: the times do not rise: let a cue begin"),
    ({"jar-en.vtt": CUES.replace("02.300", "00.000")}, "jar-en.vtt:3: the times do not rise: let a cue begin after"),
    ({"jar-en.vtt": CUES.replace("16.000", "16.001")}, "jar-en.vtt:9: the cue ends after the clip's 16 seconds: let"),
    ({"jar-en.vtt": CUES.replace("A cabbage", "")}, "jar-en.vtt:3: the cue says nothing: write its words in the"),
    ({"jar-en.vtt": CUES.replace("A cabbage", "<v Lao Wang></v>")}, "jar-en.vtt:3: the cue says nothing: write its wo"),
    ({"jar-en.vtt": CUES.replace("It is cut\n", "")}, "jar-en.vtt:9: the cue says nothing: write its words in the"),
    (
        {"jar-en.vtt": "1\n00:00:00,000 --> 00:00:02,300\nA cabbage\n\n2\n00:00:02,400 --> 00:00:16,000\nIt is cut\n"},
        "jar-en.vtt:1: these captions are SRT, not WebVTT: write WEBVTT as the first line, leave the second blank, and",
    ),
]


@pytest.mark.parametrize(("changed", "expected"), CLIPS)
def test_a_clip_and_its_captions_are_whole(tmp_path: Path, changed: dict[str, Any], expected: str) -> None:
    files = GOOD_VIDEO | {f"videos/{name}": content for name, content in changed.items()}
    assert the_fault(tmp_path, **files).startswith(f"content/videos/{expected}")


def test_a_clip_of_another_kind_that_lies_there_is_told_what_to_become(tmp_path: Path) -> None:
    files = GOOD_VIDEO | {"videos/jar.md": VIDEO.replace("jar.mp4", "jar.mov"), "videos/jar.mov": film(form="mov")}
    said = [str(fault) for fault in faults(tmp_path, **files)]
    assert any(
        line.startswith("content/videos/jar.md:6: the clip 'jar.mov' does not end in .mp4: run cunbo video")
        for line in said
    )


CHAPTERS = [
    ("{at: 1, title: 一}", "9: the first chapter begins at 1: let it begin at 0"),
    ("{at: 0, title: 一}, {at: 0, title: 二}", "9: at is 0, which is no later than the chapter before: let a chapter"),
    ("{at: 0, title: 一}, {at: 16, title: 二}", "9: at is 16, and the clip has 16 seconds: let it begin before the"),
    ("{at: soon, title: 一}", "9: at is 'soon': write a whole number of seconds from the clip's beginning"),
]


@pytest.mark.parametrize(("chapters", "expected"), CHAPTERS)
def test_chapters_rise_within_the_clip(tmp_path: Path, chapters: str, expected: str) -> None:
    english = chapters.replace("一", "One").replace("二", "Two")
    files = {
        "videos/jar.md": VIDEO.replace("products:", f"chapters: [{chapters}]\nproducts:"),
        "videos/jar.en.md": str(GOOD_VIDEO["videos/jar.en.md"]).replace(
            "\n---\n", f"\nchapters: [{english}]\n---\n", 1
        ),
    }
    said = "\n".join(map(str, faults(tmp_path, **{**GOOD_VIDEO, **files})))
    assert f"content/videos/jar.md:{expected}" in said


def test_a_clip_has_one_record_so_that_one_says_what_it_is(tmp_path: Path) -> None:
    two = {name.replace("jar", "two"): data for name, data in GOOD_VIDEO.items() if name.endswith((".md", ".vtt"))}
    (fault,) = faults(tmp_path, **GOOD_VIDEO | two)
    assert str(fault).startswith("content/videos/two.md:6: the clip jar.mp4 belongs to content/videos/jar.md:6 already")


@pytest.mark.parametrize("name", ["videos/jar.mp4", "videos/jar-small.mp4"])
def test_a_page_that_is_called_a_film_is_told_once_where_it_is_named(tmp_path: Path, name: str) -> None:
    (fault,) = faults(tmp_path, **GOOD_VIDEO | {name: b"<!doctype html><p>Not found"})
    assert (fault.file, fault.line) == ("content/videos/jar.md", 6) and "is really HTML" in fault.what.en


def test_a_folder_that_is_called_a_film_is_not_offered_as_one(tmp_path: Path) -> None:
    write(tmp_path, {"videos/jar.mp4/x.txt": "x"})
    files = {name: data for name, data in GOOD_VIDEO.items() if name != "videos/jar.mp4"}
    (fault,) = faults(tmp_path, **files)
    assert fault.what.en == "there is no clip 'jar.mp4' beside the file" and fault.remedy.en.endswith(": —")
