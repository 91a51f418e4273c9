"""`cunbo video nostalgia --preview`: a page of this machine that shows a film in each look, to choose one.

What it shows is five seconds of the film's middle, made as the film itself would be, when the page asks for them: one
look at a time, kept while the page is open, and thrown away with it. The page needs no script.
"""

import asyncio
import html
import socket
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp import web
from storefront.read import messages

from cunbo.authoring import editor, serving
from cunbo.core.background import Background
from cunbo.core.paths import ROOT
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.film import encode, finish, looks, words
from cunbo.film.finish import ClipFiles, FilmOrder
from cunbo.film.looks import LOOKS, SLIDES
from cunbo.film.probe import SourceClip, part

SECONDS = 5.0
FRAMES = (0.6, 2.4, 4.2)
"""The moments of a piece, in seconds, that are shown as pictures."""
SHOWN = tuple(name for name, look in LOOKS.items() if look is not SLIDES)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",  # else a form says that it comes from nowhere
    "X-Content-Type-Options": "nosniff",
}


@dataclass
class LookPieces:
    """The pieces of a film in each look, made in `desk` when they are asked for."""

    clip: SourceClip
    order: FilmOrder
    desk: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    def piece(self, name: str) -> Path:
        """Return the film of a few seconds in a look, made at its first call; raises Refusal."""
        with self.lock:
            self._go_on()
            path = self.desk / f"{name}-small.mp4"
            if not path.exists():
                start = max(0.0, (self.clip.seconds - SECONDS) / 2)
                short = part(self.clip, start, min(start + SECONDS, self.clip.seconds))
                order = replace(self.order, look=LOOKS[name], title="", leader=False)
                finish.make(short, order, ClipFiles(self.desk, name, force=True), lambda what, share: self._go_on())
            return path

    def frame(self, name: str, number: int) -> Path:
        """Return the picture of a moment of the piece in a look; raises Refusal."""
        film = self.piece(name).with_name(f"{name}.mp4")
        path = self.desk / f"{name}-{number}.jpg"
        with self.lock:
            self._go_on()
            if not path.exists():
                at = min(FRAMES[number], max(0.0, self.clip.seconds - 0.5))
                ways = ("-frames:v", "1", "-q:v", "3", "-vf", "scale=480:-2")
                encode.ask("-y", "-ss", f"{at}", "-i", str(film), *ways, str(path))
        return path

    def close(self) -> None:
        """Stop what is being made, and make no more."""
        self.closed = True
        with self.lock:
            pass

    def _go_on(self) -> None:
        if self.closed:
            raise Refusal(words.say("chosen"))


class LookChoice:
    """What the page has chosen: `wait` returns it."""

    def __init__(self) -> None:
        self.made = threading.Event()
        self.look = ""

    def take(self, look: str) -> None:
        """Take the look that was chosen."""
        self.look = look
        self.made.set()

    def wait(self) -> str:
        """Wait until a look is chosen, and return its name; a wait that Ctrl-C ends."""
        while not self.made.wait(0.5):
            pass
        return self.look


def choose(clip: SourceClip, order: FilmOrder, usual: str) -> FilmOrder:
    """Show the film in each look, wait for a choice, and return the order with the look that was chosen."""
    say = messages.of(messages.of_writer())["film_looks"]
    choice = LookChoice()
    with tempfile.TemporaryDirectory(prefix="cunbo-looks-") as desk, Background() as beside:
        pieces = LookPieces(clip, order, Path(desk))
        port = _free_port()
        beside.serve(serving.listening(application(pieces, choice, usual), port))
        note(say["open"].format(address=f"http://{serving.LOCAL}:{port}/"))
        try:
            chosen = choice.wait()
        finally:
            pieces.close()
    note(say["chosen"].format(look=say["looks"][chosen]))
    return replace(order, look=looks.look_of(chosen))


def application(pieces: LookPieces, choice: LookChoice, usual: str) -> web.Application:
    """Return the server of the page, which is told what was chosen; the look `usual` is chosen at first."""
    lang = messages.of_writer()
    say = messages.of(lang)["film_looks"]

    running: set[asyncio.Task[Path]] = set()

    async def page(_: web.Request) -> web.Response:
        shown = editor.template("looks.html").render(
            say=say, lang=lang, looks=SHOWN, usual=usual, count=len(FRAMES), name=pieces.clip.path.name
        )
        return serving.answer(200, shown.encode(), ".html")

    async def sheet(_: web.Request) -> web.Response:
        path = ROOT / "infra" / "editor" / "templates" / "looks.css"
        return serving.answer(200, path.read_bytes(), ".css")

    async def frame(request: web.Request) -> web.StreamResponse:
        name, number = request.match_info["look"], int(request.match_info["number"])
        if name not in SHOWN or number >= len(FRAMES):
            return web.Response(status=404)
        return await _file(running, pieces.frame, name, number)

    async def piece(request: web.Request) -> web.StreamResponse:
        name = request.match_info["look"]
        return await _file(running, pieces.piece, name) if name in SHOWN else web.Response(status=404)

    async def take(request: web.Request) -> web.Response:
        name = str((await request.post()).get("look", ""))
        if name not in SHOWN:
            return web.Response(status=400)
        asyncio.get_running_loop().call_later(0.3, choice.take, name)  # the answer first
        text = html.escape(say["making"].format(look=say["looks"][name]))
        body = f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{text}</title>'
        body += f'<link rel="stylesheet" href="/looks.css"><main><h1>{text}</h1></main></html>'
        return serving.answer(200, body.encode(), ".html")

    async def wait(_: web.Application) -> None:
        await asyncio.gather(*running, return_exceptions=True)

    made = serving.application(lambda _: HEADERS)
    made.on_shutdown.append(wait)
    made.router.add_get("/", page)
    made.router.add_get("/looks.css", sheet)
    made.router.add_get(r"/frames/{look}/{number:\d}.jpg", frame)
    made.router.add_get("/pieces/{look}.mp4", piece)
    made.router.add_post("/choose", take)
    return made


async def _file(running: set[asyncio.Task[Path]], make: Callable[..., Path], *of: str | int) -> web.StreamResponse:
    """Answer with a file that is made beside the server; with 500 and the reason where it cannot be."""
    work = asyncio.create_task(asyncio.to_thread(make, *of))
    running.add(work)  # who goes away stops nothing, and the server waits for what is being made
    work.add_done_callback(running.discard)
    try:
        path = await asyncio.shield(work)
    except Refusal as refusal:
        return web.Response(status=500, text=f"{refusal}\n")
    return web.FileResponse(path, headers={"Cache-Control": "no-store"})


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind((serving.LOCAL, 0))
        return int(asked.getsockname()[1])
