/**
 * One attempt to place an order. The shop makes one order per key, so the same attempt must carry the same key and the
 * very same body until a definite answer has come: through double taps, reloads and lost answers.
 */

import { call } from "./api.js";
import { forget, keep, recall } from "./memory.js";

const NAME = "cunbo.attempt";

/** The attempt that has no answer yet, as {key, wish, body}, or null. */
export function pending() {
  const kept = recall(NAME);
  return kept && typeof kept.key === "string" && typeof kept.wish === "string" && typeof kept.body === "string"
    ? kept
    : null;
}

/** Whether exactly this wish waits for its answer. */
export const isPending = (wish) => pending() !== null && pending().wish === JSON.stringify(wish);

/**
 * Sends what the shopper wishes, together with `shown`: the language, and the total and date to expect. A pending
 * attempt with the same wish is sent again as it was, since its order may be there already, whatever date or total is
 * shown meanwhile. Throws Away, and keeps the attempt, when no answer comes.
 */
export async function place(wish, shown) {
  const attempt = isPending(wish) ? pending() : begin(wish, shown);
  const answer = await call("/api/checkout", { method: "POST", body: attempt.body, key: attempt.key });
  forget(NAME);
  return answer;
}

function begin(wish, shown) {
  const attempt = { key: newKey(), wish: JSON.stringify(wish), body: JSON.stringify({ ...wish, ...shown }) };
  keep(NAME, attempt);
  return attempt;
}

const newKey = () =>
  [...window.crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
