"""A page that comes in pieces, as a slow line brings it: what is shown stays where it is while the rest arrives."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from cunbo.core.background import Background
from playwright.sync_api import Browser

from tests.browser.conftest import visitor
from tests.browser.helpers.pages import one_of_each_kind
from tests.browser.helpers.shopper import DESKTOP, PHONE, PREFIX, Size
from tests.conftest import RunningShop

END = re.compile(r"</(?:p|h1|h2|li|dl|section|nav|form|div)>")
WHOLE = re.compile(r"<(template|noscript|script)\b.*?</\1>", re.DOTALL)
"""What is not shown before its end."""
PIECE = 300
"""Letters that come together, at least."""
UNSEEN = 0.0005
"""What Lighthouse's three decimals do not show: the prices of a row of cards, when a taller card joins it."""
KEPT = {"Content-Type", "Content-Security-Policy"}
ARRIVED = """(piece) => new Promise((seen) => {
  const look = () => {
    const there = document.documentElement?.outerHTML.includes(`<!--${piece}-->`);
    requestAnimationFrame(there ? seen : look);
  };
  look();
})"""


class Line:
    """The way to a shop: pages come over it piece by piece, each when it is let through, all else at once."""

    def __init__(self, shop: str, loop: asyncio.AbstractEventLoop) -> None:
        self.shop, self.loop = shop, loop
        self.passes = asyncio.Semaphore(0)
        self.pieces: list[str] = []
        application = web.Application()
        application.router.add_get("/{path:.*}", self.bring)
        self.server = TestServer(application)

    @property
    def origin(self) -> str:
        """Where visitors find the shop behind this line."""
        return f"http://127.0.0.1:{self.server.port}"

    def let(self) -> None:
        """Lets a piece through."""
        self.loop.call_soon_threadsafe(self.passes.release)

    async def bring(self, request: web.Request) -> web.StreamResponse:
        """Answers as the shop does."""
        async with ClientSession() as session, session.get(f"{self.shop}{request.path_qs}") as got:
            # The policy names the shop's own address, which here is this line's.
            kept = {name: words.replace(self.shop, self.origin) for name, words in got.headers.items() if name in KEPT}
            body, answer = await got.read(), web.StreamResponse(status=got.status, headers=kept)
        await answer.prepare(request)
        if "text/html" not in kept["Content-Type"]:
            await answer.write(body)
            return answer
        self.pieces = pieces_of(body.decode())
        for number, piece in enumerate(self.pieces):
            await self.passes.acquire()
            await answer.write(f"{piece}<!--{number}-->".encode())
        return answer


def pieces_of(page: str) -> list[str]:
    """The page cut behind its head, and then behind an element every few lines."""
    whole = [match.span() for match in WHOLE.finditer(page)]
    cuts = [page.index("</header>")]
    for match in END.finditer(page, cuts[0]):
        cut = match.end()
        if cut - cuts[-1] >= PIECE and not any(start < cut < end for start, end in whole):
            cuts.append(cut)
    return [page[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]


@pytest.fixture(scope="module")
def line(shop: RunningShop) -> Iterator[Line]:
    """A slow line to the shop."""
    with Background() as background:
        line = Line(shop.url, background.loop)
        background.serve(line.server)
        yield line


@pytest.mark.parametrize(("lang", "size"), [("zh", PHONE), ("en", DESKTOP)], ids=["phone", "desktop"])
def test_nothing_moves_while_the_rest_of_a_page_arrives(browser: Browser, line: Line, lang: str, size: Size) -> None:
    with ExitStack() as visits:
        shopper = visitor(visits, browser, line.origin, lang, size)
        for path in ("/", "/cart/", "/checkout/", *one_of_each_kind()):
            line.let()
            shopper.page.goto(f"{line.origin}{PREFIX[lang]}{path}", wait_until="commit")
            shopper.page.evaluate(ARRIVED, "0")
            for number in range(1, len(line.pieces) - 1):
                line.let()
                shopper.page.evaluate(ARRIVED, str(number))
            line.let()
            shopper.page.wait_for_load_state()
            assert len(line.pieces) > 5
            shopper.saw_no_move(UNSEEN)
