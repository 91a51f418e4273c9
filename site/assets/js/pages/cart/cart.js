/** The cart's page: change quantities, see prices, what is left and by when all of it ships. */

import { unlessAway } from "../../core/api.js";
import { day, money, part, say, show, stamp, write } from "../../core/page.js";
import { idOf, lines, onChange, set } from "../../state/cart.js";
import { catalog, dropOf } from "../../state/catalog.js";
import { parcel, varies } from "../../state/postage.js";
import { shipAllBy, stockLine, supply, watch } from "../../state/stock.js";
import { tellChanges } from "../../widgets/changes.js";
import { stepper } from "../../widgets/stepper.js";
import "../../core/words-cart.js";
import "../../core/words-common.js";
import "../../core/words-stock.js";
import "../../widgets/shop.js";

const rows = new Map();
let shop = null;
let items;

function paint() {
  if (!shop) return;
  const all = lines();
  show(part("empty"), !all.length);
  show(part("full"), all.length > 0);
  for (const id of rows.keys()) if (!all.some((line) => idOf(line) === id)) remove(id);
  all.forEach(paintLine);
  paintSum(all);
  paintDate(all);
}

function paintLine(line) {
  const pack = shop.packs.get(line.sku);
  if (!pack) return tellChanges(shop); // put in by another tab that knows a newer catalogue
  const row = rows.get(idOf(line)) || addRow(pack, line);
  const most = mostOf(line, pack);
  if (row.quantity.get() !== line.quantity || row.goods.most !== most) row.setMost(most, line.quantity);
  write(part("price", row.element), money(line.price * line.quantity));
  show(part("limit", row.element), line.quantity >= most);
  if (items === undefined) return undefined;
  const { text, mood } = stockLine(items, line);
  const stock = part("stock", row.element);
  write(stock, text);
  stock.dataset.mood = mood;
  return undefined;
}

/** What an order may have of a line: of a drop no more than it lets a buyer have. */
function mostOf(line, pack) {
  const { limit } = (line.drop && supply(items, line)) || {};
  return Math.min(pack.per_order, limit || pack.per_order);
}

function addRow(pack, line) {
  const { name } = pack;
  const goods = { ...line, name, most: 0, price: line.drop ? line.price : pack.price };
  const element = stamp("line");
  part("picture", element).src = pack.picture;
  const title = part("name", element);
  title.textContent = name;
  title.href = pack.url;
  part("drop", element).textContent = dropOf(shop, line);
  const input = element.querySelector("input");
  input.setAttribute("aria-label", say("cart.quantity", { name }));
  const button = part("remove", element);
  button.setAttribute("aria-label", say("cart.remove", { name }));
  button.addEventListener("click", () => set(goods, 0));
  const quantity = stepper(element, line.quantity, (wanted) => set(goods, wanted));
  const setMost = (now, wanted) => {
    goods.most = now;
    input.max = String(now);
    part("limit", element).textContent = say("cart.limit", { most: now });
    quantity.set(wanted, false);
  };
  part("lines").append(element);
  const row = { element, quantity, goods, setMost };
  rows.set(idOf(line), row);
  return row;
}

function remove(id) {
  const { element } = rows.get(id);
  const focused = element.contains(document.activeElement);
  rows.delete(id);
  element.remove();
  if (focused) document.getElementById("main").focus();
}

function paintSum(all) {
  const { postage } = parcel(shop, all, "");
  const sum = all.reduce((total, line) => total + line.price * line.quantity, 0);
  write(part("postage"), postage ? money(postage) : say("common.free"));
  show(part("varies"), varies(shop, all));
  write(part("total"), money(sum + postage));
}

function paintDate(all) {
  if (items === undefined || !all.length) return;
  const date = shipAllBy(items, all);
  const stock = part("ship-by");
  write(stock, date ? say("stock.ship_by", { day: day(date) }) : say(items ? "stock.short" : "stock.away"));
  stock.dataset.mood = date ? "" : "none";
}

async function begin() {
  show(part("away"), false);
  try {
    shop = await catalog();
  } catch (error) {
    unlessAway(error);
    return show(part("away"));
  }
  tellChanges(shop);
  paint();
  watch(
    () => lines().map((line) => line.sku),
    (news) => {
      items = news;
      paint();
    },
  );
}

onChange(paint);
part("away-again").addEventListener("click", begin);
begin();
