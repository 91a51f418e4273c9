"""Parts of a file, as a player asks for them."""

import pytest

from tests.infra.edge.front.viewer import CLIP, PAGE, serves, world
from tests.infra.loop import run


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-1", 0, 1),  # how Safari asks whether a video can be had in parts
        ("bytes=0-10239", 0, 10_239),
        ("bytes=10239-", 10_239, 10_239),
        ("bytes=100-99999", 100, 10_239),
        ("bytes=-240", 10_000, 10_239),
        ("bytes=-99999", 0, 10_239),
    ],
)
def test_a_part_of_a_video_comes_as_a_part(wanted: str, first: int, last: int) -> None:
    async def scene() -> None:
        async with world(serves(CLIP, "video/mp4", Cache_Control="max-age=60")) as found:
            for _ in range(2):
                answer = await found.ask("/videos/x.mp4", headers={"Range": wanted, "Accept-Encoding": "br"})
                assert (answer.status, answer.body) == (206, CLIP[first : last + 1])
                assert answer.headers["Content-Range"] == f"bytes {first}-{last}/10240"
                assert answer.headers["Content-Type"] == "video/mp4"
            assert len(found.seen) == 1, "parts are cut from the whole that is kept"

    run(scene)


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused_with_the_size(wanted: str) -> None:
    async def scene() -> None:
        async with world(serves(CLIP, "video/mp4")) as found:
            answer = await found.ask("/videos/x.mp4", headers={"Range": wanted})
            assert (answer.status, answer.body) == (416, b"")
            assert answer.headers["Content-Range"] == "bytes */10240"

    run(scene)


@pytest.mark.parametrize("wanted", ["", "bytes=", "bytes=-", "bytes=2-1", "bytes=0-1,4-5", "lines=1-2", "bytes=x-2"])
def test_what_is_no_single_range_gets_the_whole(wanted: str) -> None:
    async def scene() -> None:
        async with world(serves(CLIP, "video/mp4")) as found:
            answer = await found.ask("/videos/x.mp4", headers={"Range": wanted})
            assert (answer.status, answer.body) == (200, CLIP)
            assert answer.headers["Accept-Ranges"] == "bytes"

    run(scene)


@pytest.mark.parametrize(("known", "status"), [('"abc"', 206), ('"old"', 200), ("Tue, 24 Nov 2026 04:00:00 GMT", 200)])
def test_a_part_of_what_has_changed_since_is_the_whole(known: str, status: int) -> None:
    async def scene() -> None:
        async with world(serves(CLIP, "video/mp4")) as found:
            answer = await found.ask("/videos/x.mp4", headers={"Range": "bytes=0-9", "If-Range": known})
            assert answer.status == status

    run(scene)


def test_a_part_of_a_text_is_cut_from_the_bytes_as_they_are_and_what_is_known_needs_none() -> None:
    async def scene() -> None:
        async with world(serves(PAGE.encode(), "text/vtt; charset=utf-8")) as found:
            answer = await found.ask("/videos/x-zh.vtt", headers={"Range": "bytes=0-2", "Accept-Encoding": "br"})
            assert (answer.status, answer.body) == (206, b"<p>")
            assert "Content-Encoding" not in answer.headers
            again = await found.ask("/videos/x-zh.vtt", headers={"Range": "bytes=0-2", "If-None-Match": '"abc"'})
            assert (again.status, again.body) == (304, b"")

    run(scene)


def test_a_call_of_the_api_that_is_one_persons_own_comes_whole() -> None:
    async def scene() -> None:
        async with world(serves(b"{}", "application/json")) as found:
            answer = await found.ask("/api/orders/1", headers={"Range": "bytes=0-0"})
            assert (answer.status, answer.body) == (200, b"{}")
            assert "Accept-Ranges" not in answer.headers

    run(scene)
