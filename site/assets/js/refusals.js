/** Says beside the button why there is no order yet, and what can be done about it. */

import { MOST_UNITS, set } from "./cart.js";
import { day, money, paragraph, part, say, show, stamp } from "./page.js";
import { nameOf } from "./summary.js";

/** Says `text`, with elements that help below it; nothing at all takes the notice away. */
export function refuse(text, ...help) {
  const notice = part("refusal");
  notice.replaceChildren(...(text ? [paragraph(text)] : []), ...help);
  show(notice, notice.childNodes.length > 0);
  show(part("settle"));
}

/** The order would now cost or take what `problem` says, instead of what was `shown`: asks whether that will do. */
export function refuseChanged(problem, shown, agree) {
  const now = { total: money(problem.total), day: day(problem.ship_by) };
  const told = [];
  if (problem.total !== shown.total) {
    told.push(say("checkout.changed_total", { old: money(shown.total), new: now.total }));
  }
  if (shown.ship_by && problem.ship_by !== shown.ship_by) {
    told.push(say("checkout.changed_day", { old: day(shown.ship_by), new: now.day }));
  }
  if (!told.length) told.push(say("checkout.changed_now", now));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = say("checkout.agree");
  button.addEventListener("click", () => agree({ total: problem.total, ship_by: problem.ship_by }));
  refuse(say("checkout.changed"), ...told.map(paragraph), button);
  show(part("settle"), false); // placing it by the other button would be placing what is no longer so
}

/** Too few are left of these [{sku, left}]: offers to take what is left, or to do without. */
export function refuseSoldOut(short, shop) {
  refuse(say("checkout.sold_out"), ...short.map((line) => remedy(line, shop)));
}

function remedy({ sku, left }, shop) {
  const element = stamp("sold-out");
  const kept = Math.min(left, MOST_UNITS);
  const values = { name: nameOf(shop, sku), left: kept };
  const button = part("reduce", element);
  part("words", element).textContent = say(kept ? "checkout.line_left" : "checkout.line_none", values);
  button.textContent = say(kept ? "checkout.reduce" : "checkout.remove", values);
  button.addEventListener("click", () => {
    set(sku, kept, shop.packs.get(sku).price);
    element.remove();
    if (!part("reduce", part("refusal"))) refuse("");
    part("order").focus();
  });
  return element;
}
