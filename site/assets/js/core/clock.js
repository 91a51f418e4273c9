/**
 * The shop's time. A phone's own clock may be minutes or a day off, so whatever is sold, opens or ends by an instant
 * goes by the `Date` of the shop's last answer and by how long ago that came. Until a first answer it is the phone's.
 */

/** How far the shop's clock is ahead of this one, in milliseconds. */
let ahead = 0;

/**
 * Sets the clock by an answer that has just come; a `Date` that is missing or unreadable changes nothing.
 * @param {Response} answer
 */
export function setClock({ headers }) {
  const told = Date.parse(headers.get("Date") ?? "");
  if (told) ahead = told + (Number(headers.get("Age")) || 0) * 1000 - Date.now();
}

/** Returns the shop's time, in milliseconds since 1970. */
export const now = () => Date.now() + ahead;
