/**
 * Where a picture stands in its frame, and what a gesture makes of that: pure rules, in CSS pixels.
 *
 * A view says how many times the picture is enlarged from the size at which all of it is seen, and how far its middle lies
 * from the frame's. It never leaves a gap that the picture could fill.
 */

/** @type {PictureView} */
export const WHOLE = { scale: 1, x: 0, y: 0 };
const MOST = 6;

/**
 * The size at which all of a picture is seen in a frame.
 * @param {PictureSize} picture
 * @param {PictureSize} frame
 * @returns {PictureSize}
 */
export function fitted(picture, frame) {
  const times = Math.min(frame.width / picture.width, frame.height / picture.height);
  return { width: picture.width * times, height: picture.height * times };
}

/**
 * How many times a picture is enlarged when it fills its frame, and some of it is cut off.
 * @param {PictureSize} picture
 * @param {PictureSize} frame
 */
export function filling(picture, frame) {
  const whole = fitted(picture, frame);
  return Math.max(frame.width / whole.width, frame.height / whole.height);
}

/**
 * How many times it can be enlarged: a long strip more often than others, or nobody could read it.
 * @param {PictureSize} picture
 * @param {PictureSize} frame
 */
export const mostOf = (picture, frame) => Math.max(MOST, 2 * filling(picture, frame));

/**
 * A view without a gap at one side while something is cut off at the other; whole where it is hardly enlarged.
 * @param {PictureView} view
 * @param {PictureSize} picture
 * @param {PictureSize} frame
 * @returns {PictureView}
 */
export function held({ scale, x, y }, picture, frame) {
  if (scale < 1.02) return WHOLE;
  const whole = fitted(picture, frame);
  const times = Math.min(scale, mostOf(picture, frame));
  const within = (/** @type {number} */ way, /** @type {number} */ side, /** @type {number} */ room) => {
    const most = Math.max(0, (side * times - room) / 2);
    return Math.min(most, Math.max(-most, way));
  };
  return { scale: times, x: within(x, whole.width, frame.width), y: within(y, whole.height, frame.height) };
}

/**
 * A view so many times as large, in which the point under the finger stays there.
 * @param {PictureView} view
 * @param {number} times
 * @param {PicturePoint} at
 * @param {number} most
 * @returns {PictureView}
 */
export function enlarged(view, times, at, most) {
  const scale = Math.min(most, Math.max(1, view.scale * times));
  const grown = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown };
}

/**
 * @param {PictureView} view
 * @param {PicturePoint} way
 * @returns {PictureView}
 */
export const moved = (view, way) => ({ ...view, x: view.x + way.x, y: view.y + way.y });

/**
 * What two fingers make of a view that went from one pair of places to another.
 * @param {PictureView} view
 * @param {PicturePoint[]} from
 * @param {PicturePoint[]} to
 * @param {number} most
 * @returns {PictureView}
 */
export function pinched(view, from, to, most) {
  const [before, after] = [from, to].map(middle);
  const grown = enlarged(view, apart(to) / Math.max(1, apart(from)), before, most);
  return moved(grown, { x: after.x - before.x, y: after.y - before.y });
}

/** @param {PicturePoint[]} places */
const apart = ([one, other]) => Math.hypot(one.x - other.x, one.y - other.y);
/** @param {PicturePoint[]} places */
const middle = ([one, other]) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
