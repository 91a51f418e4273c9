/**
 * Tells search engines what is sold out, in the data that the page has for them: a build knows what is made, never what is
 * left, and they hold every feed of offers to what they read here.
 */

import { one } from "../../core/page.js";

/** @param {NonNullable<Items>} items */
export function tell(items) {
  const script = one('[type="application/ld+json"]');
  const told = JSON.parse(script.textContent ?? "");
  for (const offer of told["@graph"][0].offers) {
    if (items[offer.sku]?.left === 0) offer.availability = offer.availability.replace("InStock", "OutOfStock");
  }
  script.replaceChildren(JSON.stringify(told));
}
