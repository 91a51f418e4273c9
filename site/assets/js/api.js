/** Speaks to the shop: one call, one answer. */

/** The shop did not answer, or could not decide: nothing is known of what became of the call. */
export class Away extends Error {}

/**
 * Calls the shop. Resolves to {status, data} for every definite answer, data being its JSON or null; throws Away when
 * there is none: no network, no answer within 20 seconds, or a status that says "ask again".
 */
export async function call(path, { method = "GET", body = null, token = "", key = "" } = {}) {
  const headers = {};
  if (body !== null) headers["Content-Type"] = "application/json";
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  const patience = new AbortController();
  const timer = window.setTimeout(() => patience.abort(), 20000);
  try {
    const answer = await fetch(path, { method, headers, body, signal: patience.signal });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Away(String(answer.status));
    const text = await answer.text();
    return { status: answer.status, data: text ? JSON.parse(text) : null };
  } catch (error) {
    throw error instanceof Away ? error : new Away(String(error));
  } finally {
    window.clearTimeout(timer);
  }
}
