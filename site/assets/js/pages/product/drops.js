/** The drops of a product: so many units in one room, between two instants, at a price of their own. */

import { unlessAway } from "../../core/api.js";
import { money, one, part, say, show, stamp, when, write } from "../../core/page.js";
import { add } from "../../state/cart.js";
import { catalog, roomOf } from "../../state/catalog.js";
import { phase, stockLine } from "../../state/stock.js";
import "../../core/words-common.js";
import "../../core/words-drops.js";

/** A drop with the pack that it is of. @typedef {Drop & {sku: string, name: string, ordinary: number, most: number}} ProductDrop */

const HOUR = 60 * 60 * 1000;
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const section = part("drops");
/** @type {Map<string, HTMLElement>} */
const rows = new Map();
/** @type {ProductDrop[]} */
let drops = [];
/** No row is shown before paint() has it. @type {Shop} */
let shop;

/**
 * Shows these drops, each with the pack that it is of: {…drop, sku, name, ordinary, most}.
 * @param {ProductDrop[]} news
 */
export async function paint(news) {
  try {
    shop = shop || (await catalog());
  } catch (error) {
    unlessAway(error); // the next news bring another try
    return;
  }
  drops = news;
  tick();
}

/** What the clock alone changes: whether a drop is open, and how long it still is. */
function tick() {
  const running = drops.filter((drop) => phase(drop) !== "over");
  for (const [id, row] of rows) if (!running.some(({ drop }) => drop === id)) remove(id, row);
  for (const drop of running) paintRow(drop);
  show(section, running.length > 0);
}

/** @param {ProductDrop} drop */
function paintRow(drop) {
  const row = rows.get(drop.drop) || addRow(drop);
  const { sku, drop: id, price, ordinary, limit, left } = drop;
  const { text, mood } = stockLine({ [sku]: { left, batches: [], drops: [drop] } }, { sku, drop: id, quantity: 1 });
  const early = phase(drop) === "early";
  const facts = [early ? say("drops.units", { left }) : "", limit ? say("drops.limit", { limit }) : ""];
  write(part("drop-price", row), money(price));
  write(part("drop-ordinary", row), say("drops.ordinary", { price: money(ordinary) }));
  write(part("drop-stock", row), text);
  part("drop-stock", row).dataset.mood = early ? "few" : mood;
  write(part("drop-ends", row), early ? "" : ends(drop));
  write(part("drop-facts", row), facts.filter(Boolean).join(say("common.comma")));
  write(part("drop-add", row), say("drops.add", { price: money(price) }));
  part("drop-add", row).disabled = early || left <= 0;
}

/** @param {Drop} drop */
function ends({ closes }) {
  const left = Date.parse(closes) - Date.now();
  const until = say("drops.ends", { time: when(closes) });
  if (still.matches || left > HOUR) return until;
  const seconds = Math.ceil(left / 1000);
  return until + say("drops.countdown", { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}

/** @param {ProductDrop} drop */
function addRow(drop) {
  const row = stamp("drop");
  part("drop-name", row).textContent = drop.name;
  part("drop-room", row).textContent = roomOf(shop, drop.room);
  part("drop-add", row).addEventListener("click", () => buy(drop.drop));
  part("drop-list").append(row);
  rows.set(drop.drop, row);
  return row;
}

/**
 * @param {string} id
 * @param {HTMLElement} row
 */
function remove(id, row) {
  const focused = row.contains(document.activeElement);
  rows.delete(id);
  row.remove();
  if (focused) one("#main").focus();
}

/** @param {string} id */
function buy(id) {
  const wanted = drops.find(({ drop }) => drop === id);
  if (!wanted) return;
  const { limit, most, ...goods } = wanted;
  const atMost = limit ? Math.min(limit, most) : most;
  const trouble = add({ ...goods, most: atMost }, 1);
  show(part("drop-added"), !["many", "room"].includes(trouble));
  write(part("drop-trouble"), trouble ? say(`drops.${trouble}`, { most: atMost }) : "");
}

window.setInterval(tick, 1000);
