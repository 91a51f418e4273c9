/**
 * The checkout's form: what it says, the rules that the shop checks too, faults beside their fields, the draft. Others
 * share its faults.
 */

import { all, one, say, show, write } from "../core/page.js";
import { getPersonal, removeItem, setPersonal } from "../core/storage.js";
import {
  isDistrict,
  isEmail,
  isName,
  isNote,
  isStreet,
  phone as mobile,
  tidy,
  tidyEmail,
  tidyName,
  tidyNote,
} from "../core/text.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const DRAFT = "cunbo.draft";
/** The note stands last. @type {(keyof Draft)[]} */
const FIELDS = ["name", "phone", "province", "city", "district", "other", "street", "email", "note"];
/** @type {("name" | "phone" | "other" | "street" | "email" | "note")[]} */
const TYPED = ["name", "phone", "other", "street", "email", "note"];

/**
 * The request's ship_to, e-mail and payment as the shopper gives them; outer spaces and empty fields left out.
 * @param {CheckoutForm} form
 * @param {string[]} region
 * @returns {Omit<Wish, "lines">}
 */
export function read(form, region) {
  const { name, phone, street, email, note, payment } = form.elements;
  const mail = tidyEmail(email.value);
  const said = tidyNote(note.value);
  return {
    ship_to: {
      name: tidyName(name.value),
      phone: mobile(phone.value),
      region: region.map(tidy),
      street: tidy(street.value),
    },
    ...(mail ? { email: mail } : {}),
    ...(said ? { note: said } : {}),
    payment: payment.value,
  };
}

/**
 * Pointers of the fields that break a rule of the shop.
 * @param {Wish} wish
 * @returns {string[]}
 */
export function faults({ ship_to, email, note = "", no_return }) {
  /** @type {Record<string, boolean>} */
  const rules = {
    "/ship_to/name": isName(ship_to.name),
    "/ship_to/phone": Boolean(ship_to.phone),
    "/ship_to/region": ship_to.region.length > 1 && ship_to.region.every(isDistrict),
    "/ship_to/street": isStreet(ship_to.street),
    "/note": isNote(note),
    "/no_return": !no_return || no_return.length > 0,
    "/email": email === undefined || isEmail(email),
  };
  return Object.keys(rules).filter((pointer) => !rules[pointer]);
}

/**
 * Says the rule, which the page has among the words of `group`, beside each field that a pointer leads to, and focuses
 * the first. Of several fields under one pointer those are at fault that are empty, else all that can be filled; answers the pointers without a field.
 * @param {HTMLFormElement} form
 * @param {string[]} pointers
 * @param {string} [group]
 * @returns {string[]}
 */
export function mark(form, pointers, group = "checkout") {
  /** @type {HTMLElement[]} */
  const marked = [];
  /** @type {Field | undefined} */
  let first;
  for (const box of all("[data-pointer]", form)) {
    const wrong = pointers.some((pointer) => under(pointer, pointerOf(box)));
    const fault = one(".fault", box);
    write(fault, wrong ? say(`${group}.fault.${pointerOf(box).split("/").pop()}`) : "");
    show(fault, wrong);
    const fields = fieldsOf(box);
    const inPlay = fields.filter((field) => !field.disabled && !field.closest("[hidden]"));
    const empty = inPlay.filter((field) => field.required && !field.value);
    const atFault = wrong ? (empty.length ? empty : inPlay) : [];
    for (const field of fields) field.setAttribute("aria-invalid", String(atFault.includes(field)));
    if (wrong) marked.push(box);
    first ??= atFault[0];
  }
  first?.focus();
  return pointers.filter((pointer) => !marked.some((box) => under(pointer, pointerOf(box))));
}

/** @param {HTMLElement} box */
const fieldsOf = (box) => /** @type {Field[]} */ (all("input, select, textarea", box));

/** @param {HTMLElement} box */
const pointerOf = (box) => box.dataset.pointer ?? "";

/**
 * @param {string} pointer
 * @param {string} parent
 */
const under = (pointer, parent) => pointer === parent || pointer.startsWith(`${parent}/`);

/**
 * Keeps what is typed on this device until the order is there, for a day at most, so that no reload loses it.
 * @param {CheckoutForm} form
 * @param {() => boolean} hasAddress Whether its address was typed: one that the device has saved is no draft.
 */
export function keepDraft(form, hasAddress) {
  const typed = () => (hasAddress() ? FIELDS : FIELDS.slice(-1)).map((name) => [name, form.elements[name].value]);
  form.addEventListener("input", () => setPersonal(DRAFT, Object.fromEntries(typed())));
}

/**
 * Puts a kept draft back; answers it, for the selects that are filled later.
 * @param {CheckoutForm} form
 * @returns {Draft}
 */
export function restoreDraft(form) {
  /** @type {Draft} */
  const draft = getPersonal(DRAFT) || {};
  for (const name of TYPED) {
    const [field, kept] = [form.elements[name], draft[name]];
    if (typeof kept === "string" && !field.value) field.value = kept;
  }
  return draft;
}

export const dropDraft = () => removeItem(DRAFT);
