"""Who sent a shopper: what the cookie says, for how long, and that nobody else can write one."""

from datetime import timedelta

import pytest
from chalicelib.domain.keys import Keys
from chalicelib.domain.live.attribution import Attribution, cookie, read, told

from tests.functions.helpers.world import NOON, SECRET

KEYS = Keys(SECRET)
FROM = Attribution("cabbage-1", "20261124110000")


@pytest.mark.parametrize("came_from", [FROM, Attribution("cabbage-1")])
def test_what_was_written_is_read_for_thirty_days_and_no_longer(came_from: Attribution) -> None:
    value = cookie(KEYS, came_from, NOON)
    assert read(KEYS, value, NOON) == read(KEYS, value, NOON + timedelta(days=30)) == came_from
    assert read(KEYS, value, NOON + timedelta(days=32)) is None
    assert read(KEYS, value, NOON - timedelta(days=1)) is None


def test_it_is_still_believed_after_the_secret_has_been_rotated() -> None:
    assert read(Keys("t" * 40, (SECRET,)), cookie(KEYS, FROM, NOON), NOON) == FROM


@pytest.mark.parametrize(
    ("old", "new"),
    [("cabbage-1", "cabbage-2"), ("20261124110000", "20261124110001"), (".20261124.", ".20261123."), ("cabbage", "")],
)
def test_nobody_else_can_write_one(old: str, new: str) -> None:
    value = cookie(KEYS, FROM, NOON)
    assert old in value
    assert read(KEYS, value.replace(old, new), NOON) is None
    assert read(Keys("u" * 40), value, NOON) is None


@pytest.mark.parametrize(
    "value", ["", ".", "cabbage-1", "a.b.c.d", "cabbage-1.-.20261124." + "0" * 64, "房.-.1." + "é" * 64]
)
def test_what_is_no_cookie_of_ours_says_nothing(value: str) -> None:
    assert read(KEYS, value, NOON) is None


@pytest.mark.parametrize(
    ("came_from", "room", "answer"),
    [
        (FROM, None, FROM),
        (FROM, "cabbage-2", FROM),
        (Attribution("gone"), "cabbage-2", Attribution("cabbage-2", signed=False)),
        (None, "cabbage-2", Attribution("cabbage-2", signed=False)),
        (None, "gone", None),
        (None, None, None),
    ],
)
def test_the_cookie_goes_first_and_a_room_that_there_is_not_sends_nobody(
    came_from: Attribution | None, room: str | None, answer: Attribution | None
) -> None:
    assert told(["cabbage-1", "cabbage-2"], came_from, room) == answer
