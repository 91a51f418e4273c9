/**
 * Captions: yellow, at the foot of the glass, drawn here, since few browsers let ::cue choose place and letters. The plain
 * player, and an iPhone's own on the whole screen, draw the same track themselves.
 */

import { lang, part, show } from "../../../core/page.js";
import { habit, keep } from "./habits.js";

const clip = part("clip");
const choice = part("captions");
const caption = part("caption");
const tracks = [...clip.textTracks];
let wanted = !clip.paused; // who did not wait for the set has begun already
let drawnByBrowser = false;

const chosen = () => tracks.find(({ language }) => language.startsWith(choice.value));

function draw() {
  const cues = drawnByBrowser ? [] : [...(chosen()?.activeCues ?? [])];
  const lines = cues.map((cue) => /** @type {VTTCue} */ (cue).getCueAsHTML().textContent);
  caption.lang = choice.value === "zh" ? "zh-CN" : choice.value;
  caption.textContent = lines.join("\n");
  show(caption, lines.length > 0);
}

/** A track that is on from the start would be loaded before anybody plays. */
function apply() {
  const [on] = wanted ? [chosen()] : [];
  for (const track of tracks) track.mode = track === on ? (drawnByBrowser ? "showing" : "hidden") : "disabled";
  draw();
}

/**
 * Has the browser draw the captions, or draws them here.
 * @param {boolean} byBrowser
 */
export function drawCaptions(byBrowser) {
  drawnByBrowser = byBrowser;
  apply();
}

for (const track of tracks) track.addEventListener("cuechange", draw);
choice.addEventListener("change", () => {
  keep("captions", choice.value);
  apply();
});
clip.addEventListener("play", () => {
  wanted = true;
  apply();
});
clip.addEventListener("webkitbeginfullscreen", () => drawCaptions(true));
clip.addEventListener("webkitendfullscreen", () => drawCaptions(clip.controls));
choice.value = habit("captions", lang);
if (!choice.value) choice.value = lang;
choice.disabled = false;
