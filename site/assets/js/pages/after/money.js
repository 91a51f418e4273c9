/** Where the money of an order went, to the fen. */

import { call, unlessAway } from "../../core/api.js";
import { money, part, say, show, write } from "../../core/page.js";
import "../../core/words-invoice.js";

/**
 * Shows it for the order, once it is paid.
 * @param {OrderStatus} _order
 * @param {Key} key
 */
export async function paint(_order, key) {
  show(part("money"), false);
  try {
    /** @type {Answer<"orderShares">} */
    const answer = await call(`/api/orders/${key.order}/shares`, { token: key.token });
    if (answer.status !== 200) return;
    const { parts, total, fee_from: known, sample } = answer.data;
    const rows = Object.entries(parts)
      .filter(([, fen]) => fen)
      .map(([name, fen]) => row(say(`invoice.parts.${name}`), money(fen)));
    part("money-parts").replaceChildren(...rows);
    write(part("money-fee"), `${say("invoice.total", { amount: money(total) })} · ${say(`invoice.fee_from.${known}`)}`);
    show(part("money-sample"), sample);
    show(part("money"));
  } catch (error) {
    unlessAway(error);
  }
}

/**
 * @param {string} name
 * @param {string} amount
 */
function row(name, amount) {
  const [pair, term, value] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
  term.textContent = name;
  value.textContent = amount;
  pair.append(term, value);
  return pair;
}
