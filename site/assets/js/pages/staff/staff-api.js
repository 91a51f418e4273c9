/** Calls that an enrolled device makes. */

import { call } from "../../core/api.js";
import { home } from "../../core/page.js";

/**
 * Calls the shop as this device, `body` as JSON. Returns the answer, or null where the device is not enrolled, or not any
 * more: then the browser is on its way to the page where it can be. Throws Away.
 * @template T
 * @param {string} path
 * @param {{method?: string, body?: object | null, key?: string}} [request]
 * @returns {Promise<T | null>}
 */
export async function callAsStaff(path, { method = "GET", body = null, key = "" } = {}) {
  /** @type {AnyAnswer} */
  const answer = await call(path, { method, body: body && JSON.stringify(body), key });
  if (answer.status !== 401) return /** @type {T} */ (answer);
  window.location.assign(`${home}staff/`);
  return null;
}

/**
 * Returns why something was refused, in the shop's words.
 * @param {{data: unknown}} answer
 */
export function reason({ data }) {
  const { errors = [], detail = "" } = /** @type {Partial<Problem>} */ (data ?? {});
  return errors.length ? errors.map((error) => error.detail).join("; ") : detail;
}
