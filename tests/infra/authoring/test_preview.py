"""`cunbo write`: a change is shown, a fault takes its place, and browsers hear of both."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cunbo.authoring.preview import Preview, Server, Watcher, page_of, whole
from cunbo.core.paths import Paths
from watchdog.events import FileModifiedEvent, FileMovedEvent, FileOpenedEvent

from tests.infra.loop import run
from tests.ports import free_port
from tests.site.helpers.built import house as copied

RUN = "import sys; from pathlib import Path; from cunbo.core.paths import Paths\n"
RUN += "from cunbo.authoring.preview import write\n"
RUN += "write(Paths(root=Path(sys.argv[1])), int(sys.argv[2]))"
PRODUCT = "products/spicy-cabbage"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A project whose whole site stands as a preview."""
    root = copied(tmp_path_factory.mktemp("writing"))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from cunbo.authoring.preview import whole; sys.exit(whole(sys.argv[1]))",
            str(root),
        ],
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Paths(root=root)


@pytest.fixture
def paths(built: Paths, tmp_path: Path) -> Paths:
    """A copy of it, to be written in."""
    shutil.copytree(built.root, tmp_path / "house", symlinks=True)
    return Paths(root=tmp_path / "house")


def edit(paths: Paths, name: str, old: str, new: str) -> None:
    path = paths.content / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def shown(paths: Paths, address: str) -> str:
    return (paths.build / "preview" / address.lstrip("/") / "index.html").read_text()


def test_a_changed_page_is_shown_in_both_languages_and_no_other_is_built(paths: Paths) -> None:
    preview = Preview(paths, "http://127.0.0.1:8000")
    other = paths.build / "preview" / "products" / "grapes" / "index.html"
    before = other.stat().st_mtime_ns
    edit(paths, f"{PRODUCT}.md", "price: 2990", "price: 3190")
    edit(paths, f"{PRODUCT}.en.md", "name: Spicy cabbage", "name: Spicy village cabbage")
    assert preview.page("products", "spicy-cabbage")
    assert "¥31.90" in shown(paths, f"/{PRODUCT}/")
    assert "Spicy village cabbage" in shown(paths, f"/en/{PRODUCT}/") and "¥31.90" in shown(paths, f"/en/{PRODUCT}/")
    assert 'href="/stories/workshops/"' in shown(paths, f"/{PRODUCT}/"), "links to pages that were not built hold"
    assert other.stat().st_mtime_ns == before


def test_the_front_page_and_pages_without_facts_follow_too(paths: Paths) -> None:
    preview = Preview(paths, "http://127.0.0.1:8000")
    edit(paths, "index.md", "先算做得出多少", "先数一数做得出多少")
    assert preview.page("", "index") and "先数一数做得出多少" in shown(paths, "/")
    edit(paths, "pages/contact.en.md", "---\n\n", "---\n\nWrite to us by hand.\n\n")
    assert preview.page("pages", "contact") and "Write to us by hand." in shown(paths, "/en/pages/contact/")


def test_a_fault_is_told_with_its_line_and_is_gone_when_it_is_mended(paths: Paths) -> None:
    preview = Preview(paths, "http://127.0.0.1:8000")
    edit(paths, f"{PRODUCT}.md", "price: 2990", "price: dear")
    assert not preview.page("products", "spicy-cabbage")
    assert len(preview.faults) == 1 and preview.faults[0].startswith(f"content/{PRODUCT}.md:25: price is 'dear': write")
    assert "¥29.90" in shown(paths, f"/{PRODUCT}/"), "the page stays as it was"
    edit(paths, f"{PRODUCT}.md", "price: dear", "price: 3000")
    assert preview.page("products", "spicy-cabbage")
    assert preview.faults == [] and "¥30.00" in shown(paths, f"/{PRODUCT}/")


@pytest.mark.parametrize("place", [("stories", "workshops"), ("", "index")])
def test_html_is_never_shown_not_even_before_the_whole_is_checked(paths: Paths, place: tuple[str, str]) -> None:
    preview = Preview(paths, "http://127.0.0.1:8000")
    path = paths.content / place[0] / f"{place[1]}.md"
    text = path.read_text()
    path.write_text(f"{text}\n<script src=/stories/evil.js></script>\n")
    assert not preview.page(*place)
    (fault,) = preview.faults
    assert f"{place[1]}.md:{text.count(chr(10)) + 2}: '<script' would be HTML" in fault
    path.write_text(text)
    assert preview.page(*place) and preview.faults == []


def test_what_is_new_waits_for_the_whole_site(paths: Paths) -> None:
    for ending in (".md", ".en.md"):
        shutil.copy(paths.content / f"stories/workshops{ending}", paths.content / f"stories/again{ending}")
    assert not Preview(paths, "http://127.0.0.1:8000").page("stories", "again")


def test_the_whole_site_tells_every_fault(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    edit(paths, f"{PRODUCT}.md", "price: 2990", "price: dear")
    edit(paths, "stories/workshops.md", "village: gaotaizi", "village: nowhere")
    assert whole(str(paths.root)) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in said] == [f"content/{PRODUCT}.md:25", "content/stories/workshops.md:5"]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("products/spicy-cabbage.md", ("products", "spicy-cabbage")),
        ("products/spicy-cabbage.en.md", ("products", "spicy-cabbage")),
        ("index.en.md", ("", "index")),
        ("products/spicy-cabbage.svg", None),
        ("shop.yml", None),
        ("products/gone.md", None),
    ],
)
def test_which_page_a_file_is(built: Paths, path: str, page: tuple[str, str] | None) -> None:
    assert page_of(built.content, built.content / path) == page


def test_editors_own_files_are_no_change() -> None:
    watcher = Watcher()
    for event in (FileModifiedEvent("/x/.a.md.swp"), FileModifiedEvent("/x/a.md~"), FileOpenedEvent("/x/a.md")):
        watcher.on_any_event(event)
    assert not watcher.heard.is_set()
    watcher.on_any_event(FileMovedEvent("/x/.a.md.tmp", "/x/a.md"))
    assert watcher.rested() == {Path("/x/a.md")}


def test_pages_load_anew_by_themselves_and_faults_stand_in_their_place(built: Paths) -> None:
    async def scene() -> None:
        preview = Preview(built, "http://127.0.0.1:8000")
        server = Server(preview)
        async with TestClient(TestServer(server.application())) as browser:
            page = await (await browser.get(f"/{PRODUCT}/")).text()
            assert "/assets/_write.js" in page and "辣白菜" in page
            assert (await browser.get("/no/such/page/")).status == 404
            assert (await browser.get("/../../mkdocs.yml")).status == 404
            async with browser.get("/_write") as news:
                assert await news.content.readline() == b": here\n"
                server.wake()
                assert b"data: new" in await news.content.read()
            preview.faults = ["content/x.md:1: <b>: mend it"]
            page = await (await browser.get("/")).text()
            assert "content/x.md:1: &lt;b&gt;: mend it" in page and "/assets/_write.js" in page
            assert (await browser.get("/packs.json")).status == 200

    run(scene)


@pytest.fixture
def writing(paths: Paths) -> Iterator[str]:
    """The command itself, at work; answers where."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", RUN, str(paths.root), str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert process.stdout
    for line in process.stdout:
        if "shows all of it" in line:
            break
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    assert "The preview is closed." in process.stdout.read()
    assert process.wait(10) == 0


def test_a_writer_saves_and_sees(writing: str, paths: Paths) -> None:
    with urllib.request.urlopen(f"{writing}/_write") as news:
        edit(paths, f"{PRODUCT}.md", "price: 2990", "price: 3190")
        while b"data" not in news.readline():
            pass
    with urllib.request.urlopen(f"{writing}/{PRODUCT}/") as page:
        assert "¥31.90" in page.read().decode()
