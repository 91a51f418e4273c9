/** The phone's camera as a gun: read by the browser where it can, else by a program that is loaded for it. */

import { part, say, show } from "../../core/page.js";
import "../../core/words-packing.js";

const WANTED = ["code_128", "qr_code"];
const FORMATS = ["Code128", "QRCode"]; // as the program calls them
const EVERY = 200; // milliseconds between two looks
const SAME = 3000; // milliseconds in which the same code before the lens is one scan
const WIDTH = 1280; // pixels across which the bars of a waybill are still apart
/** @type {MediaStream | null} */
let stream = null;
let timer = 0;
/** @type {((lens: HTMLVideoElement) => Promise<string[]>) | null} */
let reader = null;

export const isLooking = () => Boolean(stream);

/**
 * Looks through the camera until `stopCamera`. Answers "" or, in words, why it cannot.
 * @param {(readings: string[]) => void} scanned
 */
export async function startCamera(scanned) {
  try {
    reader = reader ?? (await readerOf());
    stream = await open();
  } catch (error) {
    return say(`packing.${error instanceof DOMException ? "no_camera" : "no_reader"}`);
  }
  const read = reader;
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
    for (const text of await read(lens).catch(() => [])) {
      if (text === last && performance.now() < until) continue;
      last = text;
      until = performance.now() + SAME;
      scanned([text]);
    }
    if (stream) timer = window.setTimeout(look, EVERY);
  }
  look();
  return "";
}

/** Throws DOMException where there is no camera, or it may not be used. */
function open() {
  const video = { facingMode: "environment", width: { ideal: WIDTH } };
  if (!navigator.mediaDevices) throw new DOMException("no camera", "NotFoundError"); // a page without https has none
  return navigator.mediaDevices.getUserMedia({ video });
}

/** What reads the codes that are before the lens. */
async function readerOf() {
  const Detector = window.BarcodeDetector;
  const known = Detector ? await Detector.getSupportedFormats().catch(() => []) : [];
  if (!Detector || !WANTED.every((format) => known.includes(format))) return loadedReader();
  const detector = new Detector({ formats: WANTED });
  return async (/** @type {HTMLVideoElement} */ lens) => (await detector.detect(lens)).map(({ rawValue }) => rawValue);
}

/** Loads the program that reads codes on iPhones and on Windows: 425 kB, kept by the browser from then on. */
async function loadedReader() {
  const { reader: script = "", program = "" } = part("lens").dataset;
  /** @type {CodeReader} */
  const zxing = await import(script);
  await zxing.prepareZXingModule({ overrides: { locateFile: () => program }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (/** @type {HTMLVideoElement} */ lens) => {
    canvas.width = lens.videoWidth;
    canvas.height = lens.videoHeight;
    if (!pen || !canvas.width) return [];
    pen.drawImage(lens, 0, 0);
    const found = await zxing.readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), { formats: FORMATS });
    return found.map(({ text }) => text);
  };
}

export function stopCamera() {
  window.clearTimeout(timer);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  part("lens").replaceChildren();
  show(part("lens"), false);
}
