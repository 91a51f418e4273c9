/**
 * The saved addresses at the checkout: the last used one as a card above the button, others to choose, edit or forget.
 * What is chosen stands in the form's fields, which are hidden behind the card, so the rest of the page knows of fields
 * alone.
 */

import { one, part, say, show, stamp, write } from "../../core/page.js";
import { isKept } from "../../core/storage.js";
import {
  addresses,
  addressId,
  forgetAddress,
  forgetAddresses,
  onAddresses,
  saveAddress,
  veiled,
} from "../../state/addresses.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { read } from "../../widgets/form.js";
import "../../core/words-checkout.js";

/** Set by begin(), before which nothing here is called. @type {CheckoutForm} */
let form;
/** @type {RegionChoice} */
let region;
/** The saved address that fills the form; "" for one that is typed. */
let chosen = "";
/** The one that is being edited, which the order will replace. */
let edited = "";
let choosing = false;
let tellChanged = () => {};

/** Whether the address in the form was typed, or is being edited. */
export const isTyped = () => !chosen;

/**
 * Fills the form with the last used address, unless one was typed already; `changed` is called with each other choice.
 * @param {CheckoutForm} ofPage
 * @param {RegionChoice} regions
 * @param {() => void} changed
 */
export function begin(ofPage, regions, changed) {
  [form, region, tellChanged] = [ofPage, regions, changed];
  const { name, phone, street } = form.elements;
  const [last] = addresses();
  if (last && ![name, phone, street].some(({ value }) => value.trim())) choose(last);
  part("saved-change").addEventListener("click", () => ask(true));
  part("saved-new").addEventListener("click", () => type(null));
  confirmTwice(part("saved-forget"), () => say("checkout.saved_sure"), forgetAddresses);
  onAddresses(paint);
  show(part("remember"), isKept());
  paint();
}

/**
 * Shows the fields behind the card, for what is wrong in them; to a selector that is given goes the focus, unless there
 * are other addresses to choose from.
 * @param {string} [focus]
 */
export function open(focus = "") {
  if (chosen && focus) return ask(true);
  if (chosen) type(addresses().find((address) => addressId(address) === chosen) ?? null);
  if (focus) one(focus, form).focus();
  return undefined;
}

/** The order is there: its address was used, or is kept from now on, if its buyer said so. */
export function accepted() {
  const { ship_to, email = "" } = read(form, region.value());
  if (chosen || form.elements.remember.checked) saveAddress({ ...ship_to, email }, chosen || edited);
}

/** @param {SavedAddress} address */
function choose(address) {
  fill(address);
  [chosen, edited, choosing] = [addressId(address), "", false];
}

/** @param {SavedAddress | null} address */
function fill(address) {
  const { name, phone, street, email, other } = form.elements;
  const [province = "", city = "", district = ""] = address?.region ?? [];
  name.value = address?.name ?? "";
  phone.value = (address?.phone ?? "").replace(/^\+86/, "");
  street.value = address?.street ?? "";
  email.value = address?.email ?? "";
  region.choose({ province, city, district });
  other.value = form.elements.district.value === district ? "" : district;
  if (other.value) region.choose({ province, city, district: "*" });
}

/**
 * Has an address typed: anew, or from what one says.
 * @param {SavedAddress | null} address
 */
function type(address) {
  fill(address);
  [chosen, edited, choosing] = ["", address ? addressId(address) : "", false];
  form.elements.remember.checked = Boolean(address); // it is kept already
  paint();
  tellChanged();
  form.elements.name.focus();
}

/** @param {boolean} now */
function ask(now) {
  choosing = now;
  paint();
  if (now) part("saved-list").querySelector("button")?.focus();
}

function paint() {
  const all = addresses();
  const now = all.find((address) => addressId(address) === chosen);
  if (chosen && !now) {
    // forgotten, here or in another tab: what was chosen leaves the form too
    if (all.length) choose(all[0]);
    else type(null);
    tellChanged();
    return paint();
  }
  show(part("saved"), all.length > 0);
  show(part("saved-card"), Boolean(now) && !choosing);
  show(part("saved-choice"), all.length > 0 && (choosing || !now));
  show(part("address"), !now);
  write(part("saved-who"), now ? whoOf(now) : "");
  write(part("saved-where"), now ? whereOf(now) : "");
  part("saved-list").replaceChildren(...all.map(row)); // also anew: a question that was asked is taken back
  return undefined;
}

/** @param {SavedAddress} address */
const whoOf = ({ name, phone }) => `${name} ${veiled(phone)}`;
/** @param {SavedAddress} address */
const whereOf = ({ region: names, street }) => [...names, street].join(" ");

/**
 * @param {SavedAddress} address
 * @param {number} number
 */
function row(address, number) {
  const element = stamp("saved-row");
  const words = part("saved-words", element);
  words.id = `saved-${number}`;
  write(words, `${whoOf(address)} ${whereOf(address)}`);
  for (const name of ["use", "edit", "drop"]) part(`saved-${name}`, element).setAttribute("aria-describedby", words.id);
  part("saved-use", element).addEventListener("click", () => {
    choose(address);
    paint();
    tellChanged();
    part("saved-change").focus();
  });
  part("saved-edit", element).addEventListener("click", () => type(address));
  confirmTwice(
    part("saved-drop", element),
    () => say("checkout.saved_sure"),
    () => forgetAddress(addressId(address)),
  );
  return element;
}
