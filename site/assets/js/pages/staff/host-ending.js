/** The end of a show: where it has drops that are not over, its host says what becomes of them. */

import { all, one, part, say, show, stamp, when, write } from "../../core/page.js";
import { factsOfDrop } from "./host-view.js";
import "../../core/words-host.js";

/**
 * Asks what becomes of these drops; `end` ends the show with those that are named.
 * @param {RoomConsole} told
 * @param {number} now
 */
export function askForDrops({ drops, stock }, now) {
  const rows = drops.map((drop) => {
    const row = stamp("ending-drop");
    const on = Date.parse(drop.opens) <= now;
    const words = { ...factsOfDrop(drop, stock), time: when(on ? drop.closes : drop.opens) };
    write(part("ending-words", row), say(on ? "host.ending_open" : "host.ending_soon", words));
    /** @type {HTMLInputElement} */ (one("input", row)).value = drop.drop;
    return row;
  });
  part("ending-drops").replaceChildren(...rows);
  show(part("ending"));
  one("#ending").focus();
}

/** Returns the ids of the drops that are ticked. */
export const tickedDrops = () =>
  all("input", part("ending-drops"))
    .map((box) => /** @type {HTMLInputElement} */ (box))
    .filter(({ checked }) => checked)
    .map(({ value }) => value);

export function askNoMore() {
  show(part("ending"), false);
}

part("ending-not").addEventListener("click", askNoMore);
