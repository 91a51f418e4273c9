/** The waitlist's form on a product's page: leaves an address or number to which a link goes when there are units again. */

import { call, unlessAway } from "../../core/api.js";
import { contact as contactOf, meant } from "../../core/contact.js";
import { count, lang, one, part, say, show, write } from "../../core/page.js";
import { mark } from "../../widgets/form.js";
import "../../core/words-waitlist.js";

const section = part("waitlist");
const form = part("waitlist-form");
/** The form is hidden until open() has this and the next. @type {Goods & {most: number}} */
let goods;
/** @type {{look: () => void, buy: (units: number) => void}} */
let act;

/**
 * Opens it for these goods; `act` has what the page can do: `look` at the stock again, and `buy` so many of them. What
 * was typed for others stays.
 * @param {Goods & {most: number}} wanted
 * @param {number} quantity
 * @param {{look: () => void, buy: (units: number) => void}} acts
 */
export function open(wanted, quantity, acts) {
  goods = wanted;
  act = acts;
  write(part("waitlist-goods"), goods.name ?? "");
  for (const name of ["how", "privacy"]) write(part(`waitlist-${name}`), say(`waitlist.${name}`));
  form.elements.units.value = String(quantity);
  form.elements.units.max = String(goods.most);
  show(section);
  show(form);
  answer("");
  form.elements.contact.focus();
}

/** @returns {Schemas["Wait"] & {quantity: number}} */
const wish = () => ({
  sku: goods.sku,
  contact: contactOf(form.elements.contact.value),
  quantity: Number(form.elements.units.value),
  fewer: form.elements.fewer.checked,
  lang,
});

/** @param {{contact: string, quantity: number}} wanted */
const faults = ({ contact, quantity }) => [
  ...(contact ? [] : ["/contact"]),
  ...(Number.isInteger(quantity) && quantity >= 1 && quantity <= goods.most ? [] : ["/quantity"]),
];

/**
 * Marks the fields that pointers lead to, and says of the contact what is wrong with what was meant; answers how many
 * pointers have no field.
 * @param {string[]} pointers
 */
function complain(pointers) {
  const elsewhere = mark(form, pointers, "waitlist").length;
  const kind = meant(form.elements.contact.value);
  if (pointers.includes("/contact")) write(one("#contact-fault"), say(`waitlist.fault.${kind}`));
  return elsewhere;
}

async function join() {
  const wanted = wish();
  const wrong = faults(wanted);
  answer("");
  complain(wrong);
  if (wrong.length) return;
  part("waitlist-join").disabled = true;
  try {
    /** @type {Answer<"wait">} */
    const found = await call("/api/waitlist", { method: "POST", body: JSON.stringify(wanted) });
    answered(wanted, found);
  } catch (error) {
    unlessAway(error);
    answer(say("waitlist.away"));
  } finally {
    part("waitlist-join").disabled = false;
  }
}

/**
 * @param {{contact: string, quantity: number}} wanted
 * @param {Answer<"wait">} found
 */
function answered(wanted, { status, data, wait }) {
  if (status === 202) return sent(wanted);
  if (status === 429) return answer(say("waitlist.too_often", { minutes: Math.max(1, Math.ceil(wait / 60)) }));
  const type = data?.type;
  const errors = data?.errors ?? [];
  if (type === "/problems/on-sale") return onSale(wanted, errors[0] || {});
  const pointers = errors.map(({ pointer }) => pointer);
  if (complain(pointers) < pointers.length) return answer("");
  if (data?.reason === "no-sms") return answer(say("waitlist.no_sms"));
  return answer(say(type === "/problems/not-now" ? "waitlist.not_now" : "waitlist.cannot"));
}

/** @param {{contact: string}} wanted */
function sent({ contact }) {
  show(form, false);
  answer(say("waitlist.sent", { contact: contact.replace("+86", "") }));
  part("waitlist-answer").focus();
}

/**
 * It can be bought after all: has the page see that, and offers what there is.
 * @param {{quantity: number}} wanted
 * @param {{left?: number}} problem
 */
function onSale({ quantity }, { left = quantity }) {
  const units = Math.min(quantity, left);
  act.look();
  answer(say("waitlist.on_sale", { left: count(left, goods.unit ?? "") }));
  const button = part("waitlist-buy");
  show(button, units > 0);
  button.textContent = say("waitlist.buy", { units: count(units, goods.unit ?? "") });
  button.onclick = () => {
    show(section, false);
    act.buy(units);
  };
}

/** @param {string} text */
function answer(text) {
  write(part("waitlist-said"), text);
  show(part("waitlist-buy"), false);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  join();
});
