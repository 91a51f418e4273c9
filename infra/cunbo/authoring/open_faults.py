"""What is to be mended in the content now, for whoever writes: as a page, and as JSON for the editor's own page.

Each fault stands there in Chinese and in English, with its file, its line, and what that line says. Preview and editor
have origins of their own, so each serves the page itself.
"""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from storefront.read.faults import ContentFault

from cunbo.authoring.news import News
from cunbo.authoring.serving import answer, file_of
from cunbo.core.paths import ROOT

FOLDER = ROOT / "infra" / "preview"
"""The page's template, its sheet, and the script that loads pages anew."""
TEXTS = {".md", ".yml", ".vtt", ".svg"}
"""Files whose lines can be shown."""
LONGEST = 200
"""Signs of a line that are shown."""


class OpenFaults:
    """The faults of the content folder, and its notices, as the last look found them; `news` tells of others."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self.news = News()
        self.found: tuple[tuple[ContentFault, ...], tuple[ContentFault, ...]] = ((), ())

    @property
    def faults(self) -> tuple[ContentFault, ...]:
        """Return what is to be mended before anything is shown."""
        return self.found[0]

    def put(self, faults: tuple[ContentFault, ...], notices: tuple[ContentFault, ...] = ()) -> None:
        """Take what a look has found in place of what was found before."""
        self.found = faults, notices

    def page(self, at: str) -> bytes:
        """Return them as a page, whose script and sheet are found at the address `at`."""
        faults, notices = self.rows()
        return template().render(faults=faults, notices=notices, at=at, version=self.news.version).encode()

    def serve(self, application: web.Application, at: str) -> None:
        """Add what the page needs to a server, below the address `at`, and the page itself at `at`/."""

        async def page(_: web.Request) -> web.StreamResponse:
            return answer(200, self.page(at), ".html")

        async def listed(_: web.Request) -> web.StreamResponse:
            return answer(200, self.listed(), ".json")

        async def part(request: web.Request) -> web.StreamResponse:
            path = file_of(FOLDER, request.match_info["name"])
            return answer(200, path.read_bytes(), path.suffix) if path else web.Response(status=404)

        application.router.add_get(f"{at}/", page)
        application.router.add_get(f"{at}/news", self.news.stream)
        application.router.add_get(f"{at}/faults.json", listed)
        application.router.add_get(f"{at}/{{name:[a-z]+[.](?:js|css)}}", part)

    def listed(self) -> bytes:
        """Return them as JSON: {"faults": [{file, line, text, what: {zh, en}, remedy: {zh, en}}], "notices": [...]}."""
        faults, notices = self.rows()
        return msgspec.json.encode({"faults": faults, "notices": notices})

    def rows(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return faults and notices with the texts of their lines."""
        faults, notices = self.found
        return [self.row(one) for one in faults], [self.row(one) for one in notices]

    def row(self, one: ContentFault) -> dict[str, Any]:
        """Return one with the text of its line."""
        words = {"what": one.what._asdict(), "remedy": one.remedy._asdict()}
        return {"file": one.file, "line": one.line, "text": self.text(one), **words}

    def text(self, one: ContentFault) -> str:
        """Return what the line says that a fault is in; "" where it is blank, gone, or no text."""
        path = self.content / one.file.partition("/")[2]
        if path.suffix.lower() not in TEXTS:
            return ""
        try:
            lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        except OSError:
            return ""
        line = lines[one.line - 1].strip() if one.line <= len(lines) else ""
        shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in line.replace("\t", "→"))
        return shown[:LONGEST] + "…" * (len(shown) > LONGEST)


@cache
def template() -> Template:
    """Return the page's template."""
    loader = FileSystemLoader(FOLDER)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("faults.html")
