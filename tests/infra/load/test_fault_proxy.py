"""The proxy that makes faults, before a small upstream that counts what reached it."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cunbo.load.fault_proxy import FaultMoment, FaultProxy, NetworkFault
from cunbo.load.surge import Surge

from tests.infra.loop import run

CALLS = 60


class Upstream:
    """Answers every request with its own body."""

    def __init__(self) -> None:
        self.heard = 0

    async def echo(self, request: web.Request) -> web.Response:
        self.heard += 1
        return web.Response(body=await request.read())


def sent_through(shares: dict[NetworkFault, float]) -> tuple[list[bytes | None], Upstream, FaultProxy]:
    """The answers to CALLS requests (None where there was none), through a proxy with these shares of faults."""

    async def scene() -> tuple[list[bytes | None], Upstream, FaultProxy]:
        upstream, application = Upstream(), web.Application()
        application.router.add_post("/", upstream.echo)
        async with TestServer(application) as server:
            proxy = FaultProxy(str(server.make_url("")), shares)
            connector = aiohttp.TCPConnector(force_close=True)
            async with proxy.open(), aiohttp.ClientSession(proxy.url, connector=connector) as session:
                answers = await asyncio.gather(*[answer(session, number) for number in range(CALLS)])
        return answers, upstream, proxy

    async def answer(session: aiohttp.ClientSession, number: int) -> bytes | None:
        try:
            async with session.post("/", data=body_of(number)) as response:
                return await response.read()
        except aiohttp.ClientConnectionError:
            return None

    return run(scene)


def body_of(number: int) -> bytes:
    return bytes([number]) * 200_000


def test_without_faults_all_passes_byte_for_byte() -> None:
    answers, upstream, proxy = sent_through({})
    assert answers == [body_of(number) for number in range(CALLS)]
    assert (upstream.heard, proxy.connections, proxy.counts) == (CALLS, CALLS, {})


def test_delayed_connections_lose_nothing() -> None:
    answers, _, proxy = sent_through({NetworkFault.DELAY: 1.0})
    assert answers == [body_of(number) for number in range(CALLS)]
    assert set(proxy.counts) == {(NetworkFault.DELAY, when) for when in FaultMoment}


@pytest.mark.parametrize("fault", [NetworkFault.RESET, NetworkFault.DROP])
def test_a_request_and_an_answer_can_be_lost_each(fault: NetworkFault) -> None:
    answers, upstream, proxy = sent_through({fault: 1.0})
    assert answers == [None] * CALLS
    assert upstream.heard == proxy.counts[fault, FaultMoment.AFTER] == CALLS - proxy.counts[fault, FaultMoment.BEFORE]
    assert 0 < upstream.heard < CALLS


@pytest.mark.parametrize("make", [lambda url: FaultProxy(url, {}), lambda url: Surge(url, ("x",), 1).run()])
def test_neither_a_proxy_nor_a_surge_is_made_for_a_shop_elsewhere(make: Callable[[str], Any]) -> None:
    with pytest.raises(ValueError, match="not on this machine"):
        make("https://shop.example.com")
