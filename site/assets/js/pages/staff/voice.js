/** A voice in the host's ear, by the phone itself. Off until a tap; a phone that cannot speak the language says so. */

import { lang } from "../../core/page.js";
import { getItem, setItem } from "../../core/storage.js";

const VOICE = "cunbo.voice";
const QUEUE = 6; // lines that wait to be spoken: older ones are no news any more

/** The voice of the page's language, if this browser has one; voices may come some time after the page. */
function voiceOf() {
  const voices = window.speechSynthesis?.getVoices() ?? [];
  return voices.find((one) => one.lang.toLowerCase().replace("_", "-").startsWith(lang)) ?? null;
}

export const voiceOn = () => getItem(VOICE) === true;

/** Turns it on or off; answers "on", "off", or "none" where the browser has no voice for it. */
export function switchVoice() {
  if (voiceOn()) {
    setItem(VOICE, false);
    window.speechSynthesis?.cancel();
    return "off";
  }
  if (!voiceOf()) return "none";
  setItem(VOICE, true);
  return "on";
}

/**
 * Speaks these lines after those that it is speaking, where it is on and can.
 * @param {string[]} lines
 */
export function speak(lines) {
  const voice = voiceOn() ? voiceOf() : null;
  if (!voice || !lines.length) return;
  if (lines.length >= QUEUE) window.speechSynthesis.cancel();
  for (const line of lines.slice(0, QUEUE)) {
    const words = new SpeechSynthesisUtterance(line);
    words.voice = voice;
    words.lang = voice.lang;
    window.speechSynthesis.speak(words);
  }
}

window.speechSynthesis?.getVoices(); // some browsers fetch them when first asked
