/** The orders made on this device: number, token and what is needed to list them. */

import { say } from "../core/page.js";
import { getItem, setItem } from "../core/storage.js";
import "../core/words-common.js";

const NAME = "cunbo.orders";
const MOST = 50;
const YOUNG = 60 * 60 * 1000; // no hold lasts longer
const LASTS = 365 * 24 * YOUNG; // a link opens an address: one that nobody needs any more is not kept

/**
 * The latest first, as [{order, token, placed, total, ship_by}].
 * @returns {OwnOrder[]}
 */
export function orders() {
  const kept = getItem(NAME);
  return Array.isArray(kept)
    ? kept.filter((one) => one && typeof one.order === "string" && typeof one.token === "string" && lasts(one))
    : [];
}

/** @param {OwnOrder} order */
const lasts = ({ placed }) => !(Math.abs(Date.now() - Date.parse(placed)) > LASTS);

/** Those of the last hour, which may still wait for payment. */
export const youngOrders = () => orders().filter(({ placed }) => Date.now() - Date.parse(placed) < YOUNG);

/** @param {Order} order */
export function remember({ order, token, total, ship_by }) {
  const others = orders().filter((one) => one.order !== order);
  setItem(NAME, [{ order, token, total, ship_by, placed: new Date().toISOString() }, ...others].slice(0, MOST));
}

/**
 * Takes an order off this device's list; the order itself stays.
 * @param {string} number
 */
export function forgetOrder(number) {
  setItem(
    NAME,
    orders().filter(({ order }) => order !== number),
  );
}

/**
 * {order, token} from the end of an order's link, …#ORDER.TOKEN, or null.
 * @param {string} link
 * @returns {Key | null}
 */
export function keyOf(link) {
  const found = /#([\w-]+)\.([\w-]+)\s*$/.exec(link);
  return found && { order: found[1], token: found[2] };
}

export const fromFragment = () => keyOf(window.location.hash);

/**
 * What an order is of, in short.
 * @param {{lines: OrderLine[]}} order
 */
export function goods({ lines }) {
  const names = lines
    .slice(0, 2)
    .map(({ name, sku, quantity }) => `${name || sku} ${say("common.times", { count: quantity })}`);
  return names.join(say("common.comma")) + (lines.length > 2 ? say("common.more", { count: lines.length }) : "");
}

if (getItem(NAME)) setItem(NAME, orders()); // without those that have had their year
