/** A clip that was cut from a show is not shown while the desk sells at another price than it names: the next build, which
 * knows what the content says, knows nothing of the desk. */

import { one, part, show } from "../../../core/page.js";
import { watch } from "../../../state/stock.js";

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
    show(film.closest("[data-part=set], [data-part=screen]") ?? film, !changed);
  },
);
