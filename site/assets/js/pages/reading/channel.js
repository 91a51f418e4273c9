/**
 * The channel's programme guide, put to the day: which room is on air or comes next, what day it is, which shows fall out
 * and which specials are over. Without a script the weekly times stand there.
 */

import { call, unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { all, day, part, say, show, whileVisible, write } from "../../core/page.js";
import "../../core/words-programme.js";
import { nextShow, showsOn, villageDay, weekdayOf } from "../../state/programme.js";
import "../../state/scan.js";
import { nextLine, slotsOf } from "../../state/next-show.js";
import "../../widgets/shop.js";

const DAY = 864e5;
const rooms = all("[data-room]").map((row) => ({
  row,
  slots: slotsOf(row),
  hours: part("on", row).textContent ?? "",
  live: false,
}));
const list = part("rooms");
const days = all('[data-part="week"] > li');

/** Rooms on air lead, then those that come first; what has no time stays last. */
function paintRooms() {
  const at = now();
  /** @param {typeof rooms[0]} room */
  const begins = ({ slots, live }) => (live ? 0 : (nextShow(slots, at)?.from ?? Number.POSITIVE_INFINITY));
  for (const { row, slots, hours, live } of rooms) {
    row.toggleAttribute("data-live", live);
    write(part("on", row), live ? say("programme.live") : nextLine(slots, at) || hours);
  }
  const sorted = [...rooms].sort((one, other) => begins(one) - begins(other) || 0);
  if (sorted.some(({ row }, place) => list.children[place] !== row)) list.append(...sorted.map(({ row }) => row));
}

/**
 * Each day of the week gets its next date, and the specials of that date; today leads, and what falls out is struck out.
 */
function paintWeek() {
  const at = now();
  const today = weekdayOf(at);
  days.forEach((column, weekday) => {
    const then = at + ((weekday - today + 7) % 7) * DAY;
    column.style.order = String((weekday - today + 7) % 7);
    column.toggleAttribute("data-today", weekday === today);
    const date = villageDay(then);
    write(part("date", column), day(date, "short"));
    for (const line of all("[data-day]", column)) show(line, line.dataset.day === date);
    for (const line of all("[data-of]", column)) {
      const slots = rooms.find(({ row }) => row.dataset.room === line.dataset.of)?.slots ?? [];
      const on = showsOn(slots, then).some(({ slot }) => !slot.day && slot.start === line.dataset.start);
      line.toggleAttribute("data-off", !on);
      show(part("off", line), !on);
    }
    show(part("nothing", column), !all("li:not([hidden])", column).length);
  });
}

/** Specials that are over go, and their heading with the last of them. */
function paintSpecials() {
  const rows = all("[data-until]");
  for (const row of rows) show(row, Number(row.dataset.until) > now());
  if (rows.length) {
    show(
      part("specials"),
      rows.some((row) => !row.hidden),
    );
  }
}

function paint() {
  const at = now();
  const weekday = say(`programme.weekdays.d${weekdayOf(at)}`);
  write(part("dateline"), say("programme.dateline", { day: day(villageDay(at)), weekday }));
  if (list) paintRooms();
  paintWeek();
  paintSpecials();
}

/** Asks which rooms are on air; answers the seconds until it may ask again. */
async function look() {
  const waits = await Promise.all(
    rooms.map(async (room) => {
      try {
        /** @type {Answer<"room">} */
        const { status, data } = await call(`/api/rooms/${room.row.dataset.room}`);
        room.live = status === 200 && Boolean(data.show);
        return status === 200 ? data.poll : 0;
      } catch (error) {
        unlessAway(error);
        return 0;
      }
    }),
  );
  paint();
  return Math.max(...waits, 60);
}

paint();
whileVisible(look);
