/**
 * What the checkout orders: the cart or, where the address holds the key of a place on the waitlist, the units that this
 * place was given. They are ordered by themselves, and the cart stays as it is.
 */

import { call } from "../../core/api.js";
import { CART, pending, wayOf } from "../../core/attempt.js";
import { home } from "../../core/page.js";
import * as cart from "../../state/cart.js";
import { fromFragment } from "../../state/orders.js";
import { ask, watch } from "../../state/stock.js";

export const key = fromFragment();
export const way = key ? wayOf(key) : CART;
export const placePage = key ? `${home}waiting/#${key.order}.${key.token}` : "";

/** @type {(() => void)[]} */
const listeners = [];
/** @type {WaitlistPlace | null} */
let place = null; // as the shop tells it
let wanted = 0; // of its units

/**
 * Fetches the place, if it is one's; answers whether anything can be ordered from it. Throws Away.
 * @returns {Promise<boolean>}
 */
export async function open() {
  if (!key) return true;
  /** @type {Answer<"place">} */
  const { status, data } = await call(`/api/waitlist/${key.order}`, { token: key.token });
  const [sent] = pending(way);
  if (status !== 200 || (data.state !== "invited" && !sent)) return false;
  place = data;
  wanted = sent ? JSON.parse(sent.wish).lines[0].quantity : wanted || place.units;
  return true;
}

/** The place as it was fetched, null where it is the cart that is ordered. */
export const invitation = () => place;

/**
 * The lines, as the cart tells its own.
 * @returns {CartLine[]}
 */
export function lines() {
  if (!key) return cart.lines();
  return place
    ? [{ sku: place.sku, quantity: wanted, price: place.unit_price ?? 0, name: place.name, drop: "", room: "" }]
    : [];
}

export const skus = () => lines().map(({ sku }) => sku);

/**
 * Makes it another quantity of a line; of the cart's 0 takes it out.
 * @param {CartLine} line
 * @param {number} quantity
 * @returns {CartTrouble}
 */
export function change(line, quantity) {
  if (!key) return cart.set(line, quantity);
  wanted = quantity;
  for (const callback of listeners) callback();
  return "";
}

/**
 * Puts these goods into the cart in the place of a line.
 * @param {CartLine} line
 * @param {Goods} goods
 * @param {number} quantity
 */
export function exchange(line, goods, quantity) {
  cart.set(line, 0);
  cart.add(goods, quantity);
}

/** What was to be ordered has been. */
export function done() {
  if (!key) cart.empty();
}

/**
 * Calls back when the lines change.
 * @param {() => void} callback
 */
export function onChange(callback) {
  if (key) listeners.push(callback);
  else cart.onChange(callback);
}

/**
 * What is left of the lines' goods, as availability tells it; null when the shop does not say.
 * @returns {Promise<Items>}
 */
export const stock = async () => (key ? kept() : ask(skus()));

/**
 * Tells what is left now and whenever there is news; answers a function that asks at once.
 * @param {(items: Items) => void} tell
 * @returns {() => void}
 */
export function watchStock(tell) {
  if (!key) return watch(skus, tell);
  const look = () => tell(kept());
  look();
  return look;
}

/** @returns {Items} */
function kept() {
  if (!place) return null;
  const { sku, units, ship_by } = place;
  return { [sku]: { left: units ?? 0, batches: units && ship_by ? [{ ship_by, left: units }] : [], kept: true } };
}
