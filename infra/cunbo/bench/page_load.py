"""Page load on a slow network: the shop's pages beside lean hand-written ones of the same content and server.

400 kbit/s, 400 ms there and back, a processor six times slower: set in Chromium itself, so that what is measured is
what happens and not what a model makes of a faster run. The two are opened in turn, each by a fresh browser.
"""

import shutil
import statistics
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.catalog import Product, Video
from playwright.sync_api import Browser, sync_playwright

from cunbo.bench import lean
from cunbo.core.progress import note
from cunbo.local.stack import LocalStack

TURNS = 15
KBIT, LATENCY, SLOWER = 400, 400, 6
TWIN = "/lean/"
LEAN = Path(__file__).with_name("lean.css")
SCRIPT = """\
const skus = [...document.querySelectorAll("[name=sku]")].map(({ value }) => "sku=" + value).join("&");
if (skus) fetch("/api/availability?" + skus).then((answer) => answer.json()).then(({ items }) => {
  const [first] = Object.values(items);
  document.getElementById("left").textContent = "还剩 " + first.left + " 件，" + first.ship_by + " 前发货";
});
document.querySelector("form")?.addEventListener("submit", (event) => {
  const sku = new FormData(event.target).get("sku");
  const kept = JSON.parse(localStorage.getItem("cart") || "[]");
  localStorage.setItem("cart", JSON.stringify([...kept, { sku, quantity: 1 }]));
});
"""
"""What the lean page does: says what is left, and keeps what is chosen."""
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


class PageLoad(NamedTuple):
    """One page load: milliseconds to the first and the largest contentful paint, layout shift, bytes and requests."""

    fcp: float
    lcp: float
    cls: float
    bytes: int
    requests: int


def page_load(stack: LocalStack) -> None:
    """Print the figures of a product's page and of a film's, each beside its lean twin, and the ratios."""
    records: list[Product | Video] = [*stack.catalog.products[:1], *stack.catalog.videos[:1]]
    for record in records:
        path = f"/{'products' if isinstance(record, Product) else 'videos'}/{record.id}/"
        put(stack, TWIN, lean.page(stack.catalog, record, (stack.paths.site / path[1:] / "index.html").read_text()))
        beside(stack.url, path)


def beside(origin: str, path: str) -> None:
    """Open the page and its twin in turn, and print what both took."""
    taken: dict[str, list[PageLoad]] = {path: [], TWIN: []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for each in [path, TWIN] * TURNS:
            taken[each].append(visit(browser, origin + each))
        browser.close()
    note(f"\n{path} at {KBIT} kbit/s, {LATENCY} ms, processor {SLOWER} times slower, median of {TURNS}")
    for name, each in (("this shop's", path), ("lean, by hand", TWIN)):
        fcp, lcp, cls, size, requests = (statistics.median(figures) for figures in zip(*taken[each], strict=True))
        note(
            f"  {name:16} first {fcp / 1000:5.2f} s  largest {lcp / 1000:5.2f} s  moved {cls:.3f}"
            f"  {size / 1000:6.1f} kB in {requests:.0f} requests"
        )
    ratio = statistics.median(own.lcp / other.lcp for own, other in zip(taken[path], taken[TWIN], strict=True))
    note(f"  largest thing shown: {ratio:.2f} times the lean page's")


def visit(browser: Browser, url: str) -> PageLoad:
    """Open a page as a phone on that network would, and return its figures once nothing more comes."""
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
    return PageLoad(**{name: found[name] for name in PageLoad._fields})


def put(stack: LocalStack, path: str, html: str) -> None:
    """Put the lean page with its stylesheet and script into the site's bucket, so that the same proxy serves it."""
    s3, bucket = stack.cloud.client("s3"), stack.outputs["SiteBucket"]
    texts = {
        "": (html, "text/html"),
        "lean.css": (LEAN.read_text(), "text/css"),
        "lean.js": (SCRIPT, "text/javascript"),
    }
    for name, (text, kind) in texts.items():
        key, kind = f"{path[1:]}{name}", f"{kind}; charset=utf-8"
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType=kind)
