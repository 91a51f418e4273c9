/** The rest of the plan's page: drops of all rooms, those who wait, a week at once, days off, and the expected rush. */

import { newKey } from "../../../core/browser.js";
import { now } from "../../../core/clock.js";
import { all, count, day, lang, money, one, part, say, when } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import { tell, trying } from "../../../core/trying.js";
import { confirmTwice } from "../../../widgets/confirm-twice.js";
import "../../../core/words-desk_plan.js";

/** @typedef {Schemas["Plan"]} Plan */
/** @typedef {{sku: string, ship_by: string, units: number | null, seen: number | null}} Change */
/** @typedef {{look: () => Promise<void>, propose: (changes: Change[], from?: HTMLElement) => unknown}} Acts */

const DAY = 86_400_000; // milliseconds
/** @type {Plan} */
let plan;
/** @type {Acts} */
let acts;
/** The key of the drop that is being opened: one that had no answer is sent again with it. */
let key = newKey();

/**
 * @param {string} iso
 * @param {number} days
 */
const after = (iso, days) => new Date(Date.parse(iso) + days * DAY).toISOString().slice(0, 10);
/**
 * A field of a form.
 * @param {string} form
 * @param {string} name
 * @returns {HTMLInputElement}
 */
const field = (form, name) => one(`[name="${name}"]`, part(form));
/** @param {string} sku */
const goodsOf = (sku) => plan.goods.find((each) => each.sku === sku);
/**
 * @param {number} units
 * @param {string} sku
 */
const counted = (units, sku) => count(units, goodsOf(sku)?.unit[lang] ?? "");
/** @param {string} sku */
const nameOf = (sku) => goodsOf(sku)?.name[lang] ?? sku;

/**
 * Shows what the plan says of it.
 * @param {Plan} told
 * @param {Acts} given
 */
export function follow(told, given) {
  plan = told;
  acts = given;
  for (const select of /** @type {HTMLSelectElement[]} */ (all("[data-goods]"))) fill(select);
  part("drops").replaceChildren(...plan.drops.map(dropRow), ...none(plan.drops));
  const waited = plan.goods.filter(({ waiting }) => waiting.people);
  part("waiting").replaceChildren(...waited.map(waitRow), ...none(waited));
  const monday = after(plan.today, (8 - (new Date(plan.today).getUTCDay() || 7)) % 7 || 7);
  field("week", "from").value ||= monday;
  nameDays();
  for (const name of ["from", "to"]) field("holiday", name).value ||= plan.today;
}

/** Says which days the seven fields of a week are. */
function nameDays() {
  const first = field("week", "from").value;
  const weekday = new Intl.DateTimeFormat(lang, { weekday: "short", timeZone: "UTC" });
  for (const label of first ? all("[data-weekday]") : [])
    label.textContent = weekday.format(new Date(after(first, Number(label.dataset.weekday))));
}

/** @param {HTMLSelectElement} select */
function fill(select) {
  const kept = select.value;
  const options = plan.goods.filter(({ product }) => product).map(({ sku, name }) => new Option(name[lang], sku));
  select.replaceChildren(...(select.dataset.goods ? [select.options[0]] : []), ...options);
  if ([...select.options].some(({ value }) => value === kept)) select.value = kept;
}

/** @param {unknown[]} found */
function none(found) {
  return found.length ? [] : [line(say("desk_plan.none"))];
}

/**
 * @param {string} text
 * @param {...HTMLElement} more
 */
function line(text, ...more) {
  const row = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = text;
  row.append(words, ...more);
  return row;
}

/** @param {string} text */
function plain(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = text;
  return button;
}

// ---- Drops ----

/** @param {Plan["drops"][number]} drop */
function dropRow({ drop, sku, room, price, promised, left, opens, closes, on }) {
  const text = say(on ? "desk_plan.drop_on" : "desk_plan.drop_later", {
    room: plan.rooms[room]?.[lang] ?? room,
    name: nameOf(sku),
    price: money(price),
    promised,
    left: counted(left, sku),
    time: when(on ? closes : opens),
  });
  const button = plain(say("desk_plan.drop_end"));
  confirmTwice(
    button,
    () => say("desk_plan.drop_end_sure", { left: counted(left, sku) }),
    () =>
      done(
        `/api/staff/rooms/${room}/drops/${drop}/end`,
        { method: "POST", body: { sku } },
        say("desk_plan.drop_ended"),
      ),
    8000,
  );
  return line(text, button);
}

/**
 * Makes the call, says that it is done or why not, and looks again; answers whether it is done.
 * @param {string} path
 * @param {{method: string, body: object, key?: string}} request
 * @param {string} words
 */
const done = (path, request, words) =>
  trying(async () => {
    /** @type {AnyAnswer | null} */
    const answer = await callAsStaff(path, request);
    if (!answer) return false;
    const good = answer.status < 300;
    if (good) await acts.look();
    tell(good ? words : reason(answer), !good);
    return good;
  });

/** @param {string} text */
const whole = (text) => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : null);

part("drop-new").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [sku, room, at] = ["sku", "room", "at"].map((name) => field("drop-new", name).value);
  const [units, minutes, limit] = ["units", "minutes", "limit"].map((name) => whole(field("drop-new", name).value));
  const price = /^\d{1,5}(\.\d{1,2})?$/.test(field("drop-new", "price").value.trim());
  if (!units || !minutes || limit === null || !price) return tell(say("desk_plan.wrong"), true);
  const opens = at ? { opens: new Date(`${at}:00+08:00`).toISOString() } : {};
  const body = {
    sku,
    units,
    minutes,
    limit,
    price: Math.round(Number(field("drop-new", "price").value) * 100),
    ...opens,
  };
  const opened = await done(
    `/api/staff/rooms/${room}/drops`,
    { method: "POST", body, key },
    say("desk_plan.drop_opened"),
  );
  if (opened !== null) key = newKey();
  return null;
});

// ---- Those who wait ----

/** @param {Plan["goods"][number]} goods */
function waitRow({ sku, waiting }) {
  const button = plain(say("desk_plan.who"));
  const row = line(
    say("desk_plan.line", { name: nameOf(sku), people: waiting.people, units: counted(waiting.units, sku) }),
    button,
  );
  button.addEventListener("click", () =>
    trying(async () => {
      /** @type {Answer<"waitingFor"> | null} */
      const answer = await callAsStaff(`/api/staff/waiting/${sku}`);
      if (answer?.status !== 200) return;
      const { invited, places } = answer.data;
      const told = [
        ...invited.map(({ units, until }) =>
          say("desk_plan.invited", { units: counted(units, sku), time: until ? when(until) : "" }),
        ),
        ...places.map(({ units, fewer, since }, place) =>
          say(fewer ? "desk_plan.place_fewer" : "desk_plan.place", {
            place: place + 1,
            units: counted(units, sku),
            time: when(since),
          }),
        ),
      ];
      const list = document.createElement("ol");
      list.append(...told.map((text) => line(text)));
      button.replaceWith(list);
    }),
  );
  return row;
}

// ---- A week at once, and days off ----

/**
 * The plan of other days than those that are shown.
 * @param {string} first
 * @param {number} days
 * @returns {Promise<Plan | null>}
 */
async function planOf(first, days) {
  /** @type {Answer<"plan"> | null} */
  const answer = await callAsStaff(`/api/staff/plan?from=${first}&days=${days}`);
  if (answer?.status === 200) return answer.data;
  if (answer) tell(reason(answer), true);
  return null;
}

/**
 * @param {Plan} told
 * @param {string} sku
 * @param {string} iso
 */
const madeOf = (told, sku, iso) =>
  told.goods.find((each) => each.sku === sku)?.batches.find(({ ship_by }) => ship_by === iso)?.made ?? null;

field("week", "from").addEventListener("change", nameDays);
part("copy-week").addEventListener("click", () =>
  trying(async () => {
    const first = after(field("week", "from").value, -7);
    const told = await planOf(first, 7);
    if (!told) return;
    for (let weekday = 0; weekday < 7; weekday += 1) {
      const made = madeOf(told, field("week", "sku").value, after(first, weekday));
      field("week", `day${weekday}`).value = made === null ? "" : String(made);
    }
    tell(say("desk_plan.copied", { day: day(first, "short") }));
  }),
);

part("week").addEventListener("submit", (event) => {
  event.preventDefault();
  const first = field("week", "from").value;
  const typed = [0, 1, 2, 3, 4, 5, 6].map((weekday) => field("week", `day${weekday}`).value.trim());
  if (!first || typed.some((text) => text && whole(text) === null) || !typed.some(Boolean))
    return tell(say("desk_plan.wrong"), true);
  return trying(async () => {
    const told = await planOf(first, 7);
    if (!told) return;
    const sku = field("week", "sku").value;
    const changes = typed.flatMap((text, weekday) => {
      const ship_by = after(first, weekday);
      if (!text || ship_by < told.today) return [];
      return [{ sku, ship_by, units: whole(text), seen: madeOf(told, sku, ship_by) }];
    });
    await acts.propose(changes);
  });
});

part("holiday").addEventListener("submit", (event) => {
  event.preventDefault();
  const [first, last] = ["from", "to"].map((name) => field("holiday", name).value);
  const days = Math.round((Date.parse(last) - Date.parse(first)) / DAY) + 1;
  if (!(days >= 1 && days <= 62)) return tell(say("desk_plan.wrong_days"), true);
  return trying(async () => {
    const told = await planOf(first, days);
    if (!told) return;
    const only = field("holiday", "sku").value;
    const skus = told.goods.filter(({ sku, product }) => (only ? sku === only : product)).map(({ sku }) => sku);
    const dates = told.days.filter(({ day: iso, ships }) => ships && iso >= told.today).map(({ day: iso }) => iso);
    const changes = dates.flatMap((ship_by) =>
      skus.map((sku) => ({ sku, ship_by, units: null, seen: madeOf(told, sku, ship_by) })),
    );
    await acts.propose(changes);
  });
});

// ---- The expected rush ----

part("rate").addEventListener("submit", (event) => {
  event.preventDefault();
  const [sku, rate] = [field("rate", "sku").value, whole(field("rate", "rate").value)];
  if (!rate) return tell(say("desk_plan.wrong"), true);
  return done(
    `/api/staff/goods/${sku}/rate`,
    { method: "PUT", body: { rate } },
    say("desk_plan.rated", { rate, name: nameOf(sku) }),
  );
});
field("rate", "sku").addEventListener("change", () => {
  field("rate", "rate").value = String(goodsOf(field("rate", "sku").value)?.rate ?? 1);
});
field("drop-new", "at").min = new Date(now() + 8 * 3_600_000).toISOString().slice(0, 16);
