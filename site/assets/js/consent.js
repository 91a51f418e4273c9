/** What cannot come back once it is open: the buyer agrees to that at the checkout, for all such lines at once. */

import { lines } from "./cart.js";
import { nameOf } from "./catalog.js";
import { paragraph, part, show } from "./page.js";

let shown = "";

/** Lists these lines; a tick that was given for others is taken back. */
export function paintConsent(form, shop) {
  const skus = needed(shop);
  show(part("consent"), skus.length > 0);
  if (skus.join() === shown) return;
  shown = skus.join();
  form.elements.consent.checked = false;
  part("consent-lines").replaceChildren(...skus.map((sku) => paragraph(nameOf(shop, sku))));
}

/** The SKUs in the cart that need it. */
export const needed = (shop) =>
  lines()
    .map(({ sku }) => sku)
    .filter((sku) => shop.packs.has(sku) && shop.packs.get(sku).returns === "confirm");

/** The part of the request that says so: {} where nothing needs it, an empty list where it is not ticked. */
export function consent(form, shop) {
  const skus = needed(shop);
  return skus.length ? { no_return: form.elements.consent.checked ? skus : [] } : {};
}
