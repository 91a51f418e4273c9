/** The sandbox's till: shows what is to be paid, and tells the shop what "the customer" did. */

import { call, unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { home, money, part, say, show, write } from "../../core/page.js";
import { fromFragment } from "../../state/orders.js";
import "../../core/words-states.js";
import "../../core/words-sandbox.js";
import "../../widgets/shop.js";

const key = fromFragment();
/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = document.querySelectorAll("[data-act]");

async function begin() {
  show(part("away"), false);
  if (!key) return show(part("wrong"));
  try {
    /** @type {Answer<"order">} */
    const { status, data } = await call(`/api/orders/${key.order}`, { token: key.token });
    if (status !== 200) return show(part("wrong"));
    part("back").href = backTo(key);
    return paint(data);
  } catch (error) {
    unlessAway(error);
    return show(part("away"));
  }
}

/** @param {OrderStatus} order */
function paint(order) {
  write(part("amount"), money(order.total));
  write(part("number"), order.order);
  write(part("state"), say(`states.${order.state}`));
  show(part("late"), order.state === "expired" || Date.parse(order.pay_by) < now());
  show(part("till"));
}

/** @param {Key} key */
const backTo = (key) => `${home}order/#${key.order}.${key.token}`;

/** @param {boolean} busy */
function setBusy(busy) {
  for (const button of buttons) button.disabled = busy;
}

/** @param {string} what */
async function act(what) {
  if (!key) return undefined;
  setBusy(true);
  try {
    const body = JSON.stringify({ act: what });
    /** @type {Answer<"act">} */
    const { status } = await call(`/api/payments/sandbox/${key.order}/act`, { method: "POST", body });
    if (status >= 400) return write(part("done"), say("sandbox.closed"));
    if (what === "decline") return write(part("done"), say("sandbox.declined"));
    write(part("done"), say("sandbox.sent"));
    return window.location.assign(backTo(key));
  } catch (error) {
    unlessAway(error);
    return write(part("done"), say("sandbox.failed"));
  } finally {
    setBusy(false);
  }
}

for (const button of buttons) button.addEventListener("click", () => act(button.dataset.act ?? ""));
window.addEventListener("hashchange", () => window.location.reload());
part("away-again").addEventListener("click", begin);
begin();
