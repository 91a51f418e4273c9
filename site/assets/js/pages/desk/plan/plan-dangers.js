/** The plan's promises that cannot be kept, by batch, and the way out: its buyers are asked what they want instead. */

import { day, part, say, show } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import { tell, trying } from "../../../core/trying.js";
import { confirmTwice } from "../../../widgets/confirm-twice.js";
import "../../../core/words-desk_plan.js";

/**
 * Asks which they are and shows them.
 * @param {(units: number, sku: string) => string} counted
 * @param {() => Promise<void>} look
 */
export async function paint(counted, look) {
  /** @type {Answer<"dangers"> | null} */
  const answer = await callAsStaff("/api/staff/dangers");
  if (answer?.status !== 200) return;
  /** @type {Map<string, Schemas["Danger"][]>} */
  const batches = new Map();
  for (const one of answer.data.dangers) {
    const key = `${one.sku} ${one.ship_by}`;
    batches.set(key, [...(batches.get(key) ?? []), one]);
  }
  show(part("dangers"), batches.size > 0);
  part("danger-list").replaceChildren(...[...batches.values()].map((found) => row(found, counted, look)));
}

/**
 * @param {Schemas["Danger"][]} found
 * @param {(units: number, sku: string) => string} counted
 * @param {() => Promise<void>} look
 */
function row(found, counted, look) {
  const [{ sku, ship_by }] = found;
  const units = found.reduce((sum, one) => sum + one.units, 0);
  const line = document.createElement("li");
  const text = document.createElement("span");
  const orders = found.map(({ order, told_by }) => `…${order.slice(-6)}${told_by ? "" : say("desk_plan.call")}`);
  text.textContent = say("desk_plan.danger", {
    sku,
    day: day(ship_by, "short"),
    units: counted(units, sku),
    count: found.length,
    orders: orders.slice(0, 8).join(" "),
  });
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = say("desk_plan.ask");
  confirmTwice(
    button,
    () => say("desk_plan.ask_sure", { count: found.length }),
    () =>
      trying(async () => {
        /** @type {Answer<"askBeyond"> | null} */
        const answer = await callAsStaff(`/api/staff/batches/${sku}/${ship_by}/ask`, { method: "POST" });
        if (answer?.status === 200) {
          const { asked, waiting, missing } = answer.data;
          tell(say("desk_plan.asked", { count: asked.length, waiting, missing }));
          await look();
        } else if (answer) tell(reason(answer), true);
      }),
    8000,
  );
  line.append(text, button);
  return line;
}
