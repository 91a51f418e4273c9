"""Bad weather before a small upstream that counts what reached it."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cunbo.load.surge import Surge
from cunbo.load.weather import Fault, Weather, When

from tests.infra.loop import run

CALLS = 60


class Upstream:
    """Answers every request with its own body."""

    def __init__(self) -> None:
        self.heard = 0

    async def echo(self, request: web.Request) -> web.Response:
        self.heard += 1
        return web.Response(body=await request.read())


def sent_through(shares: dict[Fault, float]) -> tuple[list[bytes | None], Upstream, Weather]:
    """The answers to CALLS requests (None where there was none), by bad weather of these shares."""

    async def scene() -> tuple[list[bytes | None], Upstream, Weather]:
        upstream, application = Upstream(), web.Application()
        application.router.add_post("/", upstream.echo)
        async with TestServer(application) as server:
            weather = Weather(str(server.make_url("")), shares)
            connector = aiohttp.TCPConnector(force_close=True)
            async with weather.open(), aiohttp.ClientSession(weather.url, connector=connector) as session:
                answers = await asyncio.gather(*[answer(session, number) for number in range(CALLS)])
        return answers, upstream, weather

    async def answer(session: aiohttp.ClientSession, number: int) -> bytes | None:
        try:
            async with session.post("/", data=body_of(number)) as response:
                return await response.read()
        except aiohttp.ClientConnectionError:
            return None

    return run(scene)


def body_of(number: int) -> bytes:
    return bytes([number]) * 200_000


def test_in_good_weather_all_passes_byte_for_byte() -> None:
    answers, upstream, weather = sent_through({})
    assert answers == [body_of(number) for number in range(CALLS)]
    assert (upstream.heard, weather.connections, weather.met) == (CALLS, CALLS, {})


def test_delayed_connections_lose_nothing() -> None:
    answers, _, weather = sent_through({Fault.DELAY: 1.0})
    assert answers == [body_of(number) for number in range(CALLS)]
    assert set(weather.met) == {(Fault.DELAY, when) for when in When}


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.DROP])
def test_a_request_and_an_answer_can_be_lost_each(fault: Fault) -> None:
    answers, upstream, weather = sent_through({fault: 1.0})
    assert answers == [None] * CALLS
    assert upstream.heard == weather.met[fault, When.AFTER] == CALLS - weather.met[fault, When.BEFORE]
    assert 0 < upstream.heard < CALLS


@pytest.mark.parametrize("make", [lambda url: Weather(url, {}), lambda url: Surge(url, ("x",), 1).run()])
def test_neither_weather_nor_a_surge_is_made_for_a_shop_elsewhere(make: Callable[[str], Any]) -> None:
    with pytest.raises(ValueError, match="not on this machine"):
        make("https://shop.example.com")
