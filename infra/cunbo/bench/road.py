"""A product page on a mountain road, beside a lean hand-written page of the same content from the same server.

400 kbit/s, 400 ms there and back, a processor six times slower: set in Chromium itself, so that what is measured is
what happens and not what a model makes of a faster run. The two are opened in turn, each by a fresh browser.
"""

import shutil
import statistics
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.catalog import Product
from playwright.sync_api import Browser, sync_playwright

from cunbo.local import LocalStack
from cunbo.progress import note

TURNS = 5
KBIT, LATENCY, SLOWER = 400, 400, 6
LEAN = Path(__file__).with_name("lean.css")
VITALS = """async () => {
  const seen = (type) => new Promise((tell) => {
    new PerformanceObserver((list) => tell(list.getEntries())).observe({ type, buffered: true });
    setTimeout(() => tell([]), 500);
  });
  const [shown, moved] = [await seen("largest-contentful-paint"), await seen("layout-shift")];
  const loaded = performance.getEntriesByType("resource").filter(({ name }) => !name.includes("/api/"));
  const [own] = performance.getEntriesByType("navigation");
  return {
    lcp: shown[shown.length - 1].startTime,
    fcp: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    cls: moved.reduce((sum, { value }) => sum + value, 0),
    bytes: [own, ...loaded].reduce((sum, { transferSize }) => sum + transferSize, 0),
    requests: 1 + loaded.length,
  };
}"""


class Seen(NamedTuple):
    """What a visitor met with: milliseconds to the first and to the largest thing shown, how much moved, what came."""

    fcp: float
    lcp: float
    cls: float
    bytes: int
    requests: int


def road(stack: LocalStack) -> None:
    """Prints both pages' figures, and how many times the lean one's largest thing ours takes."""
    product = stack.catalog.products[0]
    ours, lean = f"/products/{product.id}/", "/lean/"
    put(stack, lean, page(product), LEAN.read_text())
    taken: dict[str, list[Seen]] = {ours: [], lean: []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for path in [ours, lean] * TURNS:
            taken[path].append(visit(browser, stack.url + path))
        browser.close()
    note(f"\nProduct page at {KBIT} kbit/s, {LATENCY} ms, processor {SLOWER} times slower, median of {TURNS}")
    for name, path in (("this shop's", ours), ("lean, by hand", lean)):
        fcp, lcp, cls, size, requests = (statistics.median(figures) for figures in zip(*taken[path], strict=True))
        note(
            f"  {name:16} first {fcp / 1000:5.2f} s  largest {lcp / 1000:5.2f} s  moved {cls:.3f}"
            f"  {size / 1000:6.1f} kB in {requests:.0f} requests"
        )
    ratio = statistics.median(own.lcp / other.lcp for own, other in zip(taken[ours], taken[lean], strict=True))
    note(f"  largest thing shown: {ratio:.2f} times the lean page's")


def visit(browser: Browser, url: str) -> Seen:
    """Opens a page as a phone on that road would, and waits until nothing more comes."""
    phone: Any = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "service_workers": "block"}
    context = browser.new_context(**phone)
    tab = context.new_page()
    line = context.new_cdp_session(tab)
    speed = KBIT * 1000 / 8
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tab.goto(url, wait_until="networkidle", timeout=60_000)
    found: dict[str, Any] = tab.evaluate(VITALS)
    context.close()
    return Seen(**{name: found[name] for name in Seen._fields})


def put(stack: LocalStack, path: str, html: str, css: str) -> None:
    """Puts a page with its stylesheet into the site's bucket, so that the same front serves it."""
    s3, bucket = stack.cloud.client("s3"), stack.outputs["SiteBucket"]
    for key, body, kind in ((path[1:], html, "text/html"), (f"{path[1:]}lean.css", css, "text/css")):
        s3.put_object(Bucket=bucket, Key=key, Body=body.encode(), ContentType=f"{kind}; charset=utf-8")


def page(product: Product) -> str:
    """What somebody would write by hand for one product: its picture, words, price, facts, and a form to buy it."""
    packs = "".join(
        f'<label><input type="radio" name="sku" value="{pack.sku}"> {escape(pack.name.zh)}'
        f" ¥{pack.price / 100:.2f}</label>"
        for pack in product.packs
    )
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(fact.zh)}</dd>"
        for name, fact in (
            ("配料", product.made_of),
            ("过敏原", product.allergens),
            ("储存", product.storage),
            ("保质期", product.shelf_life),
            ("产地", product.origin),
            ("生产者", product.maker),
        )
    )
    picture = product.pictures[0]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(product.name.zh)}</title>"
        '<link rel="stylesheet" href="lean.css"><link rel="icon" href="data:,"></head><body><main>'
        f'<img src="{picture.src}" alt="{escape(picture.alt.zh)}" width="800" height="600">'
        f"<h1>{escape(product.name.zh)}</h1><p>{escape(product.summary.zh)}</p>"
        f'<form action="/checkout/">{packs}<button>立即购买</button></form><dl>{facts}</dl>'
        "</main></body></html>"
    )
