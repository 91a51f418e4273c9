/** How an order looks: its state in words, lines, money, history, and the time that is left to pay. */

import { now } from "../core/clock.js";
import { day, home, hour, moment, money, part, say, shipsBy, show, stamp, write } from "../core/page.js";
import { veiled } from "../state/addresses.js";
import { roomOf } from "../state/catalog.js";
import "../core/words-goods.js";
import "../core/words-states.js";
import "../core/words-order.js";

/** @type {string[]} */
const CANCELLABLE = ["awaiting_payment", "paid"];
/** @type {string[]} */
const STILL_HERE = ["awaiting_payment", "paid", "packed"];
/** @type {string[]} */
const JOY = ["paid", "packed"];
/** Why money that came after the time to pay goes back. @type {string[]} */
const LATE = ["date_not_kept", "limit", "drop_over"];
/** @type {string[]} */
const OVER = ["cancelled", "expired", "refunded"];
/** Refunds that are on their way. @type {string[]} */
const MOVING = ["pending", "asked"];

/**
 * Writes the order; `shop` has its pictures, the names that it does not tell itself, and rooms' names: null where the
 * catalogue has not come.
 * @param {OrderStatus} order
 * @param {Shop | null} shop
 */
export function paintOrder(order, shop) {
  const here = STILL_HERE.includes(order.state);
  const cancellable = CANCELLABLE.includes(order.state);
  show(part("order"));
  paintState(order);
  paintLater(order, here, cancellable);
  write(part("number"), order.order);
  write(part("ship-by"), shipsBy(order.ship_by));
  show(part("ship-by-row"), here);
  part("lines").replaceChildren(...order.lines.map((line) => lineRow(line, shop)));
  write(part("postage"), order.postage ? money(order.postage) : say("goods.free"));
  write(part("total"), money(order.total));
  paintSeldom(order, shop);
  const past = [...order.history].reverse().map(({ at, event }) => {
    return `${moment(at)} ${say(event === "awaiting_payment" ? "order.placed" : `states.${event}`)}`;
  });
  const next = JOY.includes(order.state) ? [shipsBy(order.ship_by)] : [];
  const { arrives } = order;
  if (arrives)
    next.unshift(say("order.arrives", { days: [...new Set([day(arrives.from), day(arrives.to)])].join(" – ") }));
  list("history", [...next, ...past]);
  paintGiven(order, shop);
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
  part("card").dataset.state = order.state;
  write(part("state"), say(`states.${order.state}`));
  write(part("meaning"), say(`order.meaning.${meaningOf(order)}`, { day: day(order.ship_by) }));
  show(part("again-row"), order.state !== "awaiting_payment");
  write(part("again"), say(OVER.includes(order.state) ? "order.anew" : "order.again"));
  part("again").classList.toggle("plain", !OVER.includes(order.state));
  countDown(order);
}

/**
 * Where it goes, what its buyer asked for, which room sold it; and joy, where it is paid.
 * @param {OrderStatus} order
 * @param {Shop | null} shop
 */
function paintGiven({ state, ship_to: { name, phone, region, street }, ship_by, note = "", room = "" }, shop) {
  const roomName = room && shop ? roomOf(shop, room) : "";
  write(part("to-who"), `${name} ${veiled(phone)}`);
  write(part("to-where"), [...region, street].join(" "));
  write(part("note"), note);
  show(part("note-row"), Boolean(note));
  write(part("room-link"), roomName);
  if (roomName && shop?.rooms.has(room)) part("room-link").href = `${home}rooms/${room}/`;
  show(part("room-row"), Boolean(roomName));
  show(part("joy"), JOY.includes(state));
  write(part("joy-words"), say("order.joy", { day: day(ship_by) }));
  write(part("joy-room"), roomName ? say("order.joy_room", { room: roomName }) : "");
}

/**
 * Money that came too late says why it goes back. A cancelled order that was never paid has nothing to give back; of
 * another all may be back already, or what is left needs the seller.
 * @param {OrderStatus} order
 */
function meaningOf({ state, refunds }) {
  const late = OVER.includes(state) && refunds.find(({ reason }) => reason && LATE.includes(reason));
  if (late) return `late_${late.reason}`;
  if (state !== "cancelled") return state;
  if (!refunds.length) return "cancelled_unpaid";
  if (refunds.some((refund) => MOVING.includes(refund.state))) return state;
  return refunds.every((refund) => refund.state === "done") ? "refunded" : "cancelled_hand";
}

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
 * @param {Shop | null} shop
 */
function lineRow(line, shop) {
  const row = stamp("line");
  const pack = shop?.packs.get(line.sku);
  if (pack) part("picture", row).src = pack.picture;
  show(part("picture", row), Boolean(pack));
  part("name", row).textContent = line.name || (pack?.name ?? line.sku);
  part("drop", row).textContent = line.drop ? say("order.drop") : "";
  part("quantity", row).textContent = say("goods.times", { count: line.quantity });
  part("price", row).textContent = money(line.unit_price * line.quantity);
  return row;
}

/**
 * Parcels and refunds come with modules of their own: most visits are to orders that have neither yet.
 * @param {OrderStatus} order
 * @param {Shop | null} shop
 */
async function paintSeldom(order, shop) {
  show(part("parcels-block"), order.shipments.length > 0);
  show(part("refunds-block"), order.refunds.length > 0);
  try {
    if (order.shipments.length) (await import("./parcels.js")).listParcels(order, shop);
    if (order.refunds.length) list("refunds", (await import("./refunds.js")).refundTexts(order));
  } catch {
    // The next change asks for them again.
  }
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
