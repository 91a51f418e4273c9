/** What the pages of who works here share: calls that a device makes, and buttons that want a second tap. */

import { Away, call } from "../../core/api.js";
import { newKey } from "../../core/attempt.js";
import { home, say } from "../../core/page.js";

export { Away, newKey };

/** Calls as this device; one that is not enrolled, or not any more, is led to where it can be. */
export async function work(path, { method = "GET", body = null, key = "" } = {}) {
  const answer = await call(path, { method, body: body && JSON.stringify(body), key });
  if (answer.status === 401) {
    window.location.assign(`${home}staff/`);
    return new Promise(() => {}); // the page is being left
  }
  return answer;
}

/** Why something was refused, in the shop's words. */
export const reason = ({ data }) => {
  const faults = (data && data.errors) || [];
  return faults.length ? faults.map(({ detail }) => detail).join("; ") : (data && data.detail) || "";
};

/** Has a button do `act` at a second tap within some seconds, and says so at the first. */
export function twice(button, words, act) {
  const first = button.textContent;
  let timer = 0;
  button.addEventListener("click", () => {
    if (timer) {
      window.clearTimeout(timer);
      timer = 0;
      button.textContent = first;
      act();
      return;
    }
    button.textContent = say(words);
    timer = window.setTimeout(() => {
      timer = 0;
      button.textContent = first;
    }, 4000);
  });
}

/** Copies a text; answers whether it could. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    return false;
  }
}
