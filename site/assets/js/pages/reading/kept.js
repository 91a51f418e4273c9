/** The open books: tells what became of each day in words, the latest first, and checks the chain of hashes itself. */

import { call, unlessAway } from "../../core/api.js";
import { day, money, part, say, show, write } from "../../core/page.js";
import "../../core/words-kept.js";
import "../../widgets/shop.js";

const MOST = 60;

async function open() {
  show(part("away"), false);
  try {
    /** @type {AnyAnswer} */
    const answer = await call("/kept/days.json");
    paint(answer.status === 200 ? /** @type {{records: KeptRecord[]}} */ (answer.data).records : []);
  } catch (error) {
    unlessAway(error);
    write(part("kept-sum"), "");
    show(part("away"));
  }
}

/** @param {KeptRecord[]} records */
async function paint(records) {
  show(part("kept-none"), !records.length);
  const last = new Map(records.map((record) => [record.day, record]));
  const told = [...last.values()].flatMap((record) => (record.told ? [record.told] : []));
  const orders = told.reduce((sum, one) => sum + one.orders, 0);
  const inTime = told.reduce((sum, one) => sum + one.in_time, 0);
  const share = `${Math.floor((1000 * inTime) / Math.max(orders, 1)) / 10}%`;
  write(part("kept-sum"), orders ? say("kept.kept", { orders, in_time: inTime, share }) : "");
  part("kept-days").replaceChildren(...records.slice(-MOST).reverse().map(row));
  show(part("kept-hash-row"), records.length > 0);
  if (!records.length) return;
  write(part("kept-hash"), records[records.length - 1].hash);
  if (!window.crypto.subtle) return;
  const wrong = await broken(records);
  write(part("kept-checked"), wrong ? say("kept.bad", { n: wrong }) : say("kept.good", { count: records.length }));
}

/** @param {KeptRecord} record */
function row({ kind, day: at, planned, told }) {
  const item = document.createElement("li");
  const words = [say(kind === "day" ? "kept.day" : "kept.fixed", { day: day(at), planned })];
  if (told) {
    if (told.since !== at) words.push(say("kept.span", { since: day(told.since), day: day(at) }));
    words.push(say("kept.sold", { ...told }));
    if (told.moved) words.push(say("kept.moved", { ...told }));
    if (told.cancelled) words.push(say("kept.cancelled", { ...told }));
    if (told.refunds) words.push(say("kept.refunds", { ...told, refunded: money(told.refunded) }));
  } else words.push(say("kept.waits"));
  item.textContent = words.join(" ");
  return item;
}

/**
 * The number of the first record that does not follow the one before it; 0 where all do.
 * @param {KeptRecord[]} records
 */
async function broken(records) {
  let before = "0".repeat(64);
  for (const [place, { hash, ...rest }] of records.entries()) {
    const data = new TextEncoder().encode(canonical(rest));
    const digest = new Uint8Array(await window.crypto.subtle.digest("SHA-256", data));
    const own = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (own !== hash || rest.before !== before) return place + 1;
    before = hash;
  }
  return 0;
}

/**
 * As JSON, names in order and without blanks.
 * @param {unknown} value
 * @returns {string}
 */
function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1));
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(",")}}`;
}

part("away-again").addEventListener("click", open);
open();
