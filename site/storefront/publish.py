"""Where the built site goes: staged beside the present one, completed with catalogue and assets, then swapped in.

So a build that fails for whatever reason leaves the earlier site as it was.
"""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Zone
from mkdocs.config.defaults import MkDocsConfig

from . import codes, links
from .districts import TABLE
from .words import LANGUAGES

IMPORT = re.compile(r'^import (?:[^;"]* from )?"\./([\w-]+\.js)";', re.MULTILINE)

COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
"""A comment that has its lines to itself."""


class WrongPlace(Exception):
    """`site_dir` is not a folder that a build may empty."""


def root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
    return Path(str(config.config_file_path)).resolve().parent


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
    """Stylesheet, modules, icons and district table by path; `base` holds their digest: they can be cached for ever."""

    base: str
    files: dict[str, bytes]

    @classmethod
    def of(cls, config: MkDocsConfig) -> "Assets":
        """All files of site/assets, with the district table, which the functions own."""
        folder = root(config) / "site" / "assets"
        files = {path.relative_to(folder).as_posix(): _lean(path) for path in folder.rglob("*") if path.is_file()}
        files["districts.json"] = TABLE.read_bytes()
        digest = hashlib.sha256()
        for path, data in sorted(files.items()):
            digest.update(f"{path} {len(data)}\n".encode() + data)
        return cls(f"/assets/{digest.hexdigest()[:12]}", files)

    def url(self, path: str) -> str:
        """The root-absolute address of an asset; raises FileNotFoundError where there is none."""
        if path not in self.files:
            raise FileNotFoundError(f"site/assets/{path}")
        return f"{self.base}/{path}"

    def modules(self, entry: str) -> list[str]:
        """The addresses of a module and all that it imports, these first; named in the page, they load side by side."""
        found: dict[str, None] = {}

        def visit(path: str) -> None:
            for imported in IMPORT.findall(self.files[path].decode()):
                visit(f"js/{imported}")
            found[self.url(path)] = None

        visit(entry)
        return list(found)


def _lean(path: Path) -> bytes:
    """The file as shoppers load it: modules and stylesheets without the comments that are meant for who reads them."""
    data = path.read_bytes()
    return COMMENT.sub(b"", data) if path.suffix in {".js", ".css"} else data


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


def finish(config: MkDocsConfig, catalog: Catalog, assets: Assets) -> None:
    """Adds what no page is: catalog, packs, assets, stand-ins of short links; then replaces the earlier site."""
    staged = Path(config.site_dir)
    for path, data in assets.files.items():
        target = staged / assets.url(path).lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (staged / "catalog.json").write_bytes(msgspec.json.encode(catalog))
    (staged / "packs.json").write_bytes(msgspec.json.encode(packs(catalog)))
    links.write(staged, catalog)
    for room in catalog.rooms:
        plate = codes.svg(codes.code(codes.link(str(config.site_url), room.id)), [room.name.zh, room.name.en])
        (staged / "rooms" / room.id / "qr.svg").write_text(plate, encoding="utf-8")
    site = staged.with_suffix("")
    shutil.rmtree(site, ignore_errors=True)
    staged.rename(site)
