"""Between Chalice and the use cases: what a request holds, what an answer looks like, and one log line for each."""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import msgspec
from chalice.app import Chalice, Request, Response

from chalicelib.api.problems import problem
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.services.access import COOKIE, Caller

log = logging.getLogger("cunbo")


class Reply(msgspec.Struct, frozen=True):
    """What a use case returns that has more to say than a body: headers, or another status than the route's."""

    body: Any = None
    headers: Mapping[str, str] = {}
    status: int | None = None


def route(
    app: Chalice,
    path: str,
    method: str,
    status: int = 200,
    cache: str = "no-store",
    guard: Callable[[Request], Any] | None = None,
) -> Callable[..., Any]:
    """Routes `method` `path` of `app` to a use case that returns what is to be told as JSON, an Answer, or None.

    Where there is a `guard`, it is asked first: it raises, or says who calls, which the use case is told.
    """

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(**parts: str) -> Response:
            started = time.perf_counter()
            try:
                request: Any = app.current_request
                told = view(request, guard(request), **parts) if guard else view(request, **parts)
                more = told if isinstance(told, Reply) else Reply(told)
                response = _response(more.status or status, {"Cache-Control": cache, **more.headers}, more.body)
            except Exception as error:
                response = _refusal(error)
            _note(method, path, response.status_code, started)
            return response

        # Chalice would refuse other content types in a form of its own; `body_of` refuses them as a problem.
        registered: Callable[..., Any] = app.route(path, methods=[method], content_types=["*/*"])(answer)
        return registered

    return register


def body_of(request: Request) -> bytes:
    """The raw JSON body; raises Malformed where the request says that it is something else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Malformed("send JSON, with the header Content-Type: application/json")
    return raw_body(request)


def raw_body(request: Request) -> bytes:
    """The body as it was sent, byte for byte: what signatures are over."""
    body = request.raw_body
    return body.encode() if isinstance(body, str) else body


def query(request: Request, name: str) -> list[str]:
    """Every value that the query gives to `name`."""
    given = request.query_params
    return list(given.getlist(name)) if given is not None and name in given else []


def bearer(request: Request) -> str:
    """The token of `Authorization: Bearer TOKEN`; raises Unauthorized where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("send the order's token in the header Authorization: Bearer TOKEN")
    return str(token.strip())


def cookie(request: Request, name: str) -> str:
    """What the browser keeps under this name; empty where it sends nothing."""
    pairs = (pair.strip().partition("=") for pair in request.headers.get("cookie", "").split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def reads_english(request: Request) -> bool:
    """Whether the browser would have English rather than Chinese (RFC 9110, Accept-Language)."""
    weights = {"zh": 0.0, "en": 0.0}
    for offer in request.headers.get("accept-language", "").lower().split(","):
        tag, _, weight = offer.strip().partition(";q=")
        lang = tag.split("-")[0]
        if lang in weights and re.fullmatch(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)?", weight):
            weights[lang] = max(weights[lang], float(weight or 1))
    return weights["en"] > weights["zh"]


def caller(request: Request) -> Caller:
    """Who asks, as far as the request says."""
    headers = request.headers
    writes = request.method not in {"GET", "HEAD"}
    return Caller(cookie(request, COOKIE), writes, headers.get("origin", ""), headers.get("sec-fetch-site", ""))


def _response(status: int, headers: dict[str, str], body: Any, kind: str = "application/json") -> Response:
    # Chalice's signature is (body, headers, status): by keyword, so that none takes another's place.
    text = "" if body is None else msgspec.json.encode(body).decode()
    return Response(body=text, status_code=status, headers={"Content-Type": kind, **headers})


def _refusal(error: Exception) -> Response:
    status, headers, body = problem(error)
    if status == 500:
        # The text of an unforeseen error may hold a shopper's words, so only its type and place are logged.
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        at = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        log.error(json.dumps({"fault": type(error).__name__, "at": at}))
    return _response(status, {"Cache-Control": "no-store", **headers}, body, "application/problem+json")


def _note(method: str, path: str, status: int, started: float) -> None:
    """One line a request, by the route's pattern: no order number, token or query gets into it."""
    took = round((time.perf_counter() - started) * 1000, 1)
    log.info(json.dumps({"route": f"{method} {path}", "status": status, "ms": took}))
