/** What is left, and by when it ships. */

import { call, unlessAway } from "../core/api.js";
import { now } from "../core/clock.js";
import { count, say, shipsBy, when, whileVisible } from "../core/page.js";
import "../core/words-stock.js";

let seconds = 15; // between two asks; more where the shop says so, since many watch
/** What is left of a drop that the shop tells no more of. */
const OVER = /** @type {Drop} */ (/** @type {unknown} */ ({ opens: "1970", closes: "1970", left: 0, batches: [] }));

/** @param {Batch[]} batches */
const byDate = (batches) => [...batches].sort((one, other) => (one.ship_by < other.ship_by ? -1 : 1));

/**
 * The batches that `quantity` comes from, by date: the earliest that carries all of it, else several, earliest first;
 * none when they hold too little together.
 * @param {Batch[]} batches
 * @param {number} quantity
 * @returns {Batch[]}
 */
function partsOf(batches, quantity) {
  const some = byDate(batches).filter(({ left }) => left > 0);
  const whole = some.find(({ left }) => left >= quantity);
  if (whole) return [whole];
  let missing = quantity;
  const last = some.findIndex(({ left }) => {
    missing -= left;
    return missing <= 0;
  });
  return some.slice(0, last + 1);
}

/**
 * The date by which `quantity` ships; null when the batches hold too little.
 * @param {Batch[]} batches
 * @param {number} quantity
 * @returns {string | null}
 */
export function shipBy(batches, quantity) {
  return partsOf(batches, quantity).pop()?.ship_by ?? null;
}

/**
 * The row of days: each batch with what that day's hands can still make, and whether `quantity` comes from it. Days that
 * are full stand there too, but no more than one of those before the first that is yours.
 * @param {Batch[]} batches
 * @param {number} quantity
 * @returns {(Batch & {mine: boolean})[]}
 */
export function daysOf(batches, quantity) {
  const mine = partsOf(batches, quantity).map(({ ship_by }) => ship_by);
  const days = byDate(batches).map((batch) => ({ ...batch, mine: mine.includes(batch.ship_by) }));
  const first = days.findIndex((one) => one.mine);
  return days.slice(Math.max(first - 1, 0));
}

/**
 * The drop that says what a pack costs: the open one of the room that was scanned, else the cheapest that is open; failing
 * that one that is sold out, then the next to open. None that costs as much as the pack itself; null where there is none.
 * @param {Item | undefined} item
 * @param {number} ordinary
 * @param {string} room
 * @returns {Drop | null}
 */
export function offerOf(item, ordinary, room) {
  /** @param {Drop} drop */
  const rank = (drop) => (phase(drop) === "early" ? 3 : drop.left <= 0 ? 2 : drop.room === room ? 0 : 1);
  const offers = (item?.drops ?? []).filter((drop) => drop.price < ordinary && phase(drop) !== "over");
  offers.sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (rank(one) === 3 && Date.parse(one.opens) - Date.parse(other.opens)) ||
      one.price - other.price,
  );
  return offers[0] ?? null;
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
 * How a drop stands now, by the shop's clock: "early", "open" or "over".
 * @param {{opens: string, closes: string}} drop
 * @returns {"early" | "open" | "over"}
 */
export function phase({ opens, closes }) {
  if (now() < Date.parse(opens)) return "early";
  return now() < Date.parse(closes) ? "open" : "over";
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
 * What stands below a line: {text, mood}, mood being "", "few", "none" or "away"; `items` is null when none came. Beside a
 * date stands what ships by that date; `unit` is what is counted.
 * @param {Items} items
 * @param {{sku: string, drop?: string, quantity: number}} line
 * @param {string} [unit]
 * @returns {StockLine}
 */
export function stockLine(items, line, unit = "") {
  const there = supply(items, line);
  if (!there) return { text: say("stock.away"), mood: "away" };
  if ("kept" in there) return { text: "", mood: "" };
  if ("opens" in there && phase(there) !== "open") {
    return {
      text: say(phase(there) === "early" ? "stock.opens" : "stock.drop_over", { time: when(there.opens) }),
      mood: "none",
    };
  }
  if (there.left <= 0) return { text: say("off" in there ? "stock.stopped" : "stock.none"), mood: "none" };
  const parts = partsOf(there.batches, line.quantity);
  if (!parts.length) return { text: say("stock.over", { left: count(there.left, unit) }), mood: "none" };
  const { ship_by, left } = parts[parts.length - 1];
  const ships_by = shipsBy(ship_by);
  if (parts.length > 1) return { text: say("stock.split", { ships_by, batches: parts.length }), mood: "few" };
  const few = left <= 5;
  return { text: say(few ? "stock.few" : "stock.left", { ships_by, left: count(left, unit) }), mood: few ? "few" : "" };
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
