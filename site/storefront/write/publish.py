"""Where the built site goes: staged beside the present one, completed with catalogue and assets, then swapped in.

So a build that fails for whatever reason leaves the earlier site as it was.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
from chalicelib.catalog import Catalog
from mkdocs.config.defaults import MkDocsConfig

from storefront.build import codes, feeds, links, pictures, search_index, security_txt
from storefront.build.assets import WORKER, Assets, root
from storefront.build.packs import packs
from storefront.build.pictures import Shot


class WrongPlace(Exception):
    """`site_dir` is not a folder that a build may empty."""


def kept_pictures(config: MkDocsConfig) -> Path:
    """Where what was made of pictures is kept for the next build."""
    return root(config) / "build" / "pictures"


def stage(config: MkDocsConfig) -> None:
    """Has MkDocs build into a folder of its own; raises WrongPlace unless site_dir, which it empties, is in build/."""
    site = Path(config.site_dir).resolve()
    build = root(config) / "build"
    if build not in site.parents:
        raise WrongPlace(
            f"site_dir is {site}, which a build empties: write `site_dir: build/site` in mkdocs.yml, use no -d"
        )
    config.site_dir = str(site.with_name(f"{site.name}.new"))


def finish(
    config: MkDocsConfig, catalog: Catalog, assets: Assets, shots: Mapping[str, Shot], texts: Mapping[str, str]
) -> None:
    """Adds what no page is, such as catalogue, assets, pictures and short links; then replaces the earlier site.

    `texts` are the pages' own, by their paths.
    """
    staged = Path(config.site_dir)
    (staged / WORKER).write_bytes(assets.worker)
    for path, data in assets.files.items():
        target = staged / assets.url(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (staged / "catalog.json").write_bytes(msgspec.json.encode(catalog))
    (staged / "packs.json").write_bytes(msgspec.json.encode(packs(catalog)))
    pictures.publish(Path(config.docs_dir), kept_pictures(config), staged)
    links.write(staged, catalog)
    search_index.write(staged, catalog, shots, texts)
    feeds.write(staged, catalog, str(config.site_url).rstrip("/"))
    security_txt.write(staged, catalog, str(config.site_url).rstrip("/"))
    for room in catalog.rooms:
        plate = codes.svg(codes.code(codes.link(str(config.site_url), room.id)), [room.name.zh, room.name.en])
        (staged / "rooms" / room.id / "qr.svg").write_text(plate, encoding="utf-8")
    site = staged.with_suffix("")
    shutil.rmtree(site, ignore_errors=True)
    staged.rename(site)
