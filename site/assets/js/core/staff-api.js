/** Calls that an enrolled device makes. */

import { call } from "./api.js";
import { home, say } from "./page.js";
import { words } from "./words.js";
import "./words-problems.js";

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
 * Returns why something was refused, in the words of whoever reads the page: by the problem's reason, its field or its
 * type. What the shop itself says of it is for engineers, and in English.
 * @param {{data: unknown}} answer
 */
export function reason({ data }) {
  const { type = "", reason = "", errors = [] } = /** @type {Partial<Problem>} */ (data ?? {});
  const field = errors[0]?.pointer.split("/")[1] ?? "";
  const kind = type.split("/").pop() ?? "";
  const { reasons, fields, ...kinds } = /** @type {Record<string, any>} */ (words.problems);
  if (reason in reasons) return reasons[reason];
  if (kind === "invalid" && field in fields) return say("problems.field", { field: fields[field] });
  return kinds[kind] ?? kinds.unknown;
}
