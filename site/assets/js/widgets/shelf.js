/** Cards of products: by when each ships at the earliest, or that it is sold out; silent where the shop says nothing. */

import { all, day, part, say, shipsBy, whileVisible, write } from "../core/page.js";
import { ask } from "../state/stock.js";
import "../core/words-shelf.js";
import "./shop.js";

const MOST = 50;
const cards = all("[data-skus]").map((line) => ({ line, skus: (line.dataset.skus ?? "").split(" ") }));
const asked = [...new Set(cards.flatMap((card) => card.skus))].slice(0, MOST);

/**
 * The first day by which one of these ships; "" when all are sold out, null when it is not known.
 * @param {NonNullable<Items>} items
 * @param {string[]} skus
 * @returns {string | null}
 */
function soonest(items, skus) {
  const known = skus.filter((sku) => items[sku]);
  const days = known.flatMap((sku) => items[sku].ship_by ?? []);
  return days.length ? days.sort()[0] : known.length === skus.length ? "" : null;
}

/** @param {NonNullable<Items>} items */
function paint(items) {
  for (const { line, skus } of cards) {
    const date = soonest(items, skus);
    if (date === null) continue;
    write(line, date ? shipsBy(date) : say("shelf.none"));
    line.dataset.mood = date ? "" : "none";
  }
  const today = part("today");
  const first = soonest(items, asked);
  if (today) write(today, first ? say("shelf.today", { day: day(first) }) : "");
}

if (cards.length) {
  whileVisible(async () => {
    const items = await ask(asked);
    if (items) paint(items);
    return 0;
  });
}
