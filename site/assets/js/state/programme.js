/**
 * A room's next show, of the weekly shows and specials that a page has from storefront's build/programme.py: by the
 * village's own clock, whatever zone the phone is in. Pure: what is given decides.
 */

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
 * How many days a show is ahead, by the village's days: 0 for today.
 * @param {NextShow} show
 * @param {number} at
 */
export const daysAhead = ({ from }, at) => Math.round((midnight(from) - midnight(at)) / DAY);
