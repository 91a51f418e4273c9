/** Brings the cart up to the catalogue, and tells what that has changed: on the cart's page and at the checkout. */

import { count, money, paragraph, part, say, show } from "../core/page.js";
import { reconcile } from "../state/cart.js";
import "../core/words-cart.js";

/** @param {Shop} shop */
export function tellChanges(shop) {
  const changes = reconcile(shop.packs);
  if (!changes.length) return;
  const notice = part("changes");
  notice.append(
    ...changes.map((change) => {
      const prices = change.kind === "price" ? { old: money(change.old), new: money(change.new) } : {};
      const most = change.kind === "most" ? { most: count(change.most, change.unit) } : {};
      return paragraph(say(`cart.${change.kind}`, { ...change, ...prices, ...most }));
    }),
  );
  show(notice);
}
