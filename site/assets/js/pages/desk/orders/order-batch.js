/** A whole batch that ships later: whom that meets, and then all of them, some at a time. */

import { day, part, say, show, write } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import "../../../core/words-desk_orders.js";
import { tell, trying } from "../../../core/trying.js";
import { catalog, nameOf } from "../../../state/catalog.js";
import { confirmTwice } from "../../../widgets/confirm-twice.js";

const PATIENCE = 9000; // milliseconds between the two taps
let sku = "";
let batch = "";
let later = "";
/** How many orders it meets, as far as is known. */
let meets = 0;

/**
 * Shows what may be done about a batch.
 * @param {string} of its SKU
 * @param {string} ship_by its day
 */
export async function showBatch(of, ship_by) {
  [sku, batch] = [of, ship_by];
  const next = new Date(`${ship_by}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  const field = /** @type {HTMLInputElement} */ (part("batch-form").querySelector("input"));
  field.value = next.toISOString().slice(0, 10);
  field.min = field.value;
  show(part("batch-told"), false);
  write(part("batch-name"), say("desk_orders.batch_of", { name: nameOf(await catalog(), sku), day: day(ship_by) }));
  await look(field.value);
}

/** @param {string} day_ */
async function look(day_) {
  later = day_;
  const told = await ask(true);
  if (told) paint(told);
}

/**
 * @param {boolean} drill
 * @returns {Promise<BatchMove | null>}
 */
async function ask(drill) {
  const path = `/api/staff/batches/${sku}/${batch}/postpone`;
  /** @type {Answer<"postponeBatch"> | null} */
  const answer = await callAsStaff(path, { method: "POST", body: { ship_by: later, drill } });
  if (!answer) return null;
  if (answer.status === 200) return answer.data;
  tell(reason(answer), true);
  return null;
}

/** @param {BatchMove} move */
function paint({ orders, stay, room }) {
  meets = orders.length;
  const units = orders.reduce((sum, one) => sum + one.units, 0);
  const words = [say("desk_orders.meets", { count: orders.length, units, room })];
  const silent = orders.filter(({ told_by }) => !told_by).length;
  if (silent) words.push(say("desk_orders.to_call", { count: silent }));
  if (stay.length) words.push(say("desk_orders.stays", { count: stay.length }));
  write(part("batch-meets"), words.join(" "));
  part("batch-orders").replaceChildren(...[...orders, ...stay].map(row));
  const go = part("batch-go");
  write(go, say("desk_orders.batch_go"));
  show(go, Boolean(orders.length));
  show(part("batch-told"));
}

/** @param {BatchMove["orders"][number]} one */
function row(one) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${one.order}`;
  link.textContent = `${one.name} ${say("desk_orders.tail", { tail: one.order.slice(-4) })} × ${one.units}`;
  const how = document.createElement("span");
  const reached = say(`desk_orders.reached.${one.told_by || "call"}`);
  how.textContent = one.why ? say(`desk_orders.why_stays.${one.why}`) : reached;
  item.append(link, how);
  return item;
}

/** Moves them, some at a time, until nobody is left who can be moved. */
async function move() {
  let count = 0;
  for (;;) {
    const told = await ask(false);
    if (!told) return;
    count += told.orders.length;
    const said = say("desk_orders.done.batch", { count, left: told.left });
    tell(said);
    if (told.left && told.orders.length) continue;
    await look(later);
    return tell(said);
  }
}

const form = part("batch-form");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  trying(() => look(/** @type {HTMLInputElement} */ (form.querySelector("input")).value));
});
confirmTwice(
  part("batch-go"),
  () => say("desk_orders.sure.batch", { count: meets, day: day(later) }),
  () => trying(move),
  PATIENCE,
);
