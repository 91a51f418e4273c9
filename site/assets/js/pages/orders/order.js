/** The order's page: asks how the order stands, and cancels it. Its key is in the address, after the #. */

import { call, unlessAway } from "../../core/api.js";
import { copy } from "../../core/clipboard.js";
import { part, say, show, whileVisible, write } from "../../core/page.js";
import { catalog } from "../../state/catalog.js";
import { fromFragment, settle } from "../../state/orders.js";
import { countDown, paintOrder } from "../../widgets/order-view.js";
import { buyAgain } from "./again.js";
import { offerToSave } from "./offer.js";
import "../../core/words-offline.js";
import "../../core/words-order.js";
import "../../widgets/shop.js";

const SECONDS_SOON = 3;
const SECONDS = 15;

/** @type {Key | null} */
let key = null;
/** @type {OrderStatus | null} */
let order = null;
/** @type {Shop | null} */
let shop = null;
let painted = "";

/** Writes only what is new, so that nothing is taken from under a finger or a screen reader. */
function paint() {
  const now = JSON.stringify([order, Boolean(shop)]);
  if (order && now !== painted) paintOrder(order, shop);
  painted = now;
}

/** Whether money is on its way, so that news may come any moment. */
const isMoving = () => order?.state === "awaiting_payment" || order?.refunds.some(({ state }) => state !== "done");

async function look() {
  if (!key) return 0;
  const asked = key;
  try {
    /** @type {Answer<"order">} */
    const { status, data } = await call(`/api/orders/${asked.order}`, { token: asked.token });
    if (asked !== key) return 0;
    show(part("wait"), false);
    show(part("away"), false);
    if (status !== 200) return wrong();
    order = data;
    if (order.state !== "awaiting_payment") settle(order.order);
    paint();
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

/** Begins anew with the key that the address holds now. */
function open() {
  key = fromFragment();
  order = null;
  painted = "";
  for (const name of ["order", "wrong", "away", "none"]) show(part(name), false);
  show(part("wait"), Boolean(key));
  if (key) lookNow();
  else if (window.location.hash) wrong();
  else show(part("none"));
}

for (const one of openers) one.addEventListener("click", () => confirm(one));
part("keep").addEventListener("click", () => confirm(opener()));
part("really").addEventListener("click", cancel);
part("again").addEventListener("click", () => order && buyAgain(order));
part("copy").addEventListener("click", async () => {
  write(part("copied"), say((await copy(window.location.href)) ? "order.copied" : "order.uncopied"));
});
part("away-again").addEventListener("click", () => lookNow());
window.addEventListener("hashchange", open);
window.setInterval(() => {
  if (order) countDown(order);
}, 1000);

const lookNow = whileVisible(look);
open();
