"""The front before a small upstream that remembers what it was asked."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import brotli
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cunbo.edge.config import Behaviour, CachePolicy, Distribution, Origin
from cunbo.edge.front import AT_ONCE, LARGEST_BODY, SLACK, EdgeProxy
from cunbo.edge.gateway import GatewayResponses
from cunbo.edge.response import EdgeResponse
from multidict import CIMultiDict
from yarl import URL

from tests.infra.loop import run
from tests.ports import free_port

ANY = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"})
API = Origin("api.test", api=True)
LINKS = Origin("api.test", "/api", api=True)
STAND_INS = Origin("site.test", "/links")
EDGE = Distribution(
    behaviours=(
        Behaviour("/api/availability", API, ANY, CachePolicy(0, 0, 60, frozenset({"sku"})), compress=True),
        Behaviour("/api/*", API, ANY, whole=True),
        Behaviour(
            "/q/*",
            LINKS,
            headers=frozenset({"accept-language"}),
            fallback=STAND_INS,
            fails=frozenset({500, 502, 503, 504}),
        ),
        Behaviour("/pack/*", Origin("site.test"), adds={"Content-Security-Policy": "default-src 'self'"}),
        Behaviour("*", Origin("site.test"), cache_policy=CachePolicy(0, 60, 31_536_000), compress=True),
    ),
    headers={"Content-Security-Policy": "default-src 'none'"},
    pages={403: (404, "/404.html")},
)
PROBLEM = {"Headers": {"Content-Type": "'application/problem+json'"}}
GATEWAY = {
    name: {"StatusCode": status, "ResponseParameters": PROBLEM, "ResponseTemplates": {"application/json": text}}
    for name, status, text in [
        ("DEFAULT_4XX", "400", '{"status": 400, "detail": $context.error.messageString}'),
        ("MISSING_AUTHENTICATION_TOKEN", "404", '{"status": 404}'),
        ("DEFAULT_5XX", "502", '{"status": 502}'),
        ("INTEGRATION_TIMEOUT", "504", '{"status": 504}'),
    ]
}
REFUSALS = GatewayResponses({"Resources": {"RestAPI": {"Properties": {"GatewayResponses": GATEWAY}}}})
PAGE = "<p>" + "辣白菜" * 500

Say = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class World:
    """A viewer, the front, and what the upstream was asked."""

    viewer: TestClient[Any, Any]
    seen: list[web.Request] = field(default_factory=list)
    now: float = 0.0

    async def ask(self, path: str, method: str = "GET", **more: Any) -> EdgeResponse:
        """One request, with its path exactly as it is written."""
        url = URL(str(self.viewer.make_url("/")).rstrip("/") + path, encoded=True)
        async with self.viewer.session.request(method, url, allow_redirects=False, **more) as answer:
            return EdgeResponse(answer.status, CIMultiDict(answer.headers), await answer.read())


@asynccontextmanager
async def world(
    say: Say, edge: Distribution = EDGE, proof: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[World]:
    async def remember(request: web.Request) -> web.StreamResponse:
        await request.read()
        found.seen.append(request)
        return await say(request)

    upstream = web.Application(client_max_size=LARGEST_BODY * 2)
    upstream.router.add_route("*", "/{path:.*}", remember)
    async with TestServer(upstream) as server:
        front = EdgeProxy(edge, f"http://127.0.0.1:{server.port}", REFUSALS, clock=lambda: found.now, proof=proof)
        async with TestClient(TestServer(front.application()), auto_decompress=False) as viewer:
            found = World(viewer)
            yield found


def says(body: str = "", status: int = 200, **headers: str) -> Say:
    async def say(request: web.Request) -> web.StreamResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(text=body, status=status, headers={"Content-Type": "text/html; charset=utf-8"} | names)

    return say


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


def test_an_event_is_let_through_to_the_calls_that_hold_every_place_and_wait_for_it() -> None:
    async def scene() -> None:
        async def say(request: web.Request) -> web.StreamResponse:
            if request.path.endswith("/act"):
                event = await found.ask("/api/payments/sandbox/events", "POST")
                return web.Response(status=event.status)
            return web.Response(status=204)

        async with world(say) as found:
            acts = (found.ask(f"/api/payments/sandbox/{number}/act", "POST") for number in range(2 * AT_ONCE))
            answers = await asyncio.wait_for(asyncio.gather(*acts), 20)
            assert {answer.status for answer in answers} == {204}

    run(scene)


def test_authorization_reaches_the_calls_that_are_never_kept_and_no_other() -> None:
    async def scene() -> None:
        secret = {"Authorization": "Bearer abc", "Cookie": "a=b", "Idempotency-Key": "k"}
        async with world(says("x", Cache_Control="max-age=60")) as found:
            for path in ("/api/orders/1", "/api/orders/1", "/api/availability", "/"):
                await found.ask(path, headers=secret)
        order, again, availability, page = (one.headers for one in found.seen)
        assert {name: order[name] for name in secret} == secret == {name: again[name] for name in secret}
        assert not {"Authorization", "Cookie", "Idempotency-Key"} & {*availability, *page}

    run(scene)


def test_a_post_whose_answer_is_lost_is_not_repeated() -> None:
    async def scene() -> None:
        async def breaks(request: web.Request) -> web.StreamResponse:
            assert request.transport is not None
            request.transport.close()
            return web.Response()

        async with world(breaks) as found:
            answer = await found.ask("/api/checkout", "POST", json={})
            assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
            assert len(found.seen) == 1

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


def test_an_upstream_that_is_away_is_a_problem_that_says_when_to_come_again() -> None:
    async def scene() -> None:
        front = EdgeProxy(EDGE, f"http://127.0.0.1:{free_port()}", REFUSALS)
        async with TestClient(TestServer(front.application())) as viewer:
            for path in ("/", "/api/health"):
                answer = await viewer.get(path)
                assert (answer.status, (await answer.json())["status"]) == (503, 503)
                assert answer.headers["Retry-After"]
                assert answer.headers["Content-Security-Policy"] == "default-src 'none'"

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


@pytest.mark.parametrize("path", ["/", "/api/health"])
def test_the_front_proves_itself_and_no_viewer_can_in_its_place(path: str) -> None:
    async def scene() -> None:
        async with world(says("a page"), proof={"X-Emulator-Key": "ours"}) as found:
            await found.ask(path, headers={"X-Emulator-Key": "guessed"})
            assert found.seen[0].headers.getall("X-Emulator-Key") == ["ours"]

    run(scene)


def test_a_method_that_the_site_does_not_take_is_the_same_page() -> None:
    async def scene() -> None:
        async with world(says("nothing here")) as found:
            answer = await found.ask("/", "POST", data=b"x")
            assert (answer.status, [one.raw_path for one in found.seen]) == (404, ["/404.html"])

    run(scene)


def test_what_concerns_one_connection_alone_is_not_passed_on() -> None:
    async def scene() -> None:
        async with world(says("x", Keep_Alive="timeout=5", Via="1.1 x", X_Kept="1")) as found:
            headers = {"Connection": "close, X-Mine", "X-Mine": "1", "TE": "trailers", "X-Forwarded-For": "9.9.9.9"}
            answer = await found.ask("/api/health", headers=headers)
        asked = found.seen[0].headers
        assert not {"X-Mine", "TE"} & {*asked}
        assert asked["X-Forwarded-For"] == "9.9.9.9, 127.0.0.1"
        assert not {"Keep-Alive", "Via"} & {*answer.headers}
        assert answer.headers["X-Kept"] == "1"

    run(scene)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], "127.0.0.1"),
        (["203.0.113.7"], "203.0.113.7, 127.0.0.1"),
        (["10.0.0.1, 203.0.113.7"], "203.0.113.7, 127.0.0.1"),
        (["10.0.0.1", "203.0.113.7"], "203.0.113.7, 127.0.0.1"),
        (["2001:db8::1"], "2001:db8::1, 127.0.0.1"),
        (["nonsense"], "nonsense, 127.0.0.1"),
        ([", "], "127.0.0.1"),
    ],
)
def test_a_peer_on_this_machine_names_the_viewer_as_the_edge_would_give_it(sent: list[str], told: str) -> None:
    async def scene() -> None:
        async with world(says("x")) as found:
            headers: Any = CIMultiDict(("X-Forwarded-For", value) for value in sent)
            for path in ("/api/health", "/q/cabbage-1"):
                await found.ask(path, headers=headers)
        assert [asked.headers.getall("X-Forwarded-For") for asked in found.seen] == [[told], [told]]

    run(scene)


def test_each_request_to_the_api_says_that_it_comes_by_the_edge_whatever_the_viewer_says() -> None:
    secret = replace(API, headers=(("X-Cunbo-Edge", "a secret"),))
    behaviours = [replace(one, origin=secret) if one.origin in (API, LINKS) else one for one in EDGE.behaviours]

    async def scene() -> None:
        async with world(says("x"), replace(EDGE, behaviours=tuple(behaviours))) as found:
            for path in ("/api/availability?sku=x", "/api/health", "/q/cabbage-1", "/"):
                await found.ask(path, headers={"X-Cunbo-Edge": "a guess"})
        assert [asked.headers.getall("X-Cunbo-Edge", []) for asked in found.seen] == [["a secret"]] * 3 + [[]]

    run(scene)


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


CLIP = bytes(range(256)) * 40


def serves(body: bytes, kind: str, **headers: str) -> Say:
    async def say(request: web.Request) -> web.StreamResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, headers={"Content-Type": kind, "ETag": '"abc"'} | names)

    return say


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


def test_a_body_that_no_function_takes_is_refused_before_it_is_sent() -> None:
    async def scene() -> None:
        async with world(says()) as found:
            answer = await found.ask("/api/checkout", "POST", data=b"x" * (LARGEST_BODY + 1))
            assert (answer.status, answer.headers["Content-Type"], found.seen) == (413, "application/problem+json", [])

    run(scene)


@pytest.mark.parametrize(
    ("kind", "status", "worded"),
    [("MissingAuthenticationTokenException", 403, 404), ("Other", 400, 400), (None, 502, 502)],
)
def test_the_gateways_refusals_are_worded_as_the_template_has_them(kind: str | None, status: int, worded: int) -> None:
    async def scene() -> None:
        body = json.dumps({"message": "Worker died at line 3"})
        headers = {"x_amzn_ErrorType": kind} if kind else {}
        async with world(says(body, status, Content_Type="application/json", **headers)) as found:
            answer = await found.ask("/api/nothing")
            said = json.loads(answer.body)
        assert (answer.status, said["status"], answer.headers["Content-Type"]) == (
            worded,
            worded,
            "application/problem+json",
        )
        assert said.get("detail", "") == ("Worker died at line 3" if worded == 400 else "")

    run(scene)


@pytest.mark.parametrize("status", [404, 503])
def test_a_functions_own_problem_passes_unchanged(status: int) -> None:
    async def scene() -> None:
        async with world(says("{}", status, Content_Type="application/problem+json", Retry_After="1")) as found:
            answer = await found.ask("/api/orders/1")
            assert (answer.status, answer.body, answer.headers["Retry-After"]) == (status, b"{}", "1")

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


PHOTO = f"/uploads/kept/claim/{'0a' * 12}/{'1b' * 16}"


def test_photographs_are_sent_to_their_bucket_and_shown_from_it_and_nothing_else_reaches_it() -> None:
    async def scene() -> None:
        said = says("x", Set_Cookie="a=b", Content_Disposition="attachment", X_Amz_Id="1")
        async with world(said, replace(EDGE, uploads=Origin("photos.s3.test")), {"X-Key": "ours"}) as found:
            form = {
                "Content-Type": "multipart/form-data; boundary=x",
                "Cookie": "device=1",
                "Authorization": "Bearer y",
            }
            sent = await found.ask("/uploads/", "POST", data=b"--x", headers=form)
            shown = await found.ask(f"{PHOTO}?X-Amz-Signature=0&response-content-type=image%2Fjpeg")
            assert (sent.status, shown.status) == (200, 200)
            assert [(one.method, one.host, one.raw_path.partition("?")[0]) for one in found.seen] == [
                ("POST", "photos.s3.test", "/"),
                ("GET", "photos.s3.test", PHOTO.removeprefix("/uploads")),
            ]
            assert "Cookie" not in found.seen[0].headers and "Authorization" not in found.seen[0].headers
            assert found.seen[0].headers["X-Key"] == "ours"
            assert shown.headers["Content-Disposition"] == "attachment"
            assert shown.headers["Content-Security-Policy"] == EDGE.headers["Content-Security-Policy"]
            assert "Set-Cookie" not in shown.headers and "X-Amz-Id" not in shown.headers
            for method, path in (
                ("GET", PHOTO),
                ("GET", "/uploads/?X-Amz-Signature=0"),
                ("GET", "/uploads/?list-type=2&X-Amz-Signature=0"),
                ("GET", "/uploads/raw/claim/0?X-Amz-Signature=0"),
                ("GET", "/uploads/_ministack/health?X-Amz-Signature=0"),
                ("GET", "/uploads/kept/../../_ministack?X-Amz-Signature=0"),
                ("GET", "/uploads/kept/%2e%2e/x?X-Amz-Signature=0"),
                ("PUT", f"{PHOTO}?X-Amz-Signature=0"),
                ("DELETE", f"{PHOTO}?X-Amz-Signature=0"),
                ("POST", "/uploads/?delete"),
                ("POST", f"{PHOTO}?X-Amz-Signature=0"),
            ):
                assert (await found.ask(path, method)).status == 403, (method, path)
            assert len(found.seen) == 2

    run(scene)


def test_a_shop_without_photographs_has_no_way_to_them() -> None:
    async def scene() -> None:
        async with world(says("x")) as found:
            await found.ask("/uploads/")
            assert found.seen[0].host == "site.test"

    run(scene)
