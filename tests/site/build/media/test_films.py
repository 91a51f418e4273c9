"""Films as they are published: looked into box by box, since a library would pass over what it does not know."""

import subprocess
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import pytest
from chalicelib.catalog import Catalog
from storefront.build.media import films as published
from storefront.check.content import read
from storefront.read.media import films
from storefront.read.media.captions import cues

from tests.site.helpers.films import SECRETS, boxes, film, telling
from tests.site.helpers.samples import GOOD, GOOD_VIDEO, write

TAGS = {"moov/udta/loci", "moov/udta/chpl", "moov/udta/meta/keys", "moov/udta/©xyz", "moov/meta", "uuid", "moov/uuid"}
DAYS = slice(4, 12)
"""Where a header of version 0 says when it was made and changed."""


def bare(data: bytes) -> None:
    """Assert that a film has nothing but pictures and sound, and plays from its first bytes."""
    held = [*boxes(data)]
    kinds = [kind for kind, _ in held]
    assert kinds.index("moov") < kinds.index("mdat"), "it begins to play before it is all there"
    assert not TAGS & {*kinds}
    assert all(inside == b"" for kind, inside in held if kind == "moov/udta/meta/ilst")
    assert all(inside[DAYS] == bytes(8) for kind, inside in held if kind[-4:] in {"mvhd", "tkhd", "mdhd"})
    streams = [inside[8:12] for kind, inside in held if kind == "moov/trak/mdia/hdlr"]
    assert streams in ([b"vide"], [b"vide", b"soun"])
    assert b"x264" not in data, "nor what its encoder writes between the pictures"
    assert not [secret for secret in SECRETS if secret in data]


@pytest.mark.parametrize("form", ["mov", "mp4"])
def test_nothing_that_is_published_says_where_when_by_whom_or_with_what_it_was_filmed(
    tmp_path: Path, form: str
) -> None:
    source, made = tmp_path / "jar.mp4", tmp_path / "made.mp4"
    source.write_bytes(telling(form))
    assert b"SECRET" in telling(form) and b"+41.1" in telling(form) and b"x264" in telling(form)
    published.rewrite(source, made)
    bare(made.read_bytes())


@pytest.mark.parametrize("how", [{}, {"sound": "aac"}, {"form": "mov", "sound": "aac"}, {"rate": 30, "sound": "aac"}])
def test_a_film_that_is_put_together_anew_shows_and_says_the_same(tmp_path: Path, how: dict[str, Any]) -> None:
    source, made = tmp_path / "jar.mp4", tmp_path / "made.mp4"
    source.write_bytes(film(3, **how))
    published.rewrite(source, made)
    before, after = films.probe(source), films.probe(made)
    assert after._replace(size=0) == before._replace(size=0)
    assert [frames(path) for path in (source, made)] == [3 * how.get("rate", 5)] * 2
    again = tmp_path / "again.mp4"
    published.rewrite(source, again)
    assert again.read_bytes() == made.read_bytes()


def test_a_film_that_was_held_upright_stays_so(tmp_path: Path) -> None:
    straight, held, made = (tmp_path / name for name in ("straight.mp4", "held.mp4", "made.mp4"))
    straight.write_bytes(film(2))
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-display_rotation", "90", "-i", str(straight)]
    subprocess.run([*command, "-c", "copy", str(held)], check=True)
    published.rewrite(held, made)
    with av.open(str(made)) as opened:
        assert next(opened.decode(video=0)).rotation == 90


def frames(path: Path) -> int:
    with av.open(str(path)) as opened:
        return sum(1 for _ in opened.decode(video=0))


def shelf(folder: Path) -> tuple[Path, Catalog]:
    said = "WEBVTT\n\nNOTE ask him\n\n1\n00:00.000 --> 00:01.000\n好\n"
    captions = {f"videos/jar-{lang}.vtt": said for lang in ("zh", "en")}
    clips = {"videos/jar.mp4": telling(), "videos/jar-small.mp4": film(2, quality=51), "videos/unnamed.mp4": film(2)}
    content = write(folder, GOOD | GOOD_VIDEO | captions | clips)
    return content, read(content)


def test_a_record_names_what_is_published_and_it_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, catalog = shelf(tmp_path)
    made = dict(published.files(content, catalog, tmp_path / "kept"))
    assert {*made} == {"videos/jar.mp4", "videos/jar-small.mp4", "videos/jar-zh.vtt", "videos/jar-en.vtt"}
    for name in ("videos/jar.mp4", "videos/jar-small.mp4"):
        bare(made[name].read_bytes())
    said = made["videos/jar-zh.vtt"].read_text(encoding="utf-8")
    assert "ask him" not in said and [cue.spoken for cue in cues(said)] == [(("", "好"),)]
    monkeypatch.setattr(published, "rewrite", lambda *_: pytest.fail("made once more"))
    assert dict(published.files(content, catalog, tmp_path / "kept")) == made


def test_each_film_of_the_built_site_is_bare_and_beside_it_lie_its_captions(site: Path) -> None:
    found = sorted((site / "videos").glob("*.mp4"))
    assert found
    for path in found:
        bare(path.read_bytes())
    for path in (site / "videos").glob("*.vtt"):
        assert cues(path.read_text(encoding="utf-8"))
