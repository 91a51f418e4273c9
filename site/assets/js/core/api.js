/** Speaks to the shop: one call, one answer. */

/** The shop did not answer, or could not decide: nothing is known of what became of the call. */
export class Away extends Error {}

const TOO_MUCH = ["/problems/too-often", "/problems/network"];

/**
 * Calls the shop. Resolves to {status, data, wait} for every definite answer: data is its JSON or null, wait the
 * seconds after which it is worth asking again; T is what openapi.yaml says of that. Throws Away when there is none: no network, no answer within 20
 * seconds, or a status that says "ask again". What the API says is never taken from the browser's own store, which
 * would add its second to the edge's.
 * @template T
 * @param {string} path
 * @param {{method?: string, body?: string | null, token?: string, key?: string}} [options]
 * @returns {Promise<T>}
 */
export async function call(path, { method = "GET", body = null, token = "", key = "" } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body !== null) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  const cache = path.startsWith("/api/") ? "no-store" : "default";
  const patience = new AbortController();
  const timer = window.setTimeout(() => patience.abort(), 20000);
  try {
    const answer = await fetch(path, { method, headers, body, cache, signal: patience.signal });
    if (answer.status >= 500 || answer.status === 408) throw new Away(String(answer.status));
    const text = await answer.text();
    const data = text ? JSON.parse(text) : null;
    if (answer.status === 429 && !TOO_MUCH.includes(data?.type)) throw new Away("429");
    const wait = Number(answer.headers.get("Retry-After")) || 0;
    return /** @type {T} */ ({ status: answer.status, data, wait });
  } catch (error) {
    throw error instanceof Away ? error : new Away(String(error));
  } finally {
    window.clearTimeout(timer);
  }
}

/**
 * Passes on all but Away, for callers to which no answer is an answer.
 * @param {unknown} error
 */
export function unlessAway(error) {
  if (!(error instanceof Away)) throw error;
}
