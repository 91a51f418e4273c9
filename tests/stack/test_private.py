"""The stack on this machine is private: the front shows nothing of the emulator, and files are their owner's alone."""

import http.client
from urllib.parse import urlsplit

import pytest
from cunbo.local.stack import running

from tests.conftest import RunningShop, open_to_others


def see(shop: RunningShop, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """One request at the front, its path as written."""
    connection = http.client.HTTPConnection(urlsplit(shop.url).netloc, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/health",
        "/_ministack/ses/messages",
        "/_ministack/lambda-code/cunbo-local-APIHandler",
        "/_ministack/reset",
        "/%5fministack/health",
        "/_localstack/health",
        "/_aws/ses",
        "/health",
        "/oauth2/authorize",
        "/v2/",
        "/logout",
    ],
)
def test_the_front_shows_its_own_page_where_the_emulator_would_answer(shop: RunningShop, path: str) -> None:
    assert see(shop, path) == see(shop, "/no-such-page/")
    assert see(shop, path)[0] == 404


@pytest.mark.parametrize(
    "host", ["stranger.example", "stranger.example:{}", "localhost.stranger.example", "127.0.0.1@stranger.example",
             "0.0.0.0:{}", "127.0.0.2:{}", "localhost:x", ""]
)  # fmt: skip
def test_the_front_answers_to_its_own_names_alone(shop: RunningShop, host: str) -> None:
    port = urlsplit(shop.url).port
    for path in ("/", "/api/health", "/q/cabbage-1"):
        assert see(shop, path, Host=host.format(port))[0] == 421
        for own in ("localhost:{}", "LocalHost", "[::1]:{}"):
            assert see(shop, path, Host=own.format(port))[0] in (200, 302, 307)


def test_a_viewer_cannot_pass_for_the_front(shop: RunningShop) -> None:
    assert see(shop, "/api/health", **{"X-Emulator-Key": "guessed"})[0] == 200
    assert see(shop, "/_ministack/health", **{"X-Emulator-Key": "guessed"})[0] == 404


def test_all_that_the_stack_keeps_is_readable_by_its_owner_alone(shop: RunningShop) -> None:
    see(shop, "/api/health")
    state = shop.stack.paths.state
    assert {"functions.zip", "index.html", "lock", "ministack.log", "running.json"} <= {
        p.name for p in state.rglob("*")
    }
    assert open_to_others(state) == []


def test_commands_of_the_same_user_find_the_keys(shop: RunningShop) -> None:
    found = running(shop.stack.paths)
    assert found.shop == shop.url
    assert shop.table in found.cloud.client("dynamodb").list_tables()["TableNames"]
