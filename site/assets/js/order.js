/** The order's page: asks how the order stands, and cancels it; without a key, lists the orders made on this device. */

import { Away, call } from "./api.js";
import { catalog } from "./catalog.js";
import { countDown, paintOrder } from "./order-view.js";
import { fromFragment, orders } from "./orders.js";
import { home, moment, money, paragraph, part, say, show, whileVisible, write } from "./page.js";
import "./shop.js";

const SECONDS_SOON = 3;
const SECONDS = 15;

let key = null;
let order = null;
let packs = new Map();
let painted = "";

/** Writes only what is new, so that nothing is taken from under a finger or a screen reader. */
function paint() {
  const now = JSON.stringify([order, [...packs.keys()]]);
  if (order && now !== painted) paintOrder(order, packs);
  painted = now;
}

/** Whether money is on its way, so that news may come any moment. */
const isMoving = () => order.state === "awaiting_payment" || order.refunds.some(({ state }) => state === "pending");

async function look() {
  if (!key) return 0;
  const asked = key;
  try {
    const { status, data } = await call(`/api/orders/${asked.order}`, { token: asked.token });
    if (asked !== key) return 0;
    show(part("wait"), false);
    show(part("away"), false);
    if (status !== 200) return wrong();
    order = data;
    paint();
    return isMoving() ? SECONDS_SOON : SECONDS;
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    show(part("wait"), false);
    write(part("away-words"), say(order ? "order.stale" : "common.away"));
    show(part("away"));
    return SECONDS;
  }
}

/** The key opens nothing: says so, lists this device's own orders, and asks no more. */
function wrong() {
  show(part("wrong"));
  show(part("order"), false);
  own();
  return 0;
}

function own() {
  const all = orders();
  part("own-list").replaceChildren(...all.map(ownRow));
  show(part("own-none"), !all.length);
  show(part("own"));
}

function ownRow({ order: number, token, placed, total }) {
  const link = document.createElement("a");
  link.href = `${home}order/#${number}.${token}`;
  link.append(paragraph(`${moment(placed)}  ${money(total)}`), paragraph(number));
  const row = document.createElement("li");
  row.append(link);
  return row;
}

function confirm(open) {
  show(part("confirm"), open);
  part("cancel").setAttribute("aria-expanded", String(open));
  (open ? part("confirm") : part("cancel")).focus();
}

async function cancel() {
  const button = part("really");
  button.disabled = true;
  write(part("cancel-trouble"), "");
  try {
    const { status } = await call(`/api/orders/${key.order}/cancel`, { method: "POST", token: key.token });
    if (status >= 400) write(part("cancel-trouble"), say("order.cannot"));
    confirm(false);
    lookNow();
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    write(part("cancel-trouble"), say("common.away"));
  } finally {
    button.disabled = false;
  }
}

/** Begins anew with the key that the address holds now. */
function open() {
  key = fromFragment();
  order = null;
  painted = "";
  for (const name of ["order", "wrong", "away", "own"]) show(part(name), false);
  show(part("wait"), Boolean(key));
  if (key) lookNow();
  else if (window.location.hash) wrong();
  else own();
}

part("cancel").addEventListener("click", () => confirm(part("confirm").hidden));
part("keep").addEventListener("click", () => confirm(false));
part("really").addEventListener("click", cancel);
part("away-again").addEventListener("click", () => lookNow());
window.addEventListener("hashchange", open);
window.setInterval(() => order && countDown(order), 1000);

const lookNow = whileVisible(look);
open();
catalog().then(
  (shop) => {
    packs = shop.packs;
    paint();
  },
  () => {}, // names are a comfort: without them the lines show their SKU
);
