/**
 * Tells search engines what is sold out, in the data that the page has for them: a build knows what is made, never what is
 * left, and they hold every feed of offers to what they read here.
 */

import { one } from "../../core/page.js";

/** What browsers with Trusted Types want such data made by: whatever it is given, it gives JSON, which no code is. */
const policy = window.trustedTypes?.createPolicy("data", { createScript: (text) => JSON.stringify(JSON.parse(text)) });

/** @param {NonNullable<Items>} items */
export function tell(items) {
  const script = one('[type="application/ld+json"]');
  const told = JSON.parse(script.textContent ?? "");
  for (const offer of told["@graph"][0].offers) {
    if (items[offer.sku]?.left === 0) offer.availability = offer.availability.replace("InStock", "OutOfStock");
  }
  const text = JSON.stringify(told);
  script.textContent = policy ? policy.createScript(text) : text;
}
