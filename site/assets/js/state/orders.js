/** The orders made on this device: number, token, what is needed to list them, and whether they may wait for payment. */

import { now } from "../core/clock.js";
import { home, say } from "../core/page.js";
import { getItem, setItem } from "../core/storage.js";
import "../core/words-goods.js";

const NAME = "cunbo.orders";
const MOST = 50;
const LASTS = 365 * 24 * 60 * 60 * 1000; // a link opens an address: one that nobody needs any more is not kept

/**
 * The latest first, as [{order, token, placed, total, ship_by, open}].
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

/** Those that waited for payment when they were last heard of. No clock says which: a phone's own may be days off. */
export const openOrders = () => orders().filter(({ open }) => open);

/** @param {Order} order */
export function remember({ order, token, total, ship_by, state }) {
  const others = orders().filter((one) => one.order !== order);
  const placed = new Date(now()).toISOString();
  const open = state === "awaiting_payment";
  setItem(NAME, [{ order, token, total, ship_by, placed, open }, ...others].slice(0, MOST));
}

/**
 * Notes that an order waits for payment no more.
 * @param {string} number
 */
export function settle(number) {
  const all = orders();
  if (!all.some(({ order, open }) => open && order === number)) return;
  setItem(
    NAME,
    all.map((one) => (one.order === number ? { ...one, open: false } : one)),
  );
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
  const found = /#([\w-]+)\.([\w-]+)/.exec(link);
  return found && { order: found[1], token: found[2] };
}

export const fromFragment = () => keyOf(window.location.hash);

/**
 * The page of an order, which begins to pay it by `method`; its key stands behind the #, which no server sees.
 * @param {Key} key
 * @param {string} [method]
 */
export const orderPage = ({ order, token }, method) =>
  `${home}order/${method ? `?pay=${method}` : ""}#${order}.${token}`;

/**
 * Where an order is paid, while it can be: its own page, from which one leaves for a provider; but the sandbox's page is
 * the shop's own.
 * @param {Order} order
 * @param {string} [method]
 */
export function payPage(order, method) {
  const { action, url = "" } = order.payment;
  if (order.state !== "awaiting_payment") return orderPage(order);
  return action === "redirect" && url.startsWith(`${window.location.origin}/`) ? url : orderPage(order, method);
}

/**
 * What an order is of, in short.
 * @param {{lines: OrderLine[]}} order
 */
export function goods({ lines }) {
  const names = lines
    .slice(0, 2)
    .map(({ name, sku, quantity }) => `${name || sku} ${say("goods.times", { count: quantity })}`);
  return names.join(say("goods.comma")) + (lines.length > 2 ? say("goods.more", { count: lines.length }) : "");
}

if (getItem(NAME)) setItem(NAME, orders()); // without those that have had their year
