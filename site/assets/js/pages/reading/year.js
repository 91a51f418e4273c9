/** A village, and what a story shows as well: what of its goods is left, and the month that it is in their year, by the
 * village's own clock. */

import { now } from "../../core/clock.js";
import { all } from "../../core/page.js";
import "../../widgets/shelf.js";

const month = new Intl.DateTimeFormat("en", { month: "numeric", timeZone: "Asia/Shanghai" }).format(now());
for (const cell of all(`[data-month="${month}"]`)) cell.setAttribute("aria-current", "date");
