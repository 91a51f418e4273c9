/** An order's story at the desk: all that is known of it, who did what, and the acts that are possible now. */

import { copy } from "../../../core/clipboard.js";
import { day, lang, moment, money, paragraph, part, say, stamp } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import "../../../core/words-common.js";
import "../../../core/words-desk_orders.js";
import "../../../core/words-fixing.js";
import "../../../core/words-states.js";
import { tell, trying } from "../../../core/trying.js";
import { confirmTwice } from "../../../widgets/confirm-twice.js";
import { methodName } from "../../../widgets/methods.js";
import { acts } from "./order-acts.js";

const PATIENCE = 8000; // milliseconds between two taps, where the question is long

/**
 * Shows the story of an order; `said` is what has just come of an act.
 * @param {string} number
 * @param {string} [said]
 */
export async function showStory(number, said = "") {
  const place = part("story");
  place.setAttribute("aria-busy", "true");
  /** @type {Answer<"orderStory"> | null} */
  const answer = await callAsStaff(`/api/staff/orders/${number}`).finally(() => place.removeAttribute("aria-busy"));
  if (!answer || window.location.hash !== `#${number}`) return;
  if (answer.status !== 200) {
    place.replaceChildren(stamp("back-to-list"));
    return tell(reason(answer), true);
  }
  const order = answer.data;
  place.replaceChildren(stamp("back-to-list"), ...head(order), ...acts(order, (words) => showStory(number, words)));
  place.append(
    ...goods(order),
    ...parcels(order),
    ...back(order, (words) => showStory(number, words)),
    ...letters(order),
    ...notes(order),
    ...events(order),
  );
  tell(said);
  place.focus({ preventScroll: Boolean(said) });
}

/**
 * Who buys, where it goes, by when, and how the buyer hears of things.
 * @param {OrderStory} order
 */
function head(order) {
  const title = document.createElement("h2");
  title.textContent = `${say("desk_orders.tail", { tail: order.order.slice(-4) })} · ${say(`states.${order.state}`)}`;
  const moved = order.first_ship_by ? ` (${say("desk_orders.moved", { day: day(order.first_ship_by) })})` : "";
  const ships = paragraph(say("common.ships_by", { day: day(order.ship_by) }) + moved);
  const { name, phone, region, street } = order.ship_to;
  const buyer = paragraph(`${name} `);
  const tel = document.createElement("a");
  tel.href = `tel:${phone.split("-")[0]}`;
  tel.textContent = phone.replace("+86", "");
  buyer.append(tel);
  const to = paragraph(`${region.join(" ")} ${street}`);
  const reached = say(`desk_orders.reached.${order.told_by || "call"}`);
  const facts = paragraph(`${order.email ?? say("desk_orders.no_mail")} · ${reached}`);
  facts.className = "story-facts";
  const full = paragraph(`${order.order} `);
  full.className = "story-facts";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = say("desk_orders.copy");
  button.addEventListener("click", async () => {
    await copy(order.order);
    tell(say("desk_orders.copied"));
  });
  full.append(button);
  const said = order.note ? [paragraph(say("desk_orders.said", { text: order.note }))] : [];
  const recalls = (order.recalls ?? []).map(({ why }) => paragraph(say("desk_orders.recalled", { why })));
  return [title, ships, buyer, to, ...said, ...recalls, facts, full];
}

/**
 * A section with a heading and rows; nothing where there are none.
 * @param {string} name
 * @param {HTMLElement[]} rows
 */
function section(name, rows) {
  if (!rows.length) return [];
  const heading = document.createElement("h2");
  heading.textContent = say(`desk_orders.heads.${name}`);
  const list = document.createElement("ul");
  list.className = "plain story-rows";
  list.append(...rows);
  return [heading, list];
}

/**
 * A row: what, and small print below it.
 * @param {string} text
 * @param {string} [small]
 * @param {HTMLElement[]} more
 */
function row(text, small = "", ...more) {
  const item = document.createElement("li");
  item.append(text);
  if (small) {
    const print = document.createElement("small");
    print.textContent = small;
    item.append(print);
  }
  item.append(...more);
  return item;
}

/** @param {OrderStory} order */
function goods(order) {
  const rows = order.lines.map((line) => {
    const units = ["missing", "given_up"]
      .filter((name) => name in line)
      .map((name) => say(`desk_orders.${name}`, { units: /** @type {any} */ (line)[name] }));
    const facts = [...(line.drop ? [say("desk_orders.drop")] : []), ...units];
    const batches = line.batches.map(({ ship_by, quantity }) => {
      const link = document.createElement("a");
      link.className = "batch";
      link.href = `#batch.${line.sku}.${ship_by}`;
      const which = say("desk_orders.batch", { day: day(ship_by, "short"), units: quantity });
      link.textContent = `${which} · ${say("desk_orders.whole_batch")}`;
      return link;
    });
    const text = `${line.name} × ${line.quantity} · ${money(line.unit_price * line.quantity)}`;
    return row(text, facts.join(" · "), ...(order.may.postpone ? batches : []));
  });
  const sums = [say("desk_orders.postage", { amount: money(order.postage) })];
  if (order.payment) sums.push(`${methodName(order.payment.provider)} ${order.payment.id}`);
  else sums.push(say("desk_orders.pay_by", { at: moment(order.pay_by) }));
  return section("goods", [...rows, row(say("desk_orders.total", { amount: money(order.total) }), sums.join(" · "))]);
}

/** @param {OrderStory} order */
function parcels(order) {
  const rows = order.parcels.map((one) => {
    const names = one.lines.map(({ sku, quantity }) => `${nameIn(order, sku)} × ${quantity}`);
    const lots = one.lots.map((lot) =>
      say("desk_orders.batch", { day: day(lot.ship_by, "short"), units: lot.quantity }),
    );
    const carrier = one.carrier ? `${one.carrier[lang]} ${one.tracking_number} · ` : "";
    const where = `${carrier}${say(`fixing.states.${one.state}`)}`;
    return row(names.join(", "), [where, ...lots, `${moment(one.packed)} ${who(one)}`].join(" · "));
  });
  return section("parcels", rows);
}

/**
 * @param {OrderStory} order
 * @param {string} sku
 */
const nameIn = (order, sku) => order.lines.find((line) => line.sku === sku)?.name ?? sku;

/**
 * @param {OrderStory} order
 * @param {(words: string) => unknown} again
 */
function back(order, again) {
  const refunds = order.refunds.map((one) => {
    const names = (one.lines ?? []).map(({ sku, quantity }) => `${nameIn(order, sku)} × ${quantity}`);
    const small = [
      say(`desk_orders.refund_states.${one.state}`),
      moment(one.at),
      ...names,
      ...(one.why ? [one.why] : []),
    ];
    return row(money(one.amount), small.join(" · "), ...(one.state === "hand" ? [byHand(order, one, again)] : []));
  });
  const disputes = order.disputes.map(({ amount, state, at, reason: why }) =>
    row(say("desk_orders.dispute", { amount: money(amount), state }), [moment(at), why].filter(Boolean).join(" · ")),
  );
  return section("money", [...refunds, ...disputes]);
}

/**
 * What notes that a person has paid it back, where no provider could.
 * @param {OrderStory} order
 * @param {OrderStory["refunds"][number]} refund
 * @param {(words: string) => unknown} again
 */
function byHand({ order }, { refund, amount }, again) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = say("desk_orders.by_hand");
  confirmTwice(
    button,
    () => say("desk_orders.sure.by_hand", { amount: money(amount) }),
    () =>
      trying(async () => {
        /** @type {AnyAnswer | null} */
        const answer = await callAsStaff(`/api/staff/orders/${order}/refunds/${refund}/by-hand`, { method: "POST" });
        if (answer) await again(answer.status === 200 ? say("desk_orders.done.by_hand") : reason(answer));
      }),
    PATIENCE,
  );
  return button;
}

/** @param {OrderStory} order */
function letters(order) {
  const rows = order.letters.map((one) => {
    const small = [say(`desk_orders.letter.${one.state}`), moment(one.at), who(one)];
    return row(say(`desk_orders.kind_names.${one.kind}`) + (one.words ? `：${one.words}` : ""), small.join(" · "));
  });
  const stuck = order.pending.filter(({ tries }) => tries);
  const waits = stuck.map(({ what, text, tries }) => row(say("desk_orders.tried", { what: text || what, tries })));
  return section("letters", [...rows, ...waits]);
}

/** @param {OrderStory} order */
const notes = (order) =>
  section(
    "notes",
    order.notes.map((one) => row(one.text, `${moment(one.at)} · ${who(one)}`)),
  );

/** @param {OrderStory} order */
function events(order) {
  const rows = order.events.map((one) => {
    const kind = one.what === "letter" ? say(`desk_orders.kind_names.${one.text}`) : one.text;
    const text = say(`desk_orders.did.${one.what}`, { amount: money(one.amount ?? 0), text: kind });
    return row(text, [moment(one.at), who(one)].filter(Boolean).join(" · "));
  });
  return section("events", rows);
}

/**
 * Who did it, in plain words.
 * @param {{by: string, by_name?: string}} one
 */
function who({ by, by_name = "" }) {
  const [kind, id = ""] = by.split(":");
  if (by_name || !kind) return by_name;
  if (kind === "provider" && methodName(id) !== id) return methodName(id); // a carriers' service has no such name
  return say(`desk_orders.who.${kind}`);
}
