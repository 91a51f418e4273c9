/** The page that stands in for one that cannot be fetched: which pages were read on this device and can be read now. */

import { home, part, show } from "../../core/page.js";
import { showSeen } from "../../widgets/goods/seen.js";
import "../../widgets/shop.js";

/** @type {Record<string, string>} */
const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };

/**
 * The name of a page as its first heading has it, without the price that a title may have; home has the shop's. Nothing is
 * parsed that could run.
 * @param {string} html
 * @param {boolean} isHome
 */
function nameOf(html, isHome) {
  const titled = html.match(/<title>[^<]*\| ([^<|]*)<\/title>/)?.[1] ?? "";
  const heading = html.match(/<h1\b[^>]*>([\s\S]*?)<\/h1>/)?.[1].replace(/<small[\s\S]*?<\/small>|<[^>]*>/g, "") ?? "";
  return ((!isHome && heading) || titled).replace(/&(?:amp|lt|gt|#34|#39);/g, (sign) => SIGNS[sign]).trim();
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
    link.textContent = nameOf(html, pathname === home);
    row.append(link);
    part("read").append(row);
    show(part("read-block"));
  }
}

part("again").addEventListener("click", () => window.location.reload());
list();
showSeen().catch(() => {}); // without the goods' prices their pages are listed all the same
