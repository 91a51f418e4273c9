"""Films and captions as players get them: what is seen, heard and said, and nothing that a camera wrote beside it.

A film is put together anew from its packets, without encoding it again: no tags (place, day, owner), no chapters, no
cover, no further streams; and its table of contents comes first, so that it plays at once. What is made is kept by the
film's content, so that a build makes only what is new.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import av
from chalicelib.catalog import Catalog

from storefront.check.media import machine
from storefront.read.faults import fault
from storefront.read.files import films as films_of
from storefront.read.media import captions, films
from storefront.read.media.films import UnfitFilm

WAY = Path(__file__).read_bytes() + Path(films.__file__).read_bytes() + version("av").encode()
"""What decides, besides the film itself, what is made of it."""
NO_TAGS: Mapping[str, str] = {}


def files(content: Path, catalog: Catalog, cache: Path) -> Iterator[tuple[str, Path]]:
    """Yield each film and caption file that a record names, by its path in the site, with the file to be published.

    Makes what the folder `cache` lacks; raises UnfitFilm.
    """
    for video in catalog.videos:
        tags = machine.tags(video, catalog.shop.seller.zh)
        for path in sorted(films_of(content, video.id, video.clip)):
            yield path.relative_to(content).as_posix(), _made(path, cache, tags)


def _made(path: Path, cache: Path, tags: Mapping[str, str]) -> Path:
    """Return the bare file from the cache, or make it there, by one rename, for another build may be doing the same."""
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, lambda: hashlib.sha256(WAY + repr(tags).encode())).hexdigest()[:16]
    kept = cache / f"{digest}{path.suffix}"
    if not kept.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as desk:
            made = Path(desk) / kept.name
            if path.suffix == films.SUFFIX:
                rewrite(path, made, tags)
            else:
                text = path.read_bytes().decode("utf-8-sig")
                made.write_text(captions.published("\n".join(text.splitlines())), encoding="utf-8")
            with suppress(OSError):
                made.rename(kept)
    return kept


def rewrite(path: Path, made: Path, tags: Mapping[str, str] = NO_TAGS) -> None:
    """Write the film anew, its pictures and first sound alone, with no tags but these; raises UnfitFilm."""
    flags = "+faststart+use_metadata_tags" if tags else "+faststart"
    options = {"movflags": flags, "fflags": "+bitexact", "write_tmcd": "0"}
    try:
        with films.opened_film(path) as film, av.open(str(made), "w", format="mp4", options=options) as out:
            pictures = films.picture_of(film)
            if pictures is None:
                raise UnfitFilm(*fault("film_blind", words=path.name))
            seen = out.add_stream_from_template(pictures)
            heard = next((out.add_stream_from_template(sound) for sound in film.streams.audio[:1]), seen)
            out.metadata.update(tags)
            for packet, is_picture in films.bare(film, seen):
                packet.stream = seen if is_picture else heard
                out.mux(packet)
    except (av.error.FFmpegError, ValueError):
        raise UnfitFilm(*fault("film_unread", words=path.name)) from None
