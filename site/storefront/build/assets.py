"""What pages load besides themselves: stylesheets, modules with their words, fonts, pictures, the districts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from chalicelib.districts import OLD_NAMES, TABLE
from mkdocs.config.defaults import MkDocsConfig

from storefront.build import bundles, lettering
from storefront.build.lettering import Lettering
from storefront.read import messages

WORKER = "sw.js"
"""The service worker lies at the site's root, for it works for what lies below."""


def root(config: MkDocsConfig) -> Path:
    """Return the folder of mkdocs.yml."""
    return Path(str(config.config_file_path)).resolve().parent


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
    def of(cls, config: MkDocsConfig, lettered: Mapping[str, Lettering]) -> "Assets":
        """Read all files of site/assets, and the tables of districts, which the functions own; add the fonts."""
        folder, fonts = root(config) / "site" / "assets", root(config) / "site" / "fonts"
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        found |= {path.name: path.read_bytes() for path in (TABLE, OLD_NAMES)}
        found |= {f"fonts/{name}.woff2": one.font for name, one in lettered.items()}
        found[f"fonts/{lettering.LICENCE}"] = (fonts / lettering.LICENCE).read_bytes()
        digest = hashlib.sha256("".join(map(version, bundles.MADE_BY)).encode())
        for path in (bundles.__file__, messages.__file__, messages.TEXTS):
            digest.update(Path(path).read_bytes())
        for path, data in sorted(found.items()):
            digest.update(f"{path} {len(data)}\n".encode() + data)
        worker = bundles.bare(found.pop(WORKER).decode()).encode()
        sources = {path: data.decode() for path, data in found.items() if path.endswith((".js", ".css"))}
        files = {path: data for path, data in found.items() if path not in sources}
        return cls(f"/assets/{digest.hexdigest()[:12]}", worker, sources, files)

    def url(self, path: str) -> str:
        """Return the root-absolute address of an asset; raises FileNotFoundError where there is none."""
        if path not in self.files:
            raise FileNotFoundError(f"site/assets/{path}")
        return f"{self.base}/{path}"

    def module(self, lang: str, entry: str) -> str:
        """Return the address of the module site/assets/js/`entry`, bundled with all that it imports, in a language.

        Files of all pages lie in one folder, which keeps their addresses short: no two pages' modules have one name.
        """
        page = f"js/{lang}/{Path(entry).name}"
        if page not in self.files:
            modules = {path[3:]: text for path, text in self.sources.items() if path.startswith("js/")}
            for name, text in bundles.bundle(modules | messages.modules(lang), entry).items():
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
