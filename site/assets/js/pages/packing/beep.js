/** What a scan sounds like, without a file: a packer looks at the jars, not at the screen. */

import { getItem, setItem } from "../../core/storage.js";

const OFF = "cunbo.packing-quiet";
const LOUD = 0.25;
/** Notes as [hertz, when it begins and how long it lasts in seconds]; low and rough is bad. @type {Record<string, [number, number, number][]>} */
const SOUNDS = {
  good: [[1320, 0, 0.12]],
  bad: [
    [180, 0, 0.25],
    [140, 0.3, 0.4],
  ],
  wait: [[520, 0, 0.18]],
  stop: [
    [880, 0, 0.18],
    [440, 0.2, 0.18],
    [880, 0.4, 0.18],
    [440, 0.6, 0.3],
  ],
};
/** @type {AudioContext | null} */
let audio = null;

export const beepsOn = () => getItem(OFF) !== true;

/** Turns sounds on or off; answers which. */
export function switchBeeps() {
  setItem(OFF, beepsOn());
  beep("good");
  return beepsOn();
}

/** @param {"good" | "bad" | "wait" | "stop"} name */
export function beep(name) {
  if (!beepsOn()) return;
  audio = audio || new (window.AudioContext || window.webkitAudioContext)();
  audio.resume();
  for (const [pitch, from, lasts] of SOUNDS[name]) play(audio, pitch, audio.currentTime + from, lasts, name);
}

/**
 * @param {AudioContext} audio
 * @param {number} pitch
 * @param {number} at
 * @param {number} lasts
 * @param {string} name
 */
function play(audio, pitch, at, lasts, name) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = name === "bad" ? "sawtooth" : "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(LOUD, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + lasts);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + lasts);
}
