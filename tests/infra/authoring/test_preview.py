"""`cunbo write`: a change is shown, a fault takes its place, browsers hear of both, and nothing ends it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import IO

import pytest
from aiohttp.test_utils import TestClient, TestServer
from cunbo.authoring.preview import Preview, Server
from cunbo.authoring.watching import Watcher, page_of
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.deploy import site
from markupsafe import escape
from storefront.build import pages
from storefront.check import content
from storefront.read.faults import ContentFault, Said
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
)

from tests.infra.loop import run
from tests.ports import free_port
from tests.site.helpers.breakages import every
from tests.site.helpers.built import house as copied
from tests.site.helpers.samples import photograph

RUN = "import sys; from pathlib import Path; from cunbo.core.paths import Paths\n"
RUN += "from cunbo.authoring.preview import write\n"
RUN += "write(Paths(root=Path(sys.argv[1])), int(sys.argv[2]))"
PRODUCT = "products/spicy-cabbage"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A project whose whole site stands as a preview."""
    paths = Paths(root=copied(tmp_path_factory.mktemp("writing")))
    assert built_whole(paths) == ()
    return paths


def built_whole(paths: Paths) -> tuple[ContentFault, ...]:
    """The faults that a build of the whole preview leaves."""
    left = paths.build / "left.json"
    command = site.command(paths, paths.build / "preview", paths.content, left)
    code = subprocess.run(command, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}).returncode
    faults = site.left(left, code, paths.content)
    assert (code == 0) == (faults == ())
    return faults


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


@pytest.fixture
def preview(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Preview:
    """A preview of that copy, in which no build of the whole site begins by itself."""
    monkeypatch.setattr(Preview, "begin", lambda self: None)
    return Preview(paths, "http://127.0.0.1:8000")


def saved(preview: Preview, *names: str) -> list[str]:
    """Tells the preview that these files of the content have been saved; returns the pages that it shows."""
    return preview.change({preview.paths.content / name for name in names})


def test_a_changed_page_is_shown_in_both_languages_and_no_other_is_built(preview: Preview, paths: Paths) -> None:
    other = paths.build / "preview" / "products" / "grapes" / "index.html"
    before = other.stat().st_mtime_ns
    edit(paths, f"{PRODUCT}.md", "price: 2990", "price: 3190")
    edit(paths, f"{PRODUCT}.en.md", "name: Spicy cabbage", "name: Spicy village cabbage")
    assert saved(preview, f"{PRODUCT}.md", f"{PRODUCT}.en.md") == [PRODUCT]
    assert "¥31.90" in shown(paths, f"/{PRODUCT}/")
    assert "Spicy village cabbage" in shown(paths, f"/en/{PRODUCT}/") and "¥31.90" in shown(paths, f"/en/{PRODUCT}/")
    assert 'href="/stories/a-day-of-cabbage/"' in shown(paths, f"/{PRODUCT}/"), (
        "links to pages that were not built hold"
    )
    assert other.stat().st_mtime_ns == before


def test_the_front_page_new_pages_and_pages_without_facts_follow_too(preview: Preview, paths: Paths) -> None:
    edit(paths, "index.md", "先算做得出多少", "先数一数做得出多少")
    edit(paths, "pages/contact.en.md", "---\n\n", "---\n\nWrite to us by hand.\n\n")
    for ending in (".md", ".en.md"):
        shutil.copy(paths.content / f"stories/corn-to-noodle{ending}", paths.content / f"stories/again{ending}")
    names = ["index.md", "pages/contact.en.md", "stories/again.md"]
    assert saved(preview, *names) == ["index", "pages/contact", "stories/again"]
    assert "先数一数做得出多少" in shown(paths, "/") and "Write to us by hand." in shown(paths, "/en/pages/contact/")
    assert shown(paths, "/stories/again/") and shown(paths, "/en/stories/again/")


def test_a_fault_is_told_with_its_line_and_is_gone_when_it_is_mended(preview: Preview, paths: Paths) -> None:
    edit(paths, f"{PRODUCT}.md", "price: 2990", "price: dear")
    assert saved(preview, f"{PRODUCT}.md") == []
    (fault,) = preview.open.faults
    assert (fault.file, fault.line) == (f"content/{PRODUCT}.md", 25)
    assert "¥29.90" in shown(paths, f"/{PRODUCT}/"), "the page stays as it was"
    edit(paths, f"{PRODUCT}.md", "price: dear", "price: 3000")
    assert saved(preview, f"{PRODUCT}.md") == [PRODUCT]
    assert preview.open.faults == () and "¥30.00" in shown(paths, f"/{PRODUCT}/")


BETWEEN = [
    ("stories/corn-to-noodle.md", "village: gaotaizi", "village: gaotaizhi"),
    ("stories/corn-to-noodle.md", "src: noodle-light.svg", "src: noodle-ligth.svg"),
    ("stories/corn-to-noodle.md", "  - corn-noodles", "  - corn-noodels"),
    ("products/spicy-cabbage.md", "village: gaotaizi", "village: gaotaizhi"),
    ("videos/a-jar-of-cabbage.md", "village: gaotaizi", "village: gaotaizhi"),
    ("live/cabbage-1.md", "village: gaotaizi", "village: gaotaizhi"),
    ("live/cabbage-1.md", "  - corn-noodles", "  - corn-noodle"),
]
"""A name that leads to nothing, in each kind of record: the writer reads of it, and goes on."""


@pytest.mark.parametrize(("file", "old", "new"), BETWEEN)
def test_a_name_that_leads_to_nothing_is_told_and_the_preview_goes_on(
    preview: Preview, paths: Paths, file: str, old: str, new: str
) -> None:
    text = (paths.content / file).read_text()
    edit(paths, file, old, new)
    assert saved(preview, file) == []
    assert {one.file for one in preview.open.faults} == {f"content/{file}"}
    assert preview.open.faults == content.look(paths.content).faults
    (paths.content / file).write_text(text)
    assert saved(preview) == [] and preview.open.faults == ()


BESIDE: dict[str, bytes | None] = {
    "stories/desk.jpg": photograph()[:900],
    "stories/long.jpg": b"",
    "videos/a-jar-of-cabbage-zh.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\n白菜\n".encode("gbk"),
    "videos/a-jar-of-cabbage-en.vtt": None,
    "products/spicy-cabbage.en.md": "---\n".encode("utf-16"),
    "shop.yml": None,
    "stories/noodle-light.svg": None,
}
"""Files that are cut off, empty, in another encoding, or gone (None), saved together with a text."""


@pytest.mark.parametrize("name", BESIDE)
def test_what_lies_beside_a_text_never_ends_the_preview(preview: Preview, paths: Paths, name: str) -> None:
    path, made = paths.content / name, BESIDE[name]
    before = path.read_bytes() if path.is_file() else None
    if made is None:
        path.unlink()
    else:
        path.write_bytes(made)
    said = f"![一张]({path.name})" if path.suffix == ".jpg" else "更新。"
    edit(paths, "stories/corn-to-noodle.md", "\n\n", f"\n\n{said}\n\n")
    assert saved(preview, name, "stories/corn-to-noodle.md") == []
    assert preview.open.faults and {*content.look(paths.content).faults} <= {*preview.open.faults}
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)
    edit(paths, "stories/corn-to-noodle.md", said, "好了。")
    saved(preview)
    assert preview.open.faults == ()


@pytest.mark.parametrize("name", ["products/spicy-cabbage.md", "shop.yml", "stories/more.en.md"])
def test_a_folder_in_a_files_place_is_told_as_one(preview: Preview, paths: Paths, name: str) -> None:
    path = paths.content / name
    path.unlink(missing_ok=True)
    path.mkdir()
    assert saved(preview, name) == []
    assert f"{path.name} is a folder" in "\n".join(one.told("en") for one in preview.open.faults)


def test_a_file_that_is_locked_or_goes_while_it_is_read_is_told_by_its_name(
    preview: Preview, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = paths.content / "products" / "spicy-cabbage.svg"
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    assert saved(preview, f"{PRODUCT}.md") == []
    assert "content/products/spicy-cabbage.svg:1: 读不了这个文件" in "\n".join(
        one.told("zh") for one in preview.open.faults
    )
    monkeypatch.undo()
    assert content.look(paths.content).faults == ()


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), ValueError("a\nb")])
def test_what_nobody_foresaw_is_told_of_the_file_that_was_saved_and_the_preview_goes_on(
    preview: Preview, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fails(*_: object, **named: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(content, "look", fails)
        assert saved(preview, f"{PRODUCT}.md") == []
    (fault,) = preview.open.faults
    assert fault.file == f"content/{PRODUCT}.md" and type(error).__name__ in fault.what.zh
    assert "Traceback" in capsys.readouterr().err, "for whoever keeps the programs"
    with monkeypatch.context() as patched:
        patched.setattr(pages.SiteContext, "context", fails)
        assert saved(preview, f"{PRODUCT}.md") == []
        assert [one.file for one in preview.open.faults] == [f"content/{PRODUCT}.md"]
    assert saved(preview, f"{PRODUCT}.md") == [PRODUCT] and preview.open.faults == ()


@pytest.mark.parametrize("place", ["stories/corn-to-noodle.md", "index.md"])
def test_html_is_never_shown_not_even_before_the_whole_is_built(preview: Preview, paths: Paths, place: str) -> None:
    path = paths.content / place
    text = path.read_text()
    path.write_text(f"{text}\n<script src=/stories/evil.js></script>\n")
    assert saved(preview, place) == []
    (fault,) = preview.open.faults
    assert fault.told("en").startswith(f"content/{place}:{text.count(chr(10)) + 2}: '<script' would be HTML")
    path.write_text(text)
    assert saved(preview) == [] and preview.open.faults == ()


def test_a_build_of_the_whole_site_finds_what_the_check_finds_and_what_fails_in_it(paths: Paths) -> None:
    template = paths.root / "site" / "theme" / "content" / "story.html"
    text = template.read_text()
    template.write_text("{{ nobody.knows }}")
    (fault,) = built_whole(paths)
    assert fault.file.startswith("content/stories/") and "nobody" in fault.what.en
    template.write_text(text)
    edit(paths, f"{PRODUCT}.md", "price: 2990", "price: dear")
    edit(paths, "stories/corn-to-noodle.md", "village: gaotaizi", "village: nowhere")
    assert built_whole(paths) == content.look(paths.content).faults
    with pytest.raises(Refusal) as refused:
        site.build(paths, "http://127.0.0.1:8000")
    assert [line.partition(": ")[0] for line in str(refused.value).splitlines()[1:]] == [
        f"content/{PRODUCT}.md:25",
        "content/stories/corn-to-noodle.md:5",
    ]


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
    for event in (
        FileModifiedEvent("/x/.a.md.swp"),
        FileModifiedEvent("/x/a.md~"),
        FileOpenedEvent("/x/a.md"),
        FileModifiedEvent("/x/__pycache__/a.cpython-311.pyc.139"),
    ):
        watcher.on_any_event(event)
    assert not watcher.heard.is_set()
    watcher.on_any_event(FileMovedEvent("/x/.a.md.tmp", "/x/a.md"))
    assert watcher.rested() == {Path("/x/a.md")}


def test_a_folder_that_is_made_anew_is_heard_and_what_lies_around_it_is_not(tmp_path: Path) -> None:
    watcher = Watcher((tmp_path / "content",))
    for event in (FileModifiedEvent(f"{tmp_path}/build"), DirModifiedEvent(f"{tmp_path}/content/stories")):
        watcher.on_any_event(event)
    assert not watcher.heard.is_set()
    watcher.on_any_event(DirDeletedEvent(f"{tmp_path}/content/stories/x.md"))
    assert watcher.rested() == {tmp_path / "content/stories/x.md"} and not watcher.watches
    (tmp_path / "content").mkdir()
    watcher.on_any_event(DirCreatedEvent(f"{tmp_path}/content"))
    assert watcher.rested() and len(watcher.watches) == 1


def test_pages_load_anew_by_themselves_and_faults_stand_in_their_place(built: Paths) -> None:
    async def scene() -> None:
        preview = Preview(built, "http://127.0.0.1:8000")
        async with TestClient(TestServer(Server(preview).application())) as browser:
            page = await (await browser.get(f"/{PRODUCT}/")).text()
            assert f"/assets/_write/reload.js?at={preview.open.news.version}" in page and "辣白菜" in page
            assert (await browser.get("/no/such/page/")).status == 404
            assert (await browser.get("/../../mkdocs.yml")).status == 404
            async with browser.get("/assets/_write/news") as news:
                assert (await news.content.readline()).decode() == f"data: {preview.open.news.version}\n"
                preview.open.news.tell()
                assert await news.content.readline() == b"\n"
                assert (await news.content.readline()).decode() == f"data: {preview.open.news.version}\n"
            assert preview.open.news.version not in page, "what has changed meanwhile has another name"
            said = Said("价格 <b>", "price <b>"), Said("改成数字", "write a number")
            preview.open.put((ContentFault(f"content/{PRODUCT}.md", 25, *said),))
            for address in ("/", "/no/such/page/", "/assets/_write/"):
                page = await (await browser.get(address)).text()
                for words in ("价格 &lt;b&gt;", "price &lt;b&gt;", "改成数字", "write a number", "第 25 行", "line 25"):
                    assert words in page
                assert "price: 2990" in page and f"content/{PRODUCT}.md" in page and "reload.js" in page
            listed = await (await browser.get("/assets/_write/faults.json")).json()
            (one,) = listed["faults"]
            assert (one["line"], one["what"]["zh"], one["text"]) == (25, "价格 <b>", "price: 2990")
            for name in ("reload.js", "faults.css"):
                assert (await browser.get(f"/assets/_write/{name}")).status == 200
            assert (await browser.get("/assets/_write/none.js")).status == 404
            assert (await browser.get("/packs.json")).status == 200

    run(scene)


def test_before_the_first_site_stands_the_preview_says_so(tmp_path: Path) -> None:
    async def scene() -> None:
        async with TestClient(TestServer(Server(Preview(Paths(root=tmp_path), "")).application())) as browser:
            page = await (await browser.get("/")).text()
            assert "正在生成网页" in page and "Building" in page and "reload.js" in page

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
    with urllib.request.urlopen(f"{writing}/assets/_write/news") as news:
        edit(paths, f"{PRODUCT}.md", "price: 2990", "price: 3190")
        until(news, lambda: "¥31.90" in fetched(f"{writing}/{PRODUCT}/"))
        random = Random(24)
        for broken in random.sample(list(every(paths.content)), int(os.environ.get("SAVES", "3"))):
            path = paths.content / broken.file
            good = path.read_bytes()
            path.unlink() if broken.text is None else path.write_bytes(broken.text)
            faults = content.look(paths.content).faults
            assert faults, broken.what
            until(news, lambda faults=faults: told(writing) == {(one.file, one.line, one.what.zh) for one in faults})
            page = fetched(f"{writing}/")
            for one in faults:
                assert one.file in page and f"第 {one.line} 行" in page and escape(one.what.en) in page
            path.write_bytes(good)
            until(news, lambda: told(writing) == set())


def until(news: IO[bytes], holds: Callable[[], bool]) -> None:
    """Waits for as many changes as it takes; the stream begins with where it stands."""
    while not holds():
        while not news.readline().startswith(b"data"):
            pass


def fetched(address: str) -> str:
    with urllib.request.urlopen(address) as page:
        return str(page.read().decode())


def told(writing: str) -> set[tuple[str, int, str]]:
    """The faults that the preview has, by file, line and words."""
    listed = json.loads(fetched(f"{writing}/assets/_write/faults.json"))
    return {(one["file"], one["line"], one["what"]["zh"]) for one in listed["faults"]}
