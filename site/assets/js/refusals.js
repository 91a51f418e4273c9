/** Says beside the button why there is no order yet, and what can be done about it. */

import { set } from "./cart.js";
import { nameOf } from "./catalog.js";
import { day, money, paragraph, part, say, show, stamp } from "./page.js";

/** Says `text`, with elements that help below it; nothing at all takes the notice away. */
export function refuse(text, ...help) {
  const notice = part("refusal");
  notice.replaceChildren(...(text ? [paragraph(text)] : []), ...help);
  show(notice, notice.childNodes.length > 0);
  show(part("settle"));
}

/** The shop took it for no reason that this page knows: says so, and whom to ask. */
export function refuseOddly(status) {
  refuse(say("checkout.refused", { status }), link(part("contact").href, say("checkout.contact")));
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
  const button = press(say("checkout.agree"), "button", () =>
    agree({ total: problem.total, ship_by: problem.ship_by }),
  );
  refuse(say("checkout.changed"), ...told.map(paragraph), button);
  show(part("settle"), false); // placing it by the other button would be placing what is no longer so
}

/** Too few are left of these [{sku, left}]: offers to take what is left, or to do without. */
export function refuseSoldOut(short, shop) {
  const remedies = short.map(({ sku, left }) => {
    const most = Math.min(left, mostOf(shop, sku));
    const values = { name: nameOf(shop, sku), left: most };
    return remedy(sku, most, shop, say(most ? "checkout.line_left" : "checkout.line_none", values));
  });
  refuse(say("checkout.sold_out"), ...remedies);
}

/** One order may have fewer of these SKUs than are wanted: offers to take the most. */
export function refuseQuantities(skus, shop) {
  const remedies = skus.map((sku) => {
    const most = mostOf(shop, sku);
    return remedy(sku, most, shop, say("cart.limit_of", { name: nameOf(shop, sku), most }));
  });
  refuse(say("checkout.sold_out"), ...remedies);
}

/** These SKUs do not go to the province: offers to do without them, or to choose another address. */
export function refuseDelivery(skus, shop, province) {
  const remedies = skus.map((sku) =>
    remedy(sku, 0, shop, say("checkout.no_delivery_of", { name: nameOf(shop, sku), province })),
  );
  const other = press(say("checkout.other_address"), "button plain", () => {
    refuse("");
    document.getElementById("province").focus();
  });
  refuse(say("checkout.sold_out"), ...remedies, other);
}

const mostOf = (shop, sku) => (shop.packs.has(sku) ? shop.packs.get(sku).per_order : 0);

/** `text`, and a button that makes it `kept` units of a SKU. */
function remedy(sku, kept, shop, text) {
  const element = stamp("remedy");
  const button = part("reduce", element);
  const pack = shop.packs.get(sku);
  part("words", element).textContent = text;
  button.textContent = say(kept ? "checkout.reduce" : "checkout.remove", { name: nameOf(shop, sku), left: kept });
  button.addEventListener("click", () => {
    set(sku, kept, pack ? pack.price : 0);
    element.remove();
    if (!part("reduce", part("refusal"))) refuse("");
    part("order").focus();
  });
  return element;
}

function press(text, look, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = look;
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

function link(address, text) {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = text;
  return element;
}
