/** The ways to pay, as choices: those that work where the page is open, and why the others do not. */

import { Away, call } from "../core/api.js";
import { all, one, part, say, stamp, write } from "../core/page.js";
import "../core/words-methods.js";

/** Those of which more than the name is to be said. */
const ABOUT = ["sandbox", "stripe"];

/**
 * What orders can be paid by in this browser, in the order of offering. Throws Away, also where there is nothing.
 * @returns {Promise<PayMethod[]>}
 */
export async function methods() {
  /** @type {Answer<"methods">} */
  const { status, data } = await call("/api/payments");
  if (status !== 200 || !data.methods.length) throw new Away("no way to pay");
  return data.methods;
}

/**
 * Shows the methods, and chooses the wanted one where it works here, else the first that does. What does not work cannot be
 * chosen, unless nothing does.
 * @param {PayMethod[]} list
 * @param {string} [wanted]
 */
export function paintMethods(list, wanted = "") {
  const working = list.filter(({ why }) => !why);
  const choices = working.length ? working : list;
  const chosen = choices.find(({ method }) => method === wanted) ?? choices[0];
  part("method-list").replaceChildren(...list.map((each) => row(each, each === chosen, choices.includes(each))));
  mark();
}

/**
 * @param {PayMethod} method
 * @param {boolean} chosen
 * @param {boolean} can
 */
function row({ method, why }, chosen, can) {
  const element = stamp("method");
  /** @type {HTMLInputElement} */
  const field = one("input", element);
  Object.assign(field, { value: method, checked: chosen, disabled: !can });
  field.addEventListener("change", mark);
  write(part("method-name", element), methodName(method));
  const about = ABOUT.includes(method) ? say(`methods.about.${method}`) : "";
  write(part("method-about", element), why ? say(`methods.why.${why}`) : about);
  return element;
}

/** The chosen one looks so, also to browsers that do not know :has(). */
function mark() {
  for (const field of fields()) field.parentElement?.toggleAttribute("data-chosen", field.checked);
}

/** @returns {HTMLInputElement[]} */
const fields = () => all("input", part("method-list"));

/** The method that is chosen, "" before there are any. */
export const chosenMethod = () => fields().find(({ checked }) => checked)?.value ?? "";

/** @param {string} method */
export const methodName = (method) => say(`methods.name.${method}`);
