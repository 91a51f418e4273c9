"""How long a build of many products takes, against the same Markdown with templates of one line.

Once with the project's hooks, which read and check all content: the difference is what the pages cost. And once with
MkDocs and static-i18n alone: the difference is all that this project adds. They are built in turn, so that what else
the machine does falls on each.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from cunbo.core.paths import Paths
from cunbo.core.progress import note

PRODUCT = "spicy-cabbage"
BARE = """\
site_name: bare
theme: {name: null, custom_dir: theme}
plugins:
  - i18n: {docs_structure: suffix, languages: [{locale: zh, name: 中文, default: true}, {locale: en, name: English}]}
markdown_extensions: [tables]
docs_dir: content
"""


def build_time(paths: Paths, sizes: tuple[int, ...] = (250, 500, 1000), turns: int = 3) -> None:
    """Print processor time, milliseconds a page, and the ratio to both floors, for so many products."""
    note(f"\nBuild of many products, both languages, median of {turns}     a page   x empty template   x MkDocs alone")
    for products in sizes:
        with tempfile.TemporaryDirectory() as folder:
            shop, empty, bare = copies(paths, Path(folder), products)
            took = [[seconds(each) for each in (shop, empty, bare)] for _ in range(turns)]
            pages = len(list((shop / "build/site").rglob("*.html")))
        ours = statistics.median(turn[0] for turn in took)
        over_empty, over_bare = (statistics.median(turn[0] / turn[floor] for turn in took) for floor in (1, 2))
        note(
            f"  {products:5} products, {pages:5} pages {ours:12.1f} s {ours / pages * 1000:10.1f} ms"
            f" {over_empty:18.2f} {over_bare:16.2f}"
        )


def copies(paths: Paths, folder: Path, products: int) -> tuple[Path, Path, Path]:
    """Make three projects of so many products with the same content: the shop, with empty templates, and bare."""
    shop, empty, bare = folder / "shop", folder / "empty", folder / "bare"
    shutil.copytree(paths.content, shop / "content")
    shutil.copytree(paths.root / "site", shop / "site")
    shutil.copy(paths.root / "mkdocs.yml", shop)
    grow(shop / "content" / "products", products)
    shutil.copytree(shop, empty)
    shutil.copytree(shop / "content", bare / "content")
    (bare / "theme").mkdir()
    (bare / "mkdocs.yml").write_text(BARE)
    for template in (empty / "site" / "theme").rglob("*.html"):
        for made in (template, bare / "theme" / template.name):  # content names its templates without a folder
            made.write_text("{{ page.content }}")
    return shop, empty, bare


def grow(folder: Path, products: int) -> None:
    """Write products like the one that is there, each with an id and SKUs of its own, until there are so many."""
    texts = {ending: (folder / f"{PRODUCT}{ending}").read_text() for ending in (".md", ".en.md")}
    for number in range(products - len(list(folder.glob("*.en.md")))):
        for ending, text in texts.items():
            own = re.sub(r"(?m)^( *- sku: )", rf"\g<1>n{number}-", text)
            (folder / f"sample-{number}{ending}").write_text(own)


def seconds(folder: Path) -> float:
    """Build once in a process of its own, and return its processor seconds."""
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": ":".join(sys.path)}
    before = os.times()
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], check=True, cwd=folder, env=environ)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system
