/** The cart: which packs, how many, and the price at which each was last seen. It lives on this device only. */

import { forget, keep, onOtherTab, recall } from "./memory.js";

const NAME = "cunbo.cart";
export const MOST_UNITS = 20;
export const MOST_LINES = 10;

const listeners = [];

/** The lines as [{sku, quantity, price}]; whatever is no line is left out. */
export function lines() {
  const kept = recall(NAME);
  return Array.isArray(kept) ? kept.filter(isLine).slice(0, MOST_LINES) : [];
}

/** Puts more of a pack into the cart; answers as `set` does. */
export function add(sku, quantity, price) {
  const line = lines().find((one) => one.sku === sku);
  return set(sku, quantity + (line ? line.quantity : 0), price);
}

/** Makes it exactly so many of a pack, 0 for none; answers "many" or "most" where a limit kept some out, else "". */
export function set(sku, quantity, price) {
  const all = lines();
  const line = all.find((one) => one.sku === sku);
  if (!line && all.length === MOST_LINES) return "many";
  const now = { sku, quantity: Math.min(quantity, MOST_UNITS), price };
  const others = line ? all.map((one) => (one === line ? now : one)) : [...all, now];
  store(others.filter((one) => one.quantity > 0));
  return quantity > MOST_UNITS ? "most" : "";
}

export function empty() {
  forget(NAME);
  tell();
}

/**
 * Brings the cart up to the catalogue: `packs` by SKU, with name and price. Answers what changed, as
 * [{kind: "price", name, old, new}] and [{kind: "gone", name}].
 */
export function reconcile(packs) {
  const changes = [];
  const kept = [];
  for (const line of lines()) {
    const pack = packs.get(line.sku);
    if (!pack) {
      changes.push({ kind: "gone", name: line.sku });
      continue;
    }
    if (pack.price !== line.price) changes.push({ kind: "price", name: pack.name, old: line.price, new: pack.price });
    kept.push({ ...line, price: pack.price });
  }
  if (changes.length) store(kept);
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
