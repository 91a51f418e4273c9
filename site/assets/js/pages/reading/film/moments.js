/** Chapters and captions to begin the film from; the one that it is at is marked. */

import { all, part } from "../../../core/page.js";
import { start } from "./set.js";
import { goTo } from "./strip.js";

const clip = part("clip");
/** @type {HTMLButtonElement[]} */
const moments = all("[data-at]");

function mark() {
  for (const list of [part("chapters"), part("said")]) {
    if (!list) continue;
    const own = moments.filter((moment) => list.contains(moment));
    const now = own.filter(({ dataset }) => Number(dataset.at) <= clip.currentTime).pop();
    for (const moment of own) {
      if (moment === now && !clip.paused) moment.setAttribute("aria-current", "true");
      else moment.removeAttribute("aria-current");
    }
  }
}

for (const moment of moments) {
  moment.disabled = false;
  moment.addEventListener("click", () => {
    goTo(Number(moment.dataset.at));
    start();
  });
}
for (const event of ["play", "playing", "pause", "ended", "timeupdate"]) clip.addEventListener(event, mark);
const [, asked] = /#t=(\d+)$/.exec(window.location.hash) || [];
if (asked) goTo(Number(asked));
