/** What the room has shown and put right, by its log. */

import { unlessAway } from "../../core/api.js";
import { moment, money, part, say } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import "../../core/words-host.js";

const MOST = 20;
const DAYS = 30; // of which the saved log tells
const MOST_PAGES = 200;
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
 * Saves the log of the last days as a file, from which `cunbo clips` cuts an evening; false where the shop does not answer.
 * @param {string} path of the log
 * @param {string} room
 */
export async function saveLog(path, room) {
  /** @type {Map<string, LogEntry>} */
  const entries = new Map();
  const since = Date.now() - DAYS * 86_400_000;
  let before = "";
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    /** @type {Answer<"log"> | null | void} */
    const answer = await callAsStaff(path + before).catch(unlessAway);
    if (answer?.status !== 200) return false;
    const known = entries.size;
    for (const entry of answer.data.entries) entries.set(JSON.stringify(entry), entry);
    const last = Date.parse(answer.data.entries.slice(-1)[0]?.at ?? "");
    if (!(last >= since) || entries.size === known) break;
    before = `?before=${encodeURIComponent(new Date(last + 1).toISOString())}`; // lines of that millisecond come again
  }
  const file = new Blob([JSON.stringify({ room, entries: [...entries.values()] })], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(file),
    download: `log-${room}-${new Date().toISOString().slice(0, 10)}.json`,
  });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
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
