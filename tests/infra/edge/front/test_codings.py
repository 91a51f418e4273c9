"""In which coding and at which length a page comes."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from aiohttp import web

from tests.infra.edge.front.viewer import CLIP, PAGE, says, serves, world
from tests.infra.loop import run


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_page_comes_in_the_best_coding_that_the_browser_takes(
    accepted: str, coding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    async def scene() -> None:
        async with world(says(PAGE, ETag='"abc"', Cache_Control="max-age=60")) as found:
            for _ in range(2):
                answer = await found.ask("/", headers={"Accept-Encoding": accepted})
                assert answer.headers.get("Content-Encoding") == coding
                assert unpack(answer.body).decode() == PAGE
            again = await found.ask("/", headers={"Accept-Encoding": accepted, "If-None-Match": answer.headers["ETag"]})
            assert (again.status, again.body) == (304, b"")
            assert len(found.seen) == 1

    run(scene)


def test_what_is_small_or_no_text_stays_as_it_is() -> None:
    async def scene() -> None:
        for say in (says("short"), says("x" * 5000, Content_Type="image/webp"), serves(CLIP, "video/mp4")):
            async with world(say) as found:
                answer = await found.ask("/", headers={"Accept-Encoding": "br"})
                assert "Content-Encoding" not in answer.headers

    run(scene)


def test_head_has_the_length_and_no_body() -> None:
    async def scene() -> None:
        async with world(says("twelve bytes")) as found:
            answer = await found.ask("/", "HEAD")
            assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "12", b"")

    run(scene)


def test_a_redirect_and_every_cookie_are_the_viewers_own() -> None:
    async def scene() -> None:
        async def say(request: web.Request) -> web.StreamResponse:
            answer = web.Response(status=302, headers={"Location": "/products/x/"})
            answer.set_cookie("a", "1")
            answer.set_cookie("b", "2")
            return answer

        async with world(say) as found:
            answer = await found.ask("/q/cabbage-1")
            assert (answer.status, answer.headers["Location"]) == (302, "/products/x/")
            assert len(answer.headers.getall("Set-Cookie")) == 2

    run(scene)
