/**
 * The overlay of a room: what its host has pinned, at once, and the last that was known while the network is away; or one
 * part of that, as a source of its own.
 */

import { follow, shopClock } from "../../core/follow.js";
import { all, count, day, hour, lang, money, one, part, say, shipsBy, show, write } from "../../core/page.js";
import { settingsOf } from "./overlay-settings.js";
import "../../core/words-overlay.js";

const DAYS = 3; // that follow the first are told of
const CORRECTED_FOR = 60 * 1000;
const THANKS_FOR = 3 * 3600 * 1000; // after a show; then the next one is what is told of
const { room } = document.documentElement.dataset;
const { settings, debug, wrong } = settingsOf(window.location.search);
const clock = shopClock();
const plate = part("plate");
/** @type {Room | null} */
let told = null;
/** @type {string | undefined} */
let pinned;

const hides = settings.hide.split(",").filter(Boolean);
const BARE = ["code", "room"]; // with neither of them a plate on which nothing is pinned has nothing to say but who sells
const announces = ["soon", "break"].includes(settings.source);

function dress() {
  const upright = window.innerHeight > window.innerWidth;
  const layout = settings.layout || (upright ? "portrait" : "landscape");
  const [down, across] = settings.position.split("-");
  Object.assign(document.body.dataset, { layout, down, across, motion: settings.motion, source: settings.source });
  const pixel =
    layout === "portrait" ? window.innerWidth / 1080 : Math.min(window.innerWidth / 1920, window.innerHeight / 1080);
  const unit = pixel * Number(settings.scale);
  const pixels = Math.max(1, Math.ceil(Number(settings.qr) * unit)); // whole ones, or the code blurs
  const style = document.documentElement.style;
  for (const name of ["paper", "ink", "accent"]) style.setProperty(`--${name}`, `#${settings[name]}`);
  style.setProperty("--opacity", settings.opacity);
  style.setProperty("--u", `${unit}px`);
  style.setProperty("--margin", `${Number(settings.margin) * pixel}px`);
  style.setProperty("--code", `${pixels * Number(part("code").dataset.modules)}px`);
  for (const each of all("[data-in]")) {
    each.classList.toggle("never", !each.dataset.in?.split(" ").includes(settings.source));
  }
  for (const name of hides) {
    const hidden = name === "room" ? one(".room") : part(name);
    hidden.classList.add("never");
  }
  align();
}

function paint() {
  const showing = told?.showing ?? null;
  const drop = showing?.drop && clock.now() < Date.parse(showing.drop.closes) ? showing.drop : null;
  const open = drop && clock.now() >= Date.parse(drop.opens) ? drop : null;
  const sold = open ?? showing;
  const left = sold?.left ?? 0;
  const everyday = showing && open && open.price < showing.price ? { price: showing.price, basis: null } : null;
  const was = open ? everyday : (showing?.was ?? null);
  const state = stateOf(told);
  write(part("name"), showing && !announces ? showing.name[lang] : title(state));
  show(part("cost"), Boolean(showing));
  if (sold) write(part("price"), money(sold.price));
  write(part("was"), was ? money(was.price) : "");
  write(part("basis"), was ? say("overlay.was", { basis: was.basis ? was.basis[lang] : say("overlay.ordinary") }) : "");
  show(part("basis"), Boolean(was) && !hides.includes("was"));
  const unit = showing?.unit[lang] ?? "";
  const [first, ...later] = sold?.batches.filter((batch) => batch.left > 0) ?? [];
  write(part("left"), showing?.off ? say("overlay.stopped") : sold ? stock(first, unit, open) : "");
  const days = later
    .slice(0, DAYS)
    .map((batch) => say("overlay.day", { day: day(batch.ship_by), left: count(batch.left, unit) }));
  write(part("days"), days.join(say("overlay.between")));
  show(part("days"), days.length > 0);
  write(part("drop"), drop ? running(drop, open, unit) : "");
  show(part("drop"), Boolean(drop));
  show(part("hours"), announces || (!showing && state !== "live"));
  const next = told?.next ?? null;
  write(part("next"), next ? say("overlay.next", { name: next.name[lang], price: money(next.price) }) : "");
  show(part("next"), Boolean(next));
  paintGoal(told?.goal ?? null);
  show(part("told"), Boolean(showing) || state !== "live" || !BARE.every((name) => hides.includes(name)));
  show(plate, hasWords(showing, state, drop));
  plate.toggleAttribute("data-sold-out", Boolean(showing) && left <= 0);
  const correction = told?.correction ?? null;
  const fresh = correction && clock.now() - Date.parse(correction.at) < CORRECTED_FOR ? correction : null;
  write(part("correction"), fresh ? corrected(fresh) : "");
  show(part("correction"), Boolean(fresh));
  if (told) arrive(showing ? `${showing.sku} ${showing.since}` : "");
  align();
}

/**
 * Returns "live" while a show is on, "ended" after it, else "soon"; "" until the shop has said so.
 * @param {Room | null} told
 */
function stateOf(told) {
  if (!told) return "";
  if (told.show) return "live";
  return told.ended && clock.now() - Date.parse(told.ended) < THANKS_FOR ? "ended" : "soon";
}

/** @param {"" | "live" | "ended" | "soon"} state */
function title(state) {
  if (settings.source === "break") return say("overlay.break");
  return state ? say(`overlay.${state}`) : "";
}

/** @param {NonNullable<Room["goal"]> | null} goal */
function paintGoal(goal) {
  show(part("goal"), Boolean(goal));
  if (!goal) return;
  write(part("goal-words"), say("overlay.goal", goal));
  part("goal-bar").style.width = `${Math.min(100, (100 * goal.sold) / goal.units)}%`;
}

/**
 * Whether the source has something to say now; one that has not leaves the picture to the stream.
 * @param {Showing | null} showing
 * @param {string} state
 * @param {ShowingDrop | null} drop
 */
function hasWords(showing, state, drop) {
  const has = {
    price: showing,
    stock: showing,
    countdown: drop,
    goal: told?.goal,
    next: told?.next,
    soon: state !== "live",
  };
  return !(settings.source in has) || Boolean(has[/** @type {keyof typeof has} */ (settings.source)]);
}

/** Puts the code on whole pixels, wherever the words or a new frame have pushed it: its squares would blur else. */
function align() {
  if (plate.getAnimations().length) return; // it is on its way: where it is now says nothing
  const { left, top } = part("code").getBoundingClientRect();
  const nudge = `translate(${Math.round(left) - left}px, ${Math.round(top) - top}px)`;
  const { style } = one("svg", part("code"));
  if (style.transform !== nudge) style.transform = nudge;
}

/**
 * @param {Batch | undefined} first the day that ships first, with what ships by it
 * @param {string} unit
 * @param {ShowingDrop | null} open
 */
function stock(first, unit, open) {
  if (!first) return say(open ? "overlay.drop_none" : "overlay.none");
  return say("overlay.left", { ships_by: shipsBy(first.ship_by), left: count(first.left, unit) });
}

/**
 * @param {ShowingDrop} drop
 * @param {ShowingDrop | null} open
 * @param {string} unit
 */
function running(drop, open, unit) {
  if (!open) return say("overlay.early", { time: hour(drop.opens), price: money(drop.price) });
  const seconds = Math.max(0, Math.ceil((Date.parse(drop.closes) - clock.now()) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return say(drop.limit ? "overlay.ends_limit" : "overlay.ends", { time, limit: count(drop.limit, unit) });
}

/** @param {NonNullable<Room["correction"]>} correction */
function corrected({ text, name, price, about }) {
  if (text) return say("overlay.correction", { text });
  const facts = { name: name ? name[lang] : "", price: price ? money(price) : "" };
  return say("overlay.correction", { text: say(`overlay.right.${about}`, facts) });
}

/**
 * Has the plate move once when something else is pinned; the first that is shown does not.
 * @param {string} now
 */
function arrive(now) {
  if (pinned !== undefined && pinned !== now) {
    plate.classList.remove("changed");
    void plate.offsetWidth; // or the motion would not begin anew
    plate.classList.add("changed");
  }
  pinned = now;
}

for (const fault of wrong) window.console.warn(fault);
if (debug) {
  write(part("debug"), wrong.join("\n") || JSON.stringify(settings));
  show(part("debug"));
}
dress();
window.addEventListener("resize", dress);
follow(`/api/rooms/${room}`, {
  every: 500,
  /** @param {Room} news */
  heard(news) {
    clock.hear(news.now);
    told = news;
    paint();
  },
});
window.setInterval(paint, 250); // the countdown, and what ends by the clock
