"""Calls of the API: what reaches the functions, and what comes of those that fail."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cunbo.edge.front import AT_ONCE, LARGEST_BODY, EdgeProxy
from multidict import CIMultiDict

from tests.infra.edge.front.viewer import API, EDGE, LINKS, REFUSALS, says, world
from tests.infra.loop import run
from tests.ports import free_port


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


@pytest.mark.parametrize("path", ["/", "/api/health"])
def test_the_front_proves_itself_and_no_viewer_can_in_its_place(path: str) -> None:
    async def scene() -> None:
        async with world(says("a page"), proof={"X-Emulator-Key": "ours"}) as found:
            await found.ask(path, headers={"X-Emulator-Key": "guessed"})
            assert found.seen[0].headers.getall("X-Emulator-Key") == ["ours"]

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
