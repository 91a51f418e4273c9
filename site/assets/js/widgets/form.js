/**
 * The checkout's form: what it says, the rules that the shop checks too, faults beside their fields, the draft. Others
 * share its faults.
 */

import { say, show, write } from "../core/page.js";
import { getItem, removeItem, setItem } from "../core/storage.js";

const DRAFT = "cunbo.draft";
const FIELDS = ["name", "phone", "province", "city", "district", "other", "street", "email"];

/** The request's ship_to, e-mail and payment as the shopper gives them; outer spaces and empty fields left out. */
export function read(form, region) {
  const { name, phone, street, email, payment } = form.elements;
  return {
    ship_to: { name: tidy(name.value), phone: mobile(phone.value), region, street: tidy(street.value) },
    ...(email.value.trim() ? { email: email.value.trim() } : {}),
    payment: payment.value,
  };
}

/** Whether it is written as the shop takes e-mail addresses. */
export const isEmail = (text) => /^[!-?A-~]{1,64}@[0-9A-Za-z.-]{3,180}$/.test(text);

/** Pointers of the fields that break a rule of the shop. */
export function faults({ ship_to, email, no_return }) {
  const long = (text, least, most) => [...text].length >= least && [...text].length <= most;
  const rules = {
    "/ship_to/name": long(ship_to.name, 2, 25) && /\p{L}/u.test(ship_to.name),
    "/ship_to/phone": /^\+861[3-9]\d{9}$/.test(ship_to.phone),
    "/ship_to/region": Boolean(ship_to.region[0] && ship_to.region[1]),
    "/ship_to/street": long(ship_to.street, 4, 100),
    "/no_return": !no_return || no_return.length > 0,
    "/email": email === undefined || isEmail(email),
  };
  return Object.keys(rules).filter((pointer) => !rules[pointer]);
}

/**
 * Says the rule, which the page has among the words of `group`, beside each field that a pointer leads to, and focuses
 * the first; answers the pointers without a field.
 */
export function mark(form, pointers, group = "checkout") {
  const marked = [];
  for (const box of form.querySelectorAll("[data-pointer]")) {
    const wrong = pointers.some((pointer) => under(pointer, box.dataset.pointer));
    const fault = box.querySelector(".fault");
    write(fault, wrong ? say(`${group}.fault.${box.dataset.pointer.split("/").pop()}`) : "");
    show(fault, wrong);
    for (const field of box.querySelectorAll("input, select")) field.setAttribute("aria-invalid", String(wrong));
    if (wrong) marked.push(box);
  }
  if (marked.length) marked[0].querySelector("input, select:not([disabled])").focus();
  return pointers.filter((pointer) => !marked.some((box) => under(pointer, box.dataset.pointer)));
}

const under = (pointer, parent) => pointer === parent || pointer.startsWith(`${parent}/`);

/** Keeps what is typed on this device until the order is there, so that no reload loses it. */
export function keepDraft(form) {
  const typed = () => Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
  form.addEventListener("input", () => setItem(DRAFT, typed()));
}

/** Puts a kept draft back; answers it, for the selects that are filled later. */
export function restoreDraft(form) {
  const draft = getItem(DRAFT) || {};
  for (const name of ["name", "phone", "other", "street", "email"]) {
    const field = form.elements[name];
    if (typeof draft[name] === "string" && !field.value) field.value = draft[name];
  }
  return draft;
}

export const dropDraft = () => removeItem(DRAFT);

const tidy = (text) => text.replace(/\s+/g, " ").trim();

/** Digits as people type them (spaces, dashes, brackets, full width, +86, 0086) as the shop keeps them: +86138… */
function mobile(text) {
  const digits = text.normalize("NFKC").replace(/[\s()\u2010-\u2015-]/g, "");
  return `+86${digits.replace(/^(\+?86|0086)(?=1)/, "")}`;
}
