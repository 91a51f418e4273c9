/** What pages of the staff do alike: they say what came of an act, and where the shop could not be reached. */

import { unlessAway } from "./api.js";
import { part, show, write } from "./page.js";

/**
 * Says below the page's head what has come of an act.
 * @param {string} text
 * @param {boolean} [bad]
 */
export function tell(text, bad = false) {
  write(part("said"), text);
  part("said").dataset.mood = bad ? "bad" : "";
}

/**
 * Runs what asks the shop, and says where it could not be reached, with a button that tries again.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<T | null>}
 */
export async function trying(act) {
  show(part("away"), false);
  try {
    return await act();
  } catch (error) {
    unlessAway(error);
    show(part("away"));
    part("away-again").onclick = () => trying(act);
    return null;
  }
}
