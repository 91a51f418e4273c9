"""`cunbo write`: the site as it is being written, on this machine, without the shop's functions.

After each change the content is looked at as check and build do it. A record that is without a fault is shown at once,
by the same hooks and templates that build the site, for MkDocs is asked to build its two pages alone; whatever else
follows from it, by a build of the whole site in a process of its own. Faults take the pages' place until they are
mended, whatever they are, and browsers load anew by themselves: nothing that is saved ends the preview.
"""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from aiohttp import web
from mkdocs.config import load_config
from storefront.build import pages
from storefront.check import content
from storefront.check.content import CheckedContent
from storefront.read import records
from storefront.read.records import ContentReader
from storefront.write import publish

from cunbo.authoring import editor, serving
from cunbo.authoring.open_faults import OpenFaults
from cunbo.authoring.serving import answer, file_of
from cunbo.authoring.watching import Watcher, page_of
from cunbo.core.background import Background
from cunbo.core.paths import Paths
from cunbo.core.progress import note, note_error
from cunbo.core.refusal import Refusal
from cunbo.deploy import build_process, site

OFTEN = 0.1
"""Seconds between two looks at whether the whole site stands."""
OURS = "/assets/_write"
"""Where the preview's own page and script lie: the shop's policy lets scripts lie nowhere else."""
RELOAD = '<script type="module" src="{at}/reload.js?at={version}"></script></body>'
WAITING = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>…</title><body><p>{words}</p></body></html>'
BUILDING = "正在生成网页，好了会自己显示。Building the pages; they will show by themselves."
GONE = "没有这一页。There is no such page."


class Quick(NamedTuple):
    """What the hooks need to build these pages alone."""

    front: pages.SiteContext
    pages: frozenset[str]


@dataclass
class Preview:
    """The site of `paths` as it stands in build/preview; `open` are the faults that are to be mended first."""

    paths: Paths
    url: str
    open: OpenFaults = field(init=False)
    reader: ContentReader = field(init=False)
    building: subprocess.Popen[bytes] | None = None
    saved: Path = field(init=False)
    """The file that was saved last: what nobody foresaw has to do with it."""

    def __post_init__(self) -> None:
        self.open = OpenFaults(self.paths.content)
        self.reader = content.reader_of(self.paths.content)
        self.saved = self.paths.content

    @property
    def site(self) -> Path:
        """Return the folder of the site that is shown."""
        return self.paths.build / "preview"

    @property
    def left(self) -> Path:
        """Return the file in which a build of the whole site leaves what it found wrong."""
        return self.paths.build / "preview.faults.json"

    def change(self, changed: Set[Path] = frozenset()) -> list[str]:
        """Look at the content anew after these files have changed; return the pages that are shown already.

        Where nothing is wrong the whole site is being built afterwards. Raises nothing: what fails is a fault.
        """
        self.stop()
        self.saved = max(changed, default=self.saved)
        try:
            found = content.look(self.paths.content, reader=self.reader)
            self.open.put(found.faults, found.notices)
            if found.catalog is None:
                return []
            wanted = sorted(filter(None, {page_of(self.paths.content, path) for path in changed}))
            shown = [folder_name for folder_name in wanted if self.page(*folder_name, found)]
            if not self.open.faults:
                self.begin()
        except Exception as error:  # a check's, a library's, the system's: the preview goes on
            self.open.put((build_process.unexpected(error, self.saved, self.paths.content),))
            return []
        return ["/".join(filter(None, place)) for place in shown]

    def page(self, folder: str, name: str, found: CheckedContent) -> bool:
        """Build one page from its files, in both languages; return whether it is shown."""
        shelf = getattr(found.catalog, records.SHELVES.get(folder, folder)) if folder else ()
        if not self.site.is_dir() or (folder and name not in {record.id for record in shelf}):
            return False
        page = str(self.paths.build / "preview.page")
        config = load_config(str(self.paths.root / "mkdocs.yml"), site_dir=page, site_url=f"{self.url}/")
        front = pages.SiteContext.of(config, found, publish.kept_pictures(config))
        config.extra["preview"] = Quick(front, frozenset({f"{folder}/{name}".lstrip("/")}))
        # Links to pages that are not built now look dead to MkDocs: only the whole site can tell.
        failed = build_process.built(config, self.saved, logging.ERROR)
        if failed:
            self.open.put(failed)
            return False
        publish.place_assets(front.assets, self.site)  # a new heading has changed what they are called
        for path in Path(config.site_dir).rglob("*.html"):
            shown = self.site / path.relative_to(config.site_dir)
            shown.parent.mkdir(parents=True, exist_ok=True)
            shown.write_bytes(path.read_bytes())
        return True

    def begin(self) -> None:
        """Begin to build the whole site; a build that is still running is stopped."""
        self.stop()
        self.left.unlink(missing_ok=True)
        environ = {**os.environ, "SHOP_URL": self.url, "NO_MKDOCS_2_WARNING": "1"}
        command = site.command(self.paths, self.site, self.saved, self.left)
        self.building = subprocess.Popen(command, env=environ)  # noqa: S603

    def ended(self) -> bool:
        """Return whether the build has just ended; what it found wrong, if anything, is then to be mended."""
        if self.building is None or (code := self.building.poll()) is None:
            return False
        self.building = None
        if code:
            self.open.put(site.left(self.left, code, self.saved), self.open.found[1])
        return True

    def stop(self) -> None:
        """Stop a build that is running; the site stays as it was."""
        if self.building:
            self.building.kill()
            self.building.wait()
            self.building = None


def write(paths: Paths, port: int, extend: editor.Extend = lambda _: None) -> None:
    """Serve the preview at the port, and the editor at the next, until Ctrl-C; raises Refusal where either is taken.

    `extend` adds routes to the editor's server.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells ignore it for what they run in the background
    preview = Preview(paths, f"http://{serving.LOCAL}:{port}")
    page = editor.make(paths)
    watcher = Watcher((paths.content, paths.root / "site"))
    with Background() as background:
        try:
            background.serve(serving.listening(Server(preview).application(), port))
            background.serve(serving.listening(editor.application(page, preview.open, extend), port + 1))
        except OSError as error:
            what = f"port {port} or {port + 1} cannot be had ({error.strerror})"
            raise Refusal(f"{what}: PORT=8100 make write takes others") from None
        watcher.begin()
        note("building the site ...")
        try:
            follow(preview, watcher, lambda: preview.open.news.soon(background.loop), editor.address(port + 1))
        except KeyboardInterrupt:
            note("\nThe preview is closed.")
        finally:
            preview.stop()
            watcher.end()


def follow(preview: Preview, watcher: Watcher, reload: Callable[[], None], editing: str) -> None:
    """Show each change, for ever: a page at once where only one page changed, and then the whole site.

    `editing` is the editor's address.
    """
    preview.change()
    tell(preview)
    while True:
        if watcher.heard.wait(OFTEN):
            changed, started = watcher.rested(), time.monotonic()
            for name in preview.change(changed):
                note(f"{name}: shown after {time.monotonic() - started:.2f} s")
            reload()
            tell(preview)
        elif preview.ended():
            reload()
            tell(preview)
            if not preview.open.faults:
                note(f"{preview.url}/ shows all of it, {editing} edits it. Write, and save; Ctrl-C ends it.")


def tell(preview: Preview) -> None:
    """Print the faults."""
    for one in preview.open.faults:
        note_error(str(one))


class Server:
    """Shows the preview's site, its faults in its place, and has browsers load anew."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview

    def application(self) -> web.Application:
        """Return the server as an aiohttp application."""
        application = serving.application(serving.edge_headers)
        self.preview.open.serve(application, OURS)
        application.router.add_get("/{path:.*}", self.show)
        return application

    def listening(self, port: int) -> AbstractAsyncContextManager[None]:
        """Listen until the block ends."""
        return serving.listening(self.application(), port)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Send a file of the site; instead of a page, the faults if any."""
        is_page = request.path.endswith("/") or Path(request.path).suffix in {"", ".html"}
        if is_page and self.preview.open.faults:
            return answer(200, self.preview.open.page(OURS), ".html")
        found = self.read(request.path)
        if found and found[1] == ".html":
            return answer(200, self.reloading(found[0]), ".html")
        if found:
            return answer(200, *found)
        built = self.preview.site.is_dir()
        missing = self.read("/404.html") or (WAITING.format(words=GONE if built else BUILDING).encode(), ".html")
        return answer(404, self.reloading(missing[0]), ".html")

    def read(self, path: str) -> tuple[bytes, str] | None:
        """Return what the site has at a path, and its suffix; None where there is nothing, or no longer."""
        found = file_of(self.preview.site, path)
        try:
            return (found.read_bytes(), found.suffix) if found else None
        except OSError:  # a whole new site takes its place
            return None

    def reloading(self, page: bytes) -> bytes:
        """Return a page with the script that loads it anew after a change."""
        script = RELOAD.format(at=OURS, version=self.preview.open.news.version)
        return page.replace(b"</body>", script.encode())
