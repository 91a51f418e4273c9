/** Rows of the desk's books: a line with what can be done about it, calls that say what came of them, files. */

import { Away } from "../../core/api.js";
import { say } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import "../../core/words-desk_books.js";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** @param {string} text */
export function line(text) {
  const [row, words] = [document.createElement("li"), document.createElement("span")];
  words.textContent = text;
  row.append(words);
  return row;
}

/**
 * A field with a button that does something with what was typed; where there is a question, at a second tap.
 * @param {string} field the name of what the field is called
 * @param {string} button that of what the button says
 * @param {((typed: string) => string | null) | null} question
 * @param {(typed: string) => Promise<unknown>} act
 */
export function acting(field, button, question, act) {
  const [box, input, go] = [
    document.createElement("span"),
    document.createElement("input"),
    document.createElement("button"),
  ];
  box.className = "acting";
  input.setAttribute("aria-label", say(field));
  input.placeholder = say(field);
  input.maxLength = 200;
  go.type = "button";
  go.className = "button plain";
  go.textContent = say(button);
  const typed = () => input.value.trim();
  if (question)
    confirmTwice(
      go,
      () => question(typed()),
      () => act(typed()),
    );
  else go.addEventListener("click", () => typed() && act(typed()));
  box.append(input, go);
  return box;
}

/**
 * Asks the shop to do something, and says what came of it; answers whether it was done.
 * @param {string} path
 * @param {object | null} [body]
 */
export async function ask(path, body = null) {
  const done = await trying(async () => {
    /** @type {AnyAnswer | null} */
    const answer = await callAsStaff(path, { method: "POST", body });
    if (!answer) return false;
    const fine = answer.status === 200 || answer.status === 201;
    tell(fine ? say("desk_books.done") : reason(answer), !fine);
    return fine;
  });
  return Boolean(done);
}

/**
 * Has the browser save a spreadsheet that the shop makes. That of a month with 30,000 payments takes a while: no call of
 * the pages' usual patience, and the gateway gives up after 29 seconds.
 * @param {string} path
 */
export const download = (path) =>
  trying(async () => {
    const answer = await fetch(path, { cache: "no-store" }).catch((error) => {
      throw new Away(String(error));
    });
    if (answer.status >= 500) throw new Away(String(answer.status));
    const data = await answer.json();
    if (answer.status !== 200) return tell(reason({ data }), true);
    const { name, file } = /** @type {{name: string, file: string}} */ (data);
    const bytes = Uint8Array.from(window.atob(file), (sign) => sign.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: XLSX }));
    link.download = name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  });
