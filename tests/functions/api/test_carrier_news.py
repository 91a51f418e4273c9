"""Carriers' news by its route: answered so that nobody tells it for ever, and refused politely where it is none."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from chalicelib.domain.orders.model import State
from chalicelib.services.packing.tracking import MOST_OF_NEWS
from cunbo.standins.carriers.kuaidi100 import SALT, md5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.helpers.http import Http, is_problem
from tests.functions.helpers.road import NUMBER, Road
from tests.functions.helpers.world import World, day

NEWS = "/carriers/kuaidi100/events"


class NewsDesk:
    """The road's shop behind its routes."""

    def __init__(self, world: World, patch: pytest.MonkeyPatch) -> None:
        self.road, self.http = Road(world), Http(world, patch)

    def tell(self, body: bytes, path: str = NEWS) -> Any:
        return self.http("POST", path, body, Content_Type="application/x-www-form-urlencoded")


@pytest.fixture
def desk(make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> NewsDesk:
    return NewsDesk(make_world({day(1): 20}), monkeypatch)


def signed(param: str) -> bytes:
    return urlencode({"sign": md5(param + SALT), "param": param}).encode("utf-8", "surrogatepass")


def test_news_that_is_heard_is_answered_in_the_services_own_words_however_often_it_comes(desk: NewsDesk) -> None:
    number = desk.road.sent()
    desk.road.hub.move(NUMBER, "3", "已签收")
    desk.road.hub.deliver()
    answers = [desk.tell(desk.road.told[-1][1]) for _ in range(2)]
    assert [(one.status_code, one.json_body["returnCode"]) for one in answers] == [(200, "200")] * 2
    order = desk.road.order(number)
    assert (order.state, [entry.event for entry in order.history].count(State.DELIVERED)) == (State.DELIVERED, 1)


def test_what_is_no_news_is_refused_with_what_is_wrong(desk: NewsDesk) -> None:
    desk.road.sent()
    assert is_problem(desk.tell(b"", "/carriers/ups/events"), 404, "not-found")
    assert is_problem(desk.tell(b"", "/carriers/sf/events"), 401, "unauthorized")
    assert is_problem(desk.tell(b"x" * (MOST_OF_NEWS + 1)), 413, "too-large")
    assert is_problem(desk.tell(b"\xff\xfe"), 400, "malformed")
    assert is_problem(desk.tell(b"&".join(b"a=1" for _ in range(30))), 400, "malformed")
    assert is_problem(desk.tell(b"param=%7B%7D&sign=0"), 401, "unauthorized")
    assert is_problem(desk.tell(signed("[]")), 400, "malformed")
    desk.road.hub.move(NUMBER, "3", "x")
    desk.road.hub.deliver()
    desk.road.line.cut = True
    away = desk.tell(desk.road.told[-1][1])
    assert is_problem(away, 503, "carrier-away")
    assert away.headers["Retry-After"]


def test_news_of_what_is_unknown_is_heard_so_that_nobody_tells_it_again(desk: NewsDesk) -> None:
    for com, nu in (("zhongtong", "75999"), ("nobody", "1"), ("zhongtong", "9" * 5000), ("zhongtong", "a\u0000b")):
        told = desk.tell(signed(json.dumps({"status": "polling", "lastResult": {"com": com, "nu": nu}})))
        assert (told.status_code, told.json_body["result"]) == (200, True)
    assert desk.road.line.asked == []


TEXT = st.text(max_size=40)
TOLD = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lastResult", "com", "nu", "state", "data", "autoCheck", "comOld"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=TOLD, body=st.binary(max_size=60))
def test_no_news_however_odd_is_a_fault_of_the_shop(desk: NewsDesk, told: Any, body: bytes) -> None:
    assert desk.tell(signed(json.dumps(told))).status_code in (200, 400)
    assert desk.tell(body).status_code in (400, 401)
