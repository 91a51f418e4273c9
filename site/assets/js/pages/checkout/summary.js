/** The checkout's summary: lines, postage, total, and by when all of it ships. */

import { money, part, say, shipsBy, show, stamp, write } from "../../core/page.js";
import { dropOf, nameOf } from "../../state/catalog.js";
import { parcel, varies } from "../../state/postage.js";
import { shipAllBy, stockLine } from "../../state/stock.js";
import { lines } from "./ordering.js";
import "../../core/words-checkout.js";
import "../../core/words-goods.js";
import "../../core/words-stock.js";

const BRIEF = 3; // a phone's first screen has room for these, and for the address

/**
 * What the order costs with its parcel to this province, in fen.
 * @param {Shop} shop
 * @param {string} province
 */
export const total = (shop, province) =>
  lines().reduce((sum, line) => sum + line.price * line.quantity, parcel(shop, lines(), province).postage);

/**
 * Writes all but the date; `items` is null also before they were asked for.
 * @param {Shop} shop
 * @param {Items} items
 * @param {string} province
 */
export function paintSummary(shop, items, province) {
  const all = lines();
  const { postage, refused } = parcel(shop, all, province);
  const date = shipAllBy(items, all);
  const price = money(total(shop, province));
  show(part("empty"), !all.length);
  show(part("full"), all.length > 0);
  part("lines").replaceChildren(
    ...all.map((line) => row(line, shop, items, refused.includes(line.sku) ? province : "")),
  );
  show(part("rest-row"), all.length > BRIEF && !part("lines").dataset.all);
  write(part("postage"), postageText(postage, refused));
  show(part("varies"), !province && varies(shop, all));
  write(part("total"), price);
  write(part("pay-total"), price);
  const here = { province, names: refused.map((sku) => nameOf(shop, sku)).join(say("checkout.and")) };
  write(part("no-delivery"), refused.length ? say("checkout.no_delivery", here) : "");
  show(part("no-delivery"), refused.length > 0);
  const ships = date ? shipsBy(date) : "";
  write(part("pay-day"), refused.length ? say("checkout.not_here", here) : ships);
  part("pay-day").dataset.mood = refused.length ? "none" : "";
}

/**
 * Writes by when all of it ships, once that was asked for.
 * @param {Items} items
 */
export function paintShipBy(items) {
  const date = shipAllBy(items, lines());
  const stock = part("ship-by");
  write(stock, date ? shipsBy(date) : say(items ? "stock.short" : "stock.away"));
  stock.dataset.mood = date ? "" : "none";
}

part("rest").addEventListener("click", () => {
  part("lines").dataset.all = "yes";
  show(part("rest-row"), false);
});

/**
 * @param {number} postage
 * @param {string[]} refused
 */
function postageText(postage, refused) {
  if (refused.length) return say("checkout.not_sent");
  return postage ? money(postage) : say("goods.free");
}

/**
 * Returns one line; `nowhere` is the province that it does not go to, "" where it goes.
 * @param {CartLine} line
 * @param {Shop} shop
 * @param {Items} items
 * @param {string} nowhere
 */
function row(line, shop, items, nowhere) {
  const element = stamp("line");
  part("name", element).textContent = nameOf(shop, line.sku);
  part("drop", element).textContent = dropOf(shop, line);
  part("quantity", element).textContent = say("goods.times", { count: line.quantity });
  part("price", element).textContent = money(line.price * line.quantity);
  const { text, mood } = items ? stockLine(items, line, shop.packs.get(line.sku)?.unit) : { text: "", mood: "" };
  const stock = part("stock", element);
  stock.textContent = nowhere ? say("checkout.line_not_here", { province: nowhere }) : mood ? text : "";
  stock.dataset.mood = nowhere ? "none" : mood;
  element.dataset.mood = stock.dataset.mood;
  return element;
}
