/** The year of the goods: marks the month that it is, by the village's own clock. */

import { now } from "../core/clock.js";
import { all } from "../core/page.js";

const month = new Intl.DateTimeFormat("en", { month: "numeric", timeZone: "Asia/Shanghai" }).format(now());
for (const cell of all(`[data-month="${month}"]`)) cell.setAttribute("aria-current", "date");
