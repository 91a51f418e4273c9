/** What may be done about an order at the desk: one panel at a time, and nothing without a second tap that says it. */

import { newKey } from "../../../core/browser.js";
import { day, money, paragraph, say } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import "../../../core/words-desk_orders.js";
import { tell, trying } from "../../../core/trying.js";
import { confirmTwice } from "../../../widgets/confirm-twice.js";

const PATIENCE = 9000; // milliseconds between the two taps: the question is a sentence

/** @typedef {(said: string) => Promise<unknown>} Again shows the story anew */

/**
 * The row of acts, and below it the place where one of them opens.
 * @param {OrderStory} order
 * @param {Again} again
 */
export function acts(order, again) {
  const { may } = order;
  const row = document.createElement("div");
  row.className = "story-acts";
  const panel = document.createElement("div");
  panel.className = "story-panel";
  panel.hidden = true;
  /** @type {[string, boolean, (order: OrderStory, again: Again) => HTMLElement[]][]} */
  const panels = [
    ["refund", may.refund > 0, refunding],
    ["postpone", may.postpone, postponing],
    ["write", true, writing],
    ["address", may.address, sending],
    ["note", true, noting],
  ];
  for (const [name, is, make] of panels) {
    if (!is) continue;
    const button = plain(say(`desk_orders.acts.${name}`));
    button.dataset.act = name;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const opens = button.getAttribute("aria-expanded") === "false";
      for (const other of row.querySelectorAll("[aria-expanded]")) other.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-expanded", String(opens));
      panel.hidden = !opens;
      panel.replaceChildren(...(opens ? make(order, again) : []));
      if (!opens) return;
      panel.scrollIntoView({ block: "nearest" });
      if (name === "note") panel.querySelector("input")?.focus();
    });
    row.append(button);
  }
  if (may.cancel) {
    const button = plain(say("desk_orders.acts.cancel"));
    button.dataset.act = "cancel";
    const back = may.refund ? say("desk_orders.sure.back", { amount: money(may.refund) }) : "";
    twice(
      button,
      () => say("desk_orders.sure.cancel", { money: back, told: told(order) }),
      poster(order, "cancel", again),
    );
    row.append(button);
  }
  return [row, panel];
}

/** @param {OrderStory} order */
const told = (order) => say(`desk_orders.sure.told.${order.told_by || "call"}`);

/** @param {string} text */
function plain(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = text;
  return button;
}

/**
 * @param {HTMLButtonElement} button
 * @param {() => string | null} ask
 * @param {() => void} act
 */
const twice = (button, ask, act) => confirmTwice(button, ask, act, PATIENCE);

/**
 * What sends an act to the shop, under one key until it is answered, and then shows the story anew.
 * @param {OrderStory} order
 * @param {"cancel" | "postpone" | "refunds" | "letters" | "address" | "notes"} path
 * @param {Again} again
 * @param {() => object} [body]
 */
function poster(order, path, again, body = () => ({})) {
  const key = newKey();
  const names = { refunds: "refund", letters: "write", notes: "note" };
  return () =>
    trying(async () => {
      /** @type {AnyAnswer | null} */
      const answer = await callAsStaff(`/api/staff/orders/${order.order}/${path}`, {
        method: "POST",
        body: body(),
        key,
      });
      if (!answer) return;
      if (answer.status < 300) {
        await again(say(`desk_orders.done.${/** @type {any} */ (names)[path] ?? path}`));
        return;
      }
      tell(reason(answer), true);
      if (answer.status === 409) await again(reason(answer));
    });
}

/**
 * A field with its label.
 * @param {string} label
 * @param {string} value
 * @param {"input" | "textarea"} [tag]
 */
function field(label, value, tag = "input") {
  const row = document.createElement("p");
  const name = document.createElement("label");
  const input = /** @type {HTMLInputElement} */ (document.createElement(tag));
  input.id = `desk-${newKey().slice(-8)}`;
  name.htmlFor = input.id;
  name.textContent = label;
  input.value = value;
  input.autocomplete = "off";
  input.maxLength = 200;
  row.append(name, input);
  return { row, input };
}

// ---- Money back ----

/**
 * @param {OrderStory} order
 * @param {Again} again
 */
function refunding(order, again) {
  const why = field(say("desk_orders.why"), "");
  const left = order.may.refund;
  /** @type {HTMLElement[]} */
  const buttons = [];
  /**
   * @param {string} text
   * @param {number} amount
   * @param {object} wish
   */
  const add = (text, amount, wish) => {
    const button = plain(text);
    const ask = () => say("desk_orders.sure.refund", { amount: money(Math.min(amount, left)), told: told(order) });
    twice(
      button,
      ask,
      poster(order, "refunds", again, () => ({ ...wish, reason: why.input.value.trim() })),
    );
    buttons.push(button);
  };
  for (const line of order.lines) {
    for (const units of new Set([1, line.left].filter((some) => some && line.left))) {
      const amount = units * line.unit_price;
      const text = say("desk_orders.units", { units, name: line.name, amount: money(amount) });
      add(text, amount, { lines: [{ sku: line.sku, quantity: units }] });
    }
  }
  const { postage } = order.may;
  if (postage) add(say("desk_orders.back_postage", { amount: money(postage) }), postage, { postage: true });
  const sum = field(say("desk_orders.back_amount"), "");
  sum.input.inputMode = "decimal";
  const go = plain(say("desk_orders.back_go"));
  const ask = () => {
    const amount = fen(sum.input.value);
    if (amount && amount <= left) return say("desk_orders.sure.refund", { amount: money(amount), told: told(order) });
    tell(say("desk_orders.amount_wrong", { amount: money(left) }), true);
    sum.input.focus();
    return null;
  };
  twice(
    go,
    ask,
    poster(order, "refunds", again, () => ({ amount: fen(sum.input.value), reason: why.input.value.trim() })),
  );
  const rest = paragraph(say("desk_orders.back_left", { amount: money(left) }));
  return [rest, ...buttons, why.row, sum.row, go];
}

/**
 * Yuan as they are typed in fen; 0 for what is no amount.
 * @param {string} text
 */
function fen(text) {
  const found = /^[¥￥]?(\d{1,6})(?:[.。](\d{1,2}))?$/.exec(text.normalize("NFKC").trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : 0;
}

// ---- Another day, another address ----

/**
 * @param {OrderStory} order
 * @param {Again} again
 */
function postponing(order, again) {
  if (!order.may.later.length) return [paragraph(say("desk_orders.no_later"))];
  return order.may.later.map((later) => {
    const button = plain(day(later));
    const ask = () => say("desk_orders.sure.postpone", { day: day(later), told: told(order) });
    twice(
      button,
      ask,
      poster(order, "postpone", again, () => ({ ship_by: later })),
    );
    return button;
  });
}

/**
 * @param {OrderStory} order
 * @param {Again} again
 */
function sending(order, again) {
  const { name, phone, region, street } = order.ship_to;
  const before = { street, name, phone: phone.replace("+86", ""), region: region.join(" ") };
  const fields = Object.entries(before).map(([of, value]) => ({
    of,
    ...field(say(`desk_orders.fields.${of}`), value),
  }));
  const go = plain(say("desk_orders.address_go"));
  const body = () => {
    const to = Object.fromEntries(fields.map(({ of, input }) => [of, input.value.trim()]));
    return { ship_to: { ...to, region: to.region.split(/\s+/).filter(Boolean) } };
  };
  twice(go, () => say("desk_orders.sure.address"), poster(order, "address", again, body));
  return [...fields.map(({ row }) => row), go];
}

// ---- Words ----

/**
 * @param {OrderStory} order
 * @param {Again} again
 */
function noting(order, again) {
  const form = document.createElement("form");
  const { row, input } = field(say("desk_orders.note_text"), "");
  const go = plain(say("desk_orders.note_go"));
  go.type = "submit";
  form.append(row, go);
  const save = poster(order, "notes", again, () => ({ text: input.value }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) save();
    else input.focus();
  });
  return [form];
}

/**
 * The kinds of letters; one that is chosen shows how it would read, in the buyer's language.
 * @param {OrderStory} order
 * @param {Again} again
 */
function writing(order, again) {
  const place = document.createElement("div");
  const kinds = ["late", "address", ...order.lines.map(({ sku }) => `out ${sku}`), "thanks", "words"];
  const buttons = kinds.map((each) => {
    const [kind, sku] = each.split(" ");
    const name = order.lines.find((line) => line.sku === sku)?.name;
    const button = plain(say(`desk_orders.kinds.${kind}`, { name }));
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      const wish = sku ? { kind, sku } : { kind };
      place.replaceChildren(...drafting(order, wish, again));
      place.scrollIntoView({ block: "nearest" });
    });
    return button;
  });
  return [...buttons, place];
}

/**
 * @param {OrderStory} order
 * @param {{kind: string, sku?: string}} wish
 * @param {Again} again
 */
function drafting(order, wish, again) {
  const { row, input } = field(say("desk_orders.words_text"), "", "textarea");
  input.maxLength = 300;
  const how = paragraph("");
  const text = document.createElement("div");
  text.className = "story-draft";
  const go = plain(say("desk_orders.write_go"));
  go.hidden = true;
  const body = () => ({ ...wish, words: input.value });
  let timer = 0;
  const look = () =>
    trying(async () => {
      if (wish.kind === "words" && !input.value.trim()) return;
      const path = `/api/staff/orders/${order.order}/letters`;
      /** @type {Answer<"writeBuyer"> | null} */
      const answer = await callAsStaff(path, { method: "POST", body: { ...body(), drill: true } });
      if (!answer) return;
      if (answer.status !== 200) return tell(reason(answer), true);
      const { told_by, subject, text: words } = answer.data;
      how.textContent = told_by ? (told_by === "sms" ? say("desk_orders.sms_only") : "") : say("desk_orders.call_them");
      text.textContent = [subject, words].filter(Boolean).join("\n\n").trim();
      go.hidden = !told_by;
    });
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 400);
  });
  twice(go, () => say("desk_orders.sure.write", { told: told(order) }), poster(order, "letters", again, body));
  look();
  return [how, go, text, row];
}
