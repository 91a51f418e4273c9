/** The host's console: what the room shows, what is left, how it sells; and what a host does about it. */

import { unlessAway } from "../../core/api.js";
import { newKey } from "../../core/browser.js";
import { copy } from "../../core/clipboard.js";
import { follow, shopClock } from "../../core/follow.js";
import { all, home, hour, lang, one, part, say, show, when, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { getItem, setItem } from "../../core/storage.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { cardOf, fetchCards, paintCard } from "./host-card.js";
import { dropInWords, dropWished, markDrop, paintDrop } from "./host-drop.js";
import { askForDrops, askNoMore, tickedDrops } from "./host-ending.js";
import { paintGoods } from "./host-goods.js";
import { saveLog, showLog } from "./host-log.js";
import { closeReports, listShows, showReport } from "./host-report.js";
import { paintFigures, paintNow } from "./host-view.js";
import { chime, soundsOn, switchSound } from "./sound.js";
import { speak, switchVoice, voiceOn } from "./voice.js";
import { linesOf } from "./voice-lines.js";
import "../../core/words-host.js";
import "../../widgets/shop.js";

/** @typedef {"console" | "start" | "end" | "open-drop" | "end-drop" | "correct" | "pin"} ShowActs */
/** @typedef {Answer<ShowActs | "add-units" | "take-back-units" | "set-order" | "set-goal">} ConsoleAnswer */

const ROOM = "cunbo.host-room";
const JUST_NOW = 90;
const READING = 20000; // milliseconds for what the second tap of a drop says
const TAKE_BACK = 110000; // milliseconds: the shop takes added units back for two minutes
const clock = shopClock();
/** @type {Map<string, string>} */
const keys = new Map(); // of acts that have no answer yet, so that a repeat does nothing twice
/** @type {Map<string, {key: string, units: number, until: number}>} */
const added = new Map(); // what was added of a SKU just now, and the key that takes it back
/** @type {StaffMember["rooms"]} */
let rooms = [];
let room = "";
/** @type {StaffMember["role"] | ""} */
let role = "";
let name = ""; // of this device, as the others read it
/** @type {RoomConsole | null} */
let told = null;
/** @type {number | null} */
let paid = null;
/** @type {{stop(): void}[]} */
let following = [];
/** @type {Set<string>} */
const spoken = new Set(); // facts that the voice has told

const path = (rest = "") => `/api/staff/rooms/${room}${rest}`;
const roomName = () => rooms.find((each) => each.room === room)?.name[lang] ?? room;
/** @param {string} sku */
const nameOf = (sku) => told?.stock[sku]?.name[lang] ?? sku;

/**
 * @param {string} text
 * @param {"" | "bad" | "away"} [mood] `away` is over when the network is back
 */
function tell(text, mood = "") {
  write(part("said"), text);
  part("said").dataset.mood = mood;
}

/**
 * The key of an act that has no answer yet: the same for the same wish.
 * @param {string} where
 * @param {object} body
 */
function keyOf(where, body) {
  const wish = `${where} ${JSON.stringify(body)}`;
  const key = keys.get(wish) || newKey();
  keys.set(wish, key);
  return key;
}

/**
 * Does what a tap asks for, once, and says what came of it. What has a `key` is done once for that.
 * @param {HTMLElement} button
 * @param {string | ((news: RoomConsole) => string)} done
 * @param {string} where
 * @param {{method?: string, body?: object, key?: string}} [request]
 * @returns {Promise<ConsoleAnswer | null>}
 */
async function act(button, done, where, { method = "POST", body = {}, key = "" } = {}) {
  if (button.getAttribute("aria-busy") === "true") return null;
  button.setAttribute("aria-busy", "true");
  try {
    /** @type {ConsoleAnswer | null} */
    const answer = await callAsStaff(where, { method, body, key });
    keys.delete(`${where} ${JSON.stringify(body)}`);
    if (!answer) return null;
    if (answer.status !== 200 && answer.status !== 201) {
      tell(say("host.refused", { detail: reason(answer) }), "bad");
      return answer;
    }
    tell((typeof done === "string" ? done : done(answer.data)) + replaced(answer.data));
    hear(answer.data, true);
    return answer;
  } catch (error) {
    unlessAway(error);
    tell(say("host.away"), "away");
    return null;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {RoomConsole} news */
function replaced({ replaced: was }) {
  if (!was) return "";
  if (was.what === "show") return say("host.was_on", was);
  if (was.what === "order") return say("host.order_was", { by: was.by, time: hour(was.at) });
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
  if (part("said").dataset.mood === "away") tell("");
  if (before) tellOthers(before, news, own ? name : "");
  if (!news.show || !news.drops.length) askNoMore();
  if (voiceOn()) speak(linesOf(before, news, cardOf(news.showing?.product)?.wording ?? [], spoken));
  const sold = news.figures.today.paid;
  if (paid !== null && sold > paid) chime();
  paid = sold;
  if (before?.goal !== news.goal) part("goal-units").value = String(news.goal);
  paint();
}

/**
 * Says what another host has changed; in the answer to an act of `own`'s, that may have come between the two.
 * @param {RoomConsole} before
 * @param {RoomConsole} after
 * @param {string} own
 */
function tellOthers({ showing: was, order }, { showing: is, order: newer }, own) {
  const [pin, newPin] = [was, is].map((one) => (one ? `${one.sku} ${one.since}` : ""));
  if (pin !== newPin && is && is.by !== own) tell(say("host.other", { by: is.by, name: is.name[lang] }));
  else if (pin !== newPin && !own) tell(say("host.other_none"));
  else if (newer.by && newer.by !== own && order.skus.join() !== newer.skus.join())
    tell(say("host.order_other", newer));
}

function paint() {
  if (!told) return;
  paintNow(told, clock.now(), endDrop);
  paintCard(told.showing?.product);
  const here = rooms.find((each) => each.room === room);
  if (here) paintGoods(told, here, { pin, add, back, order, added: (sku) => justAdded(sku)?.units ?? 0 });
  if (part("dropping").open) paintDrop(told, clock.now());
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
  const body = { sku, units };
  const key = keyOf(path("/units"), body);
  act(button, say("host.added", { count: units }), path("/units"), { body, key }).then((answer) => {
    if (answer?.status === 200) added.set(sku, { key, units, until: clock.now() + TAKE_BACK });
    paint();
  });
}

/**
 * What was added of a SKU, as long as it can be taken back.
 * @param {string} sku
 */
function justAdded(sku) {
  const found = added.get(sku);
  return found && clock.now() < found.until ? found : null;
}

/**
 * @param {HTMLElement} button
 * @param {string} sku
 */
async function back(button, sku) {
  const one = justAdded(sku);
  if (!one) return;
  const { key, units } = one;
  /** @param {RoomConsole} news */
  const done = ({ taken_back: count }) =>
    say(count === units ? "host.took_back" : "host.took_back_part", { count, sold: units - (count ?? 0) });
  const answer = await act(button, done, path("/units/take-back"), { body: { sku, units }, key });
  if (answer) added.delete(sku);
  paint();
}

/**
 * @param {HTMLElement} button
 * @param {string[]} skus
 */
function order(button, skus) {
  act(button, say("host.ordered"), path("/order"), { method: "PUT", body: { skus } });
}

/**
 * Ends the show, and these drops with it.
 * @param {HTMLElement} button
 * @param {string[]} drops
 */
async function endShow(button, drops) {
  const show = told?.show?.id ?? "";
  const answer = await act(button, say("host.ended"), path("/show/end"), { body: { show, drops } });
  if (answer?.status === 200) showReport(room, roomName(), show);
}

/**
 * @param {HTMLElement} button
 * @param {{drop: string, sku: string}} drop
 */
function endDrop(button, { drop, sku }) {
  act(button, say("host.drop_over"), path(`/drops/${drop}/end`), { body: { sku } });
}

/** The drop that the form asks for; null where it cannot be, which is said. */
function wished() {
  const wish = told && dropWished(told, role, clock.now());
  if (told && !wish) tell(say("host.wrong"), "bad");
  return wish;
}

/** @param {HTMLElement} button */
async function openDrop(button) {
  const body = wished();
  if (!body) return;
  const done = body.opens ? say("host.dropped_later", { time: when(body.opens) }) : say("host.dropped");
  const answer = await act(button, done, path("/drops"), { body, key: keyOf(path("/drops"), body) });
  if (!answer) return;
  if (answer.status === 201) part("dropping").open = false;
  for (const { pointer, left } of "errors" in answer.data ? (answer.data.errors ?? []) : []) {
    if (left !== undefined) markDrop({ [pointer.slice(1)]: say("host.few", { left }) });
  }
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
  closeReports();
  takeBackQuestion();
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
    ({ rooms, role, name } = answer.data);
  } catch (error) {
    unlessAway(error);
    show(part("silent"));
    window.setTimeout(begin, 2000);
    return;
  }
  show(part("silent"), false);
  if (!rooms.length) {
    tell(say("host.no_room"), "bad");
    return;
  }
  for (const one of rooms) part("room").append(new Option(one.name[lang], one.room));
  part("room").disabled = false;
  await fetchCards();
  const last = getItem(ROOM);
  open(rooms.some((one) => one.room === last) ? last : rooms[0].room);
}

part("room").addEventListener("change", () => open(part("room").value));
part("start").addEventListener("click", () => act(part("start"), say("host.started"), path("/show")));
confirmTwice(
  part("end"),
  () => {
    if (!told?.drops.length) return say("host.sure");
    askForDrops(told, clock.now());
    return null;
  },
  () => endShow(part("end"), []),
);
part("ending-all").addEventListener("click", () => endShow(part("ending-all"), tickedDrops()));
part("ending-none").addEventListener("click", () => endShow(part("ending-none"), []));
part("goal-set").addEventListener("click", () => {
  const field = part("goal-units");
  const units = Number(field.value);
  if (!field.checkValidity() || field.value === "")
    return tell(say("host.number", { least: field.min, most: field.max }), "bad");
  const done = say(units ? "host.goal_is" : "host.goal_none", { units });
  act(part("goal-set"), done, path("/goal"), { method: "PUT", body: { units } });
});
part("next").addEventListener("click", () => told?.next && pin(part("next"), told.next));
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
const takeBackQuestion = confirmTwice(
  opens,
  () => {
    const wish = wished();
    return wish && told && dropInWords(told, wish, clock.now());
  },
  () => openDrop(opens),
  READING,
);
for (const change of ["input", "change"]) {
  part("drop").addEventListener(change, () => {
    takeBackQuestion();
    paint();
  });
}
part("drop").addEventListener("submit", (event) => event.preventDefault());
part("dropping").addEventListener("toggle", () => {
  if (part("dropping").open && told?.showing) part("drop").elements.sku.value = told.showing.sku;
  paint();
});
part("sound").addEventListener("click", () => part("sound").setAttribute("aria-pressed", String(switchSound())));
part("sound").setAttribute("aria-pressed", String(soundsOn()));
part("voice").addEventListener("click", () => {
  const is = switchVoice();
  tell(say(`host.voice.${is}`), is === "none" ? "bad" : "");
  part("voice").setAttribute("aria-pressed", String(is === "on"));
  if (is === "on") speak([say("host.voice.hello")]);
});
part("voice").setAttribute("aria-pressed", String(voiceOn()));
part("reporting").addEventListener("toggle", () => {
  if (part("reporting").open) listShows(room, roomName());
});
part("copy").addEventListener("click", async () =>
  tell(say((await copy(part("overlay").href)) ? "host.copied" : "host.uncopied")),
);
part("log").addEventListener("toggle", () => {
  if (part("log").open) showLog(path("/log"), nameOf);
});
part("log-save").addEventListener("click", async () => {
  if (!(await saveLog(path("/log"), room))) tell(say("host.log_unsaved"), "bad");
});
window.setInterval(paint, 1000);
begin();
