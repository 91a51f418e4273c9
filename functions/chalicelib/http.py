"""Between Chalice and the use cases: what a request holds, what an answer looks like, and one log line for each."""

import json
import logging
import time
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from chalice.app import Chalice, Request, Response

from .errors import Malformed, Unauthorized
from .problems import problem

log = logging.getLogger("cunbo")


def route(app: Chalice, path: str, method: str, status: int = 200, cache: str = "no-store") -> Callable[..., Any]:
    """Routes `method` `path` of `app` to a use case that returns what is to be told as JSON, or None."""

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(**parts: str) -> Response:
            started = time.perf_counter()
            try:
                response = _response(status, {"Cache-Control": cache}, view(app.current_request, **parts))
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
