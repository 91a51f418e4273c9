/** The packing board: what is late, today's, tomorrow's and later; waves to print, what to fetch, what must stop. */

import { count, day, part, say, show, stamp, write } from "../../core/page.js";
import { nameOf } from "../../state/catalog.js";
import { dayOf, grouped, isStopped, isToPack, isToPrint, pickList, villageDay, wavesOf } from "../../state/waves.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import "../../core/words-goods.js";
import "../../core/words-packing.js";

const DAYS = /** @type {const} */ (["late", "today", "tomorrow", "later"]);
const STAGES = /** @type {const} */ (["to_print", "printed", "outdated", "packed"]);
const MOST_ROWS = 60;
const SHORT = 6; // digits by which an order is called

/**
 * What a tap on the board does; each answers when it is done.
 * @typedef {{print(orders: string[]): Promise<void>, reprint(order: string): Promise<void>, clear(entry: PackEntry): Promise<void>}} BoardActs
 */

/** The last digits of an order, as people say it. @param {string} order */
export const shortOf = (order) => order.slice(-SHORT);

/**
 * @param {PackEntry[]} orders
 * @param {string} today
 * @param {Shop} shop
 * @param {BoardActs} acts
 */
export function paintBoard(orders, today, shop, acts) {
  /** @param {string} sku */
  const productOf = (sku) => shop.packs.get(sku)?.product ?? sku;
  const living = orders.filter((entry) => !isStopped(entry));
  const byDay = grouped(living, ({ ship_by }) => dayOf(ship_by, today));
  part("days-of-packing").replaceChildren(
    ...DAYS.flatMap((name) => {
      const found = byDay.get(name);
      return found ? [dayRow(name, found, shop, productOf)] : [];
    }),
  );
  show(part("nothing"), !living.length);
  const toPrint = wavesOf(living.filter(isToPrint), productOf);
  rows("waves", toPrint, (wave) => waveRow(wave, today, shop, acts));
  show(part("waves-none"), !toPrint.length);
  const wanted = pickList(living.filter(isToPack));
  rows("picks", wanted, (one) => pickRow(one, shop));
  const printed = living.filter(({ stage }) => stage === "printed").slice(0, MOST_ROWS);
  rows("printed-list", printed, (entry) => reprintRow(entry, shop, acts));
}

/**
 * Shows what must stop; answers the orders that are among it.
 * @param {PackEntry[]} orders
 * @param {Shop} shop
 * @param {BoardActs} acts
 */
export function paintStops(orders, shop, acts) {
  const stopped = orders.filter(isStopped);
  show(part("stops"), stopped.length > 0);
  rows("stop-list", stopped, (entry) => stopRow(entry, shop, acts));
  return stopped.map(({ order, stage }) => `${order} ${stage}`);
}

/**
 * How long it is until the courier comes, or since when that is over.
 * @param {PackEntry[]} orders
 * @param {string} courier when it comes, such as 21:30, "" where the shop names no time
 * @param {number} now in milliseconds
 */
export function paintCountdown(orders, courier, now) {
  const today = villageDay(now);
  const left = orders.filter((entry) => isToPack(entry) && entry.ship_by <= today).length;
  const until = courier ? Date.parse(`${today}T${courier}:00+08:00`) - now : 0;
  const minutes = Math.floor(Math.abs(until) / 60000);
  const time = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  const name = !left ? "done" : courier ? (until > 0 ? "before" : "after") : "open";
  write(part("countdown"), say(`packing.courier.${name}`, { left, time, at: courier }));
  part("countdown").dataset.mood = until <= 0 && courier && left ? "bad" : "";
}

/** What each list was made from, so that no button is made anew under a thumb. @type {Map<string, string>} */
const painted = new Map();

/**
 * Fills a list with a row of each thing, where these are others than before, and nobody is about to tap a second time.
 * @template Thing
 * @param {string} name
 * @param {Thing[]} things
 * @param {(thing: Thing) => HTMLElement} row
 */
function rows(name, things, row) {
  const list = part(name);
  const made = JSON.stringify(things);
  if (painted.get(name) === made || list.querySelector("[data-asking], [aria-busy]")) return;
  painted.set(name, made);
  list.replaceChildren(...things.map(row));
}

/**
 * @param {string} name
 * @param {PackEntry[]} entries
 * @param {Shop} shop
 * @param {(sku: string) => string} productOf
 */
function dayRow(name, entries, shop, productOf) {
  const section = stamp("pack-day");
  section.dataset.day = name;
  const days = [...new Set(entries.map(({ ship_by }) => ship_by))].sort();
  const span =
    days.length === 1 ? day(days[0], "short") : `${day(days[0], "short")} – ${day(days[days.length - 1], "short")}`;
  write(part("day-name", section), say(`packing.days.${name}`, { days: span, orders: entries.length }));
  write(part("day-counts", section), countsOf(entries));
  const benches = grouped(entries, ({ lines }) =>
    [...new Set(lines.map(({ sku }) => productOf(sku)))].sort().join("+"),
  );
  part("day-products", section).append(
    ...[...benches.values()].map((found) => {
      const row = document.createElement("li");
      row.textContent = `${productsOf(found, shop)}${say("packing.colon")}${countsOf(found)}`;
      return row;
    }),
  );
  return section;
}

/** @param {PackEntry[]} entries */
function countsOf(entries) {
  const stages = grouped(entries, ({ stage }) => stage);
  return STAGES.flatMap((stage) => {
    const found = stages.get(stage);
    return found ? [say(`packing.stages.${stage}`, { orders: found.length })] : [];
  }).join(say("goods.comma"));
}

/**
 * The products of orders that have the same ones.
 * @param {PackEntry[]} entries
 * @param {Shop} shop
 */
function productsOf([{ lines }], shop) {
  return [...new Set(lines.map(({ sku }) => productName(sku, shop)))].join(" + ");
}

/**
 * What a pack's product is called: the words that the names of all its packs begin with.
 * @param {string} sku
 * @param {Shop} shop
 */
function productName(sku, shop) {
  const product = shop.packs.get(sku)?.product;
  const names = [...shop.packs.values()].flatMap((pack) => (pack.product === product ? [pack.name.split(" ")] : []));
  if (!product) return sku;
  const [first] = names;
  const end = first.findIndex((word, place) => names.some((other) => other[place] !== word));
  return (end > 0 ? first.slice(0, end) : first).join(" ");
}

/**
 * @param {PackEntry["lines"]} lines
 * @param {Shop} shop
 */
const linesIn = (lines, shop) => lines.map(({ sku, quantity }) => `${quantity} × ${nameOf(shop, sku)}`).join(" + ");

/**
 * @param {PackWave} wave
 * @param {string} today
 * @param {Shop} shop
 * @param {BoardActs} acts
 */
function waveRow({ day: shipBy, contents, entries }, today, shop, acts) {
  const row = stamp("wave");
  const which = dayOf(shipBy, today);
  row.dataset.day = which;
  const units = entries.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0);
  const several = contents.includes("|") ? "packing.together" : "packing.alike";
  const words = contents
    ? say(several, { lines: linesIn(entries[0].lines, shop), units })
    : say("packing.mixed", { units, skus: pickList(entries).length });
  write(part("wave-words", row), `${say(`packing.day.${which}`, { day: day(shipBy, "short") })} · ${words}`);
  const button = part("wave-print", row);
  write(button, say("packing.print", { count: entries.length }));
  button.addEventListener("click", () => busy(button, () => acts.print(entries.map(({ order }) => order))));
  return row;
}

/**
 * @param {ReturnType<typeof pickList>[number]} wanted
 * @param {Shop} shop
 */
function pickRow({ sku, units, orders }, shop) {
  const row = document.createElement("li");
  const unit = shop.packs.get(sku)?.unit ?? "";
  const several = orders.filter(([quantity]) => quantity > 1);
  const twos = several.map(([quantity, number]) =>
    say("packing.of_several", { quantity, orders: number, units: quantity * number }),
  );
  row.textContent = [`${count(units, unit)} · ${nameOf(shop, sku)}`, ...twos].join(say("goods.comma"));
  return row;
}

/**
 * @param {PackEntry} entry
 * @param {Shop} shop
 * @param {BoardActs} acts
 */
function reprintRow({ order, ship_by, lines }, shop, acts) {
  const words = `…${shortOf(order)} · ${day(ship_by, "short")} · ${linesIn(lines, shop)}`;
  return actRow(words, say("packing.reprint"), () => acts.reprint(order));
}

/**
 * @param {PackEntry} entry
 * @param {Shop} shop
 * @param {BoardActs} acts
 */
function stopRow(entry, shop, acts) {
  const words = say(`packing.stopped.${entry.stage}`, {
    order: shortOf(entry.order),
    lines: linesIn(entry.lines, shop),
  });
  return actRow(words, say(`packing.cleared.${entry.stage}`), () => acts.clear(entry), true);
}

/**
 * @param {string} words
 * @param {string} does
 * @param {() => Promise<void>} act
 * @param {boolean} [twice] whether it wants a second tap
 */
export function actRow(words, does, act, twice = false) {
  const row = stamp("pack-row");
  const button = part("row-act", row);
  write(part("row-words", row), words);
  write(button, does);
  const run = () => busy(button, act);
  if (twice) confirmTwice(button, () => say("packing.sure"), run);
  else button.addEventListener("click", run);
  return row;
}

/**
 * Does it once, however often the button is tapped meanwhile.
 * @param {HTMLElement} button
 * @param {() => Promise<void>} act
 */
export async function busy(button, act) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  await act().finally(() => button.removeAttribute("aria-busy"));
}
