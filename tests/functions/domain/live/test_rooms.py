"""What comes next in a room's running order."""

from datetime import UTC, datetime

import pytest
from chalicelib.domain.live.rooms import LiveRoom, Pin, Show, following

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ORDER = ("jar", "pot", "noodles")


@pytest.mark.parametrize(
    ("pinned", "had", "next_"),
    [
        (None, (), "jar"),
        ("jar", ("jar",), "pot"),
        ("noodles", ("jar", "pot", "noodles"), None),
        ("pot", ("pot",), "noodles"),
        ("ginseng", ("jar", "ginseng"), "pot"),
        (None, ("jar", "pot"), "noodles"),
        (None, ORDER, None),
    ],
)
def test_next_is_what_follows_in_the_order_and_what_is_shown_on_the_side_moves_nobody_on(
    pinned: str | None, had: tuple[str, ...], next_: str | None
) -> None:
    room = LiveRoom("r", show=Show("s", NOON, "wang", skus=had), pin=Pin(pinned, NOON, "wang") if pinned else None)
    assert following(room, ORDER) == next_


def test_nothing_is_next_in_an_order_of_nothing() -> None:
    assert following(LiveRoom("r"), ()) is None
