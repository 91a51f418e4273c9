/** How the console shows a room; buttons are made once and written to, so that no tap goes astray. */

import { hour, lang, moment, money, one, part, say, shipsBy, show, stamp, write } from "../../core/page.js";
import { confirmTwice, isAsking } from "../../widgets/confirm-twice.js";
import "../../core/words-host.js";

/**
 * A drop that is open or soon will be; the contract leaves out its SKU.
 * @typedef {RoomConsole["drops"][number] & {sku: string}} RunningDrop
 * @typedef {(button: HTMLElement, drop: RunningDrop) => void} EndDrop
 */

/** @type {Map<string, HTMLElement>} */
const rows = new Map(); // of goods, by SKU
/** @type {Map<string, HTMLElement>} */
const running = new Map(); // of drops, by their id
let listed = "";

/**
 * @param {RoomConsole} told
 * @param {number} now
 * @param {EndDrop} endDrop
 */
export function paintNow(told, now, endDrop) {
  const { show: on, showing } = told;
  const drops = /** @type {RunningDrop[]} */ (told.drops);
  const drop = showing?.drop && now >= Date.parse(showing.drop.opens) ? showing.drop : null;
  write(part("since"), on ? say("host.live", { time: hour(on.since) }) : say("host.idle"));
  one(".air").dataset.on = String(Boolean(on));
  show(part("start"), !on);
  show(part("end"), Boolean(on));
  write(part("name"), showing ? showing.name[lang] : say("host.nothing"));
  write(part("facts"), showing ? facts(drop || showing) : "");
  write(part("by"), showing ? say("host.by", { name: showing.by, time: hour(showing.since) }) : "");
  show(part("unpin"), Boolean(showing));
  for (const one of drops) {
    const row = running.get(one.drop) || addDrop(one, endDrop);
    const left = Math.max(0, Math.ceil((Date.parse(one.closes) - now) / 1000));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const words = { ...one, name: told.stock[one.sku]?.name[lang] ?? one.sku, price: money(one.price), time };
    write(part("running-words", row), say("host.running", words));
  }
  for (const [id, row] of running) {
    if (drops.some(({ drop: each }) => each === id)) continue;
    running.delete(id);
    row.remove();
  }
}

/** @param {{price: number, left: number, ship_by: string | null}} goods */
const facts = ({ price, left, ship_by: date }) =>
  say("host.facts", { price: money(price), left }) + (date ? ` · ${shipsBy(date)}` : "");

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

/** @typedef {{pin: (button: HTMLElement, sku: string) => void, add: (button: HTMLElement, sku: string, units: number) => void}} Acts */

/**
 * The goods, those of the room first.
 * @param {RoomConsole} told
 * @param {StaffMember["rooms"][number]} here
 * @param {Acts} acts
 */
export function paintGoods({ stock, showing }, here, { pin, add }) {
  const skus = Object.keys(stock);
  /** @param {string} sku */
  const own = (sku) => here.products.includes(stock[sku].product);
  if (listed !== here.room) {
    const order = [...skus.filter(own), ...skus.filter((sku) => !own(sku))];
    rows.clear();
    part("goods").replaceChildren(...order.map((sku) => addGood(sku, stock[sku], { pin, add })));
    part("drop").elements.sku.replaceChildren(...order.map((sku) => new Option(stock[sku].name[lang], sku)));
    listed = here.room;
  }
  for (const sku of skus) {
    const row = rows.get(sku);
    if (!row) continue;
    const { price, left, ship_by: date, can_add: most } = stock[sku];
    const units = Math.min(most, 10);
    write(part("good-price", row), money(price));
    write(
      part("good-left", row),
      left > 0 ? say("host.left", { left }) + (date ? ` · ${shipsBy(date)}` : "") : say("host.none"),
    );
    one(".good", row).setAttribute("aria-pressed", String(showing?.sku === sku));
    const button = part("good-add", row);
    if (isAsking(button)) continue;
    write(button, units ? say("host.add", { count: units }) : "");
    show(button, units > 0);
    button.dataset.units = String(units);
  }
}

/**
 * @param {string} sku
 * @param {{name: Both}} goods
 * @param {Acts} acts
 */
function addGood(sku, { name }, { pin, add }) {
  const row = stamp("good");
  const button = one(".good", row);
  const more = part("good-add", row);
  const units = () => Number(more.dataset.units);
  part("good-name", row).textContent = name[lang];
  more.setAttribute("aria-describedby", `good-${sku}`);
  confirmTwice(
    more,
    () => say("host.add_sure", { count: units() }),
    () => add(more, sku, units()),
  );
  button.id = `good-${sku}`;
  button.addEventListener("click", () => pin(button, sku));
  rows.set(sku, row);
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

/**
 * @param {LogEntry[]} entries
 * @param {(sku: string) => string} nameOf
 */
export function paintLog(entries, nameOf) {
  part("entries").replaceChildren(
    ...entries.slice(0, 20).map(({ at, what, by, sku, price, text }) => {
      const row = document.createElement("li");
      const words = what === "correction" ? say(`host.about.${text}`) : text;
      const facts = [
        moment(at),
        by,
        say(`host.acts.${what}`),
        sku ? nameOf(sku) : "",
        price ? money(price) : "",
        words,
      ];
      row.textContent = facts.filter(Boolean).join(" · ");
      return row;
    }),
  );
}
