/** What all pages of the desk share: who this device is, what it may open, and how a call is made and told. */

import { unlessAway } from "../../core/api.js";
import { all, part, show, write } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import "../../widgets/shop.js";

/** Pages that a bookkeeper may open; a manager opens them all. */
const OF_BOOKKEEPERS = ["books"];

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

/**
 * Opens a page of the desk for the device that is enrolled, and then does the rest; whoever is not enrolled is led to
 * where they can be.
 * @param {(me: StaffMember) => Promise<unknown>} rest
 */
export function open(rest) {
  return trying(async () => {
    /** @type {Answer<"me"> | null} */
    const me = await callAsStaff("/api/staff/me");
    if (me?.status !== 200) return null;
    for (const link of all("[data-desk]"))
      show(link, me.data.role === "manager" || OF_BOOKKEEPERS.includes(link.dataset.desk ?? ""));
    all(".desk-nav [aria-current]")[0]?.scrollIntoView({ block: "nearest", inline: "center" });
    return rest(me.data);
  });
}
