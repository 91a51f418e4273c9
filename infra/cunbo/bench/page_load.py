"""Page load on a slow network: a product page beside a lean hand-written page of the same content and server.

400 kbit/s, 400 ms there and back, a processor six times slower: set in Chromium itself, so that what is measured is
what happens and not what a model makes of a faster run. The two are opened in turn, each by a fresh browser.
"""

import re
import shutil
import statistics
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.catalog import Catalog, Product, Room
from playwright.sync_api import Browser, sync_playwright

from cunbo.core.progress import note
from cunbo.local.stack import LocalStack

TURNS = 15
KBIT, LATENCY, SLOWER = 400, 400, 6
LEAN = Path(__file__).with_name("lean.css")
SCRIPT = """\
const skus = [...document.querySelectorAll("[name=sku]")].map(({ value }) => "sku=" + value).join("&");
fetch("/api/availability?" + skus).then((answer) => answer.json()).then(({ items }) => {
  const [first] = Object.values(items);
  document.getElementById("left").textContent = "还剩 " + first.left + " 件，" + first.ship_by + " 前发货";
});
document.querySelector("form").addEventListener("submit", (event) => {
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
    """Print both pages' figures, and the ratio of the times to their largest paints."""
    product = stack.catalog.products[0]
    ours, lean = f"/products/{product.id}/", "/lean/"
    shown = (stack.paths.site / ours[1:] / "index.html").read_text()
    put(stack, lean, page(stack.catalog, product, shown))
    taken: dict[str, list[PageLoad]] = {ours: [], lean: []}
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


def page(catalog: Catalog, product: Product, shown: str) -> str:
    """Return the HTML that somebody would write by hand for the product, with all that our page `shown` says."""
    packs = "".join(
        f'<label><input type="radio" name="sku" value="{pack.sku}"> {escape(pack.name.zh)}'
        f" ¥{pack.price / 100:.2f}</label>"
        for pack in product.packs
    )
    facts, prose = (
        match[1] if (match := re.search(f'<section class="{name}"[^>]*>(.*?)</section>', shown, re.DOTALL)) else ""
        for name in ("facts", "prose telling")
    )
    near = [(one.pictures[0], one.name.zh, one.summary.zh) for one in catalog.products if one is not product][:3]
    for shelf in (catalog.stories, catalog.videos, catalog.rooms):
        for record in shelf:
            if product.id in record.products:
                name = record.name if isinstance(record, Room) else record.title
                near.append((record.picture, name.zh, record.summary.zh))
    cards = "".join(
        f'<li><a href="/"><img src="{picture.src}" alt="" width="400" height="300" loading="lazy">{escape(name)}</a>'
        f"<p>{escape(summary)}</p></li>"
        for picture, name, summary in near
    )
    pictures = "".join(
        f'<img src="{picture.src}" alt="{escape(picture.alt.zh)}" width="800" height="600"'
        f"{' loading=lazy' if late else ''}>"
        for late, picture in enumerate(product.pictures)
    )
    data = re.search(r'<script type="application/ld\+json">.*?</script>', shown, re.DOTALL)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(product.name.zh)}</title>"
        f'<link rel="stylesheet" href="lean.css">{data[0] if data else ""}<script src="lean.js" defer></script></head>'
        f'<body><header><a href="/">{escape(catalog.shop.name.zh)}</a> <a href="/cart/">购物车</a></header><main>'
        f"{pictures}<h1>{escape(product.name.zh)}</h1><p>{escape(product.summary.zh)}</p>"
        f'<form action="/checkout/">{packs}<p id="left"></p><button>立即购买</button></form>'
        f"{facts}{prose}<ul>{cards}</ul></main>"
        f"<footer>{escape(catalog.shop.seller.zh)} {escape(catalog.shop.address.zh)}</footer></body></html>"
    )
