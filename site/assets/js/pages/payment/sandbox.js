/** The sandbox's till: shows what is to be paid, and tells the shop what "the customer" did. */

import { Away, call } from "../../core/api.js";
import { home, money, part, say, show, write } from "../../core/page.js";
import { fromFragment } from "../../state/orders.js";
import "../../core/words-common.js";
import "../../core/words-sandbox.js";
import "../../widgets/shop.js";

const key = fromFragment();
const buttons = document.querySelectorAll("[data-act]");

async function begin() {
  show(part("away"), false);
  if (!key) return show(part("wrong"));
  try {
    const { status, data } = await call(`/api/orders/${key.order}`, { token: key.token });
    return status === 200 ? paint(data) : show(part("wrong"));
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return show(part("away"));
  }
}

function paint(order) {
  write(part("amount"), money(order.total));
  write(part("number"), order.order);
  write(part("state"), say(`common.state.${order.state}`));
  show(part("late"), order.state === "expired" || Date.parse(order.pay_by) < Date.now());
  part("back").href = backTo();
  show(part("till"));
}

const backTo = () => `${home}order/#${key.order}.${key.token}`;

async function act(what) {
  buttons.forEach((button) => (button.disabled = true));
  try {
    const body = JSON.stringify({ act: what });
    const { status } = await call(`/api/payments/sandbox/${key.order}/act`, { method: "POST", body });
    if (status >= 400) return write(part("done"), say("sandbox.closed"));
    if (what === "decline") return write(part("done"), say("sandbox.declined"));
    write(part("done"), say("sandbox.sent"));
    return window.location.assign(backTo());
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return write(part("done"), say("sandbox.failed"));
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

buttons.forEach((button) => button.addEventListener("click", () => act(button.dataset.act)));
window.addEventListener("hashchange", () => window.location.reload());
part("away-again").addEventListener("click", begin);
begin();
