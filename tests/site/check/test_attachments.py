"""What must lie beside the records: pictures, clips and their captions, each fault with its line and its remedy."""

from pathlib import Path
from typing import Any

import pytest
from storefront.check import attachments
from storefront.check.content import read

from tests.site.helpers.samples import (
    CHINESE,
    CUES,
    ENGLISH,
    GOOD,
    GOOD_VIDEO,
    VIDEO,
    faults,
    photograph,
    swapped,
    the_fault,
    write,
)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("jar.jpg", photograph(639), "12: the picture jar.jpg is 639 pixels wide: use one of at least 640; 1200 is"),
        (
            "jar.jpg",
            b"no picture",
            "12: jar.jpg is not a picture: put a picture there, saved as JPEG",
        ),
        ("jar.png", b"", "12: the picture jar.png is an empty file: copy or send it again"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_with_its_line(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    old, new = "src: spicy-cabbage.svg", f"src: {name}"
    files = swapped(CHINESE, old, new) | swapped(ENGLISH, old, new) | {f"products/{name}": data}
    assert the_fault(tmp_path, **files).startswith(f"content/products/spicy-cabbage.md:{what}")


def test_a_video_with_its_clip_and_captions_is_without_a_fault(tmp_path: Path) -> None:
    (video,) = read(write(tmp_path, GOOD | GOOD_VIDEO)).videos
    assert (video.clip, video.seconds, video.products) == ("jar.mp4", 16, ("spicy-cabbage",))


CLIPS: list[tuple[dict[str, Any], str]] = [
    ({"jar.mp4": b""}, "jar.md:6: the clip jar.mp4 is an empty file: put the clip there, as MP4"),
    ({"jar.mp4": None}, "jar.md:6: there is no clip 'jar.mp4' beside the file: put it there"),
    ({"jar.md": VIDEO.replace("jar.mp4", "jar.webm")}, "jar.md:6: there is no clip 'jar.webm' beside the file: put it"),
    ({"jar.md": VIDEO.replace("jar.mp4", "../jar.mp4")}, "jar.md:6: clip '../jar.mp4' leaves the folder: put the clip"),
    ({"jar.md": VIDEO.replace("16\n", "0\n")}, "jar.md:7: seconds is 0: write a whole number of seconds from 1 to"),
    ({"jar.md": VIDEO.replace("-11-24", "-11-31")}, "jar.md:8: published is 2026-11-31: write a date, such as 2026-1"),
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
    ({"jar-en.vtt": CUES.replace("00:02.400", "00:02.200")}, "jar-en.vtt:9: the times do not rise: let a cue begin"),
    ({"jar-en.vtt": CUES.replace("02.300", "00.000")}, "jar-en.vtt:3: the times do not rise: let a cue begin after"),
    ({"jar-en.vtt": CUES.replace("16.000", "16.001")}, "jar-en.vtt:9: the cue ends after the clip's 16 seconds: let"),
    ({"jar-en.vtt": CUES.replace("A cabbage", "")}, "jar-en.vtt:3: the cue says nothing: write its words in the"),
    (
        {"jar-en.vtt": CUES.replace("It is cut\n", "")},
        "jar-en.vtt:9: the cue says nothing: write its words in the",
    ),
]


@pytest.mark.parametrize(("changed", "expected"), CLIPS)
def test_a_clip_and_its_captions_are_whole(tmp_path: Path, changed: dict[str, Any], expected: str) -> None:
    files = GOOD_VIDEO | {f"videos/{name}": content for name, content in changed.items()}
    assert the_fault(tmp_path, **files).startswith(f"content/videos/{expected}")


CHAPTERS = [
    ("{at: 1, title: 一}", "10: the first chapter begins at 1: let it begin at 0"),
    ("{at: 0, title: 一}, {at: 0, title: 二}", "10: at is 0: let a chapter begin after the one before it"),
    ("{at: 0, title: 一}, {at: 16, title: 二}", "10: at is 16: let it begin before the clip's 16 seconds are over"),
    ("{at: soon, title: 一}", "10: at is 'soon': write a whole number of seconds from the clip's beginning"),
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


def test_captions_are_what_is_said_with_its_second() -> None:
    captions = (
        "WEBVTT\n\n00:00:01.500 --> 00:00:02.000\nOne,\ntwo\n\n\n01:00:00.000 --> 01:00:01.000 align:start\nThree\n"
    )
    assert attachments.cues(captions) == [(1, "One,\ntwo"), (3600, "Three")]
