/** The village's evening: what was sold, what is left, what was promised, who has just bought. */

import { follow, shopClock } from "../../core/follow.js";
import { day, home, hour, lang, money, one, part, say, show, write } from "../../core/page.js";
import "../../core/words-board.js";

const clock = shopClock();

/** @param {Board} news */
function paint({ minutes, today, products, rooms, ship_by: dates, latest }) {
  const sums = { paid: today.paid, units: today.units, money: money(today.fen), held: today.held, scans: today.scans };
  for (const [name, value] of Object.entries(sums)) write(one(`[data-sum="${name}"]`), String(value));
  paintPace(minutes);
  const names = new Map(products.map(({ sku, name }) => [sku, name[lang]]));
  table("goods", products, ({ name, units, held, left }) => [
    name[lang],
    units,
    held,
    left > 0 ? left : say("board.none"),
  ]);
  table("rooms", rooms, ({ name, paid, fen, scans }) => [name[lang], paid, money(fen), scans]);
  table("ship", dates, ({ date, orders, units }) => [day(date), orders, units]);
  list(latest.map(({ at, city, initial, sku }) => [hour(at), `${city} · ${initial}**`, names.get(sku) || sku]));
}

/** @param {Minute[]} minutes */
function paintPace(minutes) {
  const most = Math.max(5, ...minutes.map(({ orders }) => orders));
  const step = 600 / minutes.length;
  const bars = minutes
    .map(({ orders }, place) => `M${place * step} 150h${step - 2}v${(-146 * orders) / most}h${2 - step}z`)
    .join("");
  if (part("bars").getAttribute("d") !== bars) part("bars").setAttribute("d", bars);
  const all = minutes.reduce((sum, { orders }) => sum + orders, 0);
  write(
    part("pace"),
    say("board.minutes", {
      all,
      most: Math.max(...minutes.map(({ orders }) => orders)),
      now: minutes[minutes.length - 1].orders,
    }),
  );
}

/**
 * Writes the rows of a table; cells that stay are not touched, so nothing flickers.
 * @template T
 * @param {string} name
 * @param {T[]} found
 * @param {(one: T) => (string | number)[]} cells
 */
function table(name, found, cells) {
  const body = /** @type {HTMLTableSectionElement} */ (part(name, part("wall")));
  while (body.rows.length > found.length) body.deleteRow(-1);
  found.forEach((one, place) => {
    const row = body.rows[place] || body.insertRow();
    cells(one).forEach((value, column) => {
      let cell = row.cells[column];
      if (!cell) {
        cell = document.createElement(column ? "td" : "th");
        if (!column) cell.scope = "row";
        row.append(cell);
      }
      write(cell, String(value));
      cell.classList.toggle("none", value === say("board.none"));
    });
  });
}

/** @param {string[][]} lines */
function list(lines) {
  const box = part("latest");
  while (box.children.length > lines.length) box.children[box.children.length - 1].remove();
  lines.forEach((words, place) => {
    let row = box.children[place];
    if (!row) {
      row = document.createElement("li");
      row.append(...["time", "b", "span"].map((name) => document.createElement(name)));
      box.append(row);
    }
    words.forEach((text, column) => {
      write(row.children[column], text);
    });
  });
}

follow("/api/staff/board", {
  every: 1000,
  seen: true,
  /** @param {Board} news */
  heard(news) {
    clock.hear(news.now);
    paint(news);
  },
  refused(status) {
    if (status === 401) window.location.assign(`${home}staff/`);
  },
  silent: (seconds) => show(part("silent"), seconds >= 4),
});
window.setInterval(() => write(part("clock"), hour(clock.now())), 1000);
