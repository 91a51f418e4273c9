/**
 * Goods whose pages were read on this device, the latest first: where a page is empty there is something to go on with. The
 * service worker keeps these pages anyway, to be read without a network; nothing else is noted.
 */

import { home, money, part, show, stamp } from "../../core/page.js";
import { catalog } from "../../state/catalog.js";

const MOST = 4;

/**
 * The products of these pages, each once, the page that was kept last first.
 * @param {readonly string[]} urls
 * @returns {string[]}
 */
export function productsOf(urls) {
  const shelf = `${home}products/`;
  const paths = urls.map((url) => new URL(url).pathname).filter((path) => path.startsWith(shelf));
  const names = paths.map((path) => path.slice(shelf.length).split("/")[0]).filter(Boolean);
  return [...new Set(names.reverse())];
}

/** Fills the page's list; without a service worker, or where nothing was read, it stays hidden. */
export async function showSeen() {
  if (!("caches" in window)) return;
  const kept = await (await caches.open("read")).keys();
  const { packs } = await catalog();
  const all = [...packs.values()];
  const first = productsOf(kept.map(({ url }) => url)).flatMap(
    (name) => all.find(({ product }) => product === name) ?? [],
  );
  part("seen").replaceChildren(
    ...first.slice(0, MOST).map((pack) => {
      const row = stamp("seen-good");
      part("picture", row).src = pack.picture;
      const link = part("name", row);
      link.textContent = pack.name;
      link.href = pack.url;
      part("price", row).textContent = money(pack.price);
      return row;
    }),
  );
  show(part("seen-block"), first.length > 0);
}
