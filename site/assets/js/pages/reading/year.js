/** A village, and what a story shows as well: what of its goods is left, and which month it is in the ring of their year,
 * and what is made in it, by the village's own clock. */

import { now } from "../../core/clock.js";
import { all, lang, one } from "../../core/page.js";
import "../../widgets/shelf.js";

/** @param {"numeric" | "long"} form @param {string} language */
const month = (form, language) =>
  new Intl.DateTimeFormat(language, { month: form, timeZone: "Asia/Shanghai" }).format(now());
const number = month("numeric", "en");
for (const ring of all(".year svg")) {
  const sector = one("[data-part=month]", ring);
  sector.setAttribute("d", "M0 0V-134A134 134 0 0 1 67-116Z");
  sector.setAttribute("transform", `rotate(${30 * Number(number) - 30})`);
  all("text", ring)[Number(number) - 1].setAttribute("class", "its");
  one(".now", ring).textContent = month("long", lang);
}
for (const row of all("[data-months]")) {
  row.toggleAttribute("data-now", String(row.dataset.months).split(" ").includes(number));
}
