"""Lists of cuts: what each line means, and each fault of it with its line, in both languages."""

from pathlib import Path

import pytest
from cunbo.core.refusal import Refusal
from cunbo.film.encode import ask
from cunbo.film.probe import SourceClip
from cunbo.film.ways import cuts, moments
from cunbo.film.ways.cuts import BadCutList, CutList, FilmCut
from hypothesis import given
from hypothesis import strategies as st
from storefront.read.faults import Said


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cuts")
    ask("-f", "lavfi", "-i", "testsrc=s=64x48:d=4:r=5", "-c:v", "mpeg4", str(made / "白菜 1.mp4"))
    (made / "notes.txt").write_text("no film")
    return made


def read(folder: Path, text: str | bytes) -> CutList:
    path = folder / "list.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return cuts.read(path)


GOOD = "title: 一坛白菜|第二天\ncuts:\n  - {file: 白菜 1.mp4, from: 0:01, to: 3}\n  - file: 白菜 1.mp4\n"


def test_a_list_says_which_parts_of_which_clips_in_their_order(folder: Path) -> None:
    made = read(folder, GOOD)
    assert made.title == "一坛白菜|第二天"
    assert [(cut.clip.path.name, cut.clip.start, cut.clip.seconds) for cut in made.cuts] == [
        ("白菜 1.mp4", 1, 2),
        ("白菜 1.mp4", 0, 4),
    ]


CUT = "cuts:\n  - {file: 白菜 1.mp4}\n"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "this is no list of cuts"),
        ("- a", 1, "this is no list of cuts"),
        ("cuts: []", 1, "there are no cuts"),
        ("title: a\n", 1, "there are no cuts"),
        ("cuts:\n" + "  - {file: a.mp4}\n" * 101, 2, "there are 101 cuts"),
        ("titel: a\n" + CUT, 1, "there is no field titel here"),
        (CUT + "  - abc\n", 3, "this cut is no set of fields"),
        (CUT + "  - {from: 1}\n", 3, "this cut names no file"),
        (CUT + "  - {file: }\n", 3, "this cut names no file"),
        (CUT + "  - {file: [a]}\n", 3, "this cut names no file"),
        (CUT + "  - {file: gone.mp4}\n", 3, "there is no clip gone.mp4"),
        (CUT + "  - {file: notes.txt}\n", 3, "notes.txt cannot be read as a film"),
        (CUT + "  - {file: 白菜 1.mp4, frm: 1}\n", 3, "there is no field frm here"),
        (CUT + "  - file: 白菜 1.mp4\n    from: 1:75\n", 4, "from is '1:75', which is no time"),
        (CUT + "  - file: 白菜 1.mp4\n    to: -2\n", 4, "to is '-2', which is no time"),
        (CUT + "  - file: 白菜 1.mp4\n    from: [1]\n", 4, "from is a list or mapping, which is no time"),
        (CUT + "  - file: 白菜 1.mp4\n    from: 9\n", 4, "from is 0:09, but 白菜 1.mp4 ends at 0:04"),
        (CUT + "  - file: 白菜 1.mp4\n    to: 1:00\n", 4, "to is 1:00, but 白菜 1.mp4 ends at 0:04"),
        (CUT + "  - file: 白菜 1.mp4\n    from: 3\n    to: 2\n", 5, "this cut is shorter than a second"),
        (CUT + "  - file: 白菜 1.mp4\n    title: 😀\n", 4, "the title '😀' cannot be lettered"),
        (CUT + "  - file: 白菜 1.mp4\n    caption: 只有中文\n", 4, "a caption needs both languages"),
        (CUT + "  - file: 白菜 1.mp4\n    caption: {zh: 好, en: }\n", 4, "a caption needs both languages"),
    ],
)
def test_a_fault_of_a_list_is_told_with_its_line(folder: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(BadCutList) as bad:
        read(folder, text)
    [found] = bad.value.faults
    assert (found.line, found.what.en[: len(what)]) == (line, what)
    assert found.told("zh").startswith(f"{folder.name}/list.yml:{line}: ") and found.remedy.zh != found.remedy.en


@pytest.mark.parametrize("text", ["cuts:\n\t- a", "cuts: [", "a: 1\na: 2", "标题：坏".encode("gbk"), b"\x00\x01"])
def test_what_is_no_yaml_is_a_fault_and_no_crash(folder: Path, text: str | bytes) -> None:
    with pytest.raises(BadCutList) as bad:
        read(folder, text)
    assert bad.value.faults


def test_a_list_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(Refusal, match="there is no file"):
        cuts.read(folder / "gone.yml")


def test_captions_stand_where_their_cuts_do_after_the_cards_before_them() -> None:
    clip = SourceClip(Path("a.mp4"), 2, None, "null")
    made = CutList(
        "", (FilmCut(clip, caption=Said("好<", "a & b")), FilmCut(clip), FilmCut(clip, "题", Said("二", "c")))
    )
    assert cuts.vtt(made, 3, "en") == (
        "WEBVTT\n\n00:00:03.000 --> 00:00:04.950\na &amp; b\n\n00:00:10.000 --> 00:00:11.950\nc\n"
    )
    assert "好&lt;" in cuts.vtt(made, 3, "zh")
    assert cuts.vtt(CutList("", (FilmCut(clip),)), 0, "zh") == ""


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59_999))
def test_a_moment_is_read_as_it_is_written(hours: int, minutes: int, thousandths: int) -> None:
    seconds = f"{thousandths // 1000:02}.{thousandths % 1000:03}"
    assert moments.seconds_of(f"{hours}:{minutes:02}:{seconds}") == pytest.approx(
        hours * 3600 + minutes * 60 + thousandths / 1000
    )


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_moment(text: str) -> None:
    found = moments.seconds_of(text)
    assert found is None or found >= 0
