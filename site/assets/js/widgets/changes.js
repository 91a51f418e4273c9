/** Brings the cart up to the catalogue, and tells what that has changed: on the cart's page and at the checkout. */

import { money, paragraph, part, say, show } from "../core/page.js";
import { reconcile } from "../state/cart.js";
import "../core/words-cart.js";

export function tellChanges(shop) {
  const changes = reconcile(shop.packs);
  if (!changes.length) return;
  const notice = part("changes");
  notice.append(
    ...changes.map(({ kind, name, most, old = 0, new: now = 0 }) =>
      paragraph(say(`cart.${kind}`, { name, most, old: money(old), new: money(now) })),
    ),
  );
  show(notice);
}
