/** What went back of an order's money, as its page lists it. */

import { moment, money, say } from "../core/page.js";
import "../core/words-refunds.js";

/** @param {OrderStatus} order */
export function refundTexts({ refunds }) {
  return refunds.map(({ amount, at, state, reason }) => {
    const why = reason ? ` · ${say(`refunds.reason.${reason}`)}` : "";
    return `${moment(at)} ${say("refunds.line", { amount: money(amount), state: say(`refunds.state.${state}`) })}${why}`;
  });
}
