/** The page that stands in for one that cannot be fetched: which pages were read on this device and can be read now. */

import { home, part, show } from "../../core/page.js";
import "../../widgets/shop.js";

/** @type {Record<string, string>} */
const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };

/**
 * The title of a page, as the build writes it: nothing is parsed that could run.
 * @param {string} html
 */
function titleOf(html) {
  const written = html.match(/<title>([^<]*)<\/title>/)?.[1] ?? "";
  return written.replace(/&(?:amp|lt|gt|#34|#39);/g, (sign) => SIGNS[sign]).trim();
}

async function list() {
  if (!("caches" in window)) return;
  const cache = await caches.open("read");
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    const ours = home === "/" ? !pathname.startsWith("/en/") : pathname.startsWith("/en/");
    if (!pathname.endsWith("/") || pathname.endsWith("/away/") || !ours) continue;
    const kept = await cache.match(url);
    const html = kept ? await kept.text() : "";
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = pathname;
    link.textContent = titleOf(html);
    row.append(link);
    part("read").append(row);
    show(part("read-block"));
  }
}

part("again").addEventListener("click", () => window.location.reload());
list();
