/** The manager's desk. People: what is kept of whoever calls, as a file for them; forgetting them; orders in dispute. */

import { home, one, part, say, show, stamp, write } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import "../../core/words-desk_people.js";
import "../../core/words-states.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { open } from "./opening.js";

const PATIENCE = 10_000; // milliseconds: what cannot be undone is read before it is tapped again

/** @type {KeptOfPerson | null} */
let person = null;

/**
 * Asks the shop about whoever has the contact, and shows it.
 * @param {string} path
 * @param {string} contact
 */
async function ask(path, contact) {
  tell("");
  return trying(async () => {
    /** @type {Answer<"person"> | null} */
    const answer = await callAsStaff(path, { method: "POST", body: { contact } });
    if (!answer) return;
    person = answer.status === 200 ? answer.data : null;
    show(part("person-shown"), Boolean(person?.orders.length || person?.kept.length));
    if (!person) return tell(say(answer.status === 422 ? "desk_people.wrong" : "desk_people.failed"), true);
    paint(person);
  });
}

/** @param {KeptOfPerson} found */
function paint({ contact, orders, kept }) {
  write(part("person-count"), say("desk_people.count", { contact, count: orders.length, beside: kept.length }));
  part("person-orders").replaceChildren(...orders.map(row));
  if (!orders.length && !kept.length) tell(say("desk_people.none"));
}

/** @param {KeptOfOrder} order */
function row(order) {
  const made = stamp("person-order");
  const marks = [order.forgotten ? "asked" : "", order.held ? "held" : ""].filter(Boolean);
  const number = /** @type {HTMLAnchorElement} */ (part("person-number", made));
  write(number, order.order);
  number.href = `${home}desk/orders/#${order.order}`;
  write(
    part("person-state", made),
    [say(`states.${order.state}`), ...marks.map((mark) => say(`desk_people.${mark}`))].join(" · "),
  );
  write(part("person-kept", made), say("desk_people.kept", { count: order.kept.length }));
  part("person-hold", made).addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = /** @type {HTMLInputElement} */ (one("input", made)).value.trim();
    hold(order.order, reason);
  });
  return made;
}

/**
 * @param {string} number
 * @param {string} reason
 */
function hold(number, reason) {
  return trying(async () => {
    /** @type {Answer<"holdOrder"> | null} */
    const answer = await callAsStaff(`/api/staff/orders/${number}/hold`, { method: "PUT", body: { reason } });
    if (!answer || !person) return;
    if (answer.status !== 200) return tell(say("desk_people.failed"), true);
    const { data } = answer;
    paint({ ...person, orders: person.orders.map((order) => (order.order === number ? data : order)) });
    tell(say("desk_people.saved"));
  });
}

function save() {
  const file = new Blob([JSON.stringify(person, null, 2)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(file),
    download: say("desk_people.file_name"),
  });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function forget() {
  if (!person) return;
  await ask("/api/staff/people/forget", person.contact);
  if (person) tell(say("desk_people.forgotten"));
}

part("person-form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask("/api/staff/people", /** @type {HTMLInputElement} */ (one("#person-contact")).value.trim());
});
part("person-file").addEventListener("click", save);
confirmTwice(part("person-forget"), () => say("desk_people.sure"), forget, PATIENCE);
open(async () => {});
