"""Where the built site goes: staged beside the present one, completed with catalogue and assets, then swapped in.

So a build that fails for whatever reason leaves the earlier site as it was.
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
from chalicelib.domain.desk.kept import FILE as OPEN_BOOKS
from chalicelib.domain.desk.kept import file_of
from mkdocs.config.defaults import MkDocsConfig

from storefront.build import codes, links, pages
from storefront.build.assets import WORKER, Assets, root
from storefront.build.data import calendars, days, feeds, merchant, search_index, security_txt
from storefront.build.data.packs import packs
from storefront.build.data.published import published
from storefront.build.media import films, pictures
from storefront.build.media.pictures import Shot


class WrongPlace(Exception):
    """`site_dir` is not a folder that a build may empty."""


def kept_pictures(config: MkDocsConfig) -> Path:
    """Return the folder where what was made of pictures and films is kept for the next build."""
    return root(config) / "build" / "pictures"


def kept_templates(config: MkDocsConfig) -> Path:
    """Return the folder where compiled templates are kept: another one whenever what prepares Jinja has changed."""
    way = hashlib.sha256(Path(pages.__file__).read_bytes()).hexdigest()[:16]
    return root(config) / "build" / "templates" / way


def stage(config: MkDocsConfig) -> None:
    """Have MkDocs build into a folder of its own; raises WrongPlace unless site_dir, which it empties, is in build/."""
    site = Path(config.site_dir).resolve()
    build = root(config) / "build"
    if build not in site.parents:
        raise WrongPlace(
            f"site_dir is {site}, which a build empties: write `site_dir: build/site` in mkdocs.yml, use no -d"
        )
    config.site_dir = str(site.with_name(f"{site.name}.new"))


def finish(config: MkDocsConfig, front: pages.SiteContext) -> None:
    """Add what no page is, such as catalogue, assets, pictures and short links; then replace the earlier site."""
    catalog, assets, shots, texts = front.catalog, front.assets, front.shots, front.texts
    fed, staged, origin = front.fed or catalog, Path(config.site_dir), str(config.site_url).rstrip("/")
    content, kept = Path(config.docs_dir), kept_pictures(config)
    spans = days.spans(content)
    made = dict(films.files(content, catalog, kept))
    writer = feeds.FeedWriter(fed, origin, {path: film.stat().st_size for path, film in made.items()}, shots)
    files = {
        WORKER: assets.worker,
        "catalog.json": published(catalog),
        "packs.json": msgspec.json.encode(packs(catalog)),
        **links.files(catalog, origin),
        **search_index.files(catalog, shots, texts),
        **feeds.files(catalog, writer, spans),
        **calendars.files(catalog, origin, spans),
        **merchant.files(fed, origin, front.shots),
        **security_txt.files(catalog, origin),
        **codes.files(catalog, origin),
        "kept/check.py": pages.CHECKER.read_bytes(),
        OPEN_BOOKS: file_of([]),
    }
    for path, data in files.items():
        _place(staged, path).write_bytes(data)
    place_assets(assets, staged)
    copy_pictures(shots, kept, staged)
    for path, film in made.items():
        shutil.copyfile(film, _place(staged, path))
    site = staged.with_suffix("")
    shutil.rmtree(site, ignore_errors=True)
    staged.rename(site)
    whole_catalog(site).write_bytes(msgspec.json.encode(catalog))


def place_assets(assets: Assets, site: Path) -> None:
    """Lay what pages load into the built site, unless it lies there already: its addresses say what it is."""
    for path, data in assets.files.items():
        if not (place := _place(site, assets.url(path).lstrip("/"))).is_file():
            place.write_bytes(data)


def whole_catalog(site: Path) -> Path:
    """Return where the whole catalogue of a built site lies: beside the site, for it is not published."""
    return site.with_name(f"{site.name}.catalog.json")


def copy_pictures(shots: Mapping[str, Shot], cache: Path, site: Path) -> None:
    """Copy what was made of the pictures into the built site."""
    for path, made in pictures.files(shots, cache):
        shutil.copyfile(made, _place(site, path))


def _place(site: Path, path: str) -> Path:
    """Return where a file of the site lies, in a folder that is there."""
    target = site / path
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
