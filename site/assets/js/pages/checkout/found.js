/**
 * Orders whose answer was lost: before another is placed, the shop is asked for each again with its old key and body. One
 * that did arrive is shown, to be paid, or to be cancelled and ordered anew; so nothing is bought twice, and nobody is
 * told "sold out" because of an order of their own.
 */

import { call, unlessAway } from "../../core/api.js";
import { pending, send } from "../../core/attempt.js";
import { money, paragraph, part, say, show } from "../../core/page.js";
import { goods, orderPage, payPage, remember, settle } from "../../state/orders.js";
import { dropDraft } from "../../widgets/form.js";
import { showNotice } from "../../widgets/notice.js";
import { done, way } from "./ordering.js";
import "../../core/words-checkout.js";
import "../../core/words-offline.js";

/** An order that was found, and the wish that made it. @typedef {{order: Order, wish: Wish}} Found */

/** @type {string[]} */
const OVER = ["cancelled", "expired", "refunded"];

/**
 * Asks for all attempts but the one with this wish; shows the orders that they have made, and answers whether there are
 * any. Throws Away.
 * @param {Wish} wish
 * @param {CheckoutPage} page
 */
export async function hasFound(wish, page) {
  const found = await ask(JSON.stringify(wish));
  if (!found.length) return false;
  showNotice(say("checkout.found", { count: found.length }), ...found.map(described), acts(found, page));
  show(part("settle"), false); // what it would place can be placed once these are settled
  return true;
}

/**
 * Where there is nothing to order: has the button ask for what has no answer yet.
 * @param {CheckoutPage} page
 */
export function offer(page) {
  const button = part("lost-ask");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const [found] = await ask("");
      if (found) page.accepted(found.order);
      else part("lost").replaceChildren(paragraph(say("checkout.lost_none")));
    } catch (error) {
      unlessAway(error);
      button.disabled = false;
    }
  });
}

/**
 * Sends every attempt but that with this wish once more; answers the orders that are there and not over.
 * @param {string} but
 * @returns {Promise<Found[]>}
 */
async function ask(but) {
  /** @type {Found[]} */
  const found = [];
  for (const attempt of pending(way).filter((one) => one.wish !== but)) {
    const { status, data } = await send(attempt, way);
    if (status !== 201) continue; // it never came to be, and never will by this key
    remember(data);
    if (!OVER.includes(data.state)) found.push({ order: data, wish: JSON.parse(attempt.wish) });
  }
  return found;
}

/** @param {Found} found */
function described({ order, wish: { ship_to } }) {
  const to = `${ship_to.name} ${[...ship_to.region, ship_to.street].join(" ")}`;
  return paragraph(say("checkout.found_order", { goods: goods(order), total: money(order.total), to }));
}

/**
 * @param {Found[]} found
 * @param {CheckoutPage} page
 */
function acts(found, page) {
  const row = document.createElement("p");
  row.className = "acts-row";
  const [{ order }] = found;
  const pay = document.createElement("a");
  pay.className = "button";
  pay.href = payPage(order);
  pay.textContent = say("checkout.found_pay", { total: money(order.total) });
  pay.addEventListener("click", () => {
    done();
    dropDraft();
  });
  const anew = document.createElement("button");
  anew.type = "button";
  anew.className = "button plain";
  anew.textContent = say("checkout.found_anew");
  anew.addEventListener("click", () => orderAnew(found, anew, page));
  row.append(pay, " ", anew);
  return row;
}

/**
 * Cancels what was found, then places what the form says now.
 * @param {Found[]} found
 * @param {HTMLButtonElement} button
 * @param {CheckoutPage} page
 */
async function orderAnew(found, button, page) {
  button.disabled = true;
  try {
    for (const { order } of found) {
      /** @type {Answer<"cancel">} */
      const { status } = await call(`/api/orders/${order.order}/cancel`, { method: "POST", token: order.token });
      if (status >= 400) {
        window.location.assign(orderPage(order)); // it was paid or ended meanwhile: its page says how it stands
        return;
      }
      settle(order.order);
    }
    showNotice("");
    page.submit();
  } catch (error) {
    unlessAway(error);
    part("refusal").append(paragraph(say("offline.shop")));
  } finally {
    button.disabled = false;
  }
}
