/** A button that wants a second tap. */

import { say } from "../core/page.js";

const PATIENCE = 4000; // milliseconds between the two taps

/**
 * Has a button do `act` at a second tap soon after the first, which shows the question named `words` instead.
 * @param {HTMLElement} button
 * @param {string} words
 * @param {() => void} act
 */
export function confirmTwice(button, words, act) {
  const first = button.textContent;
  let timer = 0;

  function reset() {
    window.clearTimeout(timer);
    timer = 0;
    button.textContent = first;
  }

  button.addEventListener("click", () => {
    if (timer) {
      reset();
      act();
      return;
    }
    button.textContent = say(words);
    timer = window.setTimeout(reset, PATIENCE);
  });
}
