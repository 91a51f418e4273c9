/** The phone's camera as a gun, where the browser reads codes itself. */

import { part, say, show } from "../../core/page.js";
import "../../core/words-packing.js";

const WANTED = ["code_128", "qr_code"];
const EVERY = 200; // milliseconds between two looks
const SAME = 3000; // milliseconds in which the same code before the lens is one scan
/** @type {MediaStream | null} */
let stream = null;
let timer = 0;

export const isLooking = () => Boolean(stream);

/**
 * Looks through the camera until `stopCamera`. Answers "" or, in words, why it cannot.
 * @param {(readings: string[]) => void} scanned
 */
export async function startCamera(scanned) {
  const Detector = window.BarcodeDetector;
  const known = Detector ? await Detector.getSupportedFormats().catch(() => []) : [];
  if (!Detector || !WANTED.every((format) => known.includes(format))) return say("packing.no_reader");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return say("packing.no_camera");
  }
  const reader = new Detector({ formats: WANTED });
  const lens = document.createElement("video");
  lens.muted = true;
  lens.playsInline = true;
  lens.srcObject = stream;
  part("lens").replaceChildren(lens);
  show(part("lens"));
  await lens.play();
  let last = "";
  let until = 0;
  async function look() {
    if (!stream) return;
    const found = await reader.detect(lens).catch(() => []);
    for (const { rawValue } of found) {
      if (rawValue === last && performance.now() < until) continue;
      last = rawValue;
      until = performance.now() + SAME;
      scanned([rawValue]);
    }
    timer = window.setTimeout(look, EVERY);
  }
  look();
  return "";
}

export function stopCamera() {
  window.clearTimeout(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  part("lens").replaceChildren();
  show(part("lens"), false);
}
