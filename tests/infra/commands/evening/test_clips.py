"""`cunbo clips`, on recordings whose every second wears its number: what is in a clip is read back from its frames."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import av
import pytest
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.live.rooms import Act, LogEntry
from chalicelib.domain.stock.passports import Recall
from cunbo.commands import target
from cunbo.operations.shop import ShopOperations
from moto import mock_aws
from storefront.check import content
from storefront.check.media.show_clips import UNWRITTEN
from storefront.read.media import films

from tests.functions.helpers.world import World
from tests.infra.command_line import run
from tests.infra.film.evening.made import SHOW, at, entry, recording, saved, seconds_in
from tests.site.helpers.samples import GOOD, photograph, write

JAR = "spicy-cabbage-500g"
ROOM = """\
---
template: room.html
name: 一号直播室
summary: 一瓶一瓶的辣白菜
village: gaotaizi
programme:
  - {days: [monday], start: 19:00, end: 21:00}
picture: {src: room.jpg, alt: 一间屋子}
products: [spicy-cabbage]
---
在村委会。
"""
ROOM_EN = """\
---
template: room.html
name: Room one
summary: Jar by jar
picture: {alt: A room}
---
In the village's hall.
"""
WHOLE: dict[str, Any] = {
    **GOOD, "live/cabbage-1.md": ROOM, "live/cabbage-1.en.md": ROOM_EN, "live/room.jpg": photograph(),
    "videos/.gitkeep": "",
}  # fmt: skip
SHOWN = (entry(-2, Act.START), entry(1, Act.PIN, JAR, 2990), entry(3, Act.UNPIN), entry(5, Act.END))
"""Shown from the 60th second of the recording to the 180th."""
ID = "spicy-cabbage-20261130"


PEOPLE = f"""\
people:
  - {{person: p1, may: [site], until: 2099-12-31}}
seen:
  - {{file: videos/{ID}.mp4, people: [p1]}}
"""


class Desk:
    """A content folder, a log, and a recording of four minutes, with its sound."""

    def __init__(self, folder: Path, log: Sequence[LogEntry] = SHOWN) -> None:
        self.content = write(folder, WHOLE)
        self.log = saved(folder / "log.json", *log)

    def cut(self, *recordings: Path, more: Sequence[str] = ()) -> object:
        where = ["--log", str(self.log), "--content", str(self.content)]
        return run("clips", *map(str, recordings), *where, *more)

    @property
    def made(self) -> set[str]:
        return {path.name for path in (self.content / "videos").iterdir()} - {".gitkeep"}

    def seconds(self, id_: str = ID, ending: str = ".mp4") -> tuple[int, int]:
        found = seconds_in(self.content / "videos" / f"{id_}{ending}")
        assert found == sorted(found)
        return found[0], found[-1]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of OBS."""
    return recording(
        tmp_path_factory.mktemp("evening") / "2026-11-30 19-30-05.mkv", 240, "pcm_s16le", larger=5, title="x"
    )


def test_a_clip_has_just_the_seconds_in_which_the_product_was_pinned(
    tmp_path: Path, evening: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path)
    assert desk.cut(evening, more=["--yes", "--most", "20"]) == 0
    said = capsys.readouterr().out
    assert "2026-11-30 19:30:05 to 19:34:05 by the village's clock, says its name" in said
    assert re.search(rf"spicy-cabbage  19:31:02  19:31:22 +20  {ID}\n", said)
    assert re.search(r"s left", said), "it says how long it still takes"
    endings = {".mp4", "-small.mp4", ".jpg", ".md", ".en.md", "-zh.vtt", "-en.vtt"}
    assert desk.made == {f"{ID}{ending}" for ending in endings}
    assert desk.seconds() == desk.seconds(ending="-small.mp4") == (57, 76)
    with av.open(str(desk.content / f"videos/{ID}.mp4")) as film:
        assert film.streams.audio and "title" not in film.metadata
    captions = (desk.content / f"videos/{ID}-zh.vtt").read_text("utf-8")
    assert captions.count(UNWRITTEN) >= 4, "a sentence between each pause and the next"
    waits = content.look(desk.content)
    assert waits.faults == () and waits.catalog and waits.catalog.videos == ()
    for lang in ("zh", "en"):
        path = desk.content / f"videos/{ID}-{lang}.vtt"
        path.write_text(path.read_text("utf-8").replace(UNWRITTEN, "Words"), "utf-8")
    (desk.content / "people.yml").write_text(PEOPLE, "utf-8")
    shown = content.look(desk.content)
    assert shown.catalog, shown.faults
    (video,) = shown.catalog.videos
    assert (video.title.zh, video.products, video.sample) == (
        "辣白菜（11 月 30 日直播片段）",
        ("spicy-cabbage",),
        False,
    )
    assert video.cut_from and (video.cut_from.room, video.cut_from.show) == ("cabbage-1", SHOW)
    assert (str(video.cut_from.day), video.cut_from.time, len(video.cut_from.packs)) == ("2026-11-30", "19:31", 2)


@pytest.mark.parametrize(
    ("name", "more", "first"),
    [
        ("evening.mp4", ["--began", "2026-11-30 19:30:05"], 57),
        ("2026-11-30 19-29-35.mp4", [], 87),  # half a minute before
        ("2026-11-30 19-31-35.mp4", [], 0),  # in the middle of it
        ("2026-11-30 11-30-05.mp4", ["--shift", "28800"], 57),  # a clock that went by UTC
        ("2026-11-30 19-30-35.mp4", ["--shift=-30"], 57),  # or fast
        ("2026-11-30 19-30-05.mp4", ["--paused", "19:30:30-19:30:50"], 37),  # what follows is sooner in the file
    ],
)
def test_the_clock_of_a_recording_is_told_by_name_or_by_whoever_knows_better(
    tmp_path: Path, name: str, more: list[str], first: int
) -> None:
    desk = Desk(tmp_path)
    assert desk.cut(recording(tmp_path / name, 110, tall=True), more=["--yes", "--most", "10", *more]) == 0
    assert desk.seconds() == (first, first + 9)
    assert films.probe(desk.content / f"videos/{ID}.mp4").height > films.probe(desk.content / f"videos/{ID}.mp4").width
    assert content.look(desk.content).faults == (), "an upright, small, silent one is fit for a page"


def test_of_several_files_of_one_evening_the_one_is_cut_that_has_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    parts = [recording(tmp_path / f"2026-11-30 19-{name}.mkv", 70) for name in ("31-35", "30-05")]
    assert desk.cut(*parts, more=["--yes", "--most", "10"]) == 0
    assert desk.seconds() == (0, 9), "the second file has more of it"


def test_a_dry_run_and_a_no_write_nothing_and_what_is_there_is_kept(
    tmp_path: Path, evening: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    assert desk.cut(evening, more=["--dry-run"]) == 0
    assert desk.cut(evening) == 2, "nobody can be asked here"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert desk.cut(evening) == 2
    assert desk.made == set()
    assert desk.cut(evening, more=["--yes", "--most", "5", "--least", "5"]) == 0
    (desk.content / f"videos/{ID}-zh.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\n写好了\n", "utf-8")
    capsys.readouterr()
    assert desk.cut(evening, more=["--yes"]) == 2
    assert f"{ID} is the clip of spicy-cabbage of this show already" in capsys.readouterr().err
    assert "写好了" in (desk.content / f"videos/{ID}-zh.vtt").read_text("utf-8")


DROP = entry(0, Act.DROP, JAR, 1990, text="9", drop="d1", opens=at(0), closes=at(9))
OTHER = LogEntry(at(3.5), Act.START, "x", "20261130113500")


@pytest.mark.parametrize(
    ("log", "more", "code", "said"),
    [
        (SHOWN, ["--room", "cabage-1"], 2, "there is no room cabage-1: did you mean cabbage-1?"),
        (SHOWN, ["--show", "20251130"], 2, "the recording has nothing of the show 20251130"),
        (SHOWN, ["--shift", "86400"], 2, "--shift -120 puts its beginning to that of the nearest show"),
        (SHOWN, ["--shift", "a lot"], 2, "--shift is 'a lot': write a whole number of seconds"),
        (SHOWN, ["--began", "yesterday"], 2, "--began is 'yesterday': write day and time by the village's clock"),
        (SHOWN, ["--least", "90", "--most", "30"], 2, "--least is 90 and --most 30: no clip is both"),
        (SHOWN, ["--most", "9999"], 2, "--most is '9999': write a whole number of seconds from 5 to 180"),
        (SHOWN, ["--paused", "8pm"], 2, "--paused is '8pm': write from when to when"),
        (SHOWN, ["--product", "spicy-cabage"], 2, "there is no product spicy-cabage: did you mean spicy-cabbage?"),
        ([], [], 2, "nothing was on air around 2026-11-30 19:30:05"),
        ([*SHOWN[:3], OTHER], [], 2, "has something of several shows: choose by --room and --show"),
        ([*SHOWN, DROP], ["--yes"], 0, "spicy-cabbage  left out: an offer was open in the room"),
        ([SHOWN[0]], ["--yes"], 0, "Nothing was pinned in this show."),
        ([SHOWN[0], entry(1, Act.PIN, JAR, 2790)], ["--yes"], 0, f"({JAR} ¥27.90, now ¥29.90)"),
        (
            [SHOWN[0], entry(1, Act.PIN, "jar", 2790)],
            ["--yes"],
            0,
            "jar      left out: the shop does not sell it",
        ),
    ],
)
def test_what_cannot_be_cut_is_said_with_what_to_do_and_nothing_is_written(
    tmp_path: Path,
    evening: Path,
    capsys: pytest.CaptureFixture[str],
    log: Sequence[LogEntry],
    more: list[str],
    code: int,
    said: str,
) -> None:
    desk = Desk(tmp_path, log)
    assert desk.cut(evening, more=more) == code
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert desk.made == set()


def test_the_running_shop_knows_the_log_the_orders_and_the_recalls(
    tmp_path: Path, evening: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    with mock_aws():
        world = World()
        monkeypatch.setattr(target, "operations", lambda *_: ShopOperations(world.client, world.store.table.name))
        for number, one in enumerate(SHOWN):
            world.store.rooms.note("cabbage-1", one, str(number))
        assert run("clips", str(evening), "--content", str(desk.content), "--dry-run") == 0
        assert f"19:32:02       60  {ID}" in capsys.readouterr().out, "the one room that was on air"
        recall = Recall("r1", at(0), "发酸", "sour", OPERATOR)
        assert world.store.passports.recall(JAR, date(2026, 12, 1), recall)
        assert run("clips", str(evening), "--content", str(desk.content), "--dry-run") == 0
        assert "left out: a batch of it is recalled" in capsys.readouterr().out


def test_a_recording_without_a_time_or_a_picture_or_an_end_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path)
    odd = tmp_path / "直播.mp4"
    odd.write_bytes("不是录像".encode("gbk"))
    for path, said in [
        (recording(tmp_path / "evening.mp4", 2), "neither the name of evening.mp4 nor its tags say when it began"),
        (odd, "直播.mp4 is no film that can be read"),
        (tmp_path / "gone.mkv", "there is no file"),
        (tmp_path, "is a folder: name the film in it"),
    ]:
        assert desk.cut(path) == 2
        assert said in capsys.readouterr().err
    assert (
        run("clips", str(tmp_path / "evening.mp4"), "--content", str(desk.content), "--began", "2026-11-30 19:30") == 2
    )
    assert "or save the room's log from the host's console, and name it by --log" in capsys.readouterr().err
