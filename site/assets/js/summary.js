/** The checkout's summary: lines, total, and by when all of it ships. */

import { lines } from "./cart.js";
import { day, money, part, say, show, stamp, write } from "./page.js";
import { shipAllBy, stockLine } from "./stock.js";

/** What the cart costs with its parcel, in fen. */
export const total = (shop) => lines().reduce((sum, line) => sum + line.price * line.quantity, shop.postage);

/** A pack's name, or its SKU where the catalogue does not know it. */
export const nameOf = (shop, sku) => (shop.packs.has(sku) ? shop.packs.get(sku).name : sku);

/** Writes it all; `items` is what availability said, null when it did not answer, undefined before it was asked. */
export function paintSummary(shop, items) {
  const all = lines();
  const date = shipAllBy(items, all);
  show(part("empty"), !all.length);
  show(part("full"), all.length > 0);
  part("lines").replaceChildren(...all.map((line) => row(line, shop, items)));
  write(part("postage"), shop.postage ? money(shop.postage) : say("common.free"));
  write(part("total"), money(total(shop)));
  write(part("pay-total"), money(total(shop)));
  write(part("pay-day"), date ? say("checkout.ships", { day: day(date) }) : "");
  if (items === undefined) return;
  const stock = part("ship-by");
  write(stock, date ? say("stock.ship_by", { day: day(date) }) : say(items ? "stock.short" : "stock.away"));
  stock.dataset.mood = date ? "" : "none";
}

function row(line, shop, items) {
  const element = stamp("line");
  part("name", element).textContent = nameOf(shop, line.sku);
  part("quantity", element).textContent = say("common.times", { count: line.quantity });
  part("price", element).textContent = money(line.price * line.quantity);
  const { text, mood } = items ? stockLine(items, line.sku, line.quantity) : { text: "", mood: "" };
  part("stock", element).textContent = mood ? text : "";
  part("stock", element).dataset.mood = mood;
  return element;
}
