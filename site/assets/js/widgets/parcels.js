/** The parcels of an order, as its page lists them: where each is, what lies in it, and how to follow it. */

import { copy } from "../core/clipboard.js";
import { lang, part, say, show, stamp, write } from "../core/page.js";
import "../core/words-parcels.js";

let shown = ""; // what is listed: whoever is about to copy a number keeps the button

/**
 * @param {OrderStatus} order
 * @param {Shop | null} shop null where the catalogue has not come
 */
export function listParcels({ shipments, lines }, shop) {
  const now = JSON.stringify([shipments, shop !== null]);
  if (now === shown) return;
  shown = now;
  const names = new Map(lines.map(({ sku, name }) => [sku, name || (shop?.packs.get(sku)?.name ?? sku)]));
  part("parcels").replaceChildren(...shipments.map((parcel) => parcelRow(parcel, names)));
}

/**
 * @param {OrderStatus["shipments"][number]} parcel
 * @param {Map<string, string>} names
 */
function parcelRow({ state, lines, carrier, carrier_name, tracking_number: number, url }, names) {
  const row = stamp("parcel");
  part("parcel-state", row).textContent = say(`parcels.state.${state}`);
  const goods = lines.map(({ sku, quantity }) => `${quantity} × ${names.get(sku) ?? sku}`);
  part("parcel-goods", row).textContent = goods.join(" · ");
  show(part("parcel-way", row), Boolean(carrier));
  part("parcel-carrier", row).textContent = carrier_name?.[lang] ?? carrier ?? "";
  part("parcel-number", row).textContent = number ?? "";
  show(part("parcel-copy", row), Boolean(number));
  show(part("parcel-link", row), Boolean(url));
  if (url) Object.assign(part("parcel-link", row), { href: url, target: "_blank", rel: "noopener noreferrer" });
  part("parcel-copy", row).addEventListener("click", async () => {
    const done = await copy(number ?? "");
    write(part("parcel-copied", row), say(done ? "parcels.copied" : "parcels.uncopied"));
  });
  return row;
}
