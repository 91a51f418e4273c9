/** What stands below the glass: where the film is, and the whole screen. */

import { part, say, write } from "../../../core/page.js";
import "../../../core/words-film.js";

const clip = part("clip");
const tube = part("tube");
const position = part("position");
const whole = part("whole");
/** The second that was asked for before the film was there. */
let asked = 0;

/** @param {number} seconds */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** @param {number} seconds */
function showAt(seconds) {
  position.value = String(seconds);
  write(part("at"), clock(seconds));
  position.setAttribute("aria-valuetext", say("film.at", { at: clock(seconds), whole: clock(Number(position.max)) }));
}

/**
 * Goes to this second, as soon as the film is there.
 * @param {number} seconds
 */
export function goTo(seconds) {
  showAt(seconds);
  if (clip.readyState) clip.currentTime = seconds;
  else asked = seconds;
}

const shown = () => document.fullscreenElement || document.webkitFullscreenElement;

/** Shows the glass and what is below it on the whole screen; an iPhone shows the film alone, in its own player. */
function enlarge() {
  if (shown()) (document.exitFullscreen ?? document.webkitExitFullscreen).call(document);
  else if (tube.requestFullscreen) tube.requestFullscreen().catch(() => {});
  else if (tube.webkitRequestFullscreen) tube.webkitRequestFullscreen();
  else if (clip.readyState) clip.webkitEnterFullscreen?.();
  else {
    clip.addEventListener("loadedmetadata", () => clip.webkitEnterFullscreen?.(), { once: true });
    clip.play().catch(() => {}); // it has to be there first; what is wrong the set tells
  }
}

for (const event of ["fullscreenchange", "webkitfullscreenchange"]) {
  document.addEventListener(event, () => {
    const large = tube.classList.toggle("whole", shown() === tube);
    whole.setAttribute("aria-pressed", String(large));
  });
}
clip.addEventListener("loadedmetadata", () => {
  if (asked) clip.currentTime = asked;
  asked = 0;
});
position.addEventListener("input", () => goTo(position.valueAsNumber));
clip.addEventListener("timeupdate", () => showAt(Math.min(clip.currentTime, Number(position.max))));
clip.addEventListener("ended", () => showAt(Number(position.max)));
whole.addEventListener("click", enlarge);
position.disabled = whole.disabled = false;
showAt(0);
