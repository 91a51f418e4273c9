/** The manager's desk. Orders: search, an order's story, and what may be done about it. */

import { day, money, one, part, say, show, when, write } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import "../../../core/words-common.js";
import "../../../core/words-desk_orders.js";
import "../../../core/words-states.js";
import { tell, trying } from "../../../core/trying.js";
import { open } from "../opening.js";
import { showBatch } from "./order-batch.js";
import { showStory } from "./order-story.js";

const NUMBER = /^#[0-9]{20}$/;
const BATCH = /^#batch\.([a-z0-9-]+)\.(\d{4}-\d\d-\d\d)$/;
const MOST_LOOKS = 8; // answers without an order that are gone on behind by themselves
const FILTERS = ["state", "sku", "room", "day", "ship_by"];

let cursor = "";
let turn = 0;

/** Shows what the address names: an order, a batch, or the list alone. */
function follow() {
  const { hash } = window.location;
  const batch = BATCH.exec(hash);
  const order = NUMBER.test(hash) ? hash.slice(1) : "";
  one(".desk-orders").toggleAttribute("data-open", Boolean(order || batch));
  show(part("story"), Boolean(order));
  show(part("batch"), Boolean(batch));
  for (const link of part("found").querySelectorAll("a"))
    if (link.hash === hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  if (order) trying(() => showStory(order));
  if (batch) trying(() => showBatch(batch[1], batch[2]));
}

/** Finds what is typed and chosen; `further` goes on behind what is shown. */
async function find(further = false) {
  turn += 1;
  const mine = turn;
  const typed = part("query").value.trim();
  const asked = new URLSearchParams();
  if (typed) asked.set("q", typed);
  for (const name of FILTERS) {
    const { value } = /** @type {HTMLInputElement} */ (one(`[name="${name}"]`, part("filter")));
    if (value) asked.set(name, value);
  }
  tell("");
  if (!further) cursor = "";
  /** @type {FoundOrder[]} */
  const found = [];
  for (let look = 0; look < MOST_LOOKS && !found.length; look += 1) {
    if (cursor) asked.set("cursor", cursor);
    /** @type {Answer<"findOrders"> | null} */
    const answer = await callAsStaff(`/api/staff/orders?${asked}`);
    if (!answer || mine !== turn) return;
    if (answer.status !== 200) return tell(reason(answer), true);
    found.push(...answer.data.orders);
    cursor = answer.data.cursor ?? "";
    const { meaning } = answer.data;
    write(part("found-words"), found.length ? "" : nothing(meaning));
    if (!cursor) break;
  }
  const rows = found.map(row);
  if (further) part("found").append(...rows);
  else part("found").replaceChildren(...rows);
  show(part("further"), Boolean(cursor));
  if (typed && !further && found.length === 1 && !cursor) window.location.hash = found[0].order;
}

/** @param {string} meaning */
function nothing(meaning) {
  if (meaning === "short" || meaning === "nothing") return say(`desk_orders.found.${meaning}`);
  return say(cursor ? "desk_orders.found.so_far" : "desk_orders.found.none");
}

/**
 * An order of the list.
 * @param {FoundOrder} order
 */
function row(order) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${order.order}`;
  const name = document.createElement("b");
  name.textContent = order.name;
  const [first] = order.lines;
  const count = order.lines.length;
  const goods =
    count > 1 ? say("desk_orders.more_goods", { name: first.name, count }) : `${first.name} × ${first.quantity}`;
  const state = document.createElement("span");
  state.textContent = say(`states.${order.state}`);
  const tail = say("desk_orders.tail", { tail: order.order.slice(-4) });
  const what = document.createElement("small");
  what.textContent = `${goods} · ${money(order.total)}`;
  const dates = document.createElement("small");
  const placed = say("desk_orders.placed", { at: when(order.placed) });
  dates.textContent = `${placed} · ${say("common.ships_by", { day: day(order.ship_by, "short") })}`;
  link.append(state, name, tail, what, dates);
  item.append(link);
  return item;
}

open(async () => {
  window.addEventListener("hashchange", follow);
  part("search").addEventListener("submit", (event) => {
    event.preventDefault();
    if (window.location.hash) window.history.pushState(null, "", window.location.pathname);
    follow();
    trying(() => find());
  });
  // Until now nothing could be sent: the browser itself would put what is typed, a name or a phone, into the address.
  /** @type {HTMLButtonElement} */ (part("search-go")).disabled = false;
  part("filter").addEventListener("change", () => trying(() => find()));
  part("further").addEventListener("click", () => trying(() => find(true)));
  follow();
  await find();
});
