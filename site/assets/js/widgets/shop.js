/**
 * What runs on every page: the cart's count in the header, links that keep the fragment (an order's key), and what few
 * shoppers have reason to see: an unpaid order, a browser that keeps nothing.
 */

import { all, moment, one, part, show, write } from "../core/page.js";
import { getItem, isKept } from "../core/storage.js";
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

/** A picture that is tapped fills the screen; without what does that, its link leads to the picture itself. */
document.addEventListener("click", (event) => {
  /** @type {HTMLAnchorElement | null} */
  const link = /** @type {Element} */ (event.target).closest("a[data-zoom]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  import("./gallery/viewer.js").then(({ open }) => open(link)).catch(() => window.location.assign(link.href));
});

window.addEventListener("load", () => {
  import("../core/loaded.js").then(({ afterLoad }) => afterLoad()).catch(() => {});
});

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
