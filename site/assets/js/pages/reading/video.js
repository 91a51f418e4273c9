/** A film's page: chapters and captions to begin from, and the grain of an old television, which the file leaves out. */

import { all, inSight, lang, part, show } from "../../core/page.js";
import "../../widgets/shelf.js";

const clip = part("clip");
const canvas = part("grain");
const film = part("film");
/** @type {HTMLButtonElement[]} */
const moments = all("[data-at]");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const BETWEEN = 80; // milliseconds between two pictures of the grain
let timer = 0;

/** Draws grey noise. A canvas, since the policy allows no picture that a script makes. */
function draw() {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const picture = brush.createImageData(canvas.width, canvas.height);
  for (let at = 0; at < picture.data.length; at += 4) {
    picture.data.fill(Math.random() * 255, at, at + 3);
    picture.data[at + 3] = 255;
  }
  brush.putImageData(picture, 0, 0);
}

/** Runs the grain while the film runs, unless it is not wanted. */
function grain() {
  window.clearInterval(timer);
  const wanted = !clip.paused && !clip.ended && film.getAttribute("aria-pressed") === "true" && !still.matches;
  show(canvas, wanted);
  if (!wanted) return;
  draw();
  timer = window.setInterval(draw, BETWEEN);
}

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

/**
 * Goes to this second, as soon as the film is there.
 * @param {number} seconds
 */
function goTo(seconds) {
  const go = () => {
    clip.currentTime = seconds;
  };
  if (clip.readyState) go();
  else clip.addEventListener("loadedmetadata", go, { once: true });
}

for (const moment of moments) {
  moment.disabled = false;
  moment.addEventListener("click", () => {
    goTo(Number(moment.dataset.at));
    clip.play().catch(() => {}); // a browser that refuses shows its own controls
  });
}

/** Shows the captions of the page's language; a track that is so from the start would be loaded before anybody plays. */
function caption() {
  const track = [...clip.textTracks].find(({ language }) => language.startsWith(lang));
  if (track) track.mode = "showing";
}

clip.addEventListener("play", caption, { once: true });
film.addEventListener("click", () => {
  film.setAttribute("aria-pressed", String(film.getAttribute("aria-pressed") !== "true"));
  grain();
});
for (const event of ["play", "playing", "pause", "ended"]) {
  clip.addEventListener(event, () => {
    grain();
    mark();
  });
}
clip.addEventListener("timeupdate", mark);
still.addEventListener("change", () => {
  show(film, !still.matches);
  grain();
});
show(film, !still.matches);
const [, asked] = /#t=(\d+)$/.exec(window.location.hash) || [];
if (asked) goTo(Number(asked));

inSight(part("talk"), () => import("../../widgets/voices/comments.js"));
if (part("show-clip")) import("./show-clip.js");
