/** The host's console: what the room shows, what is left, how it sells; and what a host does about it. */

import { unlessAway } from "../../core/api.js";
import { newKey } from "../../core/attempt.js";
import { copy } from "../../core/clipboard.js";
import { follow, shopClock } from "../../core/follow.js";
import { home, hour, lang, money, part, say, show, write } from "../../core/page.js";
import { getItem, setItem } from "../../core/storage.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { paintFigures, paintGoods, paintLog, paintNow } from "./host-view.js";
import { chime, soundsOn, switchSound } from "./sound.js";
import { callAsStaff, reason } from "./staff-api.js";
import "../../core/words-host.js";
import "../../widgets/shop.js";

const ROOM = "cunbo.host-room";
const JUST_NOW = 90;
const clock = shopClock();
const keys = new Map(); // of acts that have no answer yet, so that a repeat does nothing twice
let rooms = [];
let room = "";
let told = null;
let paid = null;
let following = [];

const path = (rest = "") => `/api/staff/rooms/${room}${rest}`;
const nameOf = (sku) => (told && told.stock[sku] ? told.stock[sku].name[lang] : sku);

function tell(text, bad = false) {
  write(part("said"), text);
  part("said").dataset.mood = bad ? "bad" : "";
}

/** Does what a tap asks for, once, and says what came of it. */
async function act(button, done, where, { method = "POST", body = {}, once = false } = {}) {
  if (button.getAttribute("aria-busy") === "true") return null;
  const wish = `${where} ${JSON.stringify(body)}`;
  const key = once ? keys.get(wish) || newKey() : "";
  if (once) keys.set(wish, key);
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await callAsStaff(where, { method, body, key });
    keys.delete(wish);
    if (!answer) return null;
    if (answer.status >= 400) {
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

function replaced({ replaced: was }) {
  if (!was) return "";
  if (was.what === "show") return say("host.was_on", was);
  const seconds = Math.max(0, Math.round((clock.now() - Date.parse(was.at)) / 1000));
  const words = { name: nameOf(was.sku), by: was.by, seconds, time: hour(was.at) };
  return say(seconds < JUST_NOW ? "host.replaced" : "host.replaced_at", words);
}

/** Takes in what the shop tells of the room; `own` where it answers this device's own act. */
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

/** Says what another host has changed. */
function tellOthers(before, after) {
  const [was, is] = [before, after].map((one) => (one ? `${one.sku} ${one.since}` : ""));
  if (was === is) return;
  tell(after ? say("host.other", { by: after.by, name: after.name[lang] }) : say("host.other_none"));
}

function paint() {
  if (!told) return;
  paintNow(told, clock.now(), endDrop);
  paintGoods(told, rooms.find((one) => one.room === room), { pin, add });
  paintFigures(told);
}

function pin(button, sku) {
  const pinned = told.showing && told.showing.sku === sku;
  if (pinned) return;
  act(button, say("host.pinned", { name: nameOf(sku) }), `/api/rooms/${room}/showing`, { method: "PUT", body: { sku } });
}

function add(button, sku, units) {
  act(button, say("host.added", { count: units }), path("/units"), { body: { sku, units }, once: true });
}

function endDrop(button, { drop, sku }) {
  act(button, say("host.drop_over"), path(`/drops/${drop}/end`), { body: { sku } });
}

async function openDrop(button) {
  const form = part("drop");
  const value = (name) => form.elements[name].value.trim();
  const sku = value("sku");
  const everyday = told.stock[sku].price;
  const body = {
    sku,
    units: Number(value("units")),
    price: Math.round(Number(value("price")) * 100),
    minutes: Number(value("minutes")),
    limit: Number(value("limit")),
  };
  const wrong = {};
  for (const name of ["units", "minutes", "limit"]) {
    const { min, max } = form.elements[name];
    const whole = Number.isInteger(body[name]) && value(name) !== "";
    if (!whole || body[name] < min || body[name] > max) wrong[name] = say("host.number", { least: min, most: max });
  }
  if (!(body.price >= 1 && body.price < everyday)) wrong.price = say("host.cheaper", { price: money(everyday) });
  if (!wrong.units && body.units > told.stock[sku].left) wrong.units = say("host.few", { left: told.stock[sku].left });
  mark(wrong);
  if (Object.keys(wrong).length) return tell(say("host.wrong"), true);
  const answer = await act(button, say("host.dropped"), path("/drops"), { body, once: true });
  if (answer && answer.status === 201) part("dropping").open = false;
  for (const { pointer, left } of (answer && answer.data.errors) || []) {
    if (left !== undefined) mark({ [pointer.slice(1)]: say("host.few", { left }) });
  }
  return null;
}

function mark(wrong) {
  for (const line of document.querySelectorAll("[data-wrong]")) {
    const name = line.dataset.wrong;
    write(line, wrong[name] || "");
    part("drop").elements[name].toggleAttribute("aria-invalid", name in wrong);
  }
  const first = [...part("drop").elements].find(({ name }) => name in wrong);
  if (first) first.focus();
}

/** Opens a room: follows it, by its public answer twice a second and by the hosts' own each second. */
function open(id) {
  following.forEach(({ stop }) => stop());
  [room, told, paid] = [id, null, null];
  setItem(ROOM, id);
  part("room").value = id;
  part("overlay").href = `${home}live/${id}/overlay/`;
  part("code").href = `/rooms/${id}/qr.svg`;
  const own = follow(path(), { every: 1000, seen: true, heard: hear, refused: outside, silent });
  const shared = follow(`/api/rooms/${id}`, {
    every: 500,
    seen: true,
    heard(news) {
      const [one, other] = [news, told].map((each) => each && JSON.stringify([each.show && each.show.id, each.showing && each.showing.since]));
      if (told && one !== other) own.look();
    },
  });
  following = [own, shared];
}

function outside(status) {
  if (status === 401) window.location.assign(`${home}staff/`);
}

function silent(seconds) {
  const away = seconds >= 4;
  show(part("silent"), away);
  for (const button of document.querySelectorAll("[data-act]")) button.disabled = away;
}

async function begin() {
  try {
    const answer = await callAsStaff("/api/staff/me");
    if (!answer) return;
    rooms = answer.data.rooms;
  } catch (error) {
    unlessAway(error);
    show(part("silent"));
    window.setTimeout(begin, 2000);
    return;
  }
  show(part("silent"), false);
  for (const one of rooms) part("room").append(new Option(one.name[lang], one.room));
  part("room").disabled = false;
  const last = getItem(ROOM);
  open(rooms.some((one) => one.room === last) ? last : rooms[0].room);
}

part("room").addEventListener("change", (event) => open(event.target.value));
part("start").addEventListener("click", (event) => act(event.currentTarget, say("host.started"), path("/show")));
confirmTwice(part("end"), "host.sure", () => act(part("end"), say("host.ended"), path("/show/end"), { body: { show: told.show.id } }));
part("unpin").addEventListener("click", (event) =>
  act(event.currentTarget, say("host.unpinned"), `/api/rooms/${room}/showing`, { method: "PUT", body: { sku: null } }),
);
for (const button of document.querySelectorAll("[data-about]")) {
  button.addEventListener("click", async () => {
    const body = { about: button.dataset.about, text: part("text").value };
    const answer = await act(button, say("host.corrected"), path("/corrections"), { body });
    if (answer && answer.status === 200) part("text").value = "";
  });
}
part("drop").addEventListener("submit", (event) => {
  event.preventDefault();
  openDrop(part("drop").querySelector("[type=submit]"));
});
part("dropping").addEventListener("toggle", () => {
  if (part("dropping").open && told && told.showing) part("drop").elements.sku.value = told.showing.sku;
});
part("sound").addEventListener("click", () => part("sound").setAttribute("aria-pressed", String(switchSound())));
part("sound").setAttribute("aria-pressed", String(soundsOn()));
part("copy").addEventListener("click", async () => tell(say((await copy(part("overlay").href)) ? "host.copied" : "host.uncopied")));
part("log").addEventListener("toggle", async () => {
  if (!part("log").open) return;
  const answer = await callAsStaff(path("/log"));
  if (answer) paintLog(answer.data.entries, nameOf);
});
window.setInterval(paint, 1000);
begin();
