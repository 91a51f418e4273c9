/**
 * The set: on, off, its channels, and what its glass shows. That follows what the film does, whoever has it play, and is
 * named in data-state: poster, tuning, on, still, off, snow (between channels), weak, fault, over.
 */

import { now } from "../../../core/clock.js";
import { all, hour, one, part, say, show, write } from "../../../core/page.js";
import { getItem, removeItem, setItem } from "../../../core/storage.js";
import "../../../core/words-film.js";
import { drawCaptions } from "./captions.js";
import { habit, keep } from "./habits.js";
import { snow } from "./snow.js";
import { goTo } from "./strip.js";

const TUNED = "cunbo.tuned";
const SNOW = 300; // milliseconds of it before the other channel's page
const LATE = 20_000; // milliseconds after which nobody waits for that page any more
const PATIENCE = 8000; // milliseconds for a film that has stopped coming
const set = part("set");
const clip = part("clip");
const face = part("face");
const power = part("power");
const end = part("end");
const plain = part("plain");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
/** What the glass shows once the film has paused. */
let resting = "still";
let timer = 0;

/** @param {string} state */
function turn(state) {
  const runs = state === "on" || state === "tuning" || state === "weak";
  const focused = end.parentElement?.contains(document.activeElement);
  window.clearTimeout(timer);
  set.dataset.state = state;
  show(part("card"), state === "tuning");
  show(part("fault"), state === "fault" || state === "weak");
  show(end, state === "over");
  show(face, !clip.controls && !["over", "fault", "weak"].includes(state));
  snow(state === "snow" || state === "fault");
  face.setAttribute("aria-label", say(runs ? "film.pause" : "film.play"));
  power.setAttribute("aria-pressed", String(runs));
  if (state === "tuning") write(part("card-time"), hour(now()));
  if (state === "over" && focused) end.focus();
}

/** @param {string} state */
function fail(state) {
  turn(state);
  const told = window.navigator.onLine ? say(state === "weak" ? "film.weak" : "film.gone") : say("film.offline");
  write(part("fault-words"), told);
}

/** Says that the film is long in coming, unless it comes. */
function watch() {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => fail("weak"), PATIENCE);
}

/** Plays the film. Where the browser does not, for nobody has asked for sound on this page, answers false. */
async function play() {
  resting = "still";
  try {
    const playing = clip.play();
    watch();
    await playing;
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error);
    if (name === "NotAllowedError") return false;
    if (name !== "AbortError") fail("fault");
  }
  return true;
}

/** Has the film come anew, to where it was or was asked to be. */
function reload() {
  const at = part("position").valueAsNumber;
  clip.load();
  goTo(at);
}

/** Turns the set on. */
export async function start() {
  if (clip.error || clip.networkState === clip.NETWORK_NO_SOURCE) reload();
  turn(set.dataset.state === "still" ? "on" : "tuning");
  if (!(await play())) turn("poster");
}

/** Goes on from the channel before: with sound where the browser has it, else without, or not at all. */
async function arrive() {
  turn("snow");
  set.scrollIntoView({ block: "nearest" });
  if (await play()) return;
  clip.muted = true;
  const plays = await play();
  if (plays) show(part("aloud"));
  else turn("poster");
}

/**
 * Pauses a film that runs, with this on the glass; has one that rests run.
 * @param {string} state
 */
function press(state) {
  if (clip.paused) start();
  else {
    resting = state;
    clip.pause();
  }
}

/**
 * To another channel: a set that is on goes on there.
 * @param {MouseEvent} event
 */
function change(event) {
  const { pathname, href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (elsewhere || (clip.paused && !clip.ended)) return;
  event.preventDefault();
  setItem(TUNED, { to: pathname, at: Date.now() });
  resting = "snow";
  clip.pause();
  turn("snow");
  window.setTimeout(() => window.location.assign(href), still.matches ? 0 : SNOW);
}

/**
 * The browser's own player, or the set.
 * @param {boolean} plainly
 */
function dress(plainly) {
  clip.controls = plainly;
  set.toggleAttribute("data-plain", plainly);
  write(plain, say(plainly ? "film.set" : "film.plain"));
  drawCaptions(plainly);
  turn(set.dataset.state ?? "poster");
}

function rest() {
  turn(resting);
  resting = "still";
}

function finish() {
  if (clip.webkitDisplayingFullscreen) clip.webkitExitFullscreen?.();
  for (const line of all('[data-mood="none"]', end)) write(one(".button", line.closest("li") ?? end), say("film.see"));
  turn("over");
}

clip.addEventListener("playing", () => turn("on"));
clip.addEventListener("timeupdate", () => {
  if (!clip.paused && clip.readyState > 2 && set.dataset.state !== "on") turn("on");
});
clip.addEventListener("waiting", watch);
clip.addEventListener("pause", () => {
  if (!clip.ended) rest();
});
clip.addEventListener("ended", finish);
clip.addEventListener(
  "error",
  () => {
    if (clip.error || clip.networkState === clip.NETWORK_NO_SOURCE) fail("fault");
  },
  true, // what is wrong with a source does not rise
);
clip.addEventListener("seeked", () => {
  if (set.dataset.state === "over" && !clip.ended) turn("still");
});
face.addEventListener("click", () => press("still"));
face.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -5, ArrowRight: 5 }[event.key];
  if (!step) return;
  event.preventDefault();
  goTo(Math.min(Math.max(clip.currentTime + step, 0), clip.duration || 0));
});
power.addEventListener("click", () => press("off"));
part("again").addEventListener("click", start);
part("retry").addEventListener("click", () => {
  if (set.dataset.state === "weak") reload();
  start();
});
plain.addEventListener("click", () => {
  keep("plain", !clip.controls);
  dress(!clip.controls);
});
for (const link of /** @type {HTMLAnchorElement[]} */ (all("[data-channel]", set)))
  link.addEventListener("click", change);
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && set.dataset.state === "snow") turn("still");
});

power.disabled = false;
show(plain);
dress(habit("plain", false));
const tuned = getItem(TUNED);
if (tuned) removeItem(TUNED);
if (!clip.paused) turn("on");
else if (tuned?.to === window.location.pathname && Date.now() - tuned.at < LATE) arrive();
