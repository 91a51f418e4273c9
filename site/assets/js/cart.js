/** The cart: which packs, how many, and the name and price at which each was last seen. It lives on this device only. */

import { forget, keep, onOtherTab, recall } from "./memory.js";

const NAME = "cunbo.cart";
export const MOST_UNITS = 20;
export const MOST_LINES = 10;

const listeners = [];

/** The lines as [{sku, quantity, price, name}], the name "" where none is known; whatever is no line is left out. */
export function lines() {
  const kept = recall(NAME);
  return Array.isArray(kept)
    ? kept
        .filter(isLine)
        .slice(0, MOST_LINES)
        .map((line) => ({ ...line, name: typeof line.name === "string" ? line.name : "" }))
    : [];
}

/** Puts more of a pack into the cart; answers as `set` does. */
export function add(sku, quantity, price, about) {
  const line = lines().find((one) => one.sku === sku);
  return set(sku, quantity + (line ? line.quantity : 0), price, about);
}

/**
 * Makes it exactly so many of a pack, 0 for none; `about` may give its name, and the most that an order may have.
 * Answers "many" or "most" where a limit kept some out, else "".
 */
export function set(sku, quantity, price, { name = "", most = MOST_UNITS } = {}) {
  const all = lines();
  const line = all.find((one) => one.sku === sku);
  if (!line && quantity > 0 && all.length === MOST_LINES) return "many";
  const now = { sku, quantity: Math.min(quantity, most), price, name: name || (line ? line.name : "") };
  const others = line ? all.map((one) => (one === line ? now : one)) : [...all, now];
  store(others.filter((one) => one.quantity > 0));
  return quantity > most ? "most" : "";
}

export function empty() {
  forget(NAME);
  tell();
}

/**
 * Brings the cart up to the catalogue: `packs` by SKU, with name, price and per_order. Answers what changed for the
 * shopper, as [{kind: "price", name, old, new}], [{kind: "most", name, most}] and [{kind: "gone", name}].
 */
export function reconcile(packs) {
  const changes = [];
  const before = lines();
  const kept = before.flatMap((line) => {
    const pack = packs.get(line.sku);
    if (!pack) {
      changes.push({ kind: "gone", name: line.name || line.sku });
      return [];
    }
    const { name, price, per_order: most } = pack;
    if (price !== line.price) changes.push({ kind: "price", name, old: line.price, new: price });
    if (line.quantity > most) changes.push({ kind: "most", name, most });
    return [{ sku: line.sku, quantity: Math.min(line.quantity, most), price, name }];
  });
  if (JSON.stringify(kept) !== JSON.stringify(before)) store(kept);
  return changes;
}

/** Calls back when the cart changes, here or in another tab. */
export function onChange(callback) {
  listeners.push(callback);
}

function store(all) {
  keep(NAME, all);
  tell();
}

function tell() {
  listeners.forEach((callback) => callback());
}

function isLine(line) {
  return (
    line !== null &&
    typeof line === "object" &&
    typeof line.sku === "string" &&
    Number.isInteger(line.quantity) &&
    line.quantity >= 1 &&
    line.quantity <= MOST_UNITS &&
    Number.isInteger(line.price)
  );
}

onOtherTab(NAME, tell);
