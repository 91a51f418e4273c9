/** A village, and what a story shows as well: what of its goods is left, and which month it is in the ring of their year,
 * and what is made in it, by the village's own clock. */

import { now } from "../../core/clock.js";
import { all, one, show } from "../../core/page.js";
import "../../widgets/shelf.js";

const month = new Intl.DateTimeFormat("en", { month: "numeric", timeZone: "Asia/Shanghai" }).format(now());
for (const sector of all(`[data-month="${month}"]`)) {
  sector.setAttribute("data-now", "");
  one("[data-part=month]", sector.closest("svg")).textContent = sector.getAttribute("data-name");
}
for (const row of all("[data-months]")) {
  show(one(".tag", row), String(row.dataset.months).split(" ").includes(month));
}
