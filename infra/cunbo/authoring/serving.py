"""What the two servers of `make write` share: whom they answer, and where their files lie.

Both listen on this machine alone. A web page that is open beside them could still ask them, and a name that leads to
127.0.0.1 would make them its own origin: so they know their own addresses, and answer nothing that is sent to another,
or would change something and comes from another.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from storefront.read import messages

from cunbo.core.paths import ROOT
from cunbo.deploy.site import TYPES
from cunbo.edge.config import READS, policy_headers

LOCAL = "127.0.0.1"
TEMPLATE = ROOT / "infra" / "stack.yaml"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Template(yaml.SafeLoader):
    """CloudFormation's YAML: of what a function such as !Sub is given, the text alone."""


def _text(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Template.add_multi_constructor("!", _text)


@cache
def edge_policy() -> Mapping[str, str]:
    """Return the headers that the template gives the edge; ${ShopUrl} stands in them."""
    with TEMPLATE.open(encoding="utf-8") as opened:
        template = yaml.load(opened, _Template)  # noqa: S506 - a SafeLoader
    return policy_headers(template["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"])


def edge_headers(shop_url: str) -> dict[str, str]:
    """Return the headers that the edge adds to every answer of a shop at this origin."""
    return {name: value.replace("${ShopUrl}", shop_url) for name, value in edge_policy().items()}


def origin(request: web.Request) -> str:
    """Return the origin that was asked."""
    return f"http://{request.host.lower()}"


def application(headers: Callable[[str], Mapping[str, str]]) -> web.Application:
    """Return a server that answers its own addresses alone, with these headers of its origin on every answer."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = refusal(request)
        return await handler(request) if refused is None else refused

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers(origin(request)))
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"

    made = web.Application(middlewares=[guard])
    made.on_response_prepare.append(add_headers)
    return made


def refusal(request: web.Request) -> web.Response | None:
    """Return the answer to a request that is sent to another address, or writes and comes from elsewhere; else None."""
    words = messages.of(messages.of_writer())["writing"]
    port = request.transport.get_extra_info("sockname")[1] if request.transport else 0
    own = {f"{name}:{port}" for name in (LOCAL, "localhost")}
    if request.host.lower() not in own:
        elsewhere = words["elsewhere"].format(address=f"http://{LOCAL}:{port}/")
        return web.Response(status=HTTPStatus.MISDIRECTED_REQUEST, text=f"{elsewhere}\n")
    said = request.headers.get("Origin")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if request.method not in READS and (foreign or (said is not None and said != origin(request))):
        return web.Response(status=HTTPStatus.FORBIDDEN, text=f"{words['foreign']}\n")
    return None


@asynccontextmanager
async def listening(application: web.Application, port: int) -> AsyncIterator[None]:
    """Listen on this machine until the block ends."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOCAL, port).start()
        yield
    finally:
        await runner.cleanup()


def file_of(folder: Path, path: str) -> Path | None:
    """Return the file below the folder that a path means, a folder's index.html where it ends in a slash; else None."""
    parts = path.lstrip("/").split("/")
    if any(part in {".", ".."} or "\\" in part for part in parts):
        return None
    try:
        found = folder.resolve().joinpath(*parts[:-1], parts[-1] or "index.html").resolve()
        return found if found.is_relative_to(folder.resolve()) and found.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def answer(status: int, body: bytes, suffix: str) -> web.Response:
    """Return a response with a file's content."""
    kind = TYPES.get(suffix.lower(), "application/octet-stream")
    return web.Response(status=status, body=body, headers={"Content-Type": kind, "Cache-Control": "no-store"})
