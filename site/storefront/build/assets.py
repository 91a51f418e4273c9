"""What pages load besides themselves: stylesheets, modules with their words, pictures of the theme, the districts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from chalicelib.districts import TABLE
from mkdocs.config.defaults import MkDocsConfig

from storefront.build import bundles
from storefront.read import messages

WORKER = "sw.js"
"""The service worker lies at the site's root, for it works for what lies below."""


def root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
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
    def of(cls, config: MkDocsConfig) -> "Assets":
        """All files of site/assets, with the district table, which the functions own."""
        folder = root(config) / "site" / "assets"
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        found["districts.json"] = TABLE.read_bytes()
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
        """The root-absolute address of an asset; raises FileNotFoundError where there is none."""
        if path not in self.files:
            raise FileNotFoundError(f"site/assets/{path}")
        return f"{self.base}/{path}"

    def module(self, lang: str, entry: str) -> str:
        """The address of what the module site/assets/js/`entry` runs, with all that it imports, in a language."""
        if f"js/{lang}/{entry}" not in self.files:
            modules = {path[3:]: text for path, text in self.sources.items() if path.startswith("js/")}
            for name, text in bundles.bundle(modules | messages.modules(lang), entry).items():
                self.files[f"js/{lang}/{name}"] = text.encode()
        return self.url(f"js/{lang}/{entry}")

    def sheet(self, names: Sequence[str]) -> str:
        """The address of these stylesheets of site/assets/css, named without their ending, as one."""
        path = f"css/{'-'.join(names)}.css"
        if path not in self.files:
            self.files[path] = bundles.sheet(self.sources[f"css/{name}.css"] for name in names).encode()
        return self.url(path)
