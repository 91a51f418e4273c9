/** A button that wants a second tap. */

const SLIP = 400; // milliseconds within which a second tap is the first one's slip
const PATIENCE = 4000; // milliseconds between the two taps, where the question is short

/**
 * Has a button do `act` at a second tap soon after the first, at which it asks instead.
 * @param {HTMLElement} button
 * @param {() => string | null} ask what it asks then; null where there is nothing to be asked
 * @param {() => void} act
 * @param {number} [patience] milliseconds
 * @returns {() => void} takes the question back
 */
export function confirmTwice(button, ask, act, patience = PATIENCE) {
  let first = "";
  let asked = 0;
  let timer = 0;

  function reset() {
    if (!timer) return;
    window.clearTimeout(timer);
    timer = 0;
    delete button.dataset.asking;
    button.textContent = first;
  }

  button.addEventListener("click", () => {
    if (timer) {
      if (performance.now() - asked < SLIP) return;
      reset();
      act();
      return;
    }
    const question = ask();
    if (!question) return;
    first = button.textContent ?? "";
    asked = performance.now();
    button.dataset.asking = "";
    button.textContent = question;
    timer = window.setTimeout(reset, patience);
  });
  return reset;
}

/**
 * Whether the button asks just now, so that nothing else is to be written on it.
 * @param {HTMLElement} button
 */
export const isAsking = (button) => "asking" in button.dataset;
