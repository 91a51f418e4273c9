/** Labels and the sheet to sign: drawn here, printed by the browser on the paper that this device has. */

import { day, part, say, show, stamp, write } from "../../core/page.js";
import { getItem, setItem } from "../../core/storage.js";
import { barsOf } from "../../state/code128.js";
import "../../core/words-packing.js";

const PAPER = "cunbo.packing-paper";
const QUIET = 4; // modules around a square code

/** Has this device print on the paper that was chosen on it once. */
export function choosePaper() {
  const paper = part("paper");
  paper.value = getItem(PAPER) === "large" ? "large" : "small";
  paper.addEventListener("change", () => {
    setItem(PAPER, paper.value);
    paper.blur(); // a gun's letters would choose in it
  });
}

/**
 * Shows the labels and has the browser print them.
 * @param {PackLabels} told
 */
export function printLabels({ wave, labels }) {
  part("heap").replaceChildren(...labels.map((label, place) => drawn(label, wave, `${place + 1}/${labels.length}`)));
  write(part("labels-of"), say(wave ? "packing.wave_of" : "packing.label_of", { wave, count: labels.length }));
  show(part("labels"));
  print("labels");
}

export function printAgain() {
  print("labels");
}

export function closeLabels() {
  part("heap").replaceChildren(); // names and streets are on the screen no longer than for the print
  show(part("labels"), false);
}

/** @param {"labels" | "sheet"} what */
export function print(what) {
  const page = document.documentElement;
  page.dataset.printing = what;
  page.dataset.paper = what === "labels" ? part("paper").value : "sheet";
  window.print();
}

/**
 * @param {PackLabel} label
 * @param {string} wave
 * @param {string} place
 */
function drawn(label, wave, place) {
  const element = stamp("label");
  /** @type {Record<string, string>} */
  const words = {
    day: say("packing.ship_by", { day: day(label.ship_by, "short") }),
    place: wave ? `${wave} ${place}` : "",
    name: label.name,
    phone: label.phone,
    region: label.region.join(" "),
    street: label.street,
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
