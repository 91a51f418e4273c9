/** The manager's desk. Who did what, and when: found by day, person, act, order, product or room. */

import { now } from "../../core/clock.js";
import { day, home, hour, money, one, part, say, show, stamp, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import "../../core/words-desk_trail.js";
import "../../core/words-staff.js";
import { tell, trying } from "../../core/trying.js";
import { open } from "./opening.js";

/** @typedef {import("../../../../types/openapi").components["schemas"]["Trail"]["entries"][number]} TrailEntry */

const DAYS = 7;
const AHEAD_OF_UTC = 8 * 3600 * 1000; // the village's clocks
/** @type {string | null} the place from which earlier entries are told */
let before = null;
let lastDay = "";
/** @type {Set<string>} */
const known = new Set();

/** @param {number | string} at */
const dayOf = (at) => new Date(+new Date(at) + AHEAD_OF_UTC).toISOString().slice(0, 10);

/** What the form asks for, as the query has it. */
function wanted() {
  const { elements } = part("seek");
  const about = elements.about.value.trim();
  const first = elements.from.value || (about ? "" : dayOf(now() - (DAYS - 1) * 24 * 3600 * 1000));
  return { about, by: elements.by.value, act: elements.act.value, from: first, until: elements.until.value };
}

/** The days that are looked into, in words. */
function span() {
  const { elements } = part("seek");
  const { about, from, until } = wanted();
  if (!elements.from.value && !until) return say(about ? "desk_trail.of_all" : "desk_trail.days");
  return say("desk_trail.of_span", { from: from ? day(from) : "…", until: day(until || dayOf(now())) });
}

/** @param {boolean} [further] */
async function seek(further = false) {
  const asked = { ...wanted(), ...(further && before ? { before } : {}) };
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  /** @type {Answer<"findTrail"> | null} */
  const answer = await callAsStaff(`/api/staff/trail?${query}`);
  if (!answer) return;
  if (answer.status !== 200) {
    tell(reason(answer), true);
    return;
  }
  tell("");
  if (!further) {
    lastDay = "";
    part("entries").replaceChildren();
    write(part("span"), span());
  }
  const { entries } = answer.data;
  ({ before } = answer.data);
  for (const entry of entries) part("entries").append(...rows(entry));
  show(part("more"), before !== null);
  show(part("none"), !part("entries").children.length);
  write(part("none"), say(before ? "desk_trail.none_yet" : "desk_trail.none"));
  if (!further) part("span").focus({ preventScroll: true });
}

/**
 * The row of an entry, with its day's heading before the first one of a day.
 * @param {TrailEntry} entry
 */
function rows(entry) {
  const found = [];
  if (lastDay !== dayOf(entry.at)) {
    lastDay = dayOf(entry.at);
    const heading = stamp("trail-day");
    write(one("h3", heading), day(lastDay));
    found.push(heading);
  }
  const row = stamp("trail-entry");
  const time = Object.assign(document.createElement("time"), { dateTime: entry.at, textContent: hour(entry.at) });
  part("at", row).append(time);
  write(part("act", row), say(`desk_trail.acts.${entry.act}`));
  write(part("who", row), whoDid(entry));
  const told = [...subjects(entry), ...facts(entry)];
  part("facts", row).replaceChildren(...told.flatMap((node, n) => (n ? [" · ", node] : [node])));
  show(part("facts", row), told.length > 0);
  const ended = entry.outcome;
  show(part("outcome", row), !ended || ended.status >= 400);
  if (!ended) write(part("outcome", row), say("desk_trail.unknown"));
  else if (ended.status >= 400) write(part("outcome", row), say("desk_trail.refused", { reason: why(ended) }));
  return [...found, row];
}

/**
 * Why something was not done, as one reads it later.
 * @param {{problem: string, reason: string}} outcome
 */
function why({ problem, reason: why }) {
  const kind = problem.split("/").pop() ?? "";
  const own = say(`desk_trail.problems.${kind}`);
  return own === kind || why ? reason({ data: { type: problem, reason: why } }) : own;
}

/** @param {TrailEntry} entry */
function whoDid({ by, name }) {
  if (by === "schedule") return say("desk_trail.schedule");
  if (by === "operator") return name ? say("desk_trail.operator_named", { name }) : say("desk_trail.operator");
  offer(by, name);
  return name;
}

/**
 * Offers a person to be sought, also one whose device is out.
 * @param {string} by
 * @param {string} name
 */
function offer(by, name) {
  if (known.has(by)) return;
  known.add(by);
  part("by").append(new Option(name, by));
}

/** What a SKU or a room is called. @param {string} id */
function called(id) {
  const options = /** @type {HTMLOptionElement[]} */ ([...part("things").children]);
  return options.find(({ value }) => value === id)?.label ?? id;
}

/**
 * What an entry is about: an order leads to its story.
 * @param {TrailEntry} entry
 * @returns {(string | Node)[]}
 */
function subjects({ about }) {
  /** @type {(string | Node)[]} */
  const found = [];
  if (about.order) {
    const link = document.createElement("a");
    link.href = `${home}desk/orders/#${about.order}`;
    link.textContent = say("desk_trail.order", { value: about.order.slice(-4) });
    found.push(link);
  }
  if (about.parcel) found.push(say("desk_trail.parcel", { value: about.parcel.split("-").pop() }));
  if (about.sku) found.push(called(about.sku));
  if (about.day) found.push(say("desk_trail.batch", { day: day(dated(about.day)) }));
  if (about.room) found.push(called(about.room));
  return found;
}

/** A batch's day as a date. @param {string} text */
const dated = (text) => text.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");

/**
 * What else an entry tells, where there are words for it.
 * @param {TrailEntry} entry
 */
function facts({ facts: asked, outcome }) {
  return Object.entries({ ...asked, ...outcome?.facts })
    .filter(([name]) => say(`desk_trail.facts.${name}`) !== name)
    .map(([name, value]) => {
      const text = name === "amount" || name === "price" ? money(Number(value)) : String(value);
      return say(`desk_trail.facts.${name}`, { value: name === "role" ? say(`staff.roles.${value}`) : text });
    });
}

part("seek").addEventListener("submit", (event) => {
  event.preventDefault();
  trying(() => seek());
});
part("seek").addEventListener("change", ({ target }) => {
  if (target !== part("seek").elements.about) trying(() => seek());
});
part("more").addEventListener("click", () => trying(() => seek(true)));

open(async () => {
  const sought = decodeURIComponent(window.location.hash.slice(1));
  if (sought) part("seek").elements.about.value = sought; // another page's link: an order, a SKU
  /** @type {Answer<"devices"> | null} */
  const answer = await callAsStaff("/api/staff/devices");
  if (answer?.status === 200) for (const { device, name } of answer.data.devices) offer(`device:${device}`, name);
  await seek();
});
