/**
 * The manager's desk. What may be changed of a product at once: its price, its limits, and whether it is on the shelf.
 * All of it amends what the catalogue says, and ends when a new one says something else.
 */

import { now } from "../../core/clock.js";
import { all, count, lang, moment, money, one, part, say, show, stamp, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { open } from "./opening.js";
import "../../core/words-desk_goods.js";

/** @typedef {Schemas["DeskGood"]} Good */
/** @typedef {"price" | "per_order" | "per_buyer" | "shelf"} What */

const DAY = 86_400_000; // milliseconds
const PATIENCE = 8000; // milliseconds in which a consequence is read
/** @type {Map<string, Good>} */
const goods = new Map();
/** @type {Map<string, HTMLElement>} */
const rows = new Map();

/**
 * A value of what may be amended, in words.
 * @param {Good} good
 * @param {What} what
 * @param {number} value
 */
function words({ unit }, what, value) {
  if (what === "price") return money(value);
  if (what === "shelf") return say(value ? "desk_goods.on_shelf" : "desk_goods.off_shelf");
  return value ? count(value, unit[lang]) : say("desk_goods.any");
}

/** @param {Good} good */
function paint(good) {
  goods.set(good.sku, good);
  const row = rows.get(good.sku) ?? add(good);
  const { now: held, said, drops, waiting, invited } = good;
  write(part("name", row), good.name[lang]);
  write(part("price", row), money(held.price));
  write(part("was", row), held.price === said.price ? "" : money(said.price));
  show(part("was", row), held.price !== said.price);
  const state = [
    say(held.shelf ? "desk_goods.left" : "desk_goods.stopped", { left: count(good.left, good.unit[lang]) }),
    say("desk_goods.limits", {
      order: words(good, "per_order", held.per_order),
      buyer: words(good, "per_buyer", held.per_buyer),
    }),
    ...(drops.length ? [say("desk_goods.drops", { count: drops.length })] : []),
    ...(waiting ? [say("desk_goods.waiting", { count: waiting })] : []),
    ...(invited ? [say("desk_goods.invited", { units: count(invited, good.unit[lang]) })] : []),
  ];
  write(part("state", row), state.join(say("desk_goods.and")));
  part("state", row).dataset.mood = held.shelf ? "" : "none";
  part("shelf", row).textContent = say(held.shelf ? "desk_goods.take_off" : "desk_goods.put_back");
  part("amendments", row).replaceChildren(...good.amendments.map((one) => amendment(good, one)));
  for (const what of /** @type {const} */ (["price", "per_order", "per_buyer"])) {
    /** @type {HTMLInputElement} */
    const input = one(`[name="${what}"]`, row);
    if (document.activeElement !== input)
      input.value = what === "price" ? (held.price / 100).toFixed(2) : String(held[what]);
  }
}

/**
 * A line that says what is amended, and takes it back at two taps.
 * @param {Good} good
 * @param {Good["amendments"][number]} held
 */
function amendment(good, { what, to, of, since, until }) {
  const line = document.createElement("li");
  const text = document.createElement("span");
  const told = { what: say(`desk_goods.what.${what}`), to: words(good, what, to), of: words(good, what, of) };
  const end = until ? say("desk_goods.until", { at: moment(until) }) : say("desk_goods.till_build");
  text.textContent = say("desk_goods.amended", { ...told, since: moment(since), end });
  line.append(text);
  if (what === "shelf") return line; // the button below puts it back
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = say("desk_goods.back");
  confirmTwice(
    button,
    () => say("desk_goods.back_sure", told),
    () => amend(good.sku, what, of, null),
    PATIENCE,
  );
  line.append(button);
  return line;
}

/** @param {Good} good */
function add({ sku }) {
  const row = stamp("good");
  rows.set(sku, row);
  part("goods").append(row);
  /** @returns {Good} */
  const good = () => /** @type {Good} */ (goods.get(sku));
  confirmTwice(
    part("shelf", row),
    () => {
      const { now: held, drops, invited, unit } = good();
      if (!held.shelf) return say("desk_goods.put_back_sure");
      const more = drops.length ? say("desk_goods.drops_too", { count: drops.length }) : "";
      const kept = invited ? say("desk_goods.invited_still", { units: count(invited, unit[lang]) }) : "";
      return say("desk_goods.take_off_sure") + more + kept;
    },
    () => amend(sku, "shelf", good().now.shelf ? 0 : 1, null),
    PATIENCE,
  );
  for (const button of all("[data-amend]", row)) {
    const what = /** @type {"price" | "per_order" | "per_buyer"} */ (button.dataset.amend);
    confirmTwice(
      button,
      () => {
        const to = typed(row, what);
        if (to === null || to === good().now[what]) {
          tell(say(to === null ? "desk_goods.wrong" : "desk_goods.same"), to === null);
          return null;
        }
        tell("");
        const { now: held, drops } = good();
        const below = what === "price" ? drops.filter(({ price }) => price > to).length : 0;
        const told = {
          what: say(`desk_goods.what.${what}`),
          was: words(good(), what, held[what]),
          to: words(good(), what, to),
        };
        return say("desk_goods.sure", told) + (below ? say("desk_goods.below", { count: below }) : "");
      },
      () => {
        const to = typed(row, what);
        if (to !== null) amend(sku, what, to, until(row));
      },
      PATIENCE,
    );
  }
  return row;
}

/**
 * What is typed, in fen or units; null where it cannot be meant.
 * @param {HTMLElement} row
 * @param {"price" | "per_order" | "per_buyer"} what
 */
function typed(row, what) {
  /** @type {HTMLInputElement} */
  const input = one(`[name="${what}"]`, row);
  const text = input.value.trim().replace(/^[¥￥]\s*/, "");
  if (what === "price")
    return /^\d{1,5}([.。]\d{1,2})?$/.test(text) ? Math.round(Number(text.replace("。", ".")) * 100) || null : null;
  if (!/^\d{1,2}$/.test(text)) return null;
  const units = Number(text);
  return units <= 20 && units >= (what === "per_order" ? 1 : 0) ? units : null;
}

/**
 * When what is set ends by itself, at the end of a day in the village; null where it does not.
 * @param {HTMLElement} row
 */
function until(row) {
  /** @type {HTMLSelectElement} */
  const select = one("select", row);
  const days = { open: 0, day: 1, three: 3 }[select.value] ?? 0;
  const eight = 8 * 3_600_000; // the village's clocks are eight hours ahead of UTC
  return days ? new Date((Math.floor((now() + eight) / DAY) + days) * DAY - eight).toISOString() : null;
}

/**
 * @param {string} sku
 * @param {What} what
 * @param {number} to
 * @param {string | null} ends
 */
function amend(sku, what, to, ends) {
  const good = /** @type {Good} */ (goods.get(sku));
  const body = { to, of: good.said[what], seen: good.now[what], ...(ends && { until: ends }) };
  return trying(async () => {
    /** @type {Answer<"amend"> | null} */
    const answer = await callAsStaff(`/api/staff/goods/${sku}/amendments/${what}`, { method: "PUT", body });
    if (answer?.status === 200) {
      paint(answer.data);
      tell(
        say("desk_goods.done", {
          name: good.name[lang],
          what: say(`desk_goods.what.${what}`),
          to: words(good, what, to),
        }),
      );
      return;
    }
    if (answer) {
      await look();
      tell(reason(answer), true);
    }
  });
}

async function look() {
  /** @type {Answer<"goods"> | null} */
  const answer = await callAsStaff("/api/staff/goods");
  if (answer?.status === 200) for (const good of answer.data.goods) paint(good);
}

open(look);
