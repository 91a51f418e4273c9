/**
 * The checkout's form: what it says, the rules that the shop checks too, faults beside their fields, the draft. Others
 * share its faults.
 */

import { all, one, say, show, write } from "../core/page.js";
import { getPersonal, removeItem, setPersonal } from "../core/storage.js";

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
  return {
    ship_to: { name: tidy(name.value), phone: mobile(phone.value), region, street: tidy(street.value) },
    ...(email.value.trim() ? { email: email.value.trim() } : {}),
    ...(tidy(note.value) ? { note: tidy(note.value) } : {}),
    payment: payment.value,
  };
}

/**
 * Whether it is written as the shop takes e-mail addresses.
 * @param {string} text
 */
export const isEmail = (text) =>
  text.length <= 254 && /^[\w%+-]+(\.[\w%+-]+)*@([0-9A-Za-z-]+\.)+[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]$/.test(text);

/**
 * Pointers of the fields that break a rule of the shop.
 * @param {Wish} wish
 * @returns {string[]}
 */
export function faults({ ship_to, email, note = "", no_return }) {
  /**
   * @param {string} text
   * @param {number} least
   * @param {number} most
   */
  const long = (text, least, most) => [...text].length >= least && [...text].length <= most;
  /** @type {Record<string, boolean>} */
  const rules = {
    "/ship_to/name": long(ship_to.name, 2, 25) && /\p{L}/u.test(ship_to.name),
    "/ship_to/phone": /^\+861[3-9]\d{9}$/.test(ship_to.phone),
    "/ship_to/region": Boolean(ship_to.region[0] && ship_to.region[1]),
    "/ship_to/street": long(ship_to.street, 4, 100),
    "/note": long(note, 0, 200),
    "/no_return": !no_return || no_return.length > 0,
    "/email": email === undefined || isEmail(email),
  };
  return Object.keys(rules).filter((pointer) => !rules[pointer]);
}

/**
 * Says the rule, which the page has among the words of `group`, beside each field that a pointer leads to, and focuses
 * the first; answers the pointers without a field.
 * @param {HTMLFormElement} form
 * @param {string[]} pointers
 * @param {string} [group]
 * @returns {string[]}
 */
export function mark(form, pointers, group = "checkout") {
  /** @type {HTMLElement[]} */
  const marked = [];
  for (const box of all("[data-pointer]", form)) {
    const wrong = pointers.some((pointer) => under(pointer, pointerOf(box)));
    const fault = one(".fault", box);
    write(fault, wrong ? say(`${group}.fault.${pointerOf(box).split("/").pop()}`) : "");
    show(fault, wrong);
    for (const field of all("input, select", box)) field.setAttribute("aria-invalid", String(wrong));
    if (wrong) marked.push(box);
  }
  if (marked.length) one("input, select:not([disabled])", marked[0]).focus();
  return pointers.filter((pointer) => !marked.some((box) => under(pointer, pointerOf(box))));
}

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

/** @param {string} text */
const tidy = (text) =>
  text
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/g, " ")
    .trim();

/**
 * Digits as people type them (spaces, dashes, brackets, full width, +86, 0086) as the shop keeps them: +86138…
 * @param {string} text
 */
function mobile(text) {
  const digits = text.normalize("NFKC").replace(/[\s()\u2010-\u2015\p{Cf}-]/gu, "");
  return `+86${digits.replace(/^(\+?86|0086)(?=1)/, "")}`;
}
