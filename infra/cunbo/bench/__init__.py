"""`cunbo bench`: page load, latency of taps, surge, orders, packing, search, cold start, page weight, build.

Speeds on one machine move by a factor of two from run to run, so each is set against a floor of the same run: a call
that does next to nothing, an interpreter that imports nothing. None of them says how fast AWS is.
"""

import gzip
import re
import tempfile
from pathlib import Path

from cunbo.bench.build import build_time
from cunbo.bench.cold import cold_start
from cunbo.bench.lighthouse import lighthouse
from cunbo.bench.live_latency import live_latency
from cunbo.bench.orders import orders
from cunbo.bench.packing import packing
from cunbo.bench.page_load import page_load
from cunbo.bench.search import search
from cunbo.bench.surge import surges
from cunbo.bench.table import table
from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.deploy import site
from cunbo.local.stack import LocalStack, Ports

SKU = "spicy-cabbage-500g"
PORT = 8170


def bench(paths: Paths) -> None:
    """Print every figure; takes about half an hour, most of it Lighthouse's."""
    with (
        tempfile.TemporaryDirectory() as state,
        LocalStack(Paths(paths.root, Path(state)), Ports.beside(PORT)) as stack,
    ):
        page_load(stack)
        live_latency(stack)
        surges(stack)
        table(stack)
        packing(stack)
        search(stack)
        cold_start(stack, SKU)
        lighthouse(stack, paths)
    orders(paths, PORT)
    pages(paths)
    build_time(paths)


def pages(paths: Paths) -> None:
    """Print what a first visit loads of each page, in kB as gzip -9 leaves them; pictures are not counted."""
    note("\nPage weight, first load without pictures, gzip")
    site.build(paths, "http://127.0.0.1:8000")
    for page in ("index.html", "products/spicy-cabbage/index.html", "cart/index.html", "checkout/index.html"):
        text = (paths.site / page).read_text()
        named = set(re.findall(r'(?:href|src)="/(assets/[^"]+\.(?:css|js))"', text))
        loaded = sum(_zipped(paths.site / path) for path in named)
        note(f"  {page:40}{(_zipped(paths.site / page) + loaded) / 1000:6.1f} kB")


def _zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))
