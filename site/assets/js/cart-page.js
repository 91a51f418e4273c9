/** The cart's page: change quantities, see prices, what is left and by when all of it ships. */

import { unlessAway } from "./api.js";
import { lines, onChange, set } from "./cart.js";
import { catalog } from "./catalog.js";
import { tellChanges } from "./changes.js";
import { day, money, part, say, show, stamp, write } from "./page.js";
import { parcel, varies } from "./postage.js";
import "./shop.js";
import { stepper } from "./stepper.js";
import { shipAllBy, stockLine, watch } from "./stock.js";

const rows = new Map();
let shop = null;
let items;

function paint() {
  if (!shop) return;
  const all = lines();
  show(part("empty"), !all.length);
  show(part("full"), all.length > 0);
  for (const sku of rows.keys()) if (!all.some((line) => line.sku === sku)) drop(sku);
  all.forEach(paintLine);
  paintSum(all);
  paintDate(all);
}

function paintLine(line) {
  const pack = shop.packs.get(line.sku);
  if (!pack) return tellChanges(shop); // put in by another tab that knows a newer catalogue
  const row = rows.get(line.sku) || addRow(pack, line);
  if (row.quantity.get() !== line.quantity) row.quantity.set(line.quantity, false);
  write(part("price", row.element), money(line.price * line.quantity));
  show(part("limit", row.element), line.quantity === pack.per_order);
  if (items === undefined) return undefined;
  const { text, mood } = stockLine(items, line.sku, line.quantity);
  const stock = part("stock", row.element);
  write(stock, text);
  stock.dataset.mood = mood;
  return undefined;
}

function addRow(pack, line) {
  const about = { name: pack.name, most: pack.per_order };
  const element = stamp("line");
  part("picture", element).src = pack.picture;
  const name = part("name", element);
  name.textContent = pack.name;
  name.href = pack.url;
  part("limit", element).textContent = say("cart.limit", about);
  const input = element.querySelector("input");
  input.max = String(pack.per_order);
  input.setAttribute("aria-label", say("cart.quantity", about));
  const remove = part("remove", element);
  remove.setAttribute("aria-label", say("cart.remove", about));
  remove.addEventListener("click", () => set(pack.sku, 0, pack.price));
  const quantity = stepper(element, line.quantity, (wanted) => set(pack.sku, wanted, pack.price, about));
  part("lines").append(element);
  const row = { element, quantity };
  rows.set(pack.sku, row);
  return row;
}

function drop(sku) {
  const { element } = rows.get(sku);
  const focused = element.contains(document.activeElement);
  rows.delete(sku);
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
