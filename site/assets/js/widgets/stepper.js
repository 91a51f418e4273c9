/** The − 1 + field for a quantity from 1 to the most that its field allows. */

import { part } from "../core/page.js";

/** Brings the stepper within `element` to life; calls back with each new quantity. Answers {get, set, most}. */
export function stepper(element, quantity, callback) {
  const field = part("stepper", element);
  const input = field.querySelector("input");
  const most = () => Number(input.max);
  const clamp = (value) => Math.min(Math.max(value, 1), most());
  const get = () => clamp(Number.parseInt(input.value, 10) || 1);
  function set(value, told = true) {
    input.value = String(clamp(value));
    for (const button of field.querySelectorAll("button")) {
      button.disabled = clamp(get() + Number(button.dataset.step)) === get();
    }
    if (told) callback(get());
  }
  field.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) set(get() + Number(button.dataset.step));
  });
  input.addEventListener("change", () => set(get()));
  input.disabled = false;
  set(quantity, false);
  return { get, set, most };
}
