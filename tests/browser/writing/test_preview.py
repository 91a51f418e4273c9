"""A preview in a browser: pages load anew by themselves, and what a page holds comes near neither folder nor editor."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cunbo.authoring import editor, serving
from cunbo.authoring.preview import Preview, Server
from cunbo.core.background import Background
from cunbo.core.paths import ROOT, Paths
from playwright.sync_api import Browser, expect
from storefront.read.faults import ContentFault, Said

from tests.browser.conftest import visitor
from tests.ports import free_port

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>x</title><body>
<script src="/stories/evil.js"></script><script>document.title = "ran"</script>
<img src="/x.png" onerror="document.title = 'ran'" alt="">
<main>{words}</main></body></html>"""
EDITOR = '<!doctype html><title>editor</title><link rel="icon" href="data:,">{body}'
"""It names an icon, that no browser looks for one that is not there: Chromium does, its headless shell does not."""


@dataclass
class Desk:
    """Both servers at work."""

    site: Path
    server: Server
    background: Background
    preview: str
    editor: str


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    paths, ports = Paths(root=tmp_path), (free_port(), free_port())
    for folder in ("preview/stories", "admin"):
        (paths.build / folder).mkdir(parents=True)
    (paths.build / "admin" / "index.html").write_text(EDITOR.format(body=""))
    origins = [f"http://127.0.0.1:{port}" for port in ports]
    server = Server(Preview(paths, origins[0]))
    (server.preview.site / "stories" / "evil.js").write_text("document.title = 'ran';")
    (server.preview.site / "index.html").write_text(PAGE.format(words="before"))
    with Background() as background:
        background.serve(server.listening(ports[0]))
        background.serve(serving.listening(editor.application(paths.build / "admin", server.preview.open), ports[1]))
        yield Desk(server.preview.site, server, background, *origins)


def test_a_page_loads_anew_after_a_change_and_runs_no_script_of_its_own(browser: Browser, desk: Desk) -> None:
    with ExitStack() as visits:
        writer = visitor(visits, browser, desk.preview)
        for said in ("violates the following Content Security Policy", "status of 404"):
            writer.watch.expect(said)
        with writer.page.expect_response("**/_write/news"):
            writer.page.goto(f"{desk.preview}/")
        expect(writer.page.locator("main")).to_have_text("before")
        (desk.site / "index.html").write_text(PAGE.format(words="after"))
        desk.server.preview.open.news.soon(desk.background.loop)
        expect(writer.page.locator("main")).to_have_text("after")
        expect(writer.page).to_have_title("x")


def test_a_page_of_the_preview_reaches_nothing_of_the_editor(browser: Browser, desk: Desk) -> None:
    with ExitStack() as visits:
        writer = visitor(visits, browser, desk.preview)
        writer.watch.expect("Content Security Policy")
        writer.watch.expect("status of 404")
        writer.page.goto(f"{desk.preview}/")
        asked = f"fetch('{desk.editor}/admin/').then(() => 'read', () => 'refused')"
        assert writer.page.evaluate(asked) == "refused"
        databases = "indexedDB.databases().then((found) => found.map(({ name }) => name))"
        other = visitor(visits, browser, desk.editor)
        other.watch.expect(f"a request to {desk.preview}")  # this visitor has been at both
        other.page.goto(f"{desk.editor}/admin/")
        other.page.evaluate("new Promise((done) => { indexedDB.open('sveltia-cms').onsuccess = done; }).then(() => 1)")
        assert other.page.evaluate(databases) == ["sveltia-cms"]
        same = other.page.context.new_page()
        same.goto(f"{desk.preview}/assets/_write/reload.js")
        assert same.evaluate(databases) == []


def test_the_editor_says_what_is_to_be_mended_and_hears_when_it_is(browser: Browser, desk: Desk) -> None:
    open_faults, said = (
        desk.server.preview.open,
        (Said("价格是 '贵'", "price is 'dear'"), Said("写数字", "write a number")),
    )
    (desk.site.parent / "admin" / "faults.js").write_bytes((ROOT / "infra" / "editor" / "faults.js").read_bytes())
    page = EDITOR.format(body='<body><script src="faults.js" type="module"></script></body>')
    (desk.site.parent / "admin" / "index.html").write_text(page)
    open_faults.put((ContentFault("content/shop.yml", 3, *said),))
    with ExitStack() as visits:
        writer = visitor(visits, browser, desk.editor)
        writer.page.goto(f"{desk.editor}/admin/")
        writer.page.get_by_text("需要修改 1 处").click()
        expect(writer.page.locator(".faults p")).to_have_text("content/shop.yml · 第 3 行价格是 '贵'：写数字")
        with writer.page.context.expect_page() as opened:
            writer.page.get_by_role("link", name="打开错误页").click()
        expect(opened.value.get_by_text("price is 'dear'")).to_be_visible()
        open_faults.put(())
        open_faults.news.soon(desk.background.loop)
        expect(writer.page.locator(".faults")).to_be_hidden()
        expect(opened.value.get_by_role("heading", name="没有错误")).to_be_visible()
