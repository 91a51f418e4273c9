/** The page itself: its words, its parts, and how it writes money, days and times. */

import { words } from "./words.js";
import "./words-common.js";

export const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
export const home = lang === "zh" ? "/" : "/en/";

/** The text of that name with its {gaps} filled; for a name that no module here has brought, its last part. */
export function say(name, values = {}) {
  const text = name.split(".").reduce((branch, twig) => branch && branch[twig], words);
  if (typeof text !== "string") return name.split(".").pop();
  return text.replace(/\{(\w+)\}/g, (gap, key) => (key in values ? String(values[key]) : gap));
}

/** The element that the template marks with data-part. */
export const part = (name, within = document) => within.querySelector(`[data-part="${name}"]`);

/** Writes only what differs, so that a screen reader is told of changes and of nothing else. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element, shown = true) {
  if (element.hidden === shown) element.hidden = !shown;
}

/** A copy of what a template of the page holds. */
export const stamp = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Adds what `asked` describes to what the page loads; answers its element. */
export function load(asked) {
  const link = Object.assign(document.createElement("link"), asked);
  document.head.append(link);
  return link;
}

export function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/** Fen as a price: 2990 is ¥29.90. */
export const money = (fen) => `¥${(fen / 100).toFixed(2)}`;

/** "2026-11-26" as people say it. */
export function day(iso) {
  const at = new Date(`${iso}T00:00:00Z`);
  const name = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" }).format(at);
  return say("common.day", { month: at.getUTCMonth() + 1, day: at.getUTCDate(), name });
}

/** An instant on the village's own clock. */
export const moment = (iso) =>
  clock({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }, iso);
export const hour = (iso) => clock({ hour: "2-digit", minute: "2-digit" }, iso);

/** An instant by its hour, and by its day too where that is not today. */
export const when = (iso) => (date(iso) === date(Date.now()) ? hour(iso) : moment(iso));

const clock = (parts, iso) =>
  new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    ...parts,
    hourCycle: "h23",
    timeZone: "Asia/Shanghai",
  }).format(new Date(iso));

const date = (at) => clock({ year: "numeric", month: "2-digit", day: "2-digit" }, at);

/**
 * Runs `look` now, each time the page comes back into view, and after the seconds that `look` itself answers (0: not by
 * itself). Answers a function that has it look at once.
 */
export function whileVisible(look) {
  let timer = 0;
  let running = false;
  let again = false;
  async function turn() {
    window.clearTimeout(timer);
    if (document.visibilityState !== "visible") return;
    again = running;
    if (running) return;
    running = true;
    const seconds = await look().finally(() => (running = false));
    if (again) turn();
    else if (seconds) timer = window.setTimeout(turn, seconds * 1000);
  }
  document.addEventListener("visibilitychange", turn);
  window.addEventListener("pageshow", (event) => event.persisted && turn());
  turn();
  return turn;
}
