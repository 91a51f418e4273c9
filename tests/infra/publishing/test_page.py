"""The publishing page: it brings live what it has shown and nothing else, says what is wrong, and answers its own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cunbo.authoring import editor
from cunbo.authoring.open_faults import OpenFaults
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy.releases import Release
from cunbo.publishing import page
from cunbo.publishing.changes import ChangedPart
from cunbo.publishing.page import PublishPage, stages_of
from cunbo.publishing.publish import FaultyContent, HalfPublished, Published
from storefront.read.faults import ContentFault, Said

from tests.infra.loop import run

LIVE, NEW = (Release("p", "c", {"index.html": name}, datetime(2026, 11, 30, 4, tzinfo=UTC), "li") for name in "ab")
FAULT = ContentFault("content/products/x.md", 7, Said("价格不对", "the price is wrong"), Said("写 2990", "write 2990"))
Scene = Callable[[TestClient], Awaitable[None]]


class Played:
    """A publisher that does nothing; `raises` is what it meets, and `hold` what it waits for."""

    raises: Exception | None = None
    hold: threading.Event | None = None
    went: list[str] = []  # noqa: RUF012 - each test has its own

    def __init__(self, paths: Paths, cloud: object, stack: object, lang: str) -> None:
        self.lang, self.stack = lang, SimpleNamespace(parameters=lambda: {"ShopUrl": "http://127.0.0.1:8000"})

    def propose(self, tell: Callable[[str], None]) -> Any:
        return self._proposed("publish", NEW, tell)

    def propose_back(self, name: str, tell: Callable[[str], None]) -> Any:
        return self._proposed("bring_back", LIVE, tell)

    def _proposed(self, act: str, release: Release, tell: Callable[[str], None]) -> Any:
        tell("check")
        if self.hold:
            self.hold.wait(10)
        if self.raises:
            raise self.raises
        parts = [
            ChangedPart("prices", ("辣白菜: ¥29.90 → ¥31.90",)),
            ChangedPart("pages", ("<b>a</b>\n− x\n+ y",) * 20),
        ]
        return SimpleNamespace(act=act, parts=parts, is_empty=False, release=lambda: release)

    def go(self, proposal: Any, tell: Callable[[str], None]) -> Published:
        tell("pages")
        if self.raises:
            raise self.raises
        self.went.append(proposal.release().id)
        return Published(proposal.release(), [])

    def releases(self) -> tuple[list[Release], str]:
        return [NEW, LIVE], NEW.id


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> type[Played]:
    monkeypatch.setattr(page, "Publisher", Played)
    for name, value in {"raises": None, "hold": None, "went": []}.items():
        monkeypatch.setattr(Played, name, value)
    return Played


def asking(folder: Path, scene: Scene, reach: Any = lambda _: (None, None)) -> None:
    async def whole() -> None:
        (folder / "admin").mkdir()
        found = PublishPage(Paths(root=folder), reach, ["local", "prod"], "http://127.0.0.1:8000/")
        application = editor.application(folder / "admin", OpenFaults(folder / "content"), found.add_to)
        async with TestClient(TestServer(application)) as browser:
            await scene(browser)

    run(whole)


async def act(browser: TestClient, name: str, release: str = "", **headers: str) -> int:
    """Press a button, and wait until all is done; return the status."""
    reply = await browser.post(f"/admin/publish/{name}", json={"release": release}, headers=headers)
    while 'data-busy="yes"' in await read(browser):
        await asyncio.sleep(0)
    return reply.status


async def read(browser: TestClient, lang: str = "zh-CN", stage: str = "local") -> str:
    reply = await browser.get(f"/admin/publish/?stage={stage}", headers={"Accept-Language": lang})
    return await reply.text()


def test_it_shows_what_will_change_and_brings_that_live(tmp_path: Path, played: type[Played]) -> None:
    async def scene(browser: TestClient) -> None:
        assert 'data-fresh="yes"' in await read(browser)
        assert await act(browser, "look") == 200
        shown = await read(browser)
        assert all(words in shown for words in ("¥29.90 → ¥31.90", "&lt;b&gt;a&lt;/b&gt;", 'class="gone"', "还有 8 行"))
        assert await act(browser, "go", NEW.id) == 200
        assert played.went == [NEW.id]
        assert f"已发布（{NEW.id}）" in await read(browser)
        assert f"Published ({NEW.id})" in await read(browser, "en-GB")
        assert 'data-fresh="yes"' in await read(browser, stage="prod")

    asking(tmp_path, scene)


def test_what_was_not_shown_is_not_published_and_nothing_twice_at_once(tmp_path: Path, played: type[Played]) -> None:
    async def scene(browser: TestClient) -> None:
        assert await act(browser, "go", NEW.id) == 409
        await act(browser, "look")
        assert await act(browser, "go", LIVE.id) == 409
        played.hold = threading.Event()
        assert (await browser.post("/admin/publish/look", json={})).status == 200
        assert (await browser.post("/admin/publish/look?stage=prod", json={})).status == 409
        played.hold.set()
        assert await act(browser, "other") == 405
        assert (await browser.get("/admin/publish/?stage=elsewhere")).status == 404
        assert played.went == []

    asking(tmp_path, scene)


def test_an_earlier_release_is_shown_before_it_is_brought_back(tmp_path: Path, played: type[Played]) -> None:
    async def scene(browser: TestClient) -> None:
        await act(browser, "look")
        assert "2026-11-30 12:00 · li" in await read(browser)
        await act(browser, "back", LIVE.id)
        assert played.went == [] and "恢复这一版" in await read(browser)
        await act(browser, "go", LIVE.id)
        assert played.went == [LIVE.id]

    asking(tmp_path, scene)


@pytest.mark.parametrize(
    ("raised", "said", "whole"),
    [
        (Refusal("the network is gone <now>"), "the network is gone &lt;now&gt;", True),
        (KeyError("whatever"), "KeyError: &#39;whatever&#39;", True),
        (HalfPublished("half of it"), "half of it", False),
    ],
)
def test_whatever_goes_wrong_is_said_and_the_page_goes_on(
    tmp_path: Path, played: type[Played], raised: Exception, said: str, whole: bool
) -> None:
    async def scene(browser: TestClient) -> None:
        played.raises = raised
        await act(browser, "look")
        shown = await read(browser)
        assert said in shown and ("店里还是原来的样子" in shown) == whole
        assert 'data-act="go"' not in shown
        played.raises = None
        await act(browser, "look")
        assert 'data-act="go"' in await read(browser)

    asking(tmp_path, scene)


def test_faults_are_told_with_file_and_line_in_the_readers_language(tmp_path: Path, played: type[Played]) -> None:
    async def scene(browser: TestClient) -> None:
        played.raises = FaultyContent((FAULT,))
        await act(browser, "look")
        chinese, english = await read(browser), await read(browser, "en")
        assert all(words in chinese for words in ("content/products/x.md:7", "价格不对", "写 2990"))
        assert all(words in english for words in ("content/products/x.md:7", "the price is wrong", "write 2990"))

    asking(tmp_path, scene)


def test_a_shop_that_is_closed_is_named_with_what_opens_it(tmp_path: Path, played: type[Played]) -> None:
    def closed(stage: str) -> Any:
        raise Refusal("it does not run")

    async def scene(browser: TestClient) -> None:
        await act(browser, "look")
        assert "make up" in await read(browser)

    asking(tmp_path, scene, closed)


def test_another_sites_page_cannot_publish(tmp_path: Path, played: type[Played]) -> None:
    async def scene(browser: TestClient) -> None:
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "same-site"}):
            assert await act(browser, "look", **headers) == 403
        assert (await browser.post("/admin/publish/look", json={}, headers={"Host": "evil.example"})).status == 421
        assert 'data-fresh="yes"' in await read(browser)

    asking(tmp_path, scene)


@pytest.mark.parametrize(
    ("named", "stages"), [("", ["local"]), ("prod, sandbox-2", ["local", "prod", "sandbox-2"]), ("local", ["local"])]
)
def test_the_stages_are_this_computers_shop_and_those_that_are_named(named: str, stages: list[str]) -> None:
    assert stages_of({"STAGE": named}) == stages
