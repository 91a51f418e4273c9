/** A soft sound when an order is paid. Off until a tap, for browsers want one, and a room may want silence. */

import { getItem, setItem } from "../../core/storage.js";

const SOUND = "cunbo.sound";
const LOUD = 0.12;
/** @type {AudioContext | null} */
let audio = null;

export const soundsOn = () => getItem(SOUND) === true;

/** Turns it on, and lets it be heard, or off; answers which. */
export function switchSound() {
  setItem(SOUND, !soundsOn());
  if (soundsOn()) chime();
  return soundsOn();
}

/** Two soft notes. */
export function chime() {
  if (!soundsOn()) return;
  audio = audio || new (window.AudioContext || window.webkitAudioContext)();
  audio.resume();
  playNote(audio, 659, audio.currentTime);
  playNote(audio, 880, audio.currentTime + 0.14);
}

/**
 * @param {AudioContext} audio
 * @param {number} pitch in hertz
 * @param {number} at when it begins, in seconds
 */
function playNote(audio, pitch, at) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.55);
}
