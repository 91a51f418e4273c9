/**
 * What fingers, a mouse and a wheel do to the pictures of the viewer: swiping through them, enlarging, moving about.
 *
 * All of it goes through pointer events, since a browser that pans by itself does not tell of a pinch that follows.
 */

import { pinched } from "./zoom.js";

const SWIPE = 0.15; // of the frame's width: a way that means the next picture
const FLICK = 0.4; // pixels a millisecond: a speed that means it too
const STILL = 10; // pixels that a tap may slip
const DOUBLE = 300; // milliseconds between two taps

/**
 * @typedef {object} Acts What the viewer does.
 * @property {() => PictureView} view
 * @property {() => number} most How many times the picture can be enlarged.
 * @property {(view: PictureView) => void} look
 * @property {(way: number) => void} drag Moves the row of pictures along with the finger.
 * @property {(steps: number) => void} settle Goes so many pictures on, 0 for none, and lets the row come to rest.
 * @property {(times: number, at: PicturePoint) => void} enlarge
 * @property {(at: PicturePoint) => void} toggle
 */

/**
 * @param {HTMLElement} stage
 * @param {Acts} acts
 */
export function follow(stage, acts) {
  /** The fingers that are down, by the pointer's id. @type {Map<number, PicturePoint>} */
  const down = new Map();
  /** Where they came down, and what was seen then. */
  let from = { places: /** @type {PicturePoint[]} */ ([]), view: acts.view(), at: 0 };
  let pinching = false;
  let tapped = { at: 0, x: 0, y: 0 };

  /** @param {MouseEvent} event @returns {PicturePoint} */
  function place({ clientX, clientY }) {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  /** @param {number} at */
  function begin(at) {
    from = { places: [...down.values()], view: acts.view(), at };
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button || down.size > 1) return;
    event.preventDefault(); // nothing is selected, or dragged off as a file
    stage.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    if (down.size === 2) acts.drag(0);
    pinching = down.size === 2;
    begin(event.timeStamp);
  });

  stage.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    down.set(event.pointerId, place(event));
    const to = [...down.values()];
    if (to.length === 2) acts.look(pinched(from.view, from.places, to, acts.most()));
    else if (from.view.scale > 1) acts.look({ ...from.view, ...way(from.view) });
    else if (!pinching) acts.drag(way({ x: 0, y: 0 }).x);
  });

  /** @param {PicturePoint} since */
  function way(since) {
    const [to] = down.values();
    return { x: since.x + to.x - from.places[0].x, y: since.y + to.y - from.places[0].y };
  }

  /** @param {PointerEvent} event */
  function up(event) {
    if (!down.has(event.pointerId)) return;
    const { x, y } = way({ x: 0, y: 0 });
    const alone = down.size === 1 && !pinching;
    down.delete(event.pointerId);
    if (!alone) {
      if (!down.size) pinching = false;
      begin(event.timeStamp);
      if (acts.view().scale === 1) acts.settle(0);
      return;
    }
    const lost = event.type === "pointercancel";
    if (!lost && Math.hypot(x, y) < STILL) tap(event);
    if (from.view.scale > 1) return;
    const speed = Math.abs(x) / Math.max(1, event.timeStamp - from.at);
    const far = Math.abs(x) > stage.clientWidth * SWIPE || (speed > FLICK && Math.abs(x) > 3 * STILL);
    acts.settle(!lost && far && Math.abs(x) > Math.abs(y) ? -Math.sign(x) : 0);
  }
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);

  /** @param {PointerEvent} event */
  function tap(event) {
    const at = place(event);
    const twice = event.timeStamp - tapped.at < DOUBLE && Math.hypot(at.x - tapped.x, at.y - tapped.y) < 3 * STILL;
    tapped = twice ? { at: 0, x: 0, y: 0 } : { at: event.timeStamp, ...at };
    if (twice) acts.toggle(at);
  }

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode ? 24 : 1;
      const step = event.ctrlKey ? 0.01 : 0.002; // a pinch on a trackpad comes as a wheel with Ctrl, in small steps
      acts.enlarge(Math.exp(-event.deltaY * lines * step), place(event));
    },
    { passive: false },
  );
}
