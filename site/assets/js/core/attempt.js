/**
 * One attempt to place an order. The shop makes one order per key, so the same attempt must carry the same key and the
 * very same body until a definite answer has come: through double taps, reloads and lost answers. It holds an address, so
 * it is kept for a day.
 *
 * A way is {name, path, token}: where the attempt is kept, where it is sent to and what opens that.
 */

import { call } from "./api.js";
import { nameBrowser, newKey } from "./browser.js";
import { getPersonal, removeItem, setPersonal } from "./storage.js";

export const CART = { name: "cunbo.attempt", path: "/api/checkout", token: "" };

/**
 * The way of an order for what a place on the waitlist, {order, token}, was given.
 * @param {Key} place
 * @returns {Way}
 */
export const wayOf = ({ order, token }) => ({ name: "cunbo.taking", path: `/api/waitlist/${order}/take`, token });

/**
 * The attempt on this way that has no answer yet, as {path, key, wish, body}, or null.
 * @param {Way} way
 * @returns {Attempt | null}
 */
export function pending(way) {
  const kept = getPersonal(way.name);
  const whole = kept && ["key", "wish", "body"].every((name) => typeof kept[name] === "string");
  return whole && (kept.path || CART.path) === way.path ? kept : null;
}

/**
 * Whether exactly this wish waits for its answer.
 * @param {Wish} wish
 * @param {Way} way
 * @returns {boolean}
 */
export const isPending = (wish, way) => pending(way)?.wish === JSON.stringify(wish);

/**
 * Sends what the shopper wishes, together with `shown`: the language, the total and date to expect, and the room that
 * sold it. A pending attempt with the same wish is sent again as it was, since its order may be there already, whatever
 * date or total is shown meanwhile. Throws Away, and keeps the attempt, when no answer comes.
 * @param {Wish} wish
 * @param {{lang: Lang, expect: Expected | {}, room?: string}} shown
 * @param {Way} way
 * @returns {Promise<Answer<"checkout" | "take">>}
 */
export async function place(wish, shown, way) {
  const sent = pending(way);
  const same = sent && sent.wish === JSON.stringify(wish);
  const { body, key } = same ? sent : begin(wish, shown, way);
  /** @type {Answer<"checkout" | "take">} */
  const answer = await call(way.path, { method: "POST", body, key, token: way.token });
  removeItem(way.name);
  return answer;
}

/**
 * @param {Wish} wish
 * @param {object} shown
 * @param {Way} way
 * @returns {Attempt}
 */
function begin(wish, shown, { name, path }) {
  nameBrowser();
  const attempt = { path, key: newKey(), wish: JSON.stringify(wish), body: JSON.stringify({ ...wish, ...shown }) };
  setPersonal(name, attempt);
  return attempt;
}
