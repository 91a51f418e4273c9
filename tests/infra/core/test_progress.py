"""How far work is, and how long it still takes."""

import pytest
from cunbo.core.progress import ProgressLine, time_left


@pytest.mark.parametrize(
    ("spent", "share", "left"),
    [
        (10, 0.5, "0:10"),
        (60, 0.25, "3:00"),
        (7200, 0.9, "13:20"),
        (10, 0, ""),
        (1, 0.5, ""),
        (10, 0.01, ""),
        (9, 1, ""),
    ],
)
def test_the_time_that_is_left_follows_from_the_share_that_is_done(spent: float, share: float, left: str) -> None:
    assert time_left(spent, share) == left


def test_what_is_new_begins_to_count(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    now = [0.0]
    tell = ProgressLine(lambda: now[0])
    for at, what, share in ((0, "a", 0.0), (10, "a", 0.5), (20, "a", 1.0), (20, "b", 0.0), (30, "b", 0.25)):
        now[0] = at
        tell(what, share)
    said = capsys.readouterr().out.replace("\n", "\r").split("\r")
    assert [line.rstrip() for line in said if line.strip()] == [
        "a   0%",
        "a  50%, 0:10 left",
        "a 100%",
        "b   0%",
        "b  25%, 0:30 left",
    ]
