/** Cards of products: by when each ships at the earliest, and how many by that day, or that it is sold out; silent where the
 * shop says nothing. */

import { all, count, day, money, part, say, shipsBy, whileVisible, write } from "../core/page.js";
import { ask } from "../state/stock.js";
import "../core/words-shelf.js";
import "./shop.js";

const MOST = 50;
const cards = all("[data-skus]").map((line) => ({
  line,
  skus: (line.dataset.skus ?? "").split(" "),
  unit: line.dataset.unit ?? "",
}));
const asked = [...new Set(cards.flatMap((card) => card.skus))].slice(0, MOST);

/**
 * The first batch from which one of these ships; undefined when all are sold out, null when it is not known.
 * @param {NonNullable<Items>} items
 * @param {string[]} skus
 * @returns {Batch | undefined | null}
 */
function soonest(items, skus) {
  const known = skus.filter((sku) => items[sku]);
  const batches = known.flatMap((sku) => items[sku].batches.filter(({ left }) => left > 0).slice(0, 1));
  if (!batches.length && known.length < skus.length) return null;
  return batches.sort((one, other) => (one.ship_by < other.ship_by ? -1 : 1))[0];
}

/**
 * Writes by when one of these ships and how many by that day, or that they are sold out, and beside it the least price;
 * nothing where it is not known.
 * @param {HTMLElement} line
 * @param {NonNullable<Items>} items
 * @param {string[]} skus
 * @param {string} unit
 */
export function writeSoonest(line, items, skus, unit) {
  const batch = soonest(items, skus);
  if (batch === null) return;
  const { name } = line.dataset; // a story's last line: a sentence
  const left = batch && count(batch.left, unit).replace(" ", "\u00a0");
  const none = say(skus.every((sku) => items[sku]?.off) ? "shelf.stopped" : "shelf.none");
  if (batch) write(line, say(name ? "shelf.batch" : "shelf.soonest", { name, left, ships_by: shipsBy(batch.ship_by) }));
  else write(line, name ? say("shelf.over", { name, told: none }) : none);
  const price = line.closest("li")?.querySelector(".price");
  const prices = skus.flatMap((sku) => items[sku]?.price ?? []);
  if (price && prices.length === skus.length) price.textContent = money(Math.min(...prices));
  line.dataset.mood = batch ? "" : "none";
}

/** @param {NonNullable<Items>} items */
function paint(items) {
  for (const { line, skus, unit } of cards) writeSoonest(line, items, skus, unit);
  const today = part("today");
  const first = soonest(items, asked);
  if (today) write(today, first ? say("shelf.today", { day: day(first.ship_by) }) : "");
}

if (cards.length) {
  whileVisible(async () => {
    const items = await ask(asked);
    if (items) paint(items);
    return 0;
  });
}
