/** The recall of a batch from the plan: a drill that changes nothing, the recall itself, and undoing it. */

import { one, part, say, show, write } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import { tell, trying } from "../../../core/trying.js";
import { confirmTwice } from "../../../widgets/confirm-twice.js";
import "../../../core/words-desk_plan.js";

let path = "";
let look = async () => {};
/** @type {Schemas["RecallReport"] | null} */
let drilled = null;

/**
 * Shows what can be done about the recall of a batch.
 * @param {string} sku
 * @param {string} ship_by
 * @param {boolean} recalled
 * @param {() => Promise<void>} again
 */
export function begin(sku, ship_by, recalled, again) {
  const other = `/api/staff/batches/${sku}/${ship_by}/recall`;
  if (other !== path) {
    drilled = null;
    write(part("recall-told"), "");
  }
  path = other;
  look = again;
  show(part("recall-lift"), recalled);
  show(part("recall-now"), !recalled);
}

/** @param {string} name */
const typed = (name) => /** @type {HTMLInputElement} */ (one(`[name="${name}"]`, part("recall"))).value.trim();

/**
 * @param {string} way
 * @param {object | null} body
 * @param {string} words
 */
const call = (way, body, words) =>
  trying(async () => {
    /** @type {Answer<"recallBatch"> | null} */
    const answer = await callAsStaff(path + way, { method: "POST", body });
    if (answer?.status !== 200) {
      if (answer) tell(reason(answer), true);
      return;
    }
    drilled = answer.data;
    write(part("recall-told"), say(words, figures(answer.data)));
    if (!answer.data.drill) {
      tell(say(words, figures(answer.data)));
      await look();
    }
  });

/** @param {Schemas["RecallReport"]} report */
function figures({ orders, unpaid, invited, stock }) {
  const parcels = orders.reduce((sum, { parcels: some }) => sum + some.length, 0);
  return { orders: orders.length, parcels, unpaid: unpaid.length, invited, left: stock.on_sale };
}

part("recall-drill").addEventListener("click", () => call("", { drill: true }, "desk_plan.recall_drilled"));
confirmTwice(
  part("recall-now"),
  () => {
    if (!typed("why")) {
      tell(say("desk_plan.recall_why"), true);
      return null;
    }
    const orders = drilled?.orders.length;
    return orders === undefined ? say("desk_plan.recall_sure") : say("desk_plan.recall_sure_of", { orders });
  },
  () => call("", { why: typed("why"), why_en: typed("why_en") }, "desk_plan.recall_done"),
  8000,
);
confirmTwice(
  part("recall-lift"),
  () => say("desk_plan.lift_sure"),
  () => call("/lift", null, "desk_plan.lifted"),
  8000,
);
