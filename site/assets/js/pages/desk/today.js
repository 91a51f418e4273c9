/** The manager's desk. How the day stands, and what needs a person, each a tap from its remedy. */

import { call, unlessAway } from "../../core/api.js";
import {
  count,
  day,
  hour,
  lang,
  money,
  one,
  part,
  say,
  show,
  stamp,
  when,
  whileVisible,
  write,
} from "../../core/page.js";
import { methodName } from "../../widgets/methods.js";
import { open } from "./opening.js";
import "../../core/words-desk_today.js";

/** @typedef {import("../../../../types/openapi").components["schemas"]["Today"]} Today */
/** @typedef {Today["workshops"][number]["products"][number]} Goods */

const SECONDS = 5;
const AT_MOST = 5; // of a kind are named one by one
/** Where each kind of need is seen to; an order's own number is put behind the #. @type {Record<string, string>} */
const PLACES = {
  refund: "desk/orders/#",
  stuck: "desk/orders/#",
  dispute: "desk/orders/#",
  silence: "desk/orders/#",
  stray: "desk/books/#strays",
  books: "desk/books/#differences",
  claims: "desk/claims/",
  invoices: "desk/books/#invoices",
  voices: "desk/voices/",
  late: "pack/",
  stopped: "pack/",
  full: "desk/plan/",
};
const home = lang === "zh" ? "/" : "/en/";
let painted = "";

async function look() {
  try {
    /** @type {Answer<"today">} */
    const { status, data } = await call("/api/staff/today");
    show(part("away"), false);
    if (status === 200) paint(data);
    else if (status === 401) window.location.assign(`${home}staff/`);
  } catch (error) {
    unlessAway(error);
    show(part("away"));
  }
  return SECONDS;
}

/** @param {Today} today */
function paint(today) {
  write(part("as-of"), say("desk_today.as_of", { at: hour(today.now), courier: hour(today.courier) }));
  const fresh = JSON.stringify({ ...today, now: "" });
  if (fresh === painted) return; // nothing is taken from under a finger
  painted = fresh;
  paintNeeds(today);
  paintMoney(today.money);
  part("workshops").replaceChildren(...today.workshops.map((shop) => workshop(shop, today.day)));
  show(part("day"));
}

/** @param {Today} today */
function paintNeeds({ needs, orders, waits, workshops }) {
  const rows = [];
  const kinds = [...new Set(needs.map(({ kind }) => kind))];
  for (const kind of kinds) {
    const found = needs.filter((need) => need.kind === kind);
    for (const { about, since } of found.slice(0, AT_MOST))
      rows.push(row(kind, say(`desk_today.needs.${kind}`, { about: about.slice(-6), since: when(since) }), about));
    if (found.length > AT_MOST)
      rows.push(row(kind, say("desk_today.more", { count: found.length - AT_MOST }), found[AT_MOST].about));
  }
  const sums = { late: orders.late, stopped: orders.stopped, ...waits };
  for (const [kind, number] of Object.entries(sums))
    if (number) rows.push(row(kind, say(`desk_today.needs.${kind}`, { count: number })));
  for (const { products } of workshops)
    for (const { name, days } of products)
      for (const each of days)
        if (each.full) rows.push(row("full", say("desk_today.needs.full", { name: name[lang], day: day(each.day) })));
  part("needs").replaceChildren(...rows);
  show(part("calm"), !rows.length);
}

/**
 * @param {string} kind
 * @param {string} words
 * @param {string} [about] the order, whose number stands behind the #
 */
function row(kind, words, about = "") {
  const made = stamp("need");
  const place = PLACES[kind];
  write(part("need-words", made), words);
  const link = /** @type {HTMLAnchorElement} */ (part("need-go", made));
  link.href = home + (place.endsWith("#") ? place + about : place);
  write(link, say(`desk_today.go.${kind}`));
  return made;
}

/** @param {Today["money"]} found */
function paintMoney(found) {
  /** @param {"came" | "went" | "fees"} name */
  const sum = (name) => found.reduce((so, far) => so + far[name], 0);
  for (const name of /** @type {const} */ (["came", "went", "fees"]))
    write(one(`[data-sum="${name}"]`), money(sum(name)));
  part("providers").replaceChildren(
    ...found.map(({ provider, payments, came, refunds, went }) => {
      const item = document.createElement("li");
      const values = { provider: methodName(provider), payments, came: money(came), refunds, went: money(went) };
      item.textContent = say("desk_today.provider", values);
      return item;
    }),
  );
}

/**
 * @param {Today["workshops"][number]} shop
 * @param {string} today
 */
function workshop({ maker, products }, today) {
  const made = stamp("workshop");
  const table = /** @type {HTMLTableElement} */ (one("table", made));
  write(part("maker", made), maker[lang] || say("desk_today.gone"));
  one(".desk-scroll", made).setAttribute("aria-label", maker[lang]);
  const days = [...new Set(products.flatMap(({ days }) => days.map((each) => each.day)))].sort();
  for (const each of days)
    table.tHead?.rows[0].append(head(each === today ? say("desk_today.today") : day(each), "col"));
  for (const goods of products) {
    const line = table.tBodies[0].insertRow();
    line.append(head(goods.name[lang], "row"));
    for (const each of days) cell(line.insertCell(), goods, each);
  }
  return made;
}

/**
 * @param {string} text
 * @param {string} scope
 */
function head(text, scope) {
  const made = document.createElement("th");
  made.scope = scope;
  made.textContent = text;
  return made;
}

/**
 * What is packed of what is promised, and what is still on sale.
 * @param {HTMLTableCellElement} place
 * @param {Goods} goods
 * @param {string} which
 */
function cell(place, { unit, days }, which) {
  const found = days.find((each) => each.day === which);
  if (!found) return;
  const { packed, promised, made, left, late, full } = found;
  const most = document.createElement("b");
  most.textContent = say("desk_today.packed", { packed, promised });
  const rest = document.createElement("small");
  rest.textContent = say(full ? "desk_today.full" : "desk_today.left", { left: count(left, unit[lang]), made });
  place.append(most, document.createElement("br"), rest);
  if (!late) return;
  const behind = document.createElement("small");
  behind.className = "wrong";
  behind.textContent = say("desk_today.late", { late: count(late, unit[lang]) });
  place.append(document.createElement("br"), behind);
}

open(async () => {
  whileVisible(look);
});
