"""When a recording began, by whatever says so, and what of it runs without a break."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cunbo.core.refusal import Refusal
from cunbo.film.evening import recordings
from cunbo.film.evening.cuts import Stretch
from cunbo.film.evening.recordings import Recording, RecordingFile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.infra.film.evening.made import BEGAN, at, recording

FILE = Path("evening.mkv")
NAMED = datetime(2026, 11, 30, 11, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "2026-11-30 19-30-05.mkv",
        "2026-11-30_19-30-05.mp4",
        "Replay 2026-11-30 19-30-05.mkv",
        "VID_20261130_193005.mp4",
        "VID20261130193005.mp4",
        "VID_20261130_193005_001.mp4",
        "20261130_193005.mp4",
        "Screenrecorder-2026-11-30-19-30-05-123.mp4",
        "Screen Recording 2026-11-30 at 19.30.05.mov",
        "PXL_20261130_113005123.mp4",
        "DJI_20261130193005_0001_D.MP4",
        "直播 2026年11月30日 19时30分05秒.mp4",
        "2026-11-30T19:30:05.flv",
        "1号机_20261130-193005.ts",
    ],
)
def test_a_name_says_day_and_time_by_the_villages_clock(name: str) -> None:
    assert recordings.named_instant(name) == NAMED


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234.MOV",
        "evening.mkv",
        "2026-11-30.mkv",
        "20261399_193005.mp4",
        "mmexport1764502205000.mp4",
        "",
        "20261130.mp4",
    ],
)
def test_a_name_that_says_no_time_says_none(name: str) -> None:
    assert recordings.named_instant(name) is None


@settings(deadline=None)
@given(st.text(max_size=60) | st.text("0123456789 -_.:", max_size=40))
def test_no_name_is_too_odd(name: str) -> None:
    found = recordings.named_instant(name)
    assert found is None or 2000 <= found.year < 2100


TYPED = datetime(2026, 11, 30, 12, tzinfo=UTC)
APPLE = {"com.apple.quicktime.creationdate": "2026-11-30T20:30:05+0900", "creation_time": "2026-11-30T11:59:00Z"}
FINISHED = {"creation_time": "2026-11-30T11:40:05.000000Z", "com.android.version": "14"}


@pytest.mark.parametrize(
    ("name", "tags", "typed", "began", "by"),
    [
        ("2026-11-30 08-00-00.mkv", APPLE, TYPED, TYPED, "--began"),
        ("IMG_1.MOV", APPLE, None, NAMED, "what the phone wrote into it"),
        ("2026-11-30 19-30-05.mkv", {"creation_time": "2026-11-30T02:00:00Z"}, None, NAMED, "its name"),
        ("IMG_1.MOV", {"creation_time": "2026-11-30T11:30:05.000000Z"}, None, NAMED, "its creation_time"),
        ("a.mp4", FINISHED, None, NAMED, "the time at which the phone had finished it"),
    ],
)
def test_what_is_surest_says_when_it_began(
    name: str, tags: dict[str, str], typed: datetime | None, began: datetime, by: str
) -> None:
    at, says = recordings.began(name, RecordingFile(600, tags), typed)
    assert (at, says.en) == (began, by)


@pytest.mark.parametrize("said", ["", "1904-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z", "\ufffd\ufffd", "0000"])
def test_a_clock_that_was_never_set_says_nothing_and_the_remedy_is_told(said: str) -> None:
    with pytest.raises(Refusal, match="give --began, by the village's clock"):
        recordings.began("a.mp4", RecordingFile(600, {"creation_time": said}))


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-11-30 19:30:05", NAMED),
        ("2026-11-30T19:30", NAMED.replace(second=0)),
        ("2026-11-3 9:30", datetime(2026, 11, 3, 1, 30, tzinfo=UTC)),
        ("2026-11-30T11:30:05Z", NAMED),
        ("2026-11-30 20:30:05+09:00", NAMED),
        (" 2026-11-30 19:30:05.5 ", NAMED + timedelta(seconds=0.5)),
    ],
)
def test_a_time_is_typed_by_the_villages_clock_unless_it_names_a_zone(typed: str, instant: datetime) -> None:
    assert recordings.typed_instant(typed) == instant


@pytest.mark.parametrize(
    "typed", ["", "19:30", "2026-11-31 19:30", "2026-11-30", "30.11.2026 19:30", "２０２６-11-30 19:30", "x"]
)
def test_another_time_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refusal, match="such as '2026-11-30 19:30:05'"):
        recordings.typed_instant(typed)


def test_a_pause_lies_after_the_beginning_also_over_midnight() -> None:
    late = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)  # 23:30
    assert recordings.typed_pause("23:50-0:10:30", late) == Stretch(
        late + timedelta(minutes=20), late + timedelta(minutes=40, seconds=30)
    )
    assert recordings.typed_pause("20:15 — 20:16", BEGAN).seconds == 60
    for typed in ("", "20:15", "25:00-26:00", "20:15-20:61", "a-b"):
        with pytest.raises(Refusal, match="such as 20:15:00-20:21:30"):
            recordings.typed_pause(typed, BEGAN)


@settings(deadline=None)
@given(
    st.integers(1, 9000),
    st.lists(st.tuples(st.integers(-100, 9000), st.integers(0, 900)), max_size=4),
)
def test_all_of_a_file_is_somewhere_once_and_nothing_lies_in_a_pause(
    seconds: int, pauses: list[tuple[int, int]]
) -> None:
    paused = [Stretch(at(first / 60), at((first + lasts) / 60)) for first, lasts in pauses]
    found = recordings.footage([Recording(FILE, BEGAN, seconds, "")], paused)
    assert sum(one.stretch.seconds for one in found) == pytest.approx(seconds)
    at_ = 0.0
    for one in found:
        assert one.at == pytest.approx(at_)
        at_ += one.stretch.seconds
    for one in found:
        for pause in paused:
            if pause.first > BEGAN:
                assert one.stretch.within(pause).seconds == pytest.approx(0)


def test_a_recording_is_looked_into_whatever_its_tags_and_kind_are(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.mkv", 3, "pcm_s16le", creation_time="2026-11-30T11:30:05Z")
    found = recordings.look(path)
    assert found.seconds == pytest.approx(3, abs=0.3)
    assert recordings.began("a.mkv", found)[0] == NAMED


def test_one_that_broke_off_is_counted_or_refused_with_a_remedy(tmp_path: Path) -> None:
    whole = recording(tmp_path / "whole.mkv", 20).read_bytes()
    cut, head, empty = tmp_path / "cut.mkv", tmp_path / "head.mp4", tmp_path / "empty.mkv"
    cut.write_bytes(whole[: len(whole) // 2])
    head.write_bytes(recording(tmp_path / "whole.mp4", 4).read_bytes()[:900])
    empty.write_bytes(b"")
    assert recordings.look(cut).seconds > 1
    for path, said in ((head, "is cut off"), (empty, "is empty")):
        with pytest.raises(Refusal, match=said):
            recordings.look(path)
    with pytest.raises(Refusal, match="there is no file"):
        recordings.look(tmp_path / "gone.mkv")
