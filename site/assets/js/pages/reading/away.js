/** The page that stands in for one that cannot be fetched: which pages were read on this device and can be read now. */

import { home, part, show } from "../../core/page.js";
import "../../widgets/shop.js";

async function list() {
  if (!("caches" in window)) return;
  const cache = await caches.open("read");
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    const ours = home === "/" ? !pathname.startsWith("/en/") : pathname.startsWith("/en/");
    if (!pathname.endsWith("/") || pathname.endsWith("/away/") || !ours) continue;
    const kept = await cache.match(url);
    const html = kept ? await kept.text() : "";
    const title = new DOMParser().parseFromString(html, "text/html").title;
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = pathname;
    link.textContent = title;
    row.append(link);
    part("read").append(row);
    show(part("read-block"));
  }
}

part("again").addEventListener("click", () => window.location.reload());
list();
