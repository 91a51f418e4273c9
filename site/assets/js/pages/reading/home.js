/**
 * The home page: which rooms are on air, and what each shows, else when each is next. Without a script a room's hours
 * stand there.
 */

import { call, unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { all, lang, money, part, say, whileVisible, write } from "../../core/page.js";
import "../../core/words-home.js";
import "../../state/scan.js";
import { nextLine, slotsOf } from "../../state/next-show.js";
import "../../widgets/shelf.js";

/** A room's row, and its hours as the page came with them. @typedef {{row: HTMLElement, hours: string, slots: ShowSlot[]}} HomeRoom */

/** @type {HomeRoom[]} */
const rooms = all("[data-room]").map((row) => ({ row, slots: slotsOf(row), hours: part("on", row).textContent ?? "" }));

/**
 * @param {HomeRoom} room
 * @param {Pick<Room, "show" | "showing">} [news]
 */
function paint({ row, slots, hours }, { show, showing } = { show: null, showing: null }) {
  const drop = showing?.drop;
  const open = drop && now() >= Date.parse(drop.opens) && now() < Date.parse(drop.closes) ? drop : showing;
  const what = showing && open && `${money(open.price)} ${showing.name[lang]}`; // the price first: a long name is cut
  row.toggleAttribute("data-live", Boolean(show));
  write(
    part("on", row),
    show ? say(showing ? "home.showing" : "home.live", { what }) : nextLine(slots, now()) || hours,
  );
}

/**
 * Asks for one room; answers the seconds until it may be asked again, 0 for never.
 * @param {HomeRoom} room
 * @returns {Promise<number>}
 */
async function look(room) {
  try {
    /** @type {Answer<"room">} */
    const { status, data } = await call(`/api/rooms/${room.row.dataset.room}`);
    if (status !== 200) return 0;
    paint(room, data);
    return data.poll;
  } catch (error) {
    unlessAway(error);
    return 0;
  }
}

for (const room of rooms) paint(room);
if (rooms.length) whileVisible(async () => Math.max(...(await Promise.all(rooms.map(look)))));
