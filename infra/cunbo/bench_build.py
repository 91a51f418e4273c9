"""How long a build of many products takes, against the same Markdown built by MkDocs and static-i18n alone.

The floor has the same pages in the same two languages, a template of one line, and no hooks: what this house adds to
its parts is the difference. Both are built in turn, so that what else the machine does falls on both.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from cunbo.house import House
from cunbo.progress import note

PRODUCT = "spicy-cabbage"
FLOOR = """\
site_name: floor
theme: {name: null, custom_dir: theme}
plugins:
  - i18n: {docs_structure: suffix, languages: [{locale: zh, name: 中文, default: true}, {locale: en, name: English}]}
markdown_extensions: [tables]
docs_dir: content
"""


def build_time(house: House, sizes: tuple[int, ...] = (250, 500, 1000), times: int = 3) -> None:
    """Prints seconds, milliseconds a page, and how many times the floor that is, for shops of so many products."""
    note(f"\nBuild of many products, both languages (median of {times})       shop    a page     floor   shop / floor")
    for products in sizes:
        with tempfile.TemporaryDirectory() as folder:
            shop, floor = copy(house, Path(folder), products)
            took = [(seconds(shop), seconds(floor)) for _ in range(times)]
            pages = len(list((shop / "build/site").rglob("*.html")))
        ours, theirs = (statistics.median(each) for each in zip(*took, strict=True))
        ratio = statistics.median(one / other for one, other in took)
        note(
            f"  {products:5} products, {pages:5} pages {ours:31.1f} s {ours / pages * 1000:6.1f} ms"
            f" {theirs:7.1f} s {ratio:10.2f} x"
        )


def copy(house: House, folder: Path, products: int) -> tuple[Path, Path]:
    """Two houses with the same content, grown to so many products: one with this shop's site, one with the floor's."""
    shop, floor = folder / "shop", folder / "floor"
    shutil.copytree(house.content, shop / "content")
    shutil.copytree(house.root / "site", shop / "site")
    shutil.copy(house.root / "mkdocs.yml", shop)
    grow(shop / "content" / "products", products)
    shutil.copytree(shop / "content", floor / "content")
    (floor / "theme").mkdir()
    for template in (*house.root.glob("site/theme/*.html"), Path("404.html")):
        (floor / "theme" / template.name).write_text("{{ page.content }}")
    (floor / "mkdocs.yml").write_text(FLOOR)
    return shop, floor


def grow(folder: Path, products: int) -> None:
    """Writes products like the one that is there, each with an id and SKUs of its own, until there are so many."""
    texts = {ending: (folder / f"{PRODUCT}{ending}").read_text() for ending in (".md", ".en.md")}
    for number in range(products - len(list(folder.glob("*.en.md")))):
        for ending, text in texts.items():
            own = re.sub(r"(?m)^( *- sku: )", rf"\g<1>n{number}-", text)
            (folder / f"sample-{number}{ending}").write_text(own)


def seconds(folder: Path) -> float:
    """The processor time of one build, in a process of its own."""
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": ":".join(sys.path)}
    before = os.times()
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], check=True, cwd=folder, env=environ)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system
