/** The cart's page: change quantities, see prices, what is left and by when all of it ships. */

import { unlessAway } from "../../core/api.js";
import { count, money, one, part, say, shipsBy, show, stamp, write } from "../../core/page.js";
import { idOf, lines, onChange, set } from "../../state/cart.js";
import { catalog, dropOf, follow } from "../../state/catalog.js";
import { parcel, varies } from "../../state/postage.js";
import { shipAllBy, stockLine, supply, watch } from "../../state/stock.js";
import { tellChanges } from "../../widgets/changes.js";
import { stepper } from "../../widgets/stepper.js";
import "../../core/words-cart.js";
import "../../core/words-goods.js";
import "../../core/words-stock.js";
import "../../widgets/shop.js";

/**
 * A line as it is shown; `setMost` takes the largest quantity, and the one that is wanted.
 * @typedef {{
 *   element: HTMLElement,
 *   quantity: ReturnType<typeof stepper>,
 *   goods: Goods & {most: number},
 *   setMost(now: number, wanted: number): void,
 * }} Row
 */

/** @type {Map<string, Row>} */
const rows = new Map();
/** Nothing is shown before begin() has it. @type {Shop} */
let shop;
/** @type {Items} */
let items = null;
let asked = false; // whether the shop was asked for them

function paint() {
  if (!shop) return;
  const all = lines();
  show(part("empty"), !all.length);
  show(part("full"), all.length > 0);
  if (!all.length) {
    import("../../widgets/shelf.js").catch(() => {}); // dates on the cards, which can do without
    import("../../widgets/goods/seen.js").then(({ showSeen }) => showSeen()).catch(() => {});
  }
  for (const [id, row] of rows) if (!all.some((line) => idOf(line) === id)) remove(id, row);
  for (const line of all) paintLine(line);
  paintSum(all);
  paintDate(all);
}

/** @param {CartLine} line */
function paintLine(line) {
  const pack = shop.packs.get(line.sku);
  if (!pack) {
    tellChanges(shop); // put in by another tab that knows a newer catalogue
    return;
  }
  const row = rows.get(idOf(line)) || addRow(pack, line);
  const most = mostOf(line, pack);
  if (row.quantity.get() !== line.quantity || row.goods.most !== most) row.setMost(most, line.quantity);
  write(part("price", row.element), money(line.price * line.quantity));
  show(part("limit", row.element), line.quantity >= most);
  if (!asked) return;
  const { text, mood } = stockLine(items, line, pack.unit);
  const stock = part("stock", row.element);
  write(stock, text);
  stock.dataset.mood = mood;
}

/**
 * What an order may have of a line: of a drop no more than it lets a buyer have.
 * @param {CartLine} line
 * @param {Pack} pack
 */
function mostOf(line, pack) {
  const there = supply(items, line);
  const limit = there && "limit" in there ? there.limit : 0;
  return Math.min(pack.per_order, limit || pack.per_order);
}

/**
 * @param {Pack} pack
 * @param {CartLine} line
 * @returns {Row}
 */
function addRow(pack, line) {
  const { name } = pack;
  const goods = { ...line, name, most: 0, price: line.drop ? line.price : pack.price };
  const element = stamp("line");
  part("picture", element).src = pack.picture;
  const title = part("name", element);
  title.textContent = name;
  title.href = pack.url;
  part("drop", element).textContent = dropOf(shop, line);
  /** @type {HTMLInputElement} */
  const input = one("input", element);
  input.setAttribute("aria-label", say("cart.quantity", { name }));
  const button = part("remove", element);
  button.setAttribute("aria-label", say("cart.remove", { name }));
  button.addEventListener("click", () => set(goods, 0));
  const quantity = stepper(element, line.quantity, (wanted) => set(goods, wanted));
  /**
   * @param {number} now
   * @param {number} wanted
   */
  const setMost = (now, wanted) => {
    goods.most = now;
    input.max = String(now);
    part("limit", element).textContent = say("cart.limit", { most: count(now, pack.unit) });
    quantity.set(wanted, false);
  };
  part("lines").append(element);
  const row = { element, quantity, goods, setMost };
  rows.set(idOf(line), row);
  return row;
}

/**
 * @param {string} id
 * @param {Row} row
 */
function remove(id, { element }) {
  const focused = element.contains(document.activeElement);
  rows.delete(id);
  element.remove();
  if (focused) one("#main").focus();
}

/** @param {CartLine[]} all */
function paintSum(all) {
  const { postage } = parcel(shop, all, "");
  const sum = all.reduce((total, line) => total + line.price * line.quantity, 0);
  write(part("postage"), postage ? money(postage) : say("goods.free"));
  show(part("varies"), varies(shop, all));
  write(part("total"), money(sum + postage));
}

/** @param {CartLine[]} all */
function paintDate(all) {
  if (!asked || !all.length) return;
  const date = shipAllBy(items, all);
  const stock = part("ship-by");
  write(stock, date ? shipsBy(date) : say(items ? "stock.short" : "stock.away"));
  stock.dataset.mood = date ? "" : "none";
}

async function begin() {
  show(part("away"), false);
  try {
    shop = await catalog();
  } catch (error) {
    unlessAway(error);
    show(part("away"));
    return;
  }
  paint();
  watch(
    () => lines().map((line) => line.sku),
    (news) => {
      items = news;
      asked = true;
      follow(shop, items);
      tellChanges(shop);
      paint();
    },
  );
}

onChange(paint);
part("away-again").addEventListener("click", begin);
begin();
