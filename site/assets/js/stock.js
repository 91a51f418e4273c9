/** What is left, and by when it ships. */

import { Away, call } from "./api.js";
import { day, say, whileVisible } from "./page.js";

const FEW = 5;
const SECONDS = 15;

/**
 * The date by which `quantity` ships: that of the earliest batch that carries all of it, else of the last of the
 * batches that it is split over, earliest first; null when they hold too little together.
 */
export function shipBy(batches, quantity) {
  const inOrder = [...batches].sort((one, other) => (one.ship_by < other.ship_by ? -1 : 1));
  const whole = inOrder.find((batch) => batch.left >= quantity);
  if (whole) return whole.ship_by;
  let missing = quantity;
  for (const batch of inOrder) {
    missing -= Math.max(batch.left, 0);
    if (missing <= 0) return batch.ship_by;
  }
  return null;
}

/** The date by which every line ships, in one parcel: the latest of theirs; null when unknown or not possible. */
export function shipAllBy(items, lines) {
  const dates = lines.map((line) => items && items[line.sku] && shipBy(items[line.sku].batches, line.quantity));
  return dates.length && dates.every(Boolean) ? dates.sort().pop() : null;
}

/** What stands below a pack: {text, mood}, mood being "", "few", "none" or "away"; `items` is null when none came. */
export function stockLine(items, sku, quantity) {
  const item = items && items[sku];
  if (!item) return { text: say("stock.away"), mood: "away" };
  if (item.left <= 0) return { text: say("stock.none"), mood: "none" };
  const date = shipBy(item.batches, quantity);
  if (!date) return { text: say("stock.over", { left: item.left }), mood: "none" };
  const few = item.left <= FEW;
  return { text: say(few ? "stock.few" : "stock.left", { left: item.left, day: day(date) }), mood: few ? "few" : "" };
}

/** The items of GET /api/availability for these SKUs, or null when the shop does not say. */
export async function ask(skus) {
  if (!skus.length) return {};
  const query = skus.map((sku) => `sku=${encodeURIComponent(sku)}`).join("&");
  try {
    const { status, data } = await call(`/api/availability?${query}`);
    return status === 200 && data ? data.items : null;
  } catch (error) {
    if (error instanceof Away) return null;
    throw error;
  }
}

/** Asks now, when the tab comes back, and each 15 seconds while it is in view; answers a function that asks at once. */
export function watch(skus, tell) {
  return whileVisible(async () => {
    tell(await ask(skus()));
    return SECONDS;
  });
}
