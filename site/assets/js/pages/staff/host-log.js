/** What the room has shown and put right, by its log. */

import { unlessAway } from "../../core/api.js";
import { moment, money, part, say } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import "../../core/words-host.js";

const MOST = 20;
const ABOUT = ["price", "date", "stock", "words"]; // stands for the words of a correction whose host wrote none

/**
 * Shows the latest entries; without a network those that were shown last stay.
 * @param {string} path of the log
 * @param {(sku: string) => string} nameOf
 */
export async function showLog(path, nameOf) {
  try {
    /** @type {Answer<"log"> | null} */
    const answer = await callAsStaff(path);
    if (answer?.status !== 200) return;
    part("entries").replaceChildren(...answer.data.entries.slice(0, MOST).map((entry) => row(entry, nameOf)));
  } catch (error) {
    unlessAway(error);
  }
}

/**
 * @param {LogEntry} entry
 * @param {(sku: string) => string} nameOf
 */
function row({ at, what, by, sku, price, text = "" }, nameOf) {
  const element = document.createElement("li");
  const words = what === "correction" && ABOUT.includes(text) ? say(`host.about.${text}`) : text;
  const facts = [moment(at), by, say(`host.acts.${what}`), sku ? nameOf(sku) : "", price ? money(price) : "", words];
  element.textContent = facts.filter(Boolean).join(" · ");
  return element;
}
