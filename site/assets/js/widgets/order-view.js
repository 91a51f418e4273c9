/** How an order looks: its state in words, lines, money, history, and the time that is left to pay. */

import { now } from "../core/clock.js";
import { day, hour, moment, money, part, say, shipsBy, show, stamp, write } from "../core/page.js";
import "../core/words-common.js";
import "../core/words-order.js";

/** @type {string[]} */
const CANCELLABLE = ["awaiting_payment", "paid"];
/** @type {string[]} */
const STILL_HERE = ["awaiting_payment", "paid", "packed"];

/**
 * Writes the order; `packs` gives the names that the order itself does not tell.
 * @param {OrderStatus} order
 * @param {Map<string, Pack>} packs
 */
export function paintOrder(order, packs) {
  const here = STILL_HERE.includes(order.state);
  const cancellable = CANCELLABLE.includes(order.state);
  show(part("order"));
  paintState(order);
  paintLater(order, here, cancellable);
  write(part("number"), order.order);
  write(part("ship-by"), shipsBy(order.ship_by));
  show(part("ship-by-row"), here);
  part("lines").replaceChildren(...order.lines.map((line) => lineRow(line, packs)));
  write(part("postage"), order.postage ? money(order.postage) : say("common.free"));
  write(part("total"), money(order.total));
  list("refunds", order.refunds.map(refundText));
  list(
    "parcels",
    order.shipments.map((parcel) => Object.values(/** @type {object} */ (parcel)).join(" ")),
  );
  list(
    "history",
    [...order.history].reverse().map(({ at, event }) => `${moment(at)} ${say(`common.state.${event}`)}`),
  );
  show(part("cancel-block"), cancellable);
  if (cancellable) write(part("confirm-words"), say(`order.confirm_${order.state}`, { total: money(order.total) }));
}

/**
 * Says how long the order can still be paid.
 * @param {OrderStatus} order
 */
export function countDown(order) {
  const clock = part("countdown");
  show(clock, order.state === "awaiting_payment");
  if (clock.hidden) return;
  const seconds = Math.ceil((Date.parse(order.pay_by) - now()) / 1000);
  const left = { time: hour(order.pay_by), minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
  write(clock, seconds > 0 ? say("order.countdown", left) : say("order.over"));
}

/** @param {OrderStatus} order */
function paintState(order) {
  const payable = order.state === "awaiting_payment" && order.payment.action === "redirect";
  part("card").dataset.state = order.state;
  write(part("state"), say(`common.state.${order.state}`));
  write(part("meaning"), say(`order.meaning.${meaningOf(order)}`, { day: day(order.ship_by) }));
  show(part("pay-row"), payable);
  if (payable) part("pay").href = order.payment.url ?? "";
  write(part("pay"), say("order.pay", { total: money(order.total) }));
  countDown(order);
}

/**
 * A cancelled order that was never paid has nothing to give back.
 * @param {OrderStatus} order
 */
const meaningOf = ({ state, refunds }) => (state === "cancelled" && !refunds.length ? "cancelled_unpaid" : state);

/**
 * The date was moved: says so where it cannot be missed, with the way out beside it.
 * @param {OrderStatus} order
 * @param {boolean} here
 * @param {boolean} cancellable
 */
function paintLater(order, here, cancellable) {
  const { first_ship_by: first, ship_by: now } = order;
  const later = here && first !== undefined && first < now;
  show(part("later"), later);
  if (!later) return;
  write(part("later-words"), say("order.later", { old: day(first), new: day(now) }));
  show(part("later-free"), cancellable);
}

/**
 * @param {OrderLine} line
 * @param {Map<string, Pack>} packs
 */
function lineRow(line, packs) {
  const row = stamp("line");
  part("name", row).textContent = line.name || (packs.get(line.sku)?.name ?? line.sku);
  part("drop", row).textContent = line.drop ? say("order.drop") : "";
  part("quantity", row).textContent = say("common.times", { count: line.quantity });
  part("price", row).textContent = money(line.unit_price * line.quantity);
  return row;
}

/** @param {OrderStatus["refunds"][number]} refund */
function refundText({ amount, at, state, reason }) {
  const why = reason ? ` · ${say(`order.refund_reason.${reason}`)}` : "";
  return `${moment(at)} ${say("order.refund", { amount: money(amount), state: say(`order.refund_state.${state}`) })}${why}`;
}

/**
 * @param {string} name
 * @param {string[]} texts
 */
function list(name, texts) {
  const items = texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  });
  part(name).replaceChildren(...items);
  show(part(`${name}-block`), items.length > 0);
}
