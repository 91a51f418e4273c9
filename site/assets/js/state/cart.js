/**
 * The cart: which packs, how many, and the name and price at which each was last seen. It lives on this device only.
 * What is bought in a drop is a line of its own, beside one of the same pack at its ordinary price.
 */

import { getItem, onOtherTab, removeItem, setItem } from "../core/storage.js";

const NAME = "cunbo.cart";
export const MOST_UNITS = 20;
export const MOST_LINES = 10;

/** @type {(() => void)[]} */
const listeners = [];

/**
 * The lines as [{sku, quantity, price, name, drop, room}], the last three "" where there is none.
 * @returns {CartLine[]}
 */
export function lines() {
  const kept = getItem(NAME);
  return Array.isArray(kept) ? kept.filter(isLine).slice(0, MOST_LINES).map(whole) : [];
}

/** @param {unknown} value */
const word = (value) => (typeof value === "string" ? value : "");
/**
 * @param {CartLine} line
 * @returns {CartLine}
 */
const whole = ({ sku, quantity, price, name, drop, room }) => ({
  sku,
  quantity,
  price,
  name: word(name),
  drop: word(drop),
  room: word(room),
});

/**
 * Tells lines apart.
 * @param {{sku: string, drop?: string}} line
 */
export const idOf = ({ sku, drop = "" }) => `${sku} ${drop}`;

/**
 * @param {CartLine[]} all
 * @param {{sku: string, drop?: string}} goods
 */
const find = (all, goods) => all.find((line) => idOf(line) === idOf(goods));

/**
 * Puts more of these goods into the cart; answers as `set` does.
 * @param {Goods} goods
 * @param {number} quantity
 */
export function add(goods, quantity) {
  const line = find(lines(), goods);
  return set(goods, quantity + (line ? line.quantity : 0));
}

/**
 * Makes it exactly so many of these goods, 0 for none: {sku, price}, and where there is one their name, the most that
 * an order may have, and the drop with its room. Answers "" or what kept some out: "many" lines, the "most" of these,
 * or another drop's "room", for an order is placed in one.
 * @param {Goods} goods
 * @param {number} quantity
 * @returns {CartTrouble}
 */
export function set({ sku, price, name = "", most = MOST_UNITS, drop = "", room = "" }, quantity) {
  const all = lines();
  const line = find(all, { sku, drop });
  if (!line && quantity > 0 && all.length === MOST_LINES) return "many";
  if (drop && quantity > 0 && all.some((other) => other.room && other.room !== room)) return "room";
  const now = { sku, quantity: Math.min(quantity, most), price, name: name || line?.name || "", drop, room };
  const others = line ? all.map((one) => (one === line ? now : one)) : [...all, now];
  store(others.filter((one) => one.quantity > 0));
  return quantity > most ? "most" : "";
}

export function empty() {
  removeItem(NAME);
  tell();
}

/**
 * Brings the cart up to the catalogue: `packs` by SKU, with name, price and per_order. Answers what changed for the
 * shopper, as [{kind: "price", name, old, new}], [{kind: "most", name, most, unit}] and [{kind: "gone", name}].
 * @param {Map<string, Pack>} packs
 * @returns {CartChange[]}
 */
export function reconcile(packs) {
  /** @type {CartChange[]} */
  const changes = [];
  const before = lines();
  const kept = before.flatMap((line) => {
    const pack = packs.get(line.sku);
    if (!pack) {
      changes.push({ kind: "gone", name: line.name || line.sku });
      return [];
    }
    const { name, price, per_order: most } = pack;
    if (price !== line.price && !line.drop) changes.push({ kind: "price", name, old: line.price, new: price });
    if (line.quantity > most) changes.push({ kind: "most", name, most, unit: pack.unit });
    return [{ ...line, quantity: Math.min(line.quantity, most), price: line.drop ? line.price : price, name }];
  });
  if (JSON.stringify(kept) !== JSON.stringify(before)) store(kept);
  return changes;
}

/**
 * Calls back when the cart changes, here or in another tab.
 * @param {() => void} callback
 */
export function onChange(callback) {
  listeners.push(callback);
}

/** @param {CartLine[]} all */
function store(all) {
  setItem(NAME, all);
  tell();
}

function tell() {
  for (const callback of listeners) callback();
}

/** @param {any} line */
function isLine(line) {
  return (
    typeof line?.sku === "string" &&
    Number.isInteger(line.quantity) &&
    line.quantity >= 1 &&
    line.quantity <= MOST_UNITS &&
    Number.isInteger(line.price)
  );
}

onOtherTab(NAME, tell);
