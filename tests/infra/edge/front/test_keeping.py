"""What the edge keeps, for how long, and for whom."""

import asyncio

import pytest
from aiohttp import web

from tests.infra.edge.front.viewer import says, world
from tests.infra.loop import run


def test_an_answer_is_kept_for_as_long_as_it_says_and_no_longer() -> None:
    async def scene() -> None:
        async with world(says("x", Cache_Control="public, max-age=1")) as found:
            first = await found.ask("/api/availability?sku=a")
            found.now = 0.9
            second = await found.ask("/api/availability?sku=a")
            found.now = 1.0
            third = await found.ask("/api/availability?sku=a")
        assert [one.headers["X-Cache"].split()[0] for one in (first, second, third)] == ["Miss", "Hit", "Miss"]
        assert second.headers["Age"] == "0"
        assert len(found.seen) == 2

    run(scene)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache_Control": "no-store"},
        {"Cache_Control": "private, max-age=9"},
        {"Cache_Control": "max-age=9", "Set_Cookie": "a=b"},
        {},
    ],
)
def test_an_answer_that_may_not_be_kept_is_asked_for_again(headers: dict[str, str]) -> None:
    async def scene() -> None:
        async with world(says("x", **headers)) as found:
            await found.ask("/api/availability")
            await found.ask("/api/availability")
            assert len(found.seen) == 2

    run(scene)


def test_an_error_is_not_kept() -> None:
    async def scene() -> None:
        async with world(says("x", status=404, Cache_Control="max-age=9")) as found:
            await found.ask("/api/availability")
            await found.ask("/api/availability")
            assert len(found.seen) == 2

    run(scene)


def test_the_query_tells_calls_apart_but_not_pages() -> None:
    async def scene() -> None:
        async with world(says("x", Cache_Control="max-age=9")) as found:
            for path in ("/api/availability?sku=a", "/api/availability?sku=b", "/?a", "/?b"):
                await found.ask(path)
            for made_up in range(3):
                await found.ask(f"/api/availability?x={made_up}&sku=a&sku{made_up}=b")
            assert [one.raw_path for one in found.seen] == ["/api/availability?sku=a", "/api/availability?sku=b", "/"]

    run(scene)


@pytest.mark.parametrize(("cache", "fetches"), [("max-age=9", 1), ("no-store", 8)])
def test_all_who_miss_at_once_share_one_fetch_if_it_may_be_kept(cache: str, fetches: int) -> None:
    async def scene() -> None:
        async def slowly(request: web.Request) -> web.StreamResponse:
            if len(found.seen) == 1:
                await asyncio.wait_for(all_there.wait(), 5)
            return await says("x", Cache_Control=cache)(request)

        async def ask() -> None:
            waiting.append(None)
            if len(waiting) == 8:
                all_there.set()
            await found.ask("/api/availability")

        waiting: list[None] = []
        all_there = asyncio.Event()
        async with world(slowly) as found:
            await asyncio.gather(*(ask() for _ in range(8)))
            assert len(found.seen) == fetches

    run(scene)
