/** The page itself: its words, its parts, and how it writes money, days and times. */

import { now } from "./clock.js";
import { words } from "./words.js";
import "./words-common.js";

/** @type {Lang} */
export const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
export const home = lang === "zh" ? "/" : "/en/";

/**
 * The text of that name with its {gaps} filled; for a name that no module here has brought, its last part.
 * @param {string} name
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function say(name, values = {}) {
  const path = name.split(".");
  const text = path.reduce((branch, twig) => branch?.[twig], /** @type {any} */ (words));
  if (typeof text !== "string") return path[path.length - 1];
  return text.replace(/\{(\w+)\}/g, (gap, key) => (key in values ? String(values[key]) : gap));
}

/**
 * Returns the one element of the page that a selector finds.
 * @template {Element} [Found=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {Found}
 */
export const one = (selector, within = document) => /** @type {Found} */ (within.querySelector(selector));

/**
 * Returns all elements that a selector finds.
 * @template {Element} [Found=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {Found[]}
 */
export const all = (selector, within = document) => /** @type {Found[]} */ ([...within.querySelectorAll(selector)]);

/**
 * Returns the element that the template marks with data-part.
 * @template {string} Name
 * @param {Name} name
 * @param {ParentNode} [within]
 * @returns {Name extends keyof Parts ? Parts[Name] : HTMLElement}
 */
export const part = (name, within = document) => one(`[data-part="${name}"]`, within);

/**
 * Writes only what differs, so that a screen reader is told of changes and of nothing else.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} [shown]
 */
export function show(element, shown = true) {
  if (element.hidden === shown) element.hidden = !shown;
}

/**
 * A copy of what a template of the page holds.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function stamp(id) {
  const { content } = /** @type {HTMLTemplateElement} */ (one(`#${id}`));
  return /** @type {HTMLElement} */ (one("*", content).cloneNode(true));
}

/**
 * Adds what `asked` describes to what the page loads; answers its element.
 * @param {Partial<HTMLLinkElement>} asked
 * @returns {HTMLLinkElement}
 */
export function load(asked) {
  const link = Object.assign(document.createElement("link"), asked);
  document.head.append(link);
  return link;
}

/**
 * Does what few visitors need once they come to where it shows; without it that stays as the page has it.
 * @param {Element} element
 * @param {() => Promise<unknown>} act
 */
export function inSight(element, act) {
  new IntersectionObserver(([{ isIntersecting }], eye) => {
    if (!isIntersecting) return;
    eye.disconnect();
    act().catch(() => {});
  }).observe(element);
}

/** @param {string} text */
export function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

/**
 * Fen as a price: 2990 is ¥29.90.
 * @param {number} fen
 */
export const money = (fen) => `¥${(fen / 100).toFixed(2)}`;

/**
 * A number of units in words: 60 瓶, 60 jars, 1 jar. `unit` is the word for one and for several, with a slash between.
 * @param {number} number
 * @param {string} unit
 */
export function count(number, unit) {
  const [one, several = one] = unit.split("/");
  return `${number} ${number === 1 ? one : several}`.trim();
}

/**
 * "2026-11-26" as people say it, with its year only where that is another than the village's own just now; where there is
 * little room, "short": without the year, and in English with a short month.
 * @param {string} iso
 * @param {"long" | "short"} [form]
 */
export function day(iso, form = "long") {
  const [year, month, number] = iso.split("-").map(Number);
  const name = new Intl.DateTimeFormat("en-US", { month: form, timeZone: "UTC" }).format(new Date(iso));
  const plain = form === "short" || date(now()).startsWith(iso.slice(0, 4));
  return say(plain ? "common.day" : "common.day_of_year", { year, month, day: number, name });
}

/**
 * By when something ships, said in the one way in which the shop says it.
 * @param {string} iso
 */
export const shipsBy = (iso) => say("common.ships_by", { day: day(iso) });

/**
 * An instant on the village's own clock.
 * @param {string | number} iso
 */
export const moment = (iso) =>
  clock({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }, iso);
/** @param {string | number} iso */
export const hour = (iso) => clock({ hour: "2-digit", minute: "2-digit" }, iso);

/**
 * An instant by its hour, and by its day too where that is not today.
 * @param {string | number} iso
 */
export const when = (iso) => (date(iso) === date(now()) ? hour(iso) : `${day(date(iso), "short")} ${hour(iso)}`);

/**
 * @param {Intl.DateTimeFormatOptions} parts
 * @param {string | number} iso
 */
const clock = (parts, iso) =>
  new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    ...parts,
    hourCycle: "h23",
    timeZone: "Asia/Shanghai",
  }).format(new Date(iso));

/**
 * The village's day of an instant, such as 2026-11-26: its clocks are eight hours ahead of UTC all year.
 * @param {string | number} at
 */
const date = (at) => new Date(+new Date(at) + 288e5).toISOString().slice(0, 10);

/**
 * Runs `look` now, each time the page comes back into view, and after the seconds that `look` itself answers (0: not by
 * itself). Answers a function that has it look at once.
 * @param {() => Promise<number>} look
 * @returns {() => Promise<void>}
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
    const seconds = await look().finally(() => {
      running = false;
    });
    if (again) turn();
    else if (seconds) timer = window.setTimeout(turn, seconds * 1000);
  }
  document.addEventListener("visibilitychange", turn);
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) turn();
  });
  turn();
  return turn;
}
