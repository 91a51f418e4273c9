/** What is left, and by when it ships. */

import { call, unlessAway } from "../core/api.js";
import { day, say, when, whileVisible } from "../core/page.js";
import "../core/words-stock.js";

const FEW = 5;
let seconds = 15; // between two asks; more where the shop says so, since many watch
const LONG_AGO = "1970-01-01T00:00:00Z";
/** A drop that the shop tells no more of. @type {Drop} */
const OVER = {
  drop: "",
  room: "",
  price: 0,
  opens: LONG_AGO,
  closes: LONG_AGO,
  limit: 0,
  left: 0,
  ship_by: null,
  batches: [],
};

/**
 * The date by which `quantity` ships: that of the earliest batch that carries all of it, else of the last of the
 * batches that it is split over, earliest first; null when they hold too little together.
 * @param {Batch[]} batches
 * @param {number} quantity
 * @returns {string | null}
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

/**
 * What there is of a line's goods: of its drop where it is a drop's; null when that is not known.
 * @param {Items} items
 * @param {{sku: string, drop?: string}} line
 * @returns {Item | Drop | null}
 */
export function supply(items, { sku, drop }) {
  const item = items?.[sku] ?? null;
  return item && drop ? (item.drops?.find((one) => one.drop === drop) ?? OVER) : item;
}

/**
 * How a drop stands now: "early", "open" or "over".
 * @param {{opens: string, closes: string}} drop
 * @returns {"early" | "open" | "over"}
 */
export function phase({ opens, closes }) {
  if (Date.now() < Date.parse(opens)) return "early";
  return Date.now() < Date.parse(closes) ? "open" : "over";
}

/**
 * The date by which every line ships, in one parcel: the latest of theirs; null when unknown or not possible.
 * @param {Items} items
 * @param {{sku: string, drop?: string, quantity: number}[]} lines
 * @returns {string | null}
 */
export function shipAllBy(items, lines) {
  const dates = lines.flatMap((line) => shipLineBy(items, line) || []);
  return dates.length && dates.length === lines.length ? dates.sort()[dates.length - 1] : null;
}

/**
 * The date by which one line ships, null where it cannot be had or is not known.
 * @param {Items} items
 * @param {{sku: string, drop?: string, quantity: number}} line
 * @returns {string | null}
 */
export function shipLineBy(items, line) {
  const there = supply(items, line);
  return there && shipBy(there.batches, line.quantity);
}

/**
 * What stands below a line: {text, mood}, mood being "", "few", "none" or "away"; `items` is null when none came.
 * @param {Items} items
 * @param {{sku: string, drop?: string, quantity: number}} line
 * @returns {StockLine}
 */
export function stockLine(items, line) {
  const there = supply(items, line);
  if (!there) return { text: say("stock.away"), mood: "away" };
  if ("kept" in there) return { text: "", mood: "" };
  if ("opens" in there && phase(there) === "over") return { text: say("stock.drop_over"), mood: "none" };
  if ("opens" in there && phase(there) === "early") {
    return { text: say("stock.opens", { time: when(there.opens) }), mood: "none" };
  }
  if (there.left <= 0) return { text: say("stock.none"), mood: "none" };
  const date = shipBy(there.batches, line.quantity);
  if (!date) return { text: say("stock.over", { left: there.left }), mood: "none" };
  const few = there.left <= FEW;
  return { text: say(few ? "stock.few" : "stock.left", { left: there.left, day: day(date) }), mood: few ? "few" : "" };
}

/**
 * The items of GET /api/availability for these SKUs, or null when the shop does not say.
 * @param {string[]} skus
 * @returns {Promise<Items>}
 */
export async function ask(skus) {
  if (!skus.length) return {};
  const query = [...new Set(skus)].map((sku) => `sku=${encodeURIComponent(sku)}`).join("&");
  try {
    /** @type {Answer<"availability">} */
    const { status, data } = await call(`/api/availability?${query}`);
    if (status !== 200) return null;
    seconds = data.poll || seconds;
    return data.items;
  } catch (error) {
    unlessAway(error);
    return null;
  }
}

/**
 * Asks now, when the tab comes back, and again and again while it is in view; answers a function that asks at once.
 * @param {() => string[]} skus
 * @param {(items: Items) => void} tell
 * @returns {() => void}
 */
export function watch(skus, tell) {
  return whileVisible(async () => {
    tell(await ask(skus()));
    return seconds;
  });
}
