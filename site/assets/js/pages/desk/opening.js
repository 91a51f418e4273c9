/** What all pages of the desk share: who this device is, and what it may open. */

import { all, show } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import { trying } from "../../core/trying.js";
import "../../widgets/shop.js";

/** Pages that a bookkeeper may open; a manager opens them all. */
const OF_BOOKKEEPERS = ["books"];

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
