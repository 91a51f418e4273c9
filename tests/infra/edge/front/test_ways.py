"""Which origin a path leads to, and which names and methods are served at all."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web
from cunbo.edge.config import Behaviour, Origin
from cunbo.edge.front import SLACK

from tests.infra.edge.front.viewer import API, EDGE, LINKS, PAGE, says, world
from tests.infra.loop import run


@pytest.mark.parametrize(
    ("path", "host", "asked"),
    [
        ("/", "site.test", "/"),
        ("/en/products/x/?from=chat", "site.test", "/en/products/x/"),
        ("/api/health", "api.test", "/api/health"),
        ("/api/staff/rooms/x/log?before=%2F", "api.test", "/api/staff/rooms/x/log?before=%2F"),
        ("/q/cabbage-1?x=%2F", "api.test", "/api/q/cabbage-1"),
    ],
)
def test_each_path_goes_to_its_origin(path: str, host: str, asked: str) -> None:
    async def scene() -> None:
        async with world(says("x")) as found:
            await found.ask(path)
            assert (found.seen[0].host, found.seen[0].raw_path) == (host, asked)

    run(scene)


@pytest.mark.parametrize(
    ("fate", "leads_into_the_site"),
    [
        (302, False),
        (404, False),
        (429, False),
        (500, True),
        (502, True),
        (503, True),
        (504, True),
        ("cut off", True),
        ("silent", True),
    ],
)
def test_a_short_link_leads_into_the_site_where_the_api_fails(fate: int | str, leads_into_the_site: bool) -> None:
    async def say(request: web.Request) -> web.StreamResponse:
        if request.host == "site.test":
            return web.Response(text="the room's own object")
        if fate == "cut off":
            request.transport.close()  # type: ignore[union-attr]
        if fate == "silent":
            await asyncio.Event().wait()
        status = fate if isinstance(fate, int) else 200
        return web.Response(status=status, headers={"Content-Type": "application/problem+json"})

    patience = 0.1 - SLACK if fate == "silent" else Origin.patience
    links = replace(EDGE.behaviour("/q/"), origin=replace(LINKS, patience=patience))

    async def scene() -> None:
        async with world(say, replace(EDGE, behaviours=(links, *EDGE.behaviours))) as found:
            answer = await found.ask("/q/cabbage-1")
            asked = list(dict.fromkeys((one.host, one.raw_path) for one in found.seen))
            assert asked[0] == ("api.test", "/api/q/cabbage-1")
            assert asked[1:] == ([("site.test", "/links/q/cabbage-1")] if leads_into_the_site else [])
            assert answer.status == (200 if leads_into_the_site else fate)
            assert (await found.ask("/q/cabbage-1", "POST")).status == 404, "a group of origins takes no writes"

    run(scene)


def test_a_short_link_asks_for_a_language_and_for_nothing_else_of_the_viewers() -> None:
    async def scene() -> None:
        async with world(says(status=503)) as found:
            headers = {"Accept-Language": "en", "Cookie": "__Host-cunbo=secret", "Authorization": "Bearer secret"}
            await found.ask("/q/cabbage-1?versionId=1", headers=headers)
            assert {one.host for one in found.seen} == {"api.test", "site.test"}
            for one in found.seen:
                assert one.headers["Accept-Language"] == "en"
                assert not {"Cookie", "Authorization"} & {*one.headers}
                assert one.query_string == ""

    run(scene)


def test_localhost_leads_to_the_address_that_the_pages_policy_names() -> None:
    async def scene() -> None:
        async with world(says("here")) as found:
            port = found.viewer.port
            there = {"Host": f"localhost:{port}"}
            answer = await found.viewer.get("/products/x/?a=1", headers=there, allow_redirects=False)
            assert (answer.status, answer.headers["Location"]) == (307, f"http://127.0.0.1:{port}/products/x/?a=1")
            assert not found.seen
            assert (await found.viewer.post("/api/checkout", headers=there, json={})).status == 200
            assert (await found.viewer.get("/api/health", headers=there, allow_redirects=False)).status == 200

    run(scene)


@pytest.mark.parametrize(("path", "source"), [("/pack/", "'self'"), ("/", "'none'"), ("/en/", "'none'")])
def test_a_path_has_the_headers_of_its_own_behaviour_or_those_of_all(path: str, source: str) -> None:
    async def scene() -> None:
        async with world(says(PAGE)) as found:
            answer = await found.viewer.get(path)
            assert answer.headers["Content-Security-Policy"] == f"default-src {source}"

    run(scene)


@pytest.mark.parametrize("path", ["/../x", "/%2e%2e/x", "/a/..%2fx", "/%252e%252e/x", "/a\\..\\x", "/api/./health"])
def test_a_path_that_climbs_is_the_page_for_what_is_not_there(path: str) -> None:
    async def scene() -> None:
        async with world(says("nothing here")) as found:
            reader, writer = await asyncio.open_connection("127.0.0.1", found.viewer.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = (await reader.read()).decode()
            writer.close()
            assert answer.startswith("HTTP/1.1 404 ")
            assert answer.endswith("nothing here")
            assert [one.raw_path for one in found.seen] == ["/404.html"]

    run(scene)


@pytest.mark.parametrize(
    "host", ["x", "stranger.example:8000", "localhost.stranger.example", "0.0.0.0", "127.0.0.1:", ""]
)
def test_a_name_that_is_not_this_machines_is_not_served(host: str) -> None:
    async def scene() -> None:
        async with world(says("a page")) as found:
            for path in ("/", "/api/health", "/q/cabbage-1"):
                answer = await found.ask(path, headers={"Host": host})
                assert (answer.status, answer.headers["Server"]) == (421, "cunbo")
            assert found.seen == []

    run(scene)


def test_a_method_that_the_site_does_not_take_is_the_same_page() -> None:
    async def scene() -> None:
        async with world(says("nothing here")) as found:
            answer = await found.ask("/", "POST", data=b"x")
            assert (answer.status, [one.raw_path for one in found.seen]) == (404, ["/404.html"])

    run(scene)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/api/*", "/api/a/b", True),
        ("/api/*", "/api", False),
        ("/api/rooms/*", "/api/rooms/x/showing", True),
        ("/q/?", "/q/a", True),
        ("/q/?", "/q/ab", False),
        ("/a.b", "/axb", False),
        ("*", "/", True),
    ],
)
def test_patterns_match_as_the_edge_matches_them(pattern: str, path: str, matches: bool) -> None:
    assert Behaviour(pattern, API).matches(path) is matches
