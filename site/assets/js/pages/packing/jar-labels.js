/** Labels for the jars of a batch: what stands on them is the shop's to say; how many are printed is the packer's. */

import { all, one, part, say, show, stamp, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { tell, trying } from "../../core/trying.js";
import "../../core/words-jar_labels.js";
import "../../widgets/shop.js";

const QUIET = 4; // modules left free around a code
const MOST = 2000;

async function draw() {
  const { sku, day, made, count } = part("labels").elements;
  const labels = Number(count.value);
  if (!day.value || !Number.isInteger(labels) || labels < 1 || labels > MOST) {
    (day.value ? count : day).focus();
    tell(say(day.value ? "jar_labels.no_count" : "jar_labels.no_day"), true);
    return;
  }
  const body = made.value ? { made: made.value } : {};
  const path = `/api/staff/batches/${sku.value}/${day.value}/labels`;
  /** @type {Answer<"labelJars"> | null} */
  const answer = await callAsStaff(path, { method: "POST", body });
  if (!answer) return;
  show(part("ready"), answer.status === 200);
  part("sheet").replaceChildren();
  if (answer.status !== 200) {
    tell(reason(answer), true);
    return;
  }
  const label = drawn(answer.data);
  part("sheet").append(...Array.from({ length: labels }, () => label.cloneNode(true)));
  tell(say("jar_labels.done", { count: labels }));
}

/** @param {{name: string, lines: string[], rows: string[]}} label */
function drawn({ name, lines, rows }) {
  const element = stamp("jar-label");
  write(one("b", element), name);
  const size = rows.length + 2 * QUIET;
  one("svg", element).setAttribute("viewBox", `${-QUIET} ${-QUIET} ${size} ${size}`);
  const dark = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  );
  one("path", element).setAttribute("d", dark.join(""));
  one("div", element).append(
    ...lines.map((line) => {
      const row = document.createElement("p");
      row.textContent = line;
      return row;
    }),
  );
  return element;
}

part("labels").addEventListener("submit", (event) => {
  event.preventDefault();
  trying(draw);
});
part("print").addEventListener("click", () => window.print());

trying(async () => {
  /** @type {Answer<"me"> | null} */
  const me = await callAsStaff("/api/staff/me");
  if (me?.status !== 200) return;
  const { goods } = me.data;
  for (const option of all("option", part("labels"))) {
    if (goods && !goods.includes(option.dataset.product ?? "")) option.remove(); // another workshop's
  }
});
