/** A clip that was cut from a show is not shown while the desk sells at another price than it names. What the desk changes is
 * in no build, so the page asks. */

import { one, part, show } from "../../core/page.js";
import { watch } from "../../state/stock.js";

const instead = part("show-clip");
/** @type {[string, number][]} */
const prices = (instead.dataset.prices ?? "").split(" ").map((pair) => {
  const [sku, price] = pair.split(":");
  return [sku, Number(price)];
});

watch(
  () => prices.map(([sku]) => sku),
  (items) => {
    if (!items) return;
    const changed = prices.some(([sku, price]) => items[sku] && items[sku].price !== price);
    /** @type {HTMLVideoElement} */
    const film = one("video");
    if (changed) film.pause();
    show(instead, changed);
    /** @type {HTMLElement} */
    const set = film.closest("[data-part=set], [data-part=screen]") ?? film;
    /** @type {HTMLElement | null | undefined} */
    const told = part("said")?.closest("details"); // its words name the price, too
    for (const each of [set, told, part("chapters")]) if (each) show(each, !changed);
  },
);
