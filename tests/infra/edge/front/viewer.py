"""A viewer before the front, with an upstream that remembers what it was asked."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cunbo.edge.config import Behaviour, CachePolicy, Distribution, Origin
from cunbo.edge.front import LARGEST_BODY, EdgeProxy
from cunbo.edge.gateway import GatewayResponses
from cunbo.edge.response import EdgeResponse
from multidict import CIMultiDict
from yarl import URL

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


CLIP = bytes(range(256)) * 40


def serves(body: bytes, kind: str, **headers: str) -> Say:
    async def say(request: web.Request) -> web.StreamResponse:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, headers={"Content-Type": kind, "ETag": '"abc"'} | names)

    return say
