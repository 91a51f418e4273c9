/**
 * Makes a photograph small on the phone that took it: at most 1,600 pixels and 400 kB, as a JPEG that a canvas has drawn
 * anew. So what a camera writes beside a picture, such as where it was taken, never leaves the phone.
 */

const MOST_SIDE = 1600;
const MOST_BYTES = 400_000;
const QUALITIES = [0.85, 0.7, 0.55];
const STEP = 0.75; // of its side, where no quality makes it small enough
const LEAST_SIDE = 400;

/** The browser cannot read this file as a picture: HEIC outside Apple's, a document, a broken file. */
export class Unreadable extends Error {}

/**
 * Returns the photograph as a small JPEG, and the canvas that shows it, the right way up. Throws Unreadable.
 * @param {Blob} file
 * @returns {Promise<{blob: Blob, canvas: HTMLCanvasElement}>}
 */
export async function shrink(file) {
  const picture = await read(file);
  let side = Math.min(MOST_SIDE, Math.max(picture.width, picture.height));
  try {
    for (;;) {
      const canvas = draw(picture, side);
      for (const quality of QUALITIES) {
        const blob = await encode(canvas, quality);
        if (blob.size <= MOST_BYTES || side <= LEAST_SIDE) return { blob, canvas };
      }
      side = Math.max(Math.round(side * STEP), LEAST_SIDE);
    }
  } finally {
    picture.close();
  }
}

/** @param {Blob} file */
async function read(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Unreadable(file.type);
  }
}

/**
 * @param {ImageBitmap} picture
 * @param {number} side the longer one, in pixels
 */
function draw(picture, side) {
  const scale = side / Math.max(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff"; // what is see-through would be black in a JPEG
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} quality
 * @returns {Promise<Blob>}
 */
const encode = (canvas, quality) =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Unreadable("no memory"))), "image/jpeg", quality);
  });
