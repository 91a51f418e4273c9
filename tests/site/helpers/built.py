"""The site as MkDocs builds it from the real content, and what tests ask of its pages."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REPO = Path(__file__).resolve().parents[3]
ORIGIN = "https://shop.example.com"
VOICES = REPO / "tests/site/helpers/voices.json"
"""What buyers and readers have said: of one product and one story, so that there are pages with voices and without."""


@dataclass
class Html(HTMLParser):
    """What the tests ask of a page: its elements as (tag, attributes), and the text of its scripts and styles."""

    text: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    inline: list[tuple[dict[str, str | None], str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag in {"script", "style"} and data.strip():
            self.inline.append((attributes, data))

    def all(self, tag: str, **having: str) -> list[dict[str, str | None]]:
        return [own for name, own in self.elements if name == tag and having.items() <= own.items()]

    def addresses(self) -> Iterator[str]:
        for _, attributes in self.elements:
            for name in ("href", "src", "poster", "action"):
                if attributes.get(name) is not None:
                    yield str(attributes[name])
            yield from (own.split()[0] for own in str(attributes.get("srcset") or "").split(", ") if own)
            data = {name: str(own) for name, own in attributes.items() if name.startswith("data-")}
            yield from (own for name, own in data.items() if name != "data-pointer" and own.startswith("/"))

    def anchors(self) -> set[str]:
        """What a fragment can lead to: ids, and packs, which a product's page chooses by them."""
        skus = {str(own["value"]) for own in self.all("input", name="sku")}
        return {str(own["id"]) for _, own in self.elements if "id" in own} | skus

    def seldom(self) -> set[str]:
        """The stylesheets that come only when somebody needs them."""
        return {str(own["data-seldom"]) for _, own in self.elements if "data-seldom" in own}

    def loads(self) -> set[str]:
        """What a browser fetches for the first view, besides the page."""
        links = [link for link in self.all("link") if link["rel"] in {"stylesheet", "icon", "preload"}]
        images = [image for image in self.all("img") if image.get("src") and image.get("loading") != "lazy"]
        scripts = [script for script in self.all("script") if script.get("src")]
        posters = [{"src": video["poster"]} for video in self.all("video")]
        return {str(own.get("src") or own.get("href")) for own in (*links, *images, *scripts, *posters)}


def house(folder: Path) -> Path:
    """A copy of what MkDocs builds from, so that a test may spoil it."""
    shutil.copytree(REPO / "content", folder / "content")
    shutil.copytree(REPO / "site", folder / "site", ignore=shutil.ignore_patterns("storefront", "__pycache__"))
    shutil.copy(REPO / "mkdocs.yml", folder)
    (folder / "build").mkdir()
    for kept in ("pictures", "templates"):  # made once for all that build, here and elsewhere
        (REPO / "build" / kept).mkdir(parents=True, exist_ok=True)
        (folder / "build" / kept).symlink_to(REPO / "build" / kept)
    return folder


def mkdocs(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "SHOP_URL": ORIGIN,
        "VOICES": str(VOICES),
        "PATH": "",
        "PYTHONPATH": ":".join(sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *options]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


def stored(site: Path, address: str) -> Path:
    """The file that S3 answers with: a key that ends in a slash is that folder's index, nothing else is guessed."""
    path = urlsplit(address).path
    return site / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))


def page(site: Path, address: str) -> Html:
    return Html(stored(site, address).read_text(encoding="utf-8"))


def english(address: str) -> str:
    return "/en" + address


def every_page(site: Path) -> list[str]:
    files = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted("/" + name.removesuffix("index.html") for name in files)


def structured(site: Path, address: str, kind: str) -> dict[str, Any]:
    """What the page tells machines of its one node of that kind."""
    (found,) = [node for node in nodes(site, address) if node["@type"] == kind]
    return found


def nodes(site: Path, address: str) -> list[dict[str, Any]]:
    """All that the page tells machines of itself."""
    texts = [text for own, text in page(site, address).inline if own.get("type") == "application/ld+json"]
    return [node for text in texts for node in json.loads(text)["@graph"]]
