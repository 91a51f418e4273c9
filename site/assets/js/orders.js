/** The orders made on this device: number, token and what is needed to list them. */

import { keep, recall } from "./memory.js";

const NAME = "cunbo.orders";
const MOST = 50;

/** The latest first, as [{order, token, placed, total, ship_by}]. */
export function orders() {
  const kept = recall(NAME);
  return Array.isArray(kept)
    ? kept.filter((one) => one && typeof one.order === "string" && typeof one.token === "string")
    : [];
}

export function remember({ order, token, total, ship_by }) {
  const others = orders().filter((one) => one.order !== order);
  keep(NAME, [{ order, token, total, ship_by, placed: new Date().toISOString() }, ...others].slice(0, MOST));
}

/** {order, token} from the page's fragment, #ORDER.TOKEN, or null. */
export function fromFragment() {
  const found = /^#([\w-]+)\.([\w-]+)$/.exec(window.location.hash);
  return found && { order: found[1], token: found[2] };
}
