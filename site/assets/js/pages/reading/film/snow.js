/** Snow on the glass, where there is no picture: between two channels, and where a film does not come. */

import { part, show } from "../../../core/page.js";

const BETWEEN = 80; // milliseconds between two pictures
const LONGEST = 4000; // milliseconds: what moves for longer would need a way to stop it
const canvas = part("snow");
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let timer = 0;

/** Draws grey noise. A canvas, since the policy allows no picture that a script makes. */
function draw() {
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const picture = brush.createImageData(canvas.width, canvas.height);
  for (let at = 0; at < picture.data.length; at += 4) {
    picture.data.fill(40 + Math.random() * 140, at, at + 3);
    picture.data[at + 3] = 255;
  }
  brush.putImageData(picture, 0, 0);
}

/**
 * Lets it snow, or stops it. Who wants no motion sees one picture of it.
 * @param {boolean} falls
 */
export function snow(falls) {
  window.clearInterval(timer);
  show(canvas, falls);
  if (!falls) return;
  const end = Date.now() + LONGEST;
  draw();
  timer = window.setInterval(() => {
    if (still.matches || Date.now() > end) window.clearInterval(timer);
    else draw();
  }, BETWEEN);
}
