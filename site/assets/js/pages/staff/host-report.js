/** What a show came to, as text that can be sent to a chat. */

import { unlessAway } from "../../core/api.js";
import { copy } from "../../core/clipboard.js";
import { hour, lang, moment, money, part, say, show, write } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import "../../core/words-host.js";

/** @typedef {import("../../../../types/openapi").components["schemas"]["Report"]} Report */

/**
 * The report in words, a line each.
 * @param {Report} report
 * @param {string} room its name
 */
function reportInWords(report, room) {
  const { figures, best, products, drops, since, until, refunded, returns } = report;
  const lines = [
    say("host.report.head", { ...report, room, from: moment(since), to: until ? hour(until) : say("host.report.now") }),
    say("host.report.orders", { ...figures }),
    say("host.report.sold", { ...figures, money: money(figures.fen) }),
  ];
  if (best) lines.push(say("host.report.best", { orders: best.orders, time: hour(best.at) }));
  if (products.length) lines.push(say("host.report.products"));
  for (const { name, units } of products) lines.push(say("host.report.product", { name: name[lang], units }));
  if (drops.length) lines.push(say("host.report.drops"));
  for (const drop of drops) {
    lines.push(say("host.report.drop", { ...drop, name: drop.name[lang], price: money(drop.price) }));
  }
  lines.push(returns ? say("host.report.back", { returns, money: money(refunded) }) : say("host.report.back_none"));
  if (report.waiting) lines.push(say("host.report.waiting", report));
  return lines.join("\n");
}

/**
 * Lists the room's last shows, each with its report.
 * @param {string} room
 * @param {string} name
 */
export async function listShows(room, name) {
  try {
    /** @type {Answer<"shows"> | null} */
    const answer = await callAsStaff(`/api/rooms/${room}/shows`);
    if (answer?.status !== 200) return;
    part("reports").replaceChildren(
      ...answer.data.shows.map(({ id, since, until }) => {
        const row = document.createElement("li");
        const button = Object.assign(document.createElement("button"), { type: "button", className: "button plain" });
        button.textContent = say("host.report.of", { from: moment(since), to: until ? hour(until) : "" });
        button.addEventListener("click", () => showReport(room, name, id));
        row.append(button);
        return row;
      }),
    );
    show(part("reports-none"), !answer.data.shows.length);
  } catch (error) {
    unlessAway(error);
  }
}

/**
 * @param {string} room
 * @param {string} name
 * @param {string} id
 */
export async function showReport(room, name, id) {
  try {
    /** @type {Answer<"report"> | null} */
    const answer = await callAsStaff(`/api/staff/rooms/${room}/shows/${id}`);
    if (answer?.status !== 200) return;
    part("reporting").open = true;
    write(part("report"), reportInWords(answer.data, name));
    show(part("report"));
    show(part("report-copy"));
  } catch (error) {
    unlessAway(error);
  }
}

/** Forgets the report of another room. */
export function closeReports() {
  part("reporting").open = false;
  show(part("report"), false);
  show(part("report-copy"), false);
}

part("report-copy").addEventListener("click", async () => {
  const copied = await copy(part("report").textContent ?? "");
  write(part("report-copied"), say(copied ? "host.report.copied" : "host.report.uncopied"));
});
