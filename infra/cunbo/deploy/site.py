"""Builds the site, and says how its files lie in a bucket, so that S3's REST origin answers every link."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import msgspec
from chalicelib.domain.desk.kept import FILE as OPEN_BOOKS
from storefront.build.data import security_txt
from storefront.build.links import FOLDER as LINKS
from storefront.build.media import pictures
from storefront.check import content
from storefront.check.content import CheckedContent
from storefront.read.faults import ContentFault, fault
from storefront.read.media.pictures import UnfitPicture

from cunbo.core.paths import Paths, digest
from cunbo.core.refusal import Refusal

TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".tsv": "text/tab-separated-values; charset=utf-8",
}
"""By suffix. Not Python's mimetypes, which asks each machine for its own opinion."""
HASHED = re.compile(r"(?:assets|pictures)/[0-9a-f]{8,}/")
"""Keys that hold their content's digest, and so never change."""
FRESH = {
    "catalog.json",
    "packs.json",
    "search.json",
    "en/search.json",
    "feed.xml",
    "en/feed.xml",
    "channel/feed.xml",
    "en/channel/feed.xml",
    "merchant.tsv",
    "en/merchant.tsv",
    "sitemap.xml",
    "sw.js",
}
"""Keys that are asked for anew, as pages are."""
PROOFS = re.compile(r"MP_verify_[0-9A-Za-z]+\.txt", re.ASCII)
"""Keys of files by which WeChat sees whose a domain is: they are laid into the bucket by hand, and stay there."""
WHOLE = "import sys; from cunbo.deploy.build_process import whole; sys.exit(whole(*sys.argv[1:]))"
"""Python that builds the site in a process of its own."""
OUTLIVED = timedelta(days=7)
"""How long hashed assets stay that no page names any more: pages in caches and open tabs still do."""


def build(paths: Paths, shop_url: str, voices: bytes = b"{}", looked: CheckedContent | None = None) -> bool:
    """Build the site for `shop_url`; return False where it was built already. Raises Refusal with MkDocs' words.

    `voices` are what buyers and readers have said (operations/voices.py); `looked` is what a look
    at the content has found, where the caller has looked already.
    """
    stamp = paths.build / "site.digest"
    parts = [paths.content, paths.root / "site", paths.root / "mkdocs.yml", paths.functions / "chalicelib"]
    until = security_txt.expires(security_txt.build_day(os.environ))
    wanted = digest(*parts, salt=[shop_url, sys.version, str(until), voices.decode()])
    if paths.site.is_dir() and stamp.exists() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)
    said = paths.build / "voices.json"
    said.parent.mkdir(parents=True, exist_ok=True)
    said.write_bytes(voices)
    environ = {**os.environ, "SHOP_URL": shop_url, "VOICES": str(said), "NO_MKDOCS_2_WARNING": "1"}
    with suppress(UnfitPicture):  # the build itself says so, with all else
        looked = looked or content.look(paths.content)
        focus = pictures.focuses(looked.catalog)
        pictures.make(paths.content, looked.named, paths.build / "pictures", pictured, focus)
    found = paths.build / "site.faults.json"
    found.unlink(missing_ok=True)
    done = subprocess.run(command(paths, paths.site, paths.content, found), env=environ, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        faults = "\n".join(map(str, left(found, done.returncode, paths.content)))
        raise Refusal(f"the site cannot be built:\n{done.stderr}{faults}")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return True


def command(paths: Paths, site: Path, saved: Path, found: Path) -> list[str]:
    """Return what builds all pages into the folder `site` and leaves what is wrong in the file `found`.

    `saved` is the file that was saved last, or the content folder: what nobody foresaw is told of it.
    """
    return [sys.executable, "-c", WHOLE, *map(str, (paths.root, site, saved, found))]


def left(found: Path, code: int, saved: Path) -> tuple[ContentFault, ...]:
    """Return the faults that a build left which ended with this code; one of its own where it could leave none."""
    try:
        return msgspec.json.decode(found.read_bytes(), type=tuple[ContentFault, ...])
    except (OSError, msgspec.DecodeError):  # the system has ended it, as where memory is short
        return (ContentFault(saved.name, 1, *fault("unexpected", words=f"MkDocs, {code}")),)


def pictured(done: int, of: int) -> None:
    """Print on the step's line how many pictures there are, where making them takes a while."""
    if done % 20 == 0:
        print(f"{done} of {of} pictures ... ", end="", flush=True)


def cache_control(key: str) -> str:
    """Return the Cache-Control of an object."""
    if HASHED.match(key):
        return "public, max-age=31536000, immutable"
    is_page = key.endswith(".html") or "." not in key.rpartition("/")[2]
    fresh = is_page or key.startswith(f"{LINKS}/") or key in FRESH or key.endswith(".ics")
    return f"public, max-age={60 if fresh else 86400}"


def may_go(key: str, age: timedelta) -> bool:
    """Return whether an object that is no longer part of the site may be deleted.

    The open books are the night's job's, and are never deleted.
    """
    return not PROOFS.fullmatch(key) and key != OPEN_BOOKS and (not HASHED.match(key) or age > OUTLIVED)


def keys_of(path: Path) -> list[str]:
    """Return the keys of a built file: a page has its folder's too, since S3's REST origin knows no index.

    It has it without the slash at its end too, which people leave out; the page says which of its addresses counts.

    What stands in for a short link is found at the link itself, in small letters and in capitals.
    """
    key = path.as_posix()
    folder = key.removesuffix("index.html")
    if key.startswith(f"{LINKS}/"):
        link = folder.rstrip("/")
        return [link, f"{LINKS}{link.removeprefix(LINKS).upper()}"]
    return [key, folder, folder.rstrip("/")] if folder and folder != key else [key]
