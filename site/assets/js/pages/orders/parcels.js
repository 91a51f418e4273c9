/** Parcels on the order's page: where each is, what lies in it, how it is followed. Loaded once there is one. */

import { copy } from "../../core/clipboard.js";
import { lang, part, say, show, stamp, write } from "../../core/page.js";
import "../../core/words-parcels.js";

let painted = ""; // those that are shown: whoever is about to copy a number keeps the button

/**
 * Writes the parcels of an order, where they have changed; `shop` is null where the catalogue has not come.
 * @param {OrderStatus} order
 * @param {Shop | null} shop
 */
export function paintParcels({ shipments, lines }, shop) {
  const shown = JSON.stringify([shipments, shop !== null]);
  if (shown === painted) return;
  painted = shown;
  const names = new Map(lines.map(({ sku, name }) => [sku, name || (shop?.packs.get(sku)?.name ?? sku)]));
  part("parcels").replaceChildren(...shipments.map((parcel) => parcelRow(parcel, names)));
}

/**
 * Where a parcel is, what of this order lies in it, and how to follow it.
 * @param {OrderStatus["shipments"][number]} parcel
 * @param {Map<string, string>} names
 */
function parcelRow({ state, lines, carrier, carrier_name, tracking_number: number, url }, names) {
  const row = stamp("parcel");
  part("parcel-state", row).textContent = say(`parcels.${state}`);
  const goods = lines.map(({ sku, quantity }) => `${quantity} × ${names.get(sku) ?? sku}`);
  part("parcel-goods", row).textContent = goods.join(" · ");
  show(part("parcel-way", row), Boolean(carrier));
  part("parcel-carrier", row).textContent = carrier_name?.[lang] ?? carrier ?? "";
  part("parcel-number", row).textContent = number ?? "";
  show(part("parcel-copy", row), Boolean(number));
  show(part("parcel-link", row), Boolean(url));
  if (url) part("parcel-link", row).href = url;
  part("parcel-copy", row).addEventListener("click", async () => {
    const done = await copy(number ?? "");
    write(part("parcel-copied", row), say(done ? "parcels.number_copied" : "parcels.number_uncopied"));
  });
  return row;
}
