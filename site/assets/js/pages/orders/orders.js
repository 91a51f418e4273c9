/** My orders: those made on this device with how each stands, and the ways back to one whose link is lost. */

import { call, unlessAway } from "../../core/api.js";
import { CART, pending } from "../../core/attempt.js";
import { nameBrowser } from "../../core/browser.js";
import { contact, meant } from "../../core/contact.js";
import { moment, money, one, part, say, shipsBy, show, stamp, whileVisible, write } from "../../core/page.js";
import { isKept } from "../../core/storage.js";
import { phone } from "../../core/text.js";
import { addresses, forgetAddresses, onAddresses } from "../../state/addresses.js";
import { forgetOrder, goods, keyOf, orderPage, orders } from "../../state/orders.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import "../../core/words-offline.js";
import "../../core/words-states.js";
import "../../core/words-orders.js";
import "../../widgets/shop.js";

const ASKED = 10;
const STILL_HERE = ["awaiting_payment", "paid", "packed"];

/** @type {Map<string, HTMLElement>} */
const rows = new Map();
const form = part("find");
const linkForm = part("link-form");

function paint() {
  const all = orders();
  for (const [number, row] of rows) {
    if (all.some(({ order }) => order === number)) continue;
    row.remove();
    rows.delete(number);
  }
  for (const one of all) part("list").append(rows.get(one.order) || addRow(one));
  show(part("none"), !all.length && isKept());
  if (!all.length) import("../../widgets/goods/seen.js").then(({ showSeen }) => showSeen()).catch(() => {});
  show(part("denied"), !isKept());
  show(part("lost"), pending(CART).length > 0);
}

function paintSaved() {
  const count = addresses().length;
  show(part("saved"), count > 0);
  write(part("saved-words"), say("orders.saved", { count }));
}

/** @param {OwnOrder} one */
function addRow(one) {
  const row = stamp("row");
  const { order: number, placed, total, ship_by } = one;
  part("open", row).href = orderPage(one);
  part("goods", row).textContent = say("orders.number", { number });
  part("when", row).textContent = say("orders.placed", { when: moment(placed), total: money(total) });
  part("date", row).textContent = shipsBy(ship_by);
  show(part("date", row), false);
  /** @param {boolean} asking */
  const confirm = (asking) => {
    show(part("forget", row), !asking);
    show(part("sure", row), asking);
    part(asking ? "really" : "forget", row).focus();
  };
  part("forget", row).setAttribute("aria-label", say("orders.forget", { number }));
  part("forget", row).addEventListener("click", () => confirm(true));
  part("keep", row).addEventListener("click", () => confirm(false));
  part("really", row).addEventListener("click", () => {
    forgetOrder(number);
    paint();
    write(part("told"), say("orders.forgotten"));
    part("own").focus();
  });
  rows.set(number, row);
  return row;
}

/**
 * Asks how the latest orders stand; answers whether the shop could say.
 * @param {Key} key
 */
async function ask({ order: number, token }) {
  try {
    /** @type {Answer<"order">} */
    const { status, data } = await call(`/api/orders/${number}`, { token });
    const row = rows.get(number);
    if (row) paintState(row, status === 200 ? data : null);
    return true;
  } catch (error) {
    unlessAway(error);
    return false;
  }
}

/**
 * @param {HTMLElement} row
 * @param {OrderStatus | null} order
 */
function paintState(row, order) {
  const state = part("state", row);
  state.dataset.state = order ? order.state : "unknown";
  write(state, say(order ? `states.${order.state}` : "orders.unknown"));
  show(state);
  if (!order) return;
  write(part("goods", row), goods(order));
  write(part("date", row), shipsBy(order.ship_by));
  show(part("date", row), STILL_HERE.includes(order.state));
}

async function look() {
  paint();
  const answers = await Promise.all(orders().slice(0, ASKED).map(ask));
  show(part("away"), answers.includes(false));
  return answers.includes(false) ? 15 : 0;
}

/**
 * Says what is wrong beside a field, or takes that away.
 * @param {HTMLInputElement} field
 * @param {string} fault
 */
function mark(field, fault) {
  const told = one(`#${field.id}-fault`);
  write(told, fault);
  show(told, Boolean(fault));
  field.setAttribute("aria-invalid", String(Boolean(fault)));
  return Boolean(fault);
}

async function find() {
  const field = form.elements.contact;
  const wanted = { contact: contact(field.value) || phone(field.value) };
  answer("");
  if (mark(field, wanted.contact ? "" : say(`orders.fault_${meant(field.value)}`))) {
    field.focus();
    return;
  }
  part("find-button").disabled = true;
  nameBrowser();
  try {
    /** @type {Answer<"find">} */
    const found = await call("/api/orders/find", { method: "POST", body: JSON.stringify(wanted) });
    answered(found);
  } catch (error) {
    unlessAway(error);
    answer(say("offline.shop"));
  } finally {
    part("find-button").disabled = false;
  }
}

/** @param {Answer<"find">} found */
function answered({ status, data, wait }) {
  if (status === 202) return answer(say("orders.sent"), true);
  if (status === 429) return answer(say("orders.too_often", { minutes: Math.max(1, Math.ceil(wait / 60)) }));
  if (data?.reason === "no-sms") return answer(say("orders.no_sms"), true);
  if (status !== 422) return answer(say("orders.cannot"), true);
  mark(form.elements.contact, say("orders.fault_contact"));
  return form.elements.contact.focus();
}

/**
 * @param {string} text
 * @param {boolean} [sent]
 */
function answer(text, sent = false) {
  write(part("answer"), text);
  show(part("not-there"), sent);
}

function openLink() {
  const field = linkForm.elements.link;
  const key = keyOf(field.value);
  mark(field, key ? "" : say("orders.fault_link"));
  if (!key) field.focus();
  else window.location.assign(orderPage(key));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
linkForm.addEventListener("submit", (event) => {
  event.preventDefault();
  openLink();
});
part("away-again").addEventListener("click", () => lookNow());
confirmTwice(part("saved-forget"), () => say("orders.saved_sure"), forgetAddresses);
onAddresses(paintSaved);
paintSaved();

const lookNow = whileVisible(look);
