/** The − 1 + field for a quantity from 1 to the most that its field allows. */

import { all, one, part } from "../core/page.js";

/**
 * Brings the stepper within `element` to life; calls back with each new quantity, and whether more than the most was
 * typed. Answers {get, set, most}.
 * @param {ParentNode} element
 * @param {number} quantity
 * @param {(quantity: number, over: boolean) => void} callback
 */
export function stepper(element, quantity, callback) {
  const field = part("stepper", element);
  /** @type {HTMLInputElement} */
  const input = one("input", field);
  /** @type {HTMLButtonElement[]} */
  const buttons = all("button", field);
  const most = () => Number(input.max);
  /** @param {number} value */
  const clamp = (value) => Math.min(Math.max(value, 1), most());
  const typed = () => Number.parseInt(input.value, 10) || 1;
  const get = () => clamp(typed());
  /**
   * @param {number} value
   * @param {boolean} [told]
   */
  function set(value, told = true) {
    input.value = String(clamp(value));
    for (const button of buttons) {
      button.disabled = clamp(get() + Number(button.dataset.step)) === get();
    }
    if (told) callback(get(), value > most());
  }
  for (const button of buttons) {
    button.addEventListener("click", () => set(get() + Number(button.dataset.step)));
  }
  input.addEventListener("change", () => set(typed()));
  input.disabled = false;
  set(quantity, false);
  return { get, set, most };
}
