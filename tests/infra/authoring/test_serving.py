"""The servers of `make write` answer their own addresses alone, with the headers that their pages need."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cunbo.authoring import editor, serving
from cunbo.authoring.preview import Preview, Server
from cunbo.core.paths import Paths
from yarl import URL

from tests.infra.loop import run

Scene = Callable[[TestClient, str], Awaitable[None]]
EVIL = "http://evil.example"


def servers(folder: Path) -> dict[str, TestServer]:
    """Both servers, of a house with a page and an editor's page, and a file beside them that is nobody's."""
    paths = Paths(root=folder)
    for name in ("preview", "admin"):
        (paths.build / name).mkdir(parents=True)
        (paths.build / name / "index.html").write_text("<body>here</body>")
    (paths.build / "preview" / "stories").mkdir()
    (paths.build / "preview" / "stories" / "evil.js").write_text("evil")
    (paths.build / "secret.txt").write_text("secret")
    (paths.build / "preview" / "link.txt").symlink_to(paths.build / "secret.txt")
    preview = Preview(paths, "http://127.0.0.1:8000")
    return {
        "preview": TestServer(Server(preview).application()),
        "editor": TestServer(editor.application(paths.build / "admin", preview.open)),
    }


PLACES = {"preview": "/", "editor": "/admin/"}
both = pytest.mark.parametrize("which", PLACES)


def asking(folder: Path, which: str, scene: Scene) -> None:
    async def whole() -> None:
        async with TestClient(servers(folder)[which]) as browser:
            await scene(browser, PLACES[which])

    run(whole)


@both
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "x@y"]
)
def test_a_name_that_leads_here_is_not_answered(tmp_path: Path, which: str, host: str) -> None:
    async def scene(browser: TestClient, place: str) -> None:
        reply = await browser.get(place, headers={"Host": host.format(port=browser.port)})
        assert reply.status == 421 and f"http://127.0.0.1:{browser.port}/" in await reply.text()

    asking(tmp_path, which, scene)


@both
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_names_are(tmp_path: Path, which: str, name: str) -> None:
    async def scene(browser: TestClient, place: str) -> None:
        reply = await browser.get(place, headers={"Host": f"{name}:{browser.port}"})
        assert reply.status == 200 and "here" in await reply.text()

    asking(tmp_path, which, scene)


@both
@pytest.mark.parametrize(
    "headers", [{"Origin": EVIL}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_page_from_elsewhere_changes_nothing(
    tmp_path: Path, which: str, headers: dict[str, str], method: str
) -> None:
    async def scene(browser: TestClient, place: str) -> None:
        assert (await browser.request(method, place, headers=headers)).status == 403
        assert (await browser.request(method, place)).status == 405, "nor does anybody else"

    asking(tmp_path, which, scene)


@both
@pytest.mark.parametrize(
    "path",
    [
        "%00",
        "a%00b.html",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "..%5csecret.txt",
        "assets/..%2fstories/evil.js",
        "x" * 5_000,
        "%ff%fe",
        "%ed%a0%80",
        "link.txt",
    ],
)
def test_a_path_that_no_file_has_is_not_found(tmp_path: Path, which: str, path: str) -> None:
    async def scene(browser: TestClient, place: str) -> None:
        reply = await browser.get(URL(f"{place}{path}", encoded=True))
        assert reply.status == 404 and "secret" not in await reply.text()

    asking(tmp_path, which, scene)


def test_previews_have_the_headers_of_the_edge(tmp_path: Path) -> None:
    async def scene(browser: TestClient, place: str) -> None:
        for path in (place, "/stories/evil.js", "/assets/_write/reload.js", "/nothing/"):
            said = (await browser.get(path)).headers
            own = f"http://127.0.0.1:{browser.port}"
            assert {*serving.edge_headers(own).items()} <= {*said.items()}
            assert f"script-src {own}/assets/;" in said["Content-Security-Policy"]
            assert "${" not in said["Content-Security-Policy"]

    asking(tmp_path, "preview", scene)


def test_the_editor_is_on_no_page_of_the_preview(tmp_path: Path) -> None:
    async def scene(browser: TestClient, _: str) -> None:
        assert (await browser.get("/admin/")).status == 404
        assert (await browser.get("/admin/index.html")).status == 404

    asking(tmp_path, "preview", scene)


def test_the_editors_page_says_what_it_may_load_and_that_nobody_frames_it(tmp_path: Path) -> None:
    async def scene(browser: TestClient, place: str) -> None:
        reply = await browser.get("/", allow_redirects=False)
        assert reply.status == 302 and reply.headers["Location"] == place
        said = (await browser.get(place)).headers
        policy = dict(one.strip().split(" ", 1) for one in said["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == f"http://127.0.0.1:{browser.port}/admin/"
        assert said["Cross-Origin-Opener-Policy"] == said["Cross-Origin-Resource-Policy"] == "same-origin"
        assert said["X-Content-Type-Options"] == "nosniff" and said["Referrer-Policy"] == "no-referrer"

    asking(tmp_path, "editor", scene)


def test_the_editor_says_what_is_to_be_mended(tmp_path: Path) -> None:
    async def scene(browser: TestClient, _: str) -> None:
        page = await (await browser.get("/admin/faults/")).text()
        assert "没有错误" in page and 'src="/admin/faults/reload.js?at=' in page and "/admin/faults/faults.css" in page
        assert await (await browser.get("/admin/faults/faults.json")).json() == {"faults": [], "notices": []}
        for name in ("reload.js", "faults.css"):
            assert (await browser.get(f"/admin/faults/{name}")).status == 200

    asking(tmp_path, "editor", scene)
