"""Between Chalice and the use cases: what a request holds, what an answer looks like, and one log line for each."""

import hmac
import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any, NoReturn

import msgspec
from chalice.app import Blueprint, Request, Response

from chalicelib import bootstrap
from chalicelib.api.problems import problem
from chalicelib.bootstrap import Services
from chalicelib.domain.errors import Fault, Forbidden, Invalid, Malformed, NotFound, Unauthorized

log = logging.getLogger("cunbo")

EDGE = "x-cunbo-edge"
"""The header by which the edge says that it is the edge; infra/stack.yaml has it add the header."""


DAY = re.compile(r"\d{4}-\d\d-\d\d|\d{8}", re.ASCII)
"""A batch's day, as people write it and as a jar's code has it."""


class RouteReply(msgspec.Struct, frozen=True):
    """What a route returns that has more to say than a body: headers, or another status than the route's."""

    body: Any = None
    headers: Mapping[str, str] = {}
    status: int | None = None


def route(
    routes: Blueprint,
    rule: str,
    status: int = 200,
    cache: str = "no-store",
    guard: Callable[[Request, Services], Any] | None = None,
) -> Callable[..., Any]:
    """Route `rule`, such as "GET /health", to a function that returns what is told as JSON, a RouteReply, or None.

    Whose words are fixed by others, such as a payment provider, returns Chalice's own Response. The function is given
    the request, the shop's services, and the parts of the path by name. Where there is a
    `guard`, it is asked first: it raises, or says who calls, which the function is told too.
    """
    method, _, path = rule.partition(" ")

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(**parts: str) -> Response:
            started = time.perf_counter()
            try:
                request, services = routes.current_request, bootstrap.begin()
                _must_come_by_the_edge(request, services)
                by = (guard(request, services),) if guard else ()
                told = view(request, services, *by, **parts)
                response = told if isinstance(told, Response) else _told(told, status, cache)
            except Exception as error:
                response = _refusal(error)
            _note(rule, response.status_code, started)
            return response

        # Chalice would refuse other content types in a form of its own; `body_of` refuses them as a problem.
        registered: Callable[..., Any] = routes.route(path, methods=[method], content_types=["*/*"])(answer)
        return registered

    return register


def key_of(request: Request) -> str:
    """Return the Idempotency-Key as it was sent; empty where there is none."""
    return str(request.headers.get("idempotency-key", ""))


def body_of(request: Request) -> bytes:
    """Return the raw JSON body; raise Malformed where the request says that it is something else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Malformed("send JSON, with the header Content-Type: application/json")
    return raw_body(request)


def raw_body(request: Request) -> bytes:
    """Return the body as it was sent, byte for byte: what signatures are over."""
    body = request.raw_body
    return body.encode() if isinstance(body, str) else body


def query(request: Request, name: str) -> list[str]:
    """Return every value that the query gives to `name`."""
    given = request.query_params
    return list(given.getlist(name)) if given is not None and name in given else []


def query_one(request: Request, name: str, otherwise: str = "", most: int = 200) -> str:
    """Return the one value that the query gives to `name`, else `otherwise`; raise Invalid for two or a long one."""
    given = query(request, name)
    if len(given) > 1 or any(len(one) > most for one in given):
        raise Invalid([Fault(f"/{name}", f"given once, in at most {most} characters")])
    return given[0] if given else otherwise


def query_day(request: Request, name: str) -> date | None:
    """Return the day that the query gives to `name`, None where it names none; raise Invalid for what is no day."""
    if name not in (request.query_params or {}):
        return None
    given = query_one(request, name)
    try:
        if DAY.fullmatch(given) and "-" in given:
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise Invalid([Fault(f"/{name}", "a date, such as 2026-11-26")])


def batch_day(part: str) -> date:
    """Return the day of a batch that a path names, as 2026-11-26 or 20261126; raise NotFound for what is no day."""
    try:
        return date.fromisoformat(part) if DAY.fullmatch(part) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> NoReturn:
    raise NotFound("there is no batch of this code")


def bearer(request: Request) -> str:
    """Return the token of `Authorization: Bearer TOKEN`; raise Unauthorized where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("send the order's token in the header Authorization: Bearer TOKEN")
    return str(token.strip())


def cookie(request: Request, name: str) -> str:
    """Return what the browser keeps under this name; empty where it sends nothing."""
    pairs = (pair.strip().partition("=") for pair in request.headers.get("cookie", "").split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def reads_english(request: Request) -> bool:
    """Return whether the browser would have English rather than Chinese (RFC 9110, Accept-Language)."""
    weights = {"zh": 0.0, "en": 0.0}
    for offer in request.headers.get("accept-language", "").lower().split(","):
        tag, _, weight = offer.strip().partition(";q=")
        lang = tag.split("-")[0]
        if lang in weights and re.fullmatch(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)?", weight):
            weights[lang] = max(weights[lang], float(weight or 1))
    return weights["en"] > weights["zh"]


def _must_come_by_the_edge(request: Request, services: Services) -> None:
    """Refuse what goes around the edge to the gateway's own address: there the viewer's address may be made up."""
    expected, sent = services.stage.settings.edge_secret, str(request.headers.get(EDGE, ""))
    if expected and not hmac.compare_digest(expected.encode(), sent.encode()):
        raise Forbidden("ask the shop at its own address")


def _told(told: Any, status: int, cache: str) -> Response:
    more = told if isinstance(told, RouteReply) else RouteReply(told)
    return _response(more.status or status, {"Cache-Control": cache, **more.headers}, more.body)


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


def _note(rule: str, status: int, started: float) -> None:
    """One line a request, by the route's rule: no order number, token or query gets into it."""
    took = round((time.perf_counter() - started) * 1000, 1)
    log.info(json.dumps({"route": rule, "status": status, "ms": took}))
