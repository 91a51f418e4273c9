/** Labels, drawn here and printed by the browser on the paper that this device has; loaded when the first are printed. */

import { day, part, say, show, stamp, write } from "../../core/page.js";
import { barsOf } from "../../state/code128.js";
import { grouped } from "../../state/waves.js";
import { print } from "./print.js";
import "../../core/words-packing.js";

const QUIET = 4; // modules around a square code
const BOX = 32; // pixels
const NO_SIGN = "\u{10fffd}"; // which no font has
const COMMON = /^(?:\s|[!-~\u4e00-\u9fa5]|\u200d|\ufe0f)$/u; // by 1993 each font for Chinese had what lies between
const SMALLER = [0.85, 0.7, 0.6, 0.5, 0.4]; // of the letters, until all words of a label have room

/**
 * Shows the labels and has the browser print them.
 * @param {PackLabels} told
 */
export function printLabels({ wave, labels }) {
  const doors = grouped(labels, doorOf);
  part("heap").replaceChildren(
    ...labels.map((label, place) =>
      drawn(label, wave, `${place + 1}/${labels.length}`, doors.get(doorOf(label)) ?? []),
    ),
  );
  write(part("labels-of"), say(wave ? "packing.wave_of" : "packing.label_of", { wave, count: labels.length }));
  show(part("labels"));
  fit();
  const missing = missingIn(labels);
  write(part("labels-missing"), missing ? say("packing.missing", { signs: missing }) : "");
  show(part("labels-missing"), missing !== "");
  part("labels").focus({ preventScroll: true });
  part("labels").scrollIntoView();
  print("labels", part("paper").value);
}

/** Whom and where to, as it is written: orders that can go in one box have the same. @param {PackLabel} label */
const doorOf = ({ name, phone, region, street }) => JSON.stringify([name, phone, region, street]);

/**
 * The signs for which this device has no font: it would print boxes, and a courier reads a name by them.
 * @param {PackLabel[]} labels
 */
function missingIn(labels) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = BOX;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return "";
  pen.font = `${BOX / 2}px ${getComputedStyle(part("labels")).fontFamily}`;
  /** @param {string} sign */
  const seen = (sign) => {
    pen.clearRect(0, 0, BOX, BOX);
    pen.fillText(sign, BOX / 4, (BOX * 3) / 4);
    return pen.getImageData(0, 0, BOX, BOX).data.join();
  };
  const box = seen(NO_SIGN);
  const words = labels.map(({ name, region, street, note }) => `${name}${region.join("")}${street}${note}`).join("");
  return [...new Set(words)].filter((sign) => !COMMON.test(sign) && seen(sign) === box).join(" ");
}

/** Makes letters smaller where the words of a label want more room than the codes leave them. */
function fit() {
  let long = [...part("heap").children].map((label) => part("label-words", /** @type {HTMLElement} */ (label)));
  for (const size of SMALLER) {
    long = long.filter((words) => words.scrollHeight > words.clientHeight + 1);
    for (const words of long) words.style.setProperty("--letters", String(size));
  }
}

/**
 * @param {PackLabel} label
 * @param {string} wave
 * @param {string} place
 * @param {PackLabel[]} door what goes to the same one
 */
function drawn(label, wave, place, door) {
  const element = stamp("label");
  /** @type {Record<string, string>} */
  const words = {
    day: say("packing.ship_by", { day: day(label.ship_by, "short") }),
    wave,
    place: wave ? place : "",
    name: label.name,
    phone: label.phone,
    region: [...new Set(label.region)].join(" "), // of Beijing, province and city have one name
    street: label.street,
    door: door.length > 1 ? say("packing.door_of", { place: door.indexOf(label) + 1, count: door.length }) : "",
    note: label.note ? say("packing.note", { note: label.note }) : "",
    code: say("packing.order_of", { order: label.order, revision: label.revision }),
  };
  for (const [name, text] of Object.entries(words)) write(part(`label-${name}`, element), text);
  part("label-lines", element).append(...label.lines.map(lineOf));
  const { width, path } = barsOf(label.code);
  const bars = part("label-bars", element);
  bars.setAttribute("d", path);
  bars.parentElement?.setAttribute("viewBox", `0 0 ${width} 1`);
  const square = part("label-square", element);
  square.setAttribute("d", squareOf(label.rows));
  const size = label.rows.length + 2 * QUIET;
  square.parentElement?.setAttribute("viewBox", `${-QUIET} ${-QUIET} ${size} ${size}`);
  return element;
}

/** @param {PackLabel["lines"][number]} line */
function lineOf({ name, quantity, lots }) {
  const row = document.createElement("li");
  const count = document.createElement("b");
  const lot = document.createElement("small");
  count.textContent = `${quantity} × `;
  lot.textContent = lots.length ? ` ${say("packing.lots", { lots: lots.join(", ") })}` : "";
  row.append(count, name, lot);
  return row;
}

/** @param {string[]} rows */
const squareOf = (rows) =>
  rows
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
    )
    .join("");
