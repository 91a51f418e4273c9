"""The front: one origin on this machine for site and API, in the place of CloudFront, and by the same configuration."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import nullcontext, suppress
from http import HTTPStatus
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from cunbo.edge.cache import EdgeCache
from cunbo.edge.config import READS, Behaviour, Distribution, Origin
from cunbo.edge.gateway import GatewayResponses
from cunbo.edge.response import EdgeResponse, compressed, encoding, partial, problem, unchanged

LARGEST_BODY = 6 * 1024 * 1024
"""Bytes of a request that Lambda takes at most."""
PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=2)
SLACK = 5.0
"""Seconds that this machine gets beyond what the edge would wait for an origin."""
EDGE_ADDRESS = "127.0.0.1"
"""What the gateway sees of whoever calls it."""
AT_ONCE = max(4, 2 * (os.cpu_count() or 1))
"""Calls that run at the same time, and as many events; the others wait: one that finds no idle process of the function
starts another, and this machine has no use for more."""
OWN_NAME = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
"""Hosts that the front answers to; the port may be another's that passes requests on, as the surge's proxy does."""
UPLOADS = "/uploads/"
"""Where browsers reach the bucket of photographs on this machine; elsewhere it has a name of its own."""
SHOWN = re.compile(r"/uploads/kept/[a-z]+/[0-9a-f]+/[0-9a-f]+", re.ASCII)
"""What is shown of it, by a signed address."""
OF_UPLOADS = {"content-type", "content-disposition", "cache-control", "content-length"}
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
NOT_FORWARDED = HOP_BY_HOP | {"host", "content-length", "accept-encoding", "x-forwarded-for", "x-forwarded-proto"}
NOT_RETURNED = HOP_BY_HOP | {"content-length", "date", "via", "x-cache", "x-amz-cf-pop", "x-amz-cf-id", "server"}


class EdgeProxy:
    """Answers for `distribution`; `upstream` is where MiniStack listens, such as http://127.0.0.1:8001.

    `proof` are the headers by which the guard before MiniStack knows it.
    """

    def __init__(
        self,
        distribution: Distribution,
        upstream: str,
        gateway_responses: GatewayResponses,
        clock: Callable[[], float] = time.monotonic,
        proof: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.distribution = distribution
        self.upstream = upstream
        self.gateway_responses = gateway_responses
        self.proof = proof
        self.cache = EdgeCache(clock)
        self.places, self.places_for_events = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(AT_ONCE)
        self.session: aiohttp.ClientSession

    def application(self) -> web.Application:
        """Return the proxy as an aiohttp application."""
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_route("*", r"/{path:[\s\S]*}", self.handle)
        application.cleanup_ctx.append(self._connected)
        return application

    async def _connected(self, application: web.Application) -> AsyncIterator[None]:
        # MiniStack closes a connection that rests for five seconds; one that is reused shorter is never half closed.
        connector = aiohttp.TCPConnector(limit=200, keepalive_timeout=2)
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(
            connector=connector, cookie_jar=jar, timeout=PATIENCE, auto_decompress=False
        ) as self.session:
            yield

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        if not _is_asked_for(request):
            return self._sent(problem(HTTPStatus.MISDIRECTED_REQUEST, "no shop of this name is here"), None)
        path = request.raw_path.partition("?")[0]
        if (bucket := self.distribution.uploads) and path.startswith(UPLOADS):
            return await self._uploaded(bucket, request, path)
        behaviour = self.distribution.behaviour(path)
        is_page = not behaviour.origin.api and request.method in READS and not _is_odd(path)
        if is_page and request.host.partition(":")[0].lower() == "localhost":
            # The policy of pages names the shop's own address: their scripts would not run at another.
            raise web.HTTPTemporaryRedirect(f"http://127.0.0.1:{request.url.port}{request.raw_path}")
        headers, reads = request.headers, request.method == "GET"
        age: float | None = None
        try:
            if _is_odd(path) or request.method not in behaviour.methods:
                response = EdgeResponse(HTTPStatus.FORBIDDEN, CIMultiDict())
            elif behaviour.cache_policy and reads:
                plain = "Range" in headers or not behaviour.compress  # a part is one of the bytes as they are
                coding = "" if plain else encoding(headers.get("Accept-Encoding", ""))
                query = behaviour.cache_policy.query(request.rel_url.raw_query_string)
                response, age = await self.cache.get(
                    (path, query, coding),
                    behaviour.cache_policy,
                    lambda: self._fetch_for_all(behaviour, path, query, coding),
                )
            else:
                response = await self._fetch_for_one(behaviour, request)
            response = await self._paged(response)
        except web.HTTPRequestEntityTooLarge:
            response = problem(413, f"the body is larger than {LARGEST_BODY} bytes")
        except (aiohttp.ClientError, TimeoutError):
            response = problem(503, "the shop is away: try again, with the same Idempotency-Key", Retry_After="2")
        response = unchanged(response, headers.get("If-None-Match", ""))
        if behaviour.cache_policy and reads:
            response = partial(response, headers.get("Range", ""), headers.get("If-Range", ""))
        return self._sent(response, age, behaviour.adds)

    async def _fetch_for_all(self, behaviour: Behaviour, path: str, query: str, coding: str) -> EdgeResponse:
        """Fetch a response that others may get too: only path and query of the viewer reach the origin."""
        target = path + (f"?{query}" if query else "")
        headers = CIMultiDict({"User-Agent": "Amazon CloudFront"})
        response = await self._fetch("GET", behaviour.origin, target, headers, b"")
        return await asyncio.to_thread(compressed, response, coding)

    async def _fetch_for_one(self, behaviour: Behaviour, request: web.Request) -> EdgeResponse:
        body = await request.read()
        headers = CIMultiDict(request.headers) if behaviour.whole else _some(request, behaviour.headers)
        path, _, query = request.raw_path.partition("?")
        if not behaviour.whole:
            query = behaviour.cache_policy.query(query) if behaviour.cache_policy else ""
        target = path + (f"?{query}" if query else "")
        named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
        sent = _without(headers, NOT_FORWARDED | named)
        sent["X-Forwarded-For"] = _forwarded_for(request)
        if behaviour.fallback is None:
            return await self._fetch(request.method, behaviour.origin, target, sent, body)
        with suppress(aiohttp.ClientError, TimeoutError):
            response = await self._fetch(request.method, behaviour.origin, target, sent.copy(), body)
            if response.status not in behaviour.fails:
                return response
        return await self._fetch(request.method, behaviour.fallback, target, sent, body)

    async def _fetch(
        self, method: str, origin: Origin, target: str, headers: CIMultiDict[str], body: bytes
    ) -> EdgeResponse:
        headers["Host"] = origin.host
        headers["X-Forwarded-Proto"] = "https"
        headers.update(origin.headers)
        headers.update(self.proof)
        url = URL(self.upstream + origin.path + target, encoded=True)
        # The call of the sandbox's page holds a place while it waits for its own event, which must not wait for that.
        places = self.places_for_events if url.path.endswith("/events") else self.places
        place = places if origin.api else nullcontext()
        # A short link's redirect is the viewer's to follow; and aiohttp repeats no POST by itself.
        request = self.session.request(
            method, url, headers=headers, data=body or None, allow_redirects=False, skip_auto_headers=("Content-Type",)
        )
        async with place, asyncio.timeout(origin.patience + SLACK), request as reply:
            dropped = NOT_RETURNED - ({"content-length"} if method == "HEAD" else set())
            response = EdgeResponse(reply.status, _without(reply.headers, dropped), await reply.read())
        return self.gateway_responses.with_template_words(response) if origin.api else response

    async def _uploaded(self, bucket: Origin, request: web.Request, path: str) -> web.Response:
        """Pass on a form that puts a photograph into the bucket, or an address that shows one; refuse all else.

        The bucket looks at the signature of either. What is shown can be no page, whatever its bytes are.
        """
        query = request.raw_path.partition("?")[2]
        sends = request.method == "POST" and path == UPLOADS and not query
        shows = request.method in READS and SHOWN.fullmatch(path) and "X-Amz-Signature=" in query
        if not (sends or shows):
            return self._sent(
                problem(HTTPStatus.FORBIDDEN, "photographs are sent and shown by what the shop signs"), None
            )
        target = path.removeprefix(UPLOADS.rstrip("/")) + (f"?{query}" if query else "")
        headers = CIMultiDict({"Content-Type": request.headers.get("Content-Type", "")} if sends else {})
        try:
            response = await self._fetch(request.method, bucket, target, headers, await request.read())
        except web.HTTPRequestEntityTooLarge:
            response = problem(413, f"the body is larger than {LARGEST_BODY} bytes")
        except (aiohttp.ClientError, TimeoutError):
            response = problem(503, "the shop is away: try again", Retry_After="2")
        kept = CIMultiDict((name, value) for name, value in response.headers.items() if name.lower() in OF_UPLOADS)
        return self._sent(EdgeResponse(response.status, kept, response.body), None)

    async def _paged(self, response: EdgeResponse) -> EdgeResponse:
        """Replace an error by the site's page for it, if it has one."""
        status, path = self.distribution.pages.get(response.status, (0, ""))
        if not path:
            return response
        page = await self._fetch_for_all(self.distribution.behaviour(path), path, "", "")
        return EdgeResponse(status, page.headers, page.body) if page.status == HTTPStatus.OK else response

    def _sent(self, response: EdgeResponse, age: float | None, adds: Mapping[str, str] | None = None) -> web.Response:
        sent = web.Response(status=response.status, headers=response.headers, body=response.body)
        sent.headers.update(adds or self.distribution.headers)
        sent.headers["Server"] = "cunbo"
        sent.headers["X-Cache"] = "Miss from cloudfront" if age is None else "Hit from cloudfront"
        if age is not None:
            sent.headers["Age"] = str(int(age))
        return sent


def _is_asked_for(request: web.Request) -> bool:
    """Return whether the request names this machine: another name that leads here is a strange page's way in."""
    named = request.headers.getall("Host", [])
    return len(named) == 1 and OWN_NAME.fullmatch(named[0]) is not None


def _is_odd(path: str) -> bool:
    """Return whether `path` is malformed or climbs above its root, as the path of no page and no call does."""
    plain = unquote(unquote(path)).replace("\\", "/")
    climbs = any(part in (".", "..") for part in plain.split("/"))
    return climbs or not path.startswith("/") or not path.isascii() or "\0" in plain


def _without(headers: Mapping[str, str], names: set[str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in names)


def _forwarded_for(request: web.Request) -> str:
    """Return the viewer's address and the edge's own, as the edge and the gateway behind it write them.

    A peer on this machine is no viewer: the address that it names stands for one, as the edge would give it.
    """
    peer = request.remote or ""
    named = ",".join(request.headers.getall("X-Forwarded-For", [])).rpartition(",")[2].strip()
    viewer = peer if peer and not ip_address(peer).is_loopback else named
    return f"{viewer}, {EDGE_ADDRESS}" if viewer else EDGE_ADDRESS


def _some(request: web.Request, names: frozenset[str]) -> CIMultiDict[str]:
    """Return the viewer's headers of these names, and Content-Type."""
    passed = names | {"content-type"}
    return CIMultiDict((name, value) for name, value in request.headers.items() if name.lower() in passed)
