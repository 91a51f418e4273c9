/** What cannot come back once it is open: the buyer agrees to that at the checkout, for all such lines at once. */

import { paragraph, part, show } from "../../core/page.js";
import { nameOf } from "../../state/catalog.js";
import { skus } from "./ordering.js";

let shown = "";

/**
 * Lists these lines; a tick that was given for others is taken back.
 * @param {CheckoutForm} form
 * @param {Shop} shop
 */
export function paintConsent(form, shop) {
  const all = needed(shop);
  show(part("consent"), all.length > 0);
  if (all.join() === shown) return;
  shown = all.join();
  form.elements.consent.checked = false;
  part("consent-lines").replaceChildren(...all.map((sku) => paragraph(nameOf(shop, sku))));
}

/**
 * The SKUs of the order that need it.
 * @param {Shop} shop
 */
export const needed = (shop) => [...new Set(skus())].filter((sku) => shop.packs.get(sku)?.returns === "confirm");

/**
 * The part of the request that says so: {} where nothing needs it, an empty list where it is not ticked.
 * @param {CheckoutForm} form
 * @param {Shop} shop
 * @returns {{no_return?: string[]}}
 */
export function consent(form, shop) {
  const all = needed(shop);
  return all.length ? { no_return: form.elements.consent.checked ? all : [] } : {};
}
