/** The host's console: what the room shows, what is left, how it sells; and what a host does about it. */

import { unlessAway } from "../../core/api.js";
import { newKey } from "../../core/browser.js";
import { copy } from "../../core/clipboard.js";
import { follow, shopClock } from "../../core/follow.js";
import { all, home, hour, lang, money, one, part, say, show, when, write } from "../../core/page.js";
import { getItem, setItem } from "../../core/storage.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { paintFigures, paintGoods, paintLog, paintNow } from "./host-view.js";
import { chime, soundsOn, switchSound } from "./sound.js";
import { callAsStaff, reason } from "./staff-api.js";
import "../../core/words-host.js";
import "../../widgets/shop.js";

/** @typedef {Answer<"console" | "start" | "end" | "open-drop" | "end-drop" | "add-units" | "correct" | "pin">} ConsoleAnswer */

const ROOM = "cunbo.host-room";
const JUST_NOW = 90;
/** @type {("units" | "minutes" | "limit")[]} */
const WHOLE = ["units", "minutes", "limit"];
const READING = 20000; // milliseconds for what the second tap of a drop says
const clock = shopClock();
/** @type {Map<string, string>} */
const keys = new Map(); // of acts that have no answer yet, so that a repeat does nothing twice
/** @type {StaffMember["rooms"]} */
let rooms = [];
let room = "";
/** @type {StaffMember["role"] | ""} */
let role = "";
/** @type {RoomConsole | null} */
let told = null;
/** @type {number | null} */
let paid = null;
/** @type {{stop(): void}[]} */
let following = [];

const path = (rest = "") => `/api/staff/rooms/${room}${rest}`;
/** @param {string} sku */
const nameOf = (sku) => told?.stock[sku]?.name[lang] ?? sku;

/**
 * @param {string} text
 * @param {boolean} [bad]
 */
function tell(text, bad = false) {
  write(part("said"), text);
  part("said").dataset.mood = bad ? "bad" : "";
}

/**
 * Does what a tap asks for, once, and says what came of it.
 * @param {HTMLElement} button
 * @param {string} done
 * @param {string} where
 * @param {{method?: string, body?: object, once?: boolean}} [request]
 * @returns {Promise<ConsoleAnswer | null>}
 */
async function act(button, done, where, { method = "POST", body = {}, once = false } = {}) {
  if (button.getAttribute("aria-busy") === "true") return null;
  const wish = `${where} ${JSON.stringify(body)}`;
  const key = once ? keys.get(wish) || newKey() : "";
  if (once) keys.set(wish, key);
  button.setAttribute("aria-busy", "true");
  try {
    /** @type {ConsoleAnswer | null} */
    const answer = await callAsStaff(where, { method, body, key });
    keys.delete(wish);
    if (!answer) return null;
    if (answer.status !== 200 && answer.status !== 201) {
      tell(say("host.refused", { detail: reason(answer) }), true);
      return answer;
    }
    tell(done + replaced(answer.data));
    hear(answer.data, true);
    return answer;
  } catch (error) {
    unlessAway(error);
    tell(say("host.away"), true);
    return null;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {RoomConsole} news */
function replaced({ replaced: was }) {
  if (!was) return "";
  if (was.what === "show") return say("host.was_on", was);
  const seconds = Math.max(0, Math.round((clock.now() - Date.parse(was.at)) / 1000));
  const words = { name: nameOf(was.sku ?? ""), by: was.by, seconds, time: hour(was.at) };
  return say(seconds < JUST_NOW ? "host.replaced" : "host.replaced_at", words);
}

/**
 * Takes in what the shop tells of the room; `own` where it answers this device's own act.
 * @param {RoomConsole} news
 * @param {boolean} [own]
 */
function hear(news, own = false) {
  if (news.room !== room || (told && news.now < told.now)) return; // an ask from before an act may be answered after it
  clock.hear(news.now);
  const before = told;
  told = news;
  if (before && !own) tellOthers(before.showing, news.showing);
  const sold = news.figures.today.paid;
  if (paid !== null && sold > paid) chime();
  paid = sold;
  paint();
}

/**
 * Says what another host has changed.
 * @param {Showing | null} before
 * @param {Showing | null} after
 */
function tellOthers(before, after) {
  const [was, is] = [before, after].map((one) => (one ? `${one.sku} ${one.since}` : ""));
  if (was === is) return;
  tell(after ? say("host.other", { by: after.by, name: after.name[lang] }) : say("host.other_none"));
}

function paint() {
  if (!told) return;
  paintNow(told, clock.now(), endDrop);
  const here = rooms.find((each) => each.room === room);
  if (here) paintGoods(told, here, { pin, add });
  paintFigures(told);
}

/**
 * @param {HTMLElement} button
 * @param {string} sku
 */
function pin(button, sku) {
  if (told?.showing?.sku === sku) return;
  act(button, say("host.pinned", { name: nameOf(sku) }), `/api/rooms/${room}/showing`, {
    method: "PUT",
    body: { sku },
  });
}

/**
 * @param {HTMLElement} button
 * @param {string} sku
 * @param {number} units
 */
function add(button, sku, units) {
  act(button, say("host.added", { count: units }), path("/units"), { body: { sku, units }, once: true });
}

/**
 * @param {HTMLElement} button
 * @param {{drop: string, sku: string}} drop
 */
function endDrop(button, { drop, sku }) {
  act(button, say("host.drop_over"), path(`/drops/${drop}/end`), { body: { sku } });
}

/**
 * The drop as the form has it; null where something in it is wrong, which it then says.
 * @returns {DropWish | null}
 */
function dropWished() {
  if (!told) return null;
  const { elements } = part("drop");
  /** @param {keyof DropFields} name */
  const value = (name) => elements[name].value.trim();
  const sku = value("sku");
  const { price: everyday, floor, left: most } = told.stock[sku];
  const body = {
    sku,
    units: Number(value("units")),
    price: Math.round(Number(value("price")) * 100),
    minutes: Number(value("minutes")),
    limit: Number(value("limit")),
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
  mark(wrong);
  if (!Object.keys(wrong).length) return body;
  tell(say("host.wrong"), true);
  return null;
}

/**
 * What the second tap is about to open, in words: nothing of it is to be found out on air.
 * @param {DropWish} wish
 */
function dropInWords({ sku, units, price, minutes, limit }) {
  const { price: everyday, floor } = /** @type {RoomConsole} */ (told).stock[sku];
  const rest = price / everyday; // neither nothing nor all of it, however it is rounded
  const cut = say("host.cut", {
    percent: Math.min(99, Math.max(1, Math.round(100 - 100 * rest))),
    tenths: Math.min(9.9, Math.max(0.1, Number((10 * rest).toFixed(1)))),
  });
  return say("host.drop_sure", {
    units,
    cut,
    name: nameOf(sku),
    price: money(price),
    everyday: money(everyday),
    below: price < floor ? say("host.below", { price: money(floor) }) : "",
    time: when(clock.now() + minutes * 60000),
    limit: limit ? say("host.limited", { limit }) : say("host.unlimited"),
  });
}

/** @param {HTMLElement} button */
async function openDrop(button) {
  const body = dropWished();
  if (!body) return;
  const answer = await act(button, say("host.dropped"), path("/drops"), { body, once: true });
  if (!answer) return;
  if (answer.status === 201) part("dropping").open = false;
  for (const { pointer, left } of "errors" in answer.data ? (answer.data.errors ?? []) : []) {
    if (left !== undefined) mark({ [pointer.slice(1)]: say("host.few", { left }) });
  }
}

/** @param {Record<string, string>} wrong */
function mark(wrong) {
  const { price, units, minutes, limit } = part("drop").elements;
  const fields = [price, units, minutes, limit];
  for (const field of fields) {
    write(one(`[data-wrong="${field.name}"]`), wrong[field.name] ?? "");
    field.toggleAttribute("aria-invalid", field.name in wrong);
  }
  fields.find(({ name }) => name in wrong)?.focus();
}

/**
 * Opens a room: follows it, by its public answer twice a second and by the hosts' own each second.
 * @param {string} id
 */
function open(id) {
  for (const { stop } of following) stop();
  room = id;
  told = null;
  paid = null;
  setItem(ROOM, id);
  part("room").value = id;
  part("overlay").href = `${home}live/${id}/overlay/`;
  part("code").href = `/rooms/${id}/qr.svg`;
  askNoMore();
  const own = follow(path(), { every: 1000, seen: true, heard: hear, refused: outside, silent });
  const shared = follow(`/api/rooms/${id}`, {
    every: 500,
    seen: true,
    /** @param {Room} news */
    heard(news) {
      if (told && standing(news) !== standing(told)) own.look();
    },
  });
  following = [own, shared];
}

/**
 * Returns what tells whether the room shows something else, or another show has begun.
 * @param {Room | RoomConsole} room
 */
const standing = ({ show: on, showing }) => JSON.stringify([on?.id, showing?.since]);

/** @param {number} status */
function outside(status) {
  if (status === 401) window.location.assign(`${home}staff/`);
}

/** @param {number} seconds */
function silent(seconds) {
  const away = seconds >= 4;
  show(part("silent"), away);
  for (const button of all("[data-act]")) button.toggleAttribute("disabled", away);
}

async function begin() {
  try {
    /** @type {Answer<"me"> | null} */
    const answer = await callAsStaff("/api/staff/me");
    if (answer?.status !== 200) return;
    ({ rooms, role } = answer.data);
  } catch (error) {
    unlessAway(error);
    show(part("silent"));
    window.setTimeout(begin, 2000);
    return;
  }
  show(part("silent"), false);
  if (!rooms.length) {
    tell(say("host.no_room"), true);
    return;
  }
  for (const one of rooms) part("room").append(new Option(one.name[lang], one.room));
  part("room").disabled = false;
  const last = getItem(ROOM);
  open(rooms.some((one) => one.room === last) ? last : rooms[0].room);
}

part("room").addEventListener("change", () => open(part("room").value));
part("start").addEventListener("click", () => act(part("start"), say("host.started"), path("/show")));
confirmTwice(
  part("end"),
  () => say("host.sure"),
  () => act(part("end"), say("host.ended"), path("/show/end"), { body: { show: told?.show?.id } }),
);
part("unpin").addEventListener("click", () =>
  act(part("unpin"), say("host.unpinned"), `/api/rooms/${room}/showing`, { method: "PUT", body: { sku: null } }),
);
for (const button of all("[data-about]")) {
  button.addEventListener("click", async () => {
    const body = { about: button.dataset.about, text: part("text").value };
    const answer = await act(button, say("host.corrected"), path("/corrections"), { body });
    if (answer?.status === 200) part("text").value = "";
  });
}
const opens = one("[type=submit]", part("drop"));
const askNoMore = confirmTwice(
  opens,
  () => {
    const wish = dropWished();
    return wish && dropInWords(wish);
  },
  () => openDrop(opens),
  READING,
);
for (const change of ["input", "change"]) part("drop").addEventListener(change, askNoMore);
part("drop").addEventListener("submit", (event) => event.preventDefault());
part("dropping").addEventListener("toggle", () => {
  if (part("dropping").open && told?.showing) part("drop").elements.sku.value = told.showing.sku;
});
part("sound").addEventListener("click", () => part("sound").setAttribute("aria-pressed", String(switchSound())));
part("sound").setAttribute("aria-pressed", String(soundsOn()));
part("copy").addEventListener("click", async () =>
  tell(say((await copy(part("overlay").href)) ? "host.copied" : "host.uncopied")),
);
part("log").addEventListener("toggle", async () => {
  if (!part("log").open) return;
  /** @type {Answer<"log"> | null} */
  const answer = await callAsStaff(path("/log"));
  if (answer?.status === 200) paintLog(answer.data.entries, nameOf);
});
window.setInterval(paint, 1000);
begin();
