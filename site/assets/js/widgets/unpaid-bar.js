/**
 * Unpaid orders of this device, on whichever page one comes to: how many, how long they can still be paid, and the way to
 * pay. Loaded where the device knows of one. It stands where the page has a place for it, else above the page's foot.
 */

import { now } from "../core/clock.js";
import { home, one, part, say, show, whileVisible, write } from "../core/page.js";
import { payPage } from "../state/orders.js";
import { unpaidOrders } from "../state/unpaid.js";
import "../core/words-unpaid.js";

const SECONDS = 15; // between two asks
const MINUTE = 60 * 1000; // milliseconds

const place = part("unpaid-here");
const bar = place ?? document.createElement("div");
const words = document.createElement("b");
const pay = document.createElement("a");
/** @type {OrderStatus[]} */
let orders = [];

bar.className = "notice warn row";
bar.hidden = true;
// Few see it, so its rules come with it, and weigh on no other page.
Object.assign(bar.style, { justifyContent: "space-between" }, place ? {} : afloat());
words.style.margin = pay.style.margin = "0";
words.setAttribute("role", "status");
pay.className = part("buy") ? "button plain" : "button"; // the page's own red button is the one that buys
pay.textContent = say("unpaid.pay");
bar.append(words, pay);

/** Over the foot of the screen, and over the bar by which a product is bought. */
function afloat() {
  const bottom = part("buy") ? "76px" : "8px";
  const where = { position: "fixed", left: "8px", right: "8px", bottom, zIndex: "4", maxWidth: "480px" };
  return { ...where, margin: "0 auto", padding: "6px 14px", boxShadow: "var(--shadow)" };
}

function paint() {
  const running = orders.filter(({ pay_by: until }) => Date.parse(until) > now());
  const [first] = running.sort((one, other) => (one.pay_by < other.pay_by ? -1 : 1));
  show(bar, running.length > 0);
  document.body.toggleAttribute("data-unpaid", running.length > 0);
  if (!first) return;
  const minutes = Math.floor((Date.parse(first.pay_by) - now()) / MINUTE);
  write(words, say(minutes ? "unpaid.bar" : "unpaid.soon", { count: running.length, minutes }));
  pay.href = running.length > 1 && !location.pathname.endsWith("/orders/") ? `${home}orders/` : payPage(first);
}

// The checkout and an order's own page show theirs themselves, and the till is not the shop's.
if (!part("unpaid") && !part("pay-row") && !part("till")) {
  if (!place) one("#main").append(bar);
  whileVisible(async () => {
    orders = await unpaidOrders();
    paint();
    return orders.length ? SECONDS : 0;
  });
  window.setInterval(paint, 5000);
}
