/**
 * A room's next show, of the weekly shows and specials that a page has from storefront's build/programme.py: by the
 * village's own clock, whatever zone the phone is in. Pure: what is given decides.
 */

import { day as dayInWords, say } from "../core/page.js";
import "../core/words-programme.js";

/**
 * What a room has on air: each week on `days` (0 is Monday) but those `off`, or on one `day` alone.
 * @typedef {{start: string, end: string, days?: number[], off?: string[], day?: string, title?: string}} Slot
 */
/** A show on its day; `from` and `until` are milliseconds since 1970. @typedef {{day: string, from: number, until: number, slot: Slot}} NextShow */

const DAY = 864e5;
const AHEAD = 8 * 36e5; // the village's clocks are eight hours ahead of UTC all year
const FURTHEST = 370; // days that are looked through: a special may be a year away

/** @param {number} at */
const midnight = (at) => Math.floor((at + AHEAD) / DAY) * DAY - AHEAD;
/** The village's day, such as 2026-11-26. @param {number} at */
export const villageDay = (at) => new Date(at + AHEAD).toISOString().slice(0, 10);
/** The day of the week, 0 for Monday. @param {number} at */
export const weekdayOf = (at) => (new Date(at + AHEAD).getUTCDay() + 6) % 7;
/** @param {string} clock */
const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/**
 * The shows of a day, the earliest first.
 * @param {Slot[]} slots
 * @param {number} at an instant of the day
 * @returns {NextShow[]}
 */
export function showsOn(slots, at) {
  const begins = midnight(at);
  const day = villageDay(begins);
  const weekday = weekdayOf(begins);
  return slots
    .filter((slot) => (slot.day ? slot.day === day : slot.days?.includes(weekday) && !slot.off?.includes(day)))
    .map((slot) => ({
      day,
      from: begins + minutes(slot.start) * 60000,
      until: begins + minutes(slot.end) * 60000,
      slot,
    }))
    .sort((one, other) => one.from - other.from);
}

/**
 * The show that is on at an instant, or else the next one; undefined where none is planned.
 * @param {Slot[]} slots
 * @param {number} at
 * @returns {NextShow | undefined}
 */
export function nextShow(slots, at) {
  if (!slots.length) return undefined;
  for (let ahead = 0; ahead < FURTHEST; ahead++) {
    const found = showsOn(slots, at + ahead * DAY).find(({ until }) => until > at);
    if (found) return found;
  }
  return undefined;
}

/**
 * When a show is, as people say it: 今晚 19:00–21:00, Saturday, 19:00–21:00.
 * @param {NextShow} show
 * @param {number} at
 */
export function whenShown({ day, from, slot }, at) {
  const times = `${slot.start}–${slot.end}`;
  const late = slot.start >= "18:00";
  const ahead = Math.round((midnight(from) - midnight(at)) / DAY);
  if (ahead < 2) {
    const names = [late ? "tonight" : "today", late ? "tomorrow_night" : "tomorrow"];
    return say(`programme.${names[ahead]}`, { times });
  }
  const name = ahead < 7 ? say(`programme.weekdays.d${weekdayOf(from)}`) : dayInWords(day);
  return say("programme.later", { day: name, times });
}

/**
 * A line that says a room's next show; "" where none is planned.
 * @param {Slot[]} slots
 * @param {number} at
 */
export function nextLine(slots, at) {
  const show = nextShow(slots, at);
  if (!show) return "";
  const when = whenShown(show, at);
  return show.slot.title
    ? say("programme.next_special", { when, title: show.slot.title })
    : say("programme.next", { when });
}

/**
 * What a page says of a room's shows.
 * @param {HTMLElement} element
 * @returns {Slot[]}
 */
export const slotsOf = (element) => JSON.parse(element.dataset.slots ?? "[]");
