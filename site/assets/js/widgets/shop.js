/**
 * What runs on every page: the cart's count in the header, links that keep the fragment (an order's key), and what few
 * shoppers have reason to see: an unpaid order, a browser that keeps nothing.
 */

import { all, load, moment, one, part, show, write } from "../core/page.js";
import { getItem, isKept } from "../core/storage.js";
import { beginWorker } from "../core/worker.js";
import { lines, onChange } from "../state/cart.js";

function count() {
  const badge = part("count");
  if (!badge) return;
  const units = lines().reduce((sum, line) => sum + line.quantity, 0);
  write(badge, String(units));
  show(badge, units > 0);
}

for (const link of /** @type {HTMLAnchorElement[]} */ (all("[data-keeps-fragment]"))) {
  link.addEventListener("click", () => {
    link.hash = window.location.hash;
  });
}

one(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address may hold a key after its #, in the place of which #main would come
  one("#main").focus();
});

/** Fetches what the next click needs and how the page is printed, now that it has all that it shows: before, this would
 * take from that. */
function fetchAhead() {
  /** @type {HTMLMetaElement | null} */
  const paper = document.querySelector('meta[name="paper"]');
  if (paper) load({ rel: "stylesheet", media: "print", href: paper.content });
  /** @type {HTMLMetaElement | null} */
  const named = document.querySelector('meta[name="next"]');
  for (const path of named?.content.split(" ") ?? []) {
    const kind = path.endsWith(".css") ? { as: "style" } : { as: "script", crossOrigin: "" };
    load({ rel: "prefetch", href: path, ...kind });
  }
}

window.addEventListener("load", fetchAhead);

/** Has pages outlast the network. What this one has loaded by now passed before there was anybody to keep it. */
async function keepWhatIsRead() {
  await beginWorker();
  const worker = (await navigator.serviceWorker.ready).active;
  const paths = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const own = paths.filter(
    ({ origin, pathname }) => origin === window.location.origin && /\/assets\/|\.svg$/.test(pathname),
  );
  worker?.postMessage({ loaded: [window.location.pathname, ...own.map(({ pathname }) => pathname)] });
}

/**
 * Says that the page, or the prices that it shows, are from before the network was lost.
 * @param {string | undefined} at
 */
function tellKept(at) {
  if (!at || !part("outdated")) return;
  write(part("outdated-at"), moment(at));
  show(part("outdated"));
}

tellKept(document.documentElement.dataset.kept);
if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => keepWhatIsRead().catch(() => {}));
  navigator.serviceWorker.addEventListener("message", ({ data }) => tellKept(data.kept));
}

/** What few have reason to see: who has ordered here, or whose browser keeps nothing. */
function tell() {
  if (!isKept() || getItem("cunbo.orders")) import("./seldom.js").catch(() => {});
}

for (const look of [count, tell]) {
  onChange(look); // also when the page is shown again as it was left
  look();
}
