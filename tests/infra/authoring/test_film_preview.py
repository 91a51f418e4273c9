"""The page that shows a film in each look: it makes what it shows when it is asked, and takes one choice."""

import asyncio
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from cunbo.authoring import film_preview
from cunbo.film.finish import FilmOrder
from cunbo.film.probe import probe
from PIL import Image

from tests.infra.film.clips import drawn
from tests.infra.loop import run


def test_a_look_is_seen_in_pictures_and_a_piece_and_chosen(tmp_path: Path) -> None:
    clip = probe(drawn(tmp_path / "<i>.mp4", "testsrc=s=64x48:d=1.2:r=5", "-pix_fmt", "yuv420p"))
    desk = tmp_path / "desk"
    desk.mkdir()
    choice = film_preview.LookChoice()
    app = film_preview.application(film_preview.LookPieces(clip, FilmOrder(), desk), choice, "film")

    async def scene() -> None:
        async with TestClient(TestServer(app)) as browser:
            page = await (await browser.get("/")).text()
            assert "<i>" not in page and page.count("<video") == len(film_preview.SHOWN)
            picture = await browser.get("/frames/none/2.jpg")
            assert picture.status == 200 and picture.headers["Content-Type"] == "image/jpeg"
            (desk / "seen.jpg").write_bytes(await picture.read())
            piece = await browser.get("/pieces/none.mp4", headers={"Range": "bytes=0-99"})
            assert (piece.status, piece.headers["Content-Type"]) == (206, "video/mp4")
            for gone in ("/frames/slides/0.jpg", "/frames/none/7.jpg", "/pieces/..%2fclip.mp4"):
                assert (await browser.get(gone)).status == 404
            assert (await browser.post("/choose", data={"look": "slides"})).status == 400
            away = await browser.post("/choose", data={"look": "vhs"}, headers={"Origin": "http://evil.example"})
            assert away.status == 403 and not choice.made.is_set()
            assert (await browser.post("/choose", data={"look": "vhs"})).status == 200
            await asyncio.to_thread(choice.made.wait, 30)

    run(scene)
    assert choice.wait() == "vhs"
    with Image.open(desk / "seen.jpg") as seen:
        assert seen.size == (480, 360)
