"""Where the built site goes: staged beside the present one, completed with catalogue and assets, then swapped in.

So a build that fails for whatever reason leaves the earlier site as it was.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Zone
from mkdocs.config.defaults import MkDocsConfig

from . import bundles, codes, feeds, finding, links, pictures, words
from .districts import TABLE
from .pictures import Shot
from .words import LANGUAGES

WORKER = "sw.js"
"""The service worker lies at the site's root, for it works for what lies below."""


class WrongPlace(Exception):
    """`site_dir` is not a folder that a build may empty."""


def root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
    return Path(str(config.config_file_path)).resolve().parent


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


@dataclass(frozen=True)
class Assets:
    """What pages load, by path below `base`, which holds a digest of all it is made from: it can be kept for ever.

    The service worker alone has an address that stays.
    """

    base: str
    worker: bytes
    sources: dict[str, str]
    files: dict[str, bytes]

    @classmethod
    def of(cls, config: MkDocsConfig) -> "Assets":
        """All files of site/assets, with the district table, which the functions own."""
        folder = root(config) / "site" / "assets"
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        found["districts.json"] = TABLE.read_bytes()
        digest = hashlib.sha256("".join(map(version, bundles.MADE_BY)).encode())
        for path in (bundles.__file__, words.__file__, words.TEXTS):
            digest.update(Path(path).read_bytes())
        for path, data in sorted(found.items()):
            digest.update(f"{path} {len(data)}\n".encode() + data)
        worker = bundles.bare(found.pop(WORKER).decode()).encode()
        sources = {path: data.decode() for path, data in found.items() if path.endswith((".js", ".css"))}
        files = {path: data for path, data in found.items() if path not in sources}
        return cls(f"/assets/{digest.hexdigest()[:12]}", worker, sources, files)

    def url(self, path: str) -> str:
        """The root-absolute address of an asset; raises FileNotFoundError where there is none."""
        if path not in self.files:
            raise FileNotFoundError(f"site/assets/{path}")
        return f"{self.base}/{path}"

    def module(self, lang: str, entry: str) -> str:
        """Return the address of what the module site/assets/js/`entry` runs, with all that it imports, in a language.

        Files of all pages lie in one folder, which keeps their addresses short: no two pages' modules have one name.
        """
        page = f"js/{lang}/{Path(entry).name}"
        if page not in self.files:
            modules = {path[3:]: text for path, text in self.sources.items() if path.startswith("js/")}
            for name, text in bundles.bundle(modules | words.modules(lang), entry).items():
                self.files[f"js/{lang}/{name}"] = text.encode()
        return self.url(page)

    def sheet(self, names: Sequence[str]) -> str:
        """Return the address of these stylesheets of site/assets/css, named without their ending, as one.

        It lies in css/ whatever folders they lie in: from there their url() lead on.
        """
        path = f"css/{'-'.join(Path(name).name for name in names)}.css"
        if path not in self.files:
            self.files[path] = bundles.sheet(self.sources[f"css/{name}.css"] for name in names).encode()
        return self.url(path)


def packs(catalog: Catalog) -> dict[str, Any]:
    """What a browser needs of the catalogue to fill a cart and to say what the parcel costs; told by SKU."""
    return {
        "postage": catalog.shop.postage,
        "zones": _zones(catalog.shop.zones),
        "rooms": {room.id: {lang: getattr(room.name, lang) for lang in LANGUAGES} for room in catalog.rooms},
        "packs": {
            pack.sku: {
                "product": product.id,
                "name": {lang: f"{getattr(product.name, lang)} {getattr(pack.name, lang)}" for lang in LANGUAGES},
                "price": pack.price,
                "was": pack.was.price if pack.was else None,
                "picture": product.pictures[0].src,
                "per_order": product.per_order,
                "returns": product.returns,
                "zones": _zones(product.zones),
            }
            for product in catalog.products
            for pack in product.packs
        },
    }


def _zones(zones: tuple[Zone, ...]) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(zone) for zone in zones]


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
    finding.write(staged, catalog, shots, texts)
    feeds.write(staged, catalog, str(config.site_url).rstrip("/"))
    for room in catalog.rooms:
        plate = codes.svg(codes.code(codes.link(str(config.site_url), room.id)), [room.name.zh, room.name.en])
        (staged / "rooms" / room.id / "qr.svg").write_text(plate, encoding="utf-8")
    site = staged.with_suffix("")
    shutil.rmtree(site, ignore_errors=True)
    staged.rename(site)
