/** What is kept of a buyer: shown, taken along as a file, put right, and forgotten. */

import { Away, call } from "../../core/api.js";
import { day, one, part, say, show, stamp, write } from "../../core/page.js";
import { isEmail, phone, tidy, tidyEmail, tidyName } from "../../core/text.js";
import { words } from "../../core/words.js";
import "../../core/words-after_data.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";

const PATIENCE = 10_000; // milliseconds: what cannot be undone is read before it is tapped again
const WHENS = /** @type {const} */ (["now", "later", "tax", "never"]);

/** @type {Key} */
let key;
/** @type {OrderStatus} */
let order;
/** @type {KeptOfOrder} */
let kept;

/**
 * Shows it for the order.
 * @param {OrderStatus} opened
 * @param {Key} by
 */
export function paint(opened, by) {
  [order, key] = [opened, by];
  show(part("data-shown"), false);
  show(part("data-see"));
  write(part("data-said"), "");
}

/**
 * Asks the shop, and shows what is kept then; says what went wrong, where something did.
 * @param {string} what
 * @param {object} [body]
 * @param {"wrong" | "packed" | "failed"} [bad]
 */
async function ask(what, body, bad = "failed") {
  tell("");
  try {
    /** @type {Answer<"correctEmail">} */
    const answer = await call(`/api/orders/${key.order}/${what}`, {
      method: body ? "POST" : "GET",
      body: body ? JSON.stringify(body) : null,
      token: key.token,
    });
    if (answer.status !== 200) return tell(say(`after_data.${answer.status === 422 ? "wrong" : bad}`), true);
    kept = answer.data;
    paintKept();
    if (body && what !== "forget") tell(say("after_data.saved"));
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    tell(say("after_data.away"), true);
  }
}

function paintKept() {
  const { person } = kept;
  const others = person ? person.orders.filter((other) => other.order !== kept.order) : [];
  part("data-groups").replaceChildren(...WHENS.flatMap(group));
  const state = kept.held ? "held" : kept.gone ? "gone" : kept.forgotten ? "forgotten" : "";
  show(part("data-state"), Boolean(state));
  if (state) write(part("data-state"), say(`after_data.${state}`, { day: dayOf(kept.forgotten) }));
  show(part("data-correct"), kept.correct.length > 0);
  show(part("data-email"), kept.correct.includes("email"));
  show(part("data-address"), kept.correct.includes("address"));
  fill("data-mail", text("email"));
  fill("data-name", text("name"));
  fill("data-phone", text("phone"));
  fill("data-street", order.ship_to.street);
  show(part("data-forgetting"), !kept.held && (!kept.forgotten || Boolean(others.length)));
  show(part("data-forget"), !kept.forgotten);
  show(part("data-unproven"), !person);
  show(part("data-proven"), Boolean(person));
  if (person)
    write(part("data-forget-all"), say("after_data.forget_all", { contact: person.contact, count: others.length + 1 }));
  show(part("data-shown"));
  show(part("data-see"), false);
}

/**
 * What goes at one time, where there is any: of the order, and of the person beside it.
 * @param {typeof WHENS[number]} goes
 */
function group(goes) {
  const facts = [...kept.kept, ...(kept.person?.kept ?? [])].filter((fact) => fact.goes === goes);
  if (!facts.length) return [];
  const made = stamp("data-group");
  const until = goes === "later" && !kept.until ? "later_open" : goes;
  write(part("data-when", made), say(`after_data.${until}`, { day: dayOf(kept.until) }));
  part("data-list", made).replaceChildren(...facts.map(row));
  return [made];
}

/** @param {string} [instant] */
const dayOf = (instant) => (instant ? day(instant.slice(0, 10)) : "");

/** @param {KeptFact} fact */
function row({ what, value }) {
  const made = stamp("data-fact");
  const { what: names } = /** @type {Record<string, any>} */ (words.after_data);
  write(part("data-what", made), names[what] ?? names.other);
  write(part("data-value", made), readable(value));
  return made;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function readable(value) {
  if (Array.isArray(value)) return value.map(readable).join(", ");
  if (value && typeof value === "object") return Object.values(value).map(readable).join(" · ");
  return String(value);
}

/** @param {string} what */
const text = (what) => String(kept.kept.find((fact) => fact.what === what)?.value ?? "");

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (one(`#${id}`));

/**
 * @param {string} id
 * @param {string} value
 */
function fill(id, value) {
  field(id).value = value;
}

/**
 * @param {string} said
 * @param {boolean} [bad]
 */
function tell(said, bad = false) {
  write(part("data-said"), said);
  part("data-said").dataset.mood = bad ? "bad" : "good";
}

function save() {
  const file = new Blob([JSON.stringify(kept, null, 2)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(file),
    download: say("after_data.file_name", { order: key.order }),
  });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

part("data-see").addEventListener("click", () => ask("data"));
part("data-file").addEventListener("click", save);
part("data-email").addEventListener("submit", (event) => {
  event.preventDefault();
  const email = tidyEmail(field("data-mail").value);
  if (email && !isEmail(email)) return tell(say("after_data.wrong"), true);
  ask("email", { email: email || null });
});
part("data-address").addEventListener("submit", (event) => {
  event.preventDefault();
  const [name, street] = [tidyName(field("data-name").value), tidy(field("data-street").value)];
  const ship_to = { name, phone: phone(field("data-phone").value), region: order.ship_to.region, street };
  order = { ...order, ship_to: { ...order.ship_to, street } };
  ask("address", { ship_to }, "packed");
});
const sure = () => say("after_data.sure");
confirmTwice(part("data-forget"), sure, () => ask("forget", {}), PATIENCE);
confirmTwice(part("data-forget-all"), sure, () => ask("forget", { person: true }), PATIENCE);
