/** A room's next show in words: 今晚, 明天, Saturday; whatever zone the phone is in. */

import { day, say } from "../core/page.js";
import { daysAhead, nextShow, weekdayOf } from "./programme.js";
import "../core/words-programme.js";

/**
 * When a show is, as people say it: 今晚 19:00–21:00, Saturday, 19:00–21:00.
 * @param {NonNullable<ReturnType<typeof nextShow>>} show
 * @param {number} at
 */
function whenShown(show, at) {
  const { day: date, from, slot } = show;
  const times = `${slot.start}–${slot.end}`;
  const late = slot.start >= "18:00";
  const ahead = daysAhead(show, at);
  if (ahead < 2) {
    const names = [late ? "tonight" : "today", late ? "tomorrow_night" : "tomorrow"];
    return say(`programme.${names[ahead]}`, { times });
  }
  const name = ahead < 7 ? say(`programme.weekdays.d${weekdayOf(from)}`) : day(date);
  return say("programme.later", { day: name, times });
}

/**
 * A line that says a room's next show, or the one whose time it is; "" where none is planned.
 * @param {ShowSlot[]} slots
 * @param {number} at
 */
export function nextLine(slots, at) {
  const show = nextShow(slots, at);
  if (!show) return "";
  const plain = whenShown(show, at);
  const { title } = show.slot;
  const when = title ? say("programme.special", { when: plain, title }) : plain;
  return say(show.from > at ? "programme.next" : "programme.now", { when });
}

/**
 * What a page says of a room's shows.
 * @param {HTMLElement} element
 * @returns {ShowSlot[]}
 */
export const slotsOf = (element) => JSON.parse(element.dataset.slots ?? "[]");
