"""`cunbo write`: the site as it is being written, on this machine, without the shop's functions.

A changed record is read, held to its form and shown at once, by the same hooks and templates that build the site, for
MkDocs is asked to build its two pages alone. Whatever else changed, and what holds between records, follows from a
build of the whole site in a process of its own. Faults take the pages' place until they are mended; browsers load anew
by themselves.
"""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import NamedTuple

import msgspec
from aiohttp import web
from chalicelib.catalog import load
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from storefront.build import pages
from storefront.build.assets import Assets
from storefront.build.media import pictures
from storefront.check import content, links, markup
from storefront.read import records
from storefront.read.files import named_by
from storefront.write import publish
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from cunbo.authoring import editor, serving
from cunbo.authoring.serving import answer, file_of
from cunbo.core.background import Background
from cunbo.core.paths import Paths
from cunbo.core.progress import note, note_error
from cunbo.core.refusal import Refusal

SETTLED = 0.05
"""Seconds without a change after which a file is taken to be written: editors write in several goes."""
PASSING = ("~", ".swp", ".pyc")
"""Ends of the names of files that are nobody's writing."""
OFTEN = 0.1
"""Seconds between two looks at whether the whole site stands."""
WHOLE = "import sys; from cunbo.authoring.preview import whole; sys.exit(whole(sys.argv[1]))"
RELOAD = b"""<script type="module" src="/assets/_write.js"></script></body>"""
"""Where the shop's policy lets scripts lie."""
SCRIPT = """new EventSource('/_write').onmessage = () => window.location.reload();
const ways = document.createElement('nav');
ways.style.cssText = 'position:fixed;z-index:99;left:8px;bottom:76px;display:flex;gap:4px;font:14px system-ui';
for (const [path, words] of [['/admin/', '编辑 Edit'], ['/admin/publish/', '发布 Publish']]) {
  const way = document.createElement('a');
  way.href = `http://${location.hostname}:${Number(location.port) + 1}${path}`;
  way.textContent = words;
  way.style.cssText = 'padding:10px 12px;border-radius:20px;color:#fff;background:#a3342bdd;text-decoration:none';
  ways.append(way);
}
if (!location.pathname.includes('/live/')) document.body.append(ways);
"""
STYLE = "body { max-width: 46em; margin: 2em auto; padding: 0 1em; font: 17px/1.6 system-ui, sans-serif }"
FAULTS = """\
<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>需要修改 / To fix</title><link rel="stylesheet" href="/_write.css"><body>
<h1>需要修改 / To fix</h1><ol>{rows}</ol></body></html>
"""


class Quick(NamedTuple):
    """What the hooks need to build these pages alone."""

    front: pages.SiteContext
    pages: frozenset[str]


@dataclass
class Preview:
    """The site of `paths` as it stands in build/preview; `faults`, a line each, are what is to be mended first."""

    paths: Paths
    url: str
    faults: list[str] = field(default_factory=list)
    building: subprocess.Popen[str] | None = None

    @property
    def site(self) -> Path:
        """Return the folder of the site that is shown."""
        return self.paths.build / "preview"

    def begin(self) -> None:
        """Begin to build the whole site; a build that is still running is stopped."""
        self.stop()
        environ = {**os.environ, "SHOP_URL": self.url, "NO_MKDOCS_2_WARNING": "1"}
        command = [sys.executable, "-c", WHOLE, str(self.paths.root)]
        pipe = subprocess.PIPE
        self.building = subprocess.Popen(command, env=environ, text=True, stdout=pipe, stderr=subprocess.STDOUT)  # noqa: S603

    def ended(self) -> bool:
        """Return whether the build has just ended; `faults` are then what it found."""
        if self.building is None or self.building.poll() is None:
            return False
        said, _ = self.building.communicate()
        self.faults = said.strip().splitlines() if self.building.returncode else []
        self.building = None
        return True

    def stop(self) -> None:
        """Stop a build that is running; the site stays as it was."""
        if self.building:
            self.building.kill()
            self.building.communicate()
            self.building = None

    def page(self, folder: str, name: str) -> bool:
        """Build one page from its files, and return whether that was possible; `faults` has what is wrong with them."""
        reader = records.ContentReader(self.paths.content)
        entry = reader.one(folder, name) if folder else None
        if not folder:
            reader.home()
        markup.check(reader.sources)
        files = tuple(reader.name(self.paths.content / folder / f"{name}.{ending}") for ending in records.ENDINGS)
        self.faults = [line for line in self.faults if not line.startswith(files)] + [*map(str, sorted(reader.faults))]
        whole = publish.whole_catalog(self.site)
        if self.faults or not whole.is_file():
            return False
        catalog = load(whole.read_bytes())
        if entry:
            shelf = records.SHELVES.get(folder, folder)
            shown = getattr(catalog, shelf)
            if name not in {record.id for record in shown}:
                return False
            fresh = tuple(entry.to_catalog() if record.id == name else record for record in shown)
            catalog = msgspec.structs.replace(catalog, **{shelf: fresh})
        config = load_config(str(self.paths.root / "mkdocs.yml"), site_dir=str(self.paths.build / "preview.page"))
        named = named_by(self.paths.content, catalog)
        named |= links.pictures_in(self.paths.content, reader.sources)
        shots = pictures.make(self.paths.content, named, publish.kept_pictures(config))
        assets = Assets.of(config)
        name = f"{folder}/{name}".lstrip("/")
        front = pages.SiteContext(catalog, assets, f"{self.url}/", self.paths.content, shots)
        config.extra["preview"] = Quick(front, frozenset({name}))
        logging.getLogger("mkdocs").setLevel(logging.ERROR)
        with suppress(Abort):
            build(config)
        for path in Path(config.site_dir).rglob("*.html"):
            (self.site / path.relative_to(config.site_dir)).write_bytes(path.read_bytes())
        return True


def whole(root: str) -> int:
    """Read all content and build all pages into build/preview; where something is wrong, print it and return 1."""
    paths = Paths(Path(root))
    try:
        content.read(paths.content)
    except content.BadContent as error:
        print(error)
        return 1
    config = load_config(str(paths.root / "mkdocs.yml"), site_dir=str(paths.build / "preview"), strict=True)
    logging.getLogger("mkdocs").setLevel(logging.ERROR)
    try:
        build(config)
    except Abort as error:
        print(f"mkdocs.yml:1: {error}: the lines above say where")
        return 1
    return 0


class Watcher(FileSystemEventHandler):
    """Gathers which files have changed, until they have rested."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()
        self.heard = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Remember which file was written, made, moved or removed."""
        if event.is_directory or event.event_type in {"opened", "closed_no_write"}:
            return
        names = [Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        found = {path for path in names if not path.name.startswith(".") and not path.name.endswith(PASSING)}
        if found:
            self.paths |= found
            self.heard.set()

    def rested(self) -> set[Path]:
        """Return the files that have changed, once none has for SETTLED seconds."""
        while self.heard.is_set():
            self.heard.clear()
            time.sleep(SETTLED)
        found, self.paths = self.paths, set()
        return found


def page_of(content: Path, path: Path) -> tuple[str, str] | None:
    """Return folder and name of the page that a content file holds in one language; None for any other file."""
    if path.suffix != ".md" or not path.is_file() or not path.is_relative_to(content):
        return None
    folder = path.relative_to(content).parent.as_posix()
    return ("" if folder == "." else folder, path.name.partition(".")[0]) if folder in {".", *records.FOLDERS} else None


def write(paths: Paths, port: int, extend: editor.Extend = lambda _: None) -> None:
    """Serve the preview at the port, and the editor at the next, until Ctrl-C; raises Refusal where either is taken.

    `extend` adds routes to the editor's server.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells ignore it for what they run in the background
    preview = Preview(paths, f"http://{serving.LOCAL}:{port}")
    server = Server(preview)
    page = editor.make(paths)
    watcher, observer = Watcher(), Observer()
    with Background() as background:
        try:
            background.serve(server.listening(port))
            background.serve(serving.listening(editor.application(page, extend), port + 1))
        except OSError as error:
            what = f"port {port} or {port + 1} cannot be had ({error.strerror})"
            raise Refusal(f"{what}: PORT=8100 make write takes others") from None
        for folder in (paths.content, paths.root / "site"):
            observer.schedule(watcher, str(folder), recursive=True)
        observer.start()
        note("building the site ...")
        try:
            follow(preview, watcher, lambda: server.soon(background.loop), editor.address(port + 1))
        except KeyboardInterrupt:
            note("\nThe preview is closed.")
        finally:
            preview.stop()
            observer.stop()


def follow(preview: Preview, watcher: Watcher, reload: Callable[[], None], editing: str) -> None:
    """Show each change, for ever: a page at once where only one page changed, and then the whole site.

    `editing` is the editor's address.
    """
    preview.begin()
    while True:
        if watcher.heard.wait(OFTEN):
            changed = watcher.rested()
            started = time.monotonic()
            preview.stop()
            for one in filter(None, {page_of(preview.paths.content, path) for path in changed}):
                if preview.page(*one):
                    note(f"{'/'.join(filter(None, one))}: shown after {time.monotonic() - started:.2f} s")
                reload()
                tell(preview)
            preview.begin()
        elif preview.ended():
            reload()
            tell(preview)
            if not preview.faults:
                note(f"{preview.url}/ shows all of it, {editing} edits it. Write, and save; Ctrl-C ends it.")


def tell(preview: Preview) -> None:
    """Print the faults."""
    for fault in preview.faults:
        note_error(fault)


class Server:
    """Shows the preview's site, its faults in its place, and has browsers load anew."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.ears: set[asyncio.Event] = set()

    def soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Reload every open page; called from any thread."""
        loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """Reload every open page; called in the server's own loop."""
        for ear in self.ears:
            ear.set()

    def application(self) -> web.Application:
        """Return the server as an aiohttp application."""
        application = serving.application(serving.edge_headers)
        application.router.add_get("/_write", self.news)
        application.router.add_get("/assets/_write.js", always(SCRIPT, "text/javascript"))
        application.router.add_get("/_write.css", always(STYLE, "text/css"))
        application.router.add_get("/{path:.*}", self.show)
        return application

    def listening(self, port: int) -> AbstractAsyncContextManager[None]:
        """Listen until the block ends."""
        return serving.listening(self.application(), port)

    async def news(self, request: web.Request) -> web.StreamResponse:
        """Send an event when something has changed, as an event stream."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        ear = asyncio.Event()
        self.ears.add(ear)  # before the browser hears that somebody listens
        try:
            await stream.prepare(request)
            await stream.write(b": here\n\n")
            await ear.wait()
            await stream.write(b"data: new\n\n")
        finally:
            self.ears.discard(ear)
        return stream

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Send a file of the site; instead of a page, the faults if any."""
        path = file_of(self.preview.site, request.path)
        is_page = request.path.endswith("/") or Path(request.path).suffix in {"", ".html"}
        if is_page and self.preview.faults:
            rows = "".join(f"<li>{escape(fault)}" for fault in self.preview.faults)
            return answer(200, reloading(FAULTS.format(rows=rows).encode()), ".html")
        if path and path.suffix == ".html":
            return answer(200, reloading(path.read_bytes()), ".html")
        if path:
            return answer(200, path.read_bytes(), path.suffix)
        missing = file_of(self.preview.site, "/404.html")
        return answer(404, reloading(missing.read_bytes() if missing else b"<body>...</body>"), ".html")


def reloading(page: bytes) -> bytes:
    """Return a page with the script that loads it anew after a change."""
    return page.replace(b"</body>", RELOAD)


def always(text: str, kind: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler whose response is always `text`."""

    async def same(request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind)

    return same
