/** Orders of this device that wait for payment, shown at the checkout: to be paid or cancelled there, never in the way. */

import { call, unlessAway } from "../../core/api.js";
import { hour, money, part, say, show, stamp, write } from "../../core/page.js";
import { goods, payPage, settle } from "../../state/orders.js";
import { unpaidOrders } from "../../state/unpaid.js";
import "../../core/words-offline.js";
import "../../core/words-unpaid.js";

/** @type {OrderStatus[]} */
let waiting = [];
let turn = 0;

/**
 * Asks how the device's latest orders stand, shows and answers those that wait: none where the shop is away.
 * @returns {Promise<OrderStatus[]>}
 */
export async function showUnpaid() {
  const own = ++turn;
  const found = await unpaidOrders();
  if (own !== turn) return found; // it has been asked again since: an order may have been cancelled
  const same = JSON.stringify(found) === JSON.stringify(waiting);
  waiting = found;
  if (!same) paint(); // a row that asks whether one is sure goes on asking
  return found;
}

function paint() {
  part("unpaid-list").replaceChildren(...waiting.map(row));
  show(part("unpaid"), waiting.length > 0 || part("unpaid-told").textContent !== "");
  show(part("unpaid-head"), waiting.length > 0);
}

/** @param {OrderStatus} order */
function row(order) {
  const element = stamp("unpaid-row");
  const pay = part("unpaid-pay", element);
  const values = { goods: goods(order), total: money(order.total), time: hour(order.pay_by) };
  part("unpaid-words", element).textContent = say("unpaid.words", values);
  pay.href = payPage(order);
  /** @param {boolean} asking */
  const confirm = (asking) => {
    show(part("unpaid-acts", element), !asking);
    show(part("unpaid-sure", element), asking);
    part(asking ? "unpaid-really" : "unpaid-cancel", element).focus();
  };
  part("unpaid-cancel", element).addEventListener("click", () => confirm(true));
  part("unpaid-keep", element).addEventListener("click", () => confirm(false));
  part("unpaid-really", element).addEventListener("click", () => cancel(order, values));
  return element;
}

/**
 * @param {OrderStatus} order
 * @param {Record<string, string>} values
 */
async function cancel({ order, token }, values) {
  try {
    /** @type {Answer<"cancel">} */
    const { status } = await call(`/api/orders/${order}/cancel`, { method: "POST", token });
    if (status < 400) settle(order);
    tell(say(status < 400 ? "unpaid.cancelled" : "unpaid.cannot", values));
    await showUnpaid();
  } catch (error) {
    unlessAway(error);
    tell(say("offline.shop"));
  }
}

/** @param {string} text */
function tell(text) {
  write(part("unpaid-told"), text);
  paint();
  part("unpaid").focus();
}
