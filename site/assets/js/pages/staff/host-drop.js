/** The console's form for a drop: what it may be, what it comes to in words, and what stands in its way. */

import { all, count, lang, money, one, part, say, when, write } from "../../core/page.js";
import "../../core/words-host.js";

/** @type {("units" | "minutes" | "limit")[]} */
const WHOLE = ["units", "minutes", "limit"];
const DAY = 24 * 3600 * 1000;
const AHEAD_OF_UTC = 8 * 3600 * 1000; // the village's clocks

/** @param {keyof DropFields} name */
const value = (name) => part("drop").elements[name].value.trim();

/**
 * When the form's drop opens: the next time that the village's clocks show this hour; null for now.
 * @param {string} time such as 20:30
 * @param {number} now
 */
export function nextTime(time, now) {
  const [hours, minutes] = time.split(":").map(Number);
  if (!time) return null;
  const midnight = Math.floor((now + AHEAD_OF_UTC) / DAY) * DAY - AHEAD_OF_UTC;
  const at = midnight + (hours * 60 + minutes) * 60000;
  return at > now ? at : at + DAY;
}

/**
 * Says of the chosen goods what a host must know, and whether a drop of them is in the way.
 * @param {RoomConsole} told
 * @param {number} now
 */
export function paintDrop(told, now) {
  const sku = value("sku");
  const goods = told.stock[sku];
  if (!goods) return;
  const { price, left, floor, unit } = goods;
  write(
    part("drop-facts"),
    say("host.drop_facts", { price: money(price), left: count(left, unit[lang]), floor: money(floor) }),
  );
  const other = inTheWay(told, now);
  write(one('[data-wrong="sku"]'), other ? say("host.drop_on", { time: when(other.closes) }) : "");
  one("[type=submit]", part("drop")).setAttribute("aria-disabled", String(Boolean(other)));
}

/**
 * Returns the drop of the same goods that would be on at the same time, if there is one: a room has one at a time.
 * @param {RoomConsole} told
 * @param {number} now
 */
function inTheWay({ drops }, now) {
  const opens = nextTime(value("at"), now) ?? now;
  const closes = opens + Number(value("minutes")) * 60000;
  return drops.find(
    (drop) => drop.sku === value("sku") && Date.parse(drop.opens) < closes && opens < Date.parse(drop.closes),
  );
}

/**
 * The drop as the form has it; null where something in it is wrong, which it then says.
 * @param {RoomConsole} told
 * @param {StaffMember["role"] | ""} role
 * @param {number} now
 * @returns {DropWish | null}
 */
export function dropWished(told, role, now) {
  const { elements } = part("drop");
  const sku = value("sku");
  const { price: everyday, floor, left: most } = told.stock[sku];
  const opens = nextTime(value("at"), now);
  const body = {
    sku,
    units: Number(value("units")),
    price: Math.round(Number(value("price")) * 100),
    minutes: Number(value("minutes")),
    limit: Number(value("limit")),
    ...(opens ? { opens: new Date(opens).toISOString() } : {}),
  };
  /** @type {Record<string, string>} */
  const wrong = {};
  for (const name of WHOLE) {
    const { min, max } = elements[name];
    const whole = Number.isInteger(body[name]) && value(name) !== "";
    if (!whole || body[name] < Number(min) || body[name] > Number(max))
      wrong[name] = say("host.number", { least: min, most: max });
  }
  if (!(body.price >= 1 && body.price < everyday)) wrong.price = say("host.cheaper", { price: money(everyday) });
  else if (body.price < floor && role !== "manager") wrong.price = say("host.floor", { price: money(floor) });
  if (!wrong.units && body.units > most) wrong.units = say("host.few", { left: most });
  const other = inTheWay(told, now);
  if (other) wrong.sku = say("host.drop_on", { time: when(other.closes) });
  markDrop(wrong);
  return Object.keys(wrong).length ? null : body;
}

/**
 * What the second tap is about to open, in words: nothing of it is to be found out on air.
 * @param {RoomConsole} told
 * @param {DropWish} wish
 * @param {number} now
 */
export function dropInWords({ stock }, { sku, units, price, minutes, limit, opens }, now) {
  const { price: everyday, floor, name } = stock[sku];
  const rest = price / everyday; // neither nothing nor all of it, however it is rounded
  const cut = say("host.cut", {
    percent: Math.min(99, Math.max(1, Math.round(100 - 100 * rest))),
    tenths: Math.min(9.9, Math.max(0.1, Number((10 * rest).toFixed(1)))),
  });
  const from = opens ? Date.parse(opens) : now;
  return say(opens ? "host.drop_sure_later" : "host.drop_sure", {
    units,
    cut,
    name: name[lang],
    price: money(price),
    everyday: money(everyday),
    below: price < floor ? say("host.below", { price: money(floor) }) : "",
    opens: when(from),
    time: when(from + minutes * 60000),
    limit: limit ? say("host.limited", { limit }) : say("host.unlimited"),
  });
}

/** @param {Record<string, string>} wrong */
export function markDrop(wrong) {
  const { sku, price, units, minutes, limit, at } = part("drop").elements;
  const fields = [sku, price, units, minutes, limit, at];
  for (const field of fields) {
    write(one(`[data-wrong="${field.name}"]`), wrong[field.name] ?? "");
    field.toggleAttribute("aria-invalid", field.name in wrong);
  }
  fields.find(({ name }) => name in wrong)?.focus();
}

for (const preset of all("[data-preset]")) {
  preset.addEventListener("click", () => {
    const field = part("drop").elements[/** @type {"units" | "minutes"} */ (preset.dataset.preset)];
    field.value = /** @type {HTMLButtonElement} */ (preset).value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
