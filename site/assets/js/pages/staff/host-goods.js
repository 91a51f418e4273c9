/** The goods of the console: those of the running order first, then the room's own; found by name, SKU or initials. */

import { all, count, lang, money, one, part, say, shipsBy, show, stamp, write } from "../../core/page.js";
import { confirmTwice, isAsking } from "../../widgets/confirm-twice.js";
import { initials } from "./initials.js";
import "../../core/words-host.js";

/**
 * What the goods' buttons do. `back` takes back what was added of a SKU; `added` is how many units that would be now.
 * @typedef {{
 *   pin: (button: HTMLElement, sku: string) => void,
 *   add: (button: HTMLElement, sku: string, units: number) => void,
 *   back: (button: HTMLElement, sku: string) => void,
 *   added: (sku: string) => number,
 *   order: (button: HTMLElement, skus: string[]) => void,
 * }} Acts
 */

/** @type {Map<string, HTMLElement>} */
const rows = new Map(); // by SKU
let room = "";
let listed = "";
/** @type {string[]} */
let ordered = [];
/** @type {Map<string, string>} */
const sought = new Map(); // what a SKU is found by

/**
 * Returns the SKUs in the order of the list: the running order, the rest of the room's own goods, all others.
 * @param {RoomConsole} told
 * @param {StaffMember["rooms"][number]} here
 */
function listOf({ stock, order }, here) {
  const rest = Object.keys(stock).filter((sku) => !order.skus.includes(sku));
  /** @param {string} sku */
  const own = (sku) => here.products.includes(stock[sku].product);
  return [...order.skus, ...rest.filter(own), ...rest.filter((sku) => !own(sku))];
}

/**
 * @param {RoomConsole} told
 * @param {StaffMember["rooms"][number]} here
 * @param {Acts} acts
 */
export function paintGoods(told, here, acts) {
  const { stock, showing, order } = told;
  const skus = listOf(told, here);
  if (room !== here.room || skus.some((sku) => !rows.has(sku))) {
    room = here.room;
    listed = "";
    rows.clear();
    part("goods").replaceChildren();
    for (const sku of skus) addGood(sku, stock[sku], acts);
  }
  if (listed !== skus.join()) arrange(skus, stock);
  ordered = order.skus;
  write(part("order-by"), order.by ? say("host.order_by", order) : say("host.order_own"));
  for (const sku of skus) {
    const row = rows.get(sku);
    if (!row) continue;
    const { price, left, ship_by: date, can_add: most, unit, off } = stock[sku];
    const place = ordered.indexOf(sku);
    write(part("good-place", row), place < 0 ? "" : `${place + 1}.`);
    write(part("good-price", row), money(price));
    write(
      part("good-left", row),
      left > 0
        ? say("host.left", { left: count(left, unit[lang]) }) + (date ? ` · ${shipsBy(date)}` : "")
        : say(off ? "host.stopped" : "host.none"),
    );
    one(".good", row).setAttribute("aria-pressed", String(showing?.sku === sku));
    paintMoves(row, place);
    paintUnits(row, Math.min(most, 10), acts.added(sku));
  }
}

/**
 * @param {HTMLElement} row
 * @param {number} place in the running order; -1 outside it
 */
function paintMoves(row, place) {
  const shown = { up: place > 0, down: place >= 0 && place < ordered.length - 1, out: place >= 0, in: place < 0 };
  for (const [move, can] of Object.entries(shown)) show(one(`[data-move="${move}"]`, row), can);
}

/**
 * @param {HTMLElement} row
 * @param {number} units that can be added
 * @param {number} added and can still be taken back
 */
function paintUnits(row, units, added) {
  const back = part("good-back", row);
  write(back, added ? say("host.back", { count: added }) : "");
  show(back, added > 0);
  const button = part("good-add", row);
  if (isAsking(button)) return;
  write(button, units ? say("host.add", { count: units }) : "");
  show(button, units > 0);
  button.dataset.units = String(units);
}

/**
 * Puts the rows in order; whoever has just moved one keeps the button under the finger.
 * @param {string[]} skus
 * @param {RoomConsole["stock"]} stock
 */
function arrange(skus, stock) {
  const focused = document.activeElement;
  const chosen = part("drop").elements.sku;
  const kept = chosen.value;
  part("goods").append(...skus.map((sku) => /** @type {HTMLElement} */ (rows.get(sku))));
  chosen.replaceChildren(...skus.map((sku) => new Option(stock[sku].name[lang], sku)));
  if (skus.includes(kept)) chosen.value = kept;
  if (focused instanceof HTMLElement && part("goods").contains(focused)) focused.focus();
  listed = skus.join();
}

/**
 * @param {string} sku
 * @param {RoomConsole["stock"][string]} goods
 * @param {Acts} acts
 */
function addGood(sku, { name, product }, acts) {
  const row = stamp("good");
  const button = one(".good", row);
  const more = part("good-add", row);
  const back = part("good-back", row);
  const units = () => Number(more.dataset.units);
  for (const each of [more, back, ...all("[data-move]", row)]) each.setAttribute("aria-describedby", `good-${sku}`);
  confirmTwice(
    more,
    () => say("host.add_sure", { count: units() }),
    () => acts.add(more, sku, units()),
  );
  back.addEventListener("click", () => acts.back(back, sku));
  for (const move of all("[data-move]", row)) {
    move.addEventListener("click", () => acts.order(move, moved(sku, move.dataset.move ?? "")));
  }
  button.id = `good-${sku}`;
  button.addEventListener("click", () => acts.pin(button, sku));
  write(part("good-name", row), name[lang]);
  const words = [name.zh, name.en, sku, product, initials(name.zh)];
  sought.set(sku, words.join(" ").toLowerCase());
  one(".moves", row).hidden = part("ordering").getAttribute("aria-pressed") !== "true";
  rows.set(sku, row);
}

/**
 * Returns the running order after a move.
 * @param {string} sku
 * @param {string} move
 */
export function moved(sku, move, order = ordered) {
  const place = order.indexOf(sku);
  const rest = order.filter((each) => each !== sku);
  if (move === "out") return rest;
  const to = move === "in" ? rest.length : place + (move === "up" ? -1 : 1);
  return [...rest.slice(0, to), sku, ...rest.slice(to)];
}

/** Shows what is looked for: each word of it stands in a row's name, SKU or initials. */
function find() {
  const wanted = part("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const [sku, row] of rows) {
    const fits = wanted.every((word) => sought.get(sku)?.includes(word));
    show(row, fits);
    found += Number(fits);
  }
  show(part("found-none"), !found);
}

part("search").addEventListener("input", find);
part("ordering").addEventListener("click", () => {
  const on = part("ordering").getAttribute("aria-pressed") !== "true";
  part("ordering").setAttribute("aria-pressed", String(on));
  for (const [, row] of rows) {
    one(".moves", row).hidden = !on;
    one(".acts", row).hidden = on;
  }
});
