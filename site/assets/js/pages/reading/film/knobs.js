/** The knobs for sound and picture. */

import { part, say, show } from "../../../core/page.js";
import "../../../core/words-film.js";
import { habit, keep } from "./habits.js";

const clip = part("clip");
const volume = part("volume");
const brightness = part("brightness");
const aloud = part("aloud");
const SWEEP = 270; // degrees that a knob turns from one end to the other

/** @param {HTMLInputElement} knob */
function draw(knob) {
  const share = knob.valueAsNumber / Number(knob.max);
  knob.parentElement?.style.setProperty("--turn", `${(share - 0.5) * SWEEP}deg`);
  knob.setAttribute("aria-valuetext", say("film.per_cent", { value: Math.round(share * 100) }));
}

function sound() {
  clip.volume = volume.valueAsNumber / 100;
  clip.muted = volume.valueAsNumber === 0;
}

/** From half as bright as the film is to half as bright again. */
function light() {
  const { valueAsNumber } = brightness;
  part("glass").style.setProperty("--bright", valueAsNumber === 50 ? "" : `brightness(${0.5 + valueAsNumber / 100})`);
  draw(brightness);
}

volume.addEventListener("input", () => {
  sound();
  keep("volume", volume.valueAsNumber);
});
clip.addEventListener("volumechange", () => {
  volume.value = String(clip.muted ? 0 : clip.volume * 100);
  draw(volume);
  if (!clip.muted) show(aloud, false);
});
aloud.addEventListener("click", () => {
  volume.value = String(habit("volume", 100) || 100);
  sound();
});
brightness.addEventListener("input", () => {
  light();
  keep("brightness", brightness.valueAsNumber);
});

clip.volume = 0.5;
if (clip.volume === 1) volume.step = "100"; // a phone with keys of its own for it: sound is on or off
volume.value = String(habit("volume", 100));
brightness.value = String(habit("brightness", 50));
sound();
draw(volume);
light();
volume.disabled = brightness.disabled = false;
