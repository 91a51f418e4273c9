/** What hands have earned in a month, by what has left the village. */

import { unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { money, part, say, show, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { catalog, nameOf } from "../../state/catalog.js";
import "../../core/words-shares.js";
import "../../widgets/shop.js";

async function look() {
  show(part("away"), false);
  try {
    /** @type {Answer<"handsShares"> | null} */
    const answer = await callAsStaff(`/api/staff/shares?month=${part("shares-month").value}`);
    if (!answer) return;
    if (answer.status !== 200) return write(part("shares-total"), reason(answer));
    const { goods, total, sample } = answer.data;
    const shop = await catalog();
    write(part("shares-total"), goods.length ? say("shares.total", { amount: money(total) }) : "");
    part("shares-rows").replaceChildren(
      ...goods.map(({ sku, units, amount }) => {
        const row = document.createElement("li");
        row.textContent = say("shares.line", { name: nameOf(shop, sku), units, amount: money(amount) });
        return row;
      }),
    );
    show(part("shares-none"), !goods.length);
    show(part("shares-sample"), sample);
  } catch (error) {
    unlessAway(error);
    show(part("away"));
  }
}

part("shares-month").value = new Date(now() + 288e5).toISOString().slice(0, 7);
part("shares-month").addEventListener("change", look);
part("away-again").addEventListener("click", look);
look();
