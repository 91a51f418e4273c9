/** The random names that a browser makes up: of an attempt, and of itself. */

const COOKIE = "__Host-cunbo-browser";

export const newKey = () =>
  [...window.crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Has this browser keep a name of its own for 30 days, so that the shop's limits take nobody else who gives the same phone
 * number for its owner. It opens nothing; where cookies are off, the network's address counts.
 */
export function nameBrowser() {
  if (document.cookie.includes(`${COOKIE}=`)) return;
  // biome-ignore lint/suspicious/noDocumentCookie: the CookieStore is younger than the browsers that the shop serves
  document.cookie = `${COOKIE}=${newKey()}; Path=/; Max-Age=2592000; Secure; SameSite=Strict`;
}
