/** How the console shows a room; buttons are made once and written to, so that no tap goes astray. */

import { count, hour, lang, money, one, part, say, shipsBy, show, stamp, when, write } from "../../core/page.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import "../../core/words-host.js";

/**
 * A drop that is open or soon will be.
 * @typedef {RoomConsole["drops"][number]} RunningDrop
 * @typedef {(button: HTMLElement, drop: RunningDrop) => void} EndDrop
 */

/** @type {Map<string, HTMLElement>} */
const running = new Map(); // of drops, by their id

/**
 * @param {RoomConsole} told
 * @param {number} now
 * @param {EndDrop} endDrop
 */
export function paintNow(told, now, endDrop) {
  const { show: on, showing, drops } = told;
  const drop = showing?.drop && now >= Date.parse(showing.drop.opens) ? showing.drop : null;
  write(part("since"), on ? say("host.live", { time: hour(on.since) }) : say("host.idle"));
  one(".air").dataset.on = String(Boolean(on));
  show(part("start"), !on);
  show(part("end"), Boolean(on));
  write(part("name"), showing ? showing.name[lang] : say("host.nothing"));
  write(part("facts"), showing ? facts(drop || showing, showing.unit) : "");
  write(part("by"), showing ? say("host.by", { name: showing.by, time: hour(showing.since) }) : "");
  show(part("unpin"), Boolean(showing));
  const next = told.next ? told.stock[told.next] : null;
  write(part("next"), next ? say("host.next", { name: next.name[lang] }) : "");
  show(part("next"), Boolean(next));
  for (const one of drops) {
    const row = running.get(one.drop) || addDrop(one, endDrop);
    const left = Math.max(0, Math.ceil((Date.parse(one.closes) - now) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const opens = when(one.opens);
    const words = { ...factsOfDrop(one, told.stock), time, opens };
    write(part("running-words", row), say(now < Date.parse(one.opens) ? "host.soon" : "host.running", words));
  }
  for (const [id, row] of running) {
    if (drops.some(({ drop: each }) => each === id)) continue;
    running.delete(id);
    row.remove();
  }
}

/**
 * The goods, price and units of a drop, as sentences have them; goods that have left the shop by their SKU.
 * @param {RunningDrop} drop
 * @param {RoomConsole["stock"]} stock
 */
export function factsOfDrop({ sku, price, units, left }, stock) {
  const goods = stock[sku];
  const named = { name: goods?.name[lang] ?? sku, units: count(units, goods?.unit[lang] ?? "") };
  return { ...named, price: money(price), left };
}

/**
 * What it costs, what is left of it in all, and of that what ships first.
 * @param {{price: number, left: number, batches: Batch[]}} goods
 * @param {Both} unit
 */
function facts({ price, left, batches }, unit) {
  const first = batches.find((batch) => batch.left > 0);
  const all = say("host.facts", { price: money(price), left: count(left, unit[lang]) });
  if (!first) return all;
  const soonest = { ships_by: shipsBy(first.ship_by), left: count(first.left, unit[lang]) };
  return `${all} · ${say("host.soonest", soonest)}`;
}

/**
 * @param {RunningDrop} drop
 * @param {EndDrop} endDrop
 */
function addDrop(drop, endDrop) {
  const row = stamp("running");
  const button = part("running-end", row);
  const sure = () => say("host.drop_end_sure");
  confirmTwice(button, sure, () => endDrop(button, drop));
  part("drops").append(row);
  running.set(drop.drop, row);
  return row;
}

/** @param {RoomConsole} told */
export function paintFigures({ figures }) {
  const { show: ofShow, today, minutes } = figures;
  const told = ofShow || today;
  const conversion = told.scans ? `${((100 * told.paid) / told.scans).toFixed(0)} %` : "–";
  const values = {
    paid: told.paid,
    held: told.held,
    units: told.units,
    money: money(told.fen),
    scans: told.scans,
    conversion,
  };
  for (const [name, value] of Object.entries(values)) write(one(`[data-figure="${name}"]`), String(value));
  write(part("which"), ofShow ? say("host.show", today) : say("host.day"));
  const most = Math.max(4, ...minutes.map(({ orders }) => orders));
  const step = 300 / minutes.length;
  const bars = minutes.map(
    ({ orders }, place) => `M${place * step} 60h${step - 2}v${(-58 * orders) / most}h${2 - step}z`,
  );
  if (part("bar").getAttribute("d") !== bars.join("")) part("bar").setAttribute("d", bars.join(""));
  const all = minutes.reduce((sum, { orders }) => sum + orders, 0);
  write(part("pace"), say("host.pace", { now: minutes[minutes.length - 1].orders, all }));
}
