/**
 * Attempts to place an order. The shop makes one order per key, so the same attempt must carry the same key and the very
 * same body until a definite answer has come: through double taps, reloads and lost answers. Whoever corrects the form
 * meanwhile makes another attempt; the earlier one stays until it is asked for again, since its order may be there. They
 * hold addresses, so they are kept for a day.
 *
 * A way is {name, path, token}: where its attempts are kept, where they are sent to and what opens that.
 */

import { call } from "./api.js";
import { nameBrowser, newKey } from "./browser.js";
import { getPersonal, isFresh, removeItem, setPersonal } from "./storage.js";

export const CART = { name: "cunbo.attempt", path: "/api/checkout", token: "" };

/**
 * The way of an order for what a place on the waitlist, {order, token}, was given.
 * @param {Key} place
 * @returns {Way}
 */
export const wayOf = ({ order, token }) => ({ name: "cunbo.taking", path: `/api/waitlist/${order}/take`, token });

/**
 * The attempts on this way that have no answer yet, the latest first.
 * @param {Way} way
 * @returns {Attempt[]}
 */
export const pending = ({ name, path }) => kept(name).filter((attempt) => attempt.path === path);

/**
 * @param {string} name
 * @returns {Attempt[]}
 */
function kept(name) {
  const all = getPersonal(name);
  return Array.isArray(all) ? all.filter((one) => isFresh(one?.at) && isWhole(one)) : [];
}

/** @param {any} one */
const isWhole = (one) => ["path", "key", "wish", "body"].every((name) => typeof one[name] === "string");

/**
 * The attempt with exactly this wish that waits for its answer, if there is one.
 * @param {Wish} wish
 * @param {Way} way
 */
export const pendingOf = (wish, way) => pending(way).find((one) => one.wish === JSON.stringify(wish));

/**
 * Sends what the shopper wishes, together with `shown`: the language, the total and date to expect, and the room that
 * sold it. A pending attempt with the same wish is sent again as it was, since its order may be there already, whatever
 * date or total is shown meanwhile. Throws Away, and keeps the attempt, when no answer comes.
 * @param {Wish} wish
 * @param {{lang: Lang, expect: Expected | {}, room?: string}} shown
 * @param {Way} way
 * @returns {Promise<Answer<"checkout" | "take">>}
 */
export const place = (wish, shown, way) => send(pendingOf(wish, way) ?? begin(wish, shown, way), way);

/**
 * Sends an attempt as it was; a definite answer ends it. Throws Away, and keeps it, when none comes.
 * @param {Attempt} attempt
 * @param {Way} way
 * @returns {Promise<Answer<"checkout" | "take">>}
 */
export async function send({ key, body }, { name, path, token }) {
  /** @type {Answer<"checkout" | "take">} */
  const answer = await call(path, { method: "POST", body, key, token });
  const others = kept(name).filter((one) => one.key !== key); // read anew: another tab may have begun one meanwhile
  if (others.length) setPersonal(name, others);
  else removeItem(name);
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
  const words = { wish: JSON.stringify(wish), body: JSON.stringify({ ...wish, ...shown }) };
  const attempt = { path, key: newKey(), at: Date.now(), ...words };
  setPersonal(name, [attempt, ...kept(name)]);
  return attempt;
}
