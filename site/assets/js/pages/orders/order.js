/**
 * The order's page: asks how the order stands, has it paid, and cancels it. Its key is in the address, after the #; whoever
 * comes back from a payment provider has the order's number alone, and the device knows the rest.
 */

import { call, unlessAway } from "../../core/api.js";
import { copy } from "../../core/clipboard.js";
import { home, part, say, show, whileVisible, write } from "../../core/page.js";
import { catalog } from "../../state/catalog.js";
import { fromFragment, settle } from "../../state/orders.js";
import { countDown, paintOrder } from "../../widgets/order-view.js";
import { keyFor } from "./leaving.js";
import { offerToSave } from "./offer.js";
import "../../core/words-offline.js";
import "../../core/words-order.js";
import "../../widgets/shop.js";

const SECONDS_SOON = 3;
const SECONDS = 15;
const PAUSE = 5000; // milliseconds between two questions to a provider

/** @type {Key | null} */
let key = null;
/** @type {OrderStatus | null} */
let order = null;
/** @type {Shop | null} */
let shop = null;
let painted = "";
/** Whether the buyer may just have paid, so that the provider is asked: it says so itself, but may be late. */
let cameBack = false;
let askedAt = -PAUSE;
/** Whether this visit itself begins to pay. */
let beginning = false;
/** Comes when there is something to pay: most visits are to orders that are paid. @type {Paying | null} */
let paying = null;

async function needPaying() {
  try {
    paying = await import("./paying.js");
    paying.onNews((back) => {
      cameBack ||= back;
      lookNow();
    });
  } catch {
    // The next look asks for it again.
  }
  return paying;
}

/** Writes only what is new, so that nothing is taken from under a finger or a screen reader. */
function paint() {
  if (!order) return;
  const now = JSON.stringify([{ ...order, payment: null }, Boolean(shop)]); // paying.js paints the payment
  if (now !== painted) paintOrder(order, shop);
  show(part("more-row"), Boolean(order.shipments[0]));
  if (key) part("more").href = `${home}after/#${key.order}.${key.token}`;
  painted = now;
  paying?.paintPaying(order);
}

/** Whether money is on its way, so that news may come any moment. */
const isMoving = () =>
  order?.state === "awaiting_payment" || order?.refunds.some(({ state }) => state === "pending" || state === "asked");

/**
 * How the order stands; where its buyer comes back, the provider is asked first, at most each few seconds.
 * @param {Key} asked
 * @returns {Promise<Answer<"order" | "payment">>}
 */
async function ask({ order: number, token }) {
  if (!cameBack || performance.now() - askedAt < PAUSE) return call(`/api/orders/${number}`, { token });
  askedAt = performance.now();
  /** @type {Answer<"payment">} */
  const answer = await call(`/api/orders/${number}/payment`, { method: "POST", token });
  cameBack = false;
  if (answer.status === 200 && answer.data.state === "awaiting_payment") (await needPaying())?.stillWaiting();
  return answer;
}

async function look() {
  if (!key) return 0;
  const asked = key;
  try {
    const { status, data } = await ask(asked);
    if (asked !== key) return 0;
    show(part("wait"), false);
    show(part("away"), false);
    if (status !== 200) return wrong();
    const first = !order;
    order = data;
    if (order.state !== "awaiting_payment") settle(order.order);
    else if (!paying) await needPaying();
    paint();
    paintQuestions();
    if (first && !beginning) seen();
    offerToSave(order);
    dress();
    return isMoving() ? SECONDS_SOON : SECONDS;
  } catch (error) {
    unlessAway(error);
    show(part("wait"), false);
    write(part("away-words"), say(order ? "order.stale" : "offline.shop"));
    show(part("away"));
    return SECONDS;
  }
}

/** Few orders have a question: what shows it comes for these alone. */
async function paintQuestions() {
  if (!order?.questions || !key) return;
  try {
    (await import("./question.js")).paintQuestion(order, key, hear);
  } catch {
    // The next look asks for it again.
  }
}

/** @param {OrderStatus} news */
function hear(news) {
  order = news;
  paint();
  paintQuestions();
  lookNow();
}

/** The key opens nothing: says so, and asks no more. */
function wrong() {
  show(part("wrong"));
  show(part("order"), false);
  return 0;
}

/** Pictures and rooms' names are the catalogue's; where it is away, the order stands without. */
async function dress() {
  if (shop) return;
  try {
    shop = await catalog();
    paint();
  } catch (error) {
    unlessAway(error);
  }
}

/**
 * Asks whether to cancel, right below what asked for it.
 * @param {HTMLElement} opener
 */
function confirm(opener) {
  const box = part("confirm");
  const above = opener.closest(".later") ?? opener.parentElement;
  const open = box.hidden || box.previousElementSibling !== above;
  for (const one of openers) one.setAttribute("aria-expanded", String(open && one === opener));
  above?.after(box);
  show(box, open);
  (open ? box : opener).focus();
}

const openers = [part("cancel"), part("later-cancel")];
const opener = () => openers.find((one) => one.getAttribute("aria-expanded") === "true") || openers[0];

async function cancel() {
  if (!key) return;
  const button = part("really");
  button.disabled = true;
  write(part("cancel-trouble"), "");
  try {
    /** @type {Answer<"cancel">} */
    const { status } = await call(`/api/orders/${key.order}/cancel`, { method: "POST", token: key.token });
    if (status >= 400) write(part("cancel-trouble"), say("order.cannot"));
    confirm(opener());
    lookNow();
  } catch (error) {
    unlessAway(error);
    write(part("cancel-trouble"), say("offline.shop"));
  } finally {
    button.disabled = false;
  }
}

/**
 * Begins anew with the key that the address holds now, and with what it asks for: a provider leads back to
 * ?paid=NUMBER, WeChat with a code that says who pays, the checkout comes with ?pay=METHOD. Then the address is the
 * order's own again, so that neither a reload nor the back button asks for it twice.
 */
function open() {
  const query = new URLSearchParams(window.location.search);
  const number = query.get("paid");
  const code = query.get("code") ?? "";
  key = fromFragment() ?? keyFor(number);
  order = null;
  painted = "";
  cameBack = Boolean(number) && !code;
  for (const name of ["order", "question", "wrong", "away", "none", "elsewhere"]) show(part(name), false);
  show(part("wait"), Boolean(key));
  if (key) {
    if (query.toString())
      window.history.replaceState(null, "", `${window.location.pathname}#${key.order}.${key.token}`);
    const method = query.get("pay") ?? (code && query.get("method"));
    beginning = Boolean(method);
    lookNow();
    if (method) begin(key, method, code);
  } else if (number) show(part("elsewhere"));
  else if (window.location.hash) wrong();
  else show(part("none"));
}

/**
 * @param {Key} asked
 * @param {string} method
 * @param {string} code
 */
const begin = async (asked, method, code) => (await needPaying())?.pay(asked, method, code);

/** The page is seen again: its buyer may have paid meanwhile. */
function seen() {
  if (document.visibilityState === "visible" && order?.state === "awaiting_payment" && paying?.isBegun(order)) {
    cameBack = true;
  }
}

for (const one of openers) one.addEventListener("click", () => confirm(one));
part("keep").addEventListener("click", () => confirm(opener()));
part("really").addEventListener("click", cancel);
part("again").addEventListener("click", async () => {
  try {
    if (order) await (await import("./again.js")).buyAgain(order);
  } catch {
    write(part("again-told"), say("offline.shop")); // what does it has not come: the next tap asks for it again
  }
});
part("copy").addEventListener("click", async () => {
  write(part("copied"), say((await copy(window.location.href)) ? "order.copied" : "order.uncopied"));
});
part("away-again").addEventListener("click", () => lookNow());
window.addEventListener("hashchange", open);
document.addEventListener("visibilitychange", seen); // before whileVisible hears of it, and looks
window.addEventListener("pageshow", seen);
window.setInterval(() => {
  if (!order) return;
  countDown(order);
  paying?.paintPaying(order);
}, 1000);

const lookNow = whileVisible(look);
open();
