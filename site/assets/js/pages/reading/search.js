/** The search page: what it looks through comes when somebody begins to search; the address keeps the query. */

import { call, unlessAway } from "../../core/api.js";
import { home, money, part, say, show, stamp, write } from "../../core/page.js";
import { ask } from "../../state/stock.js";
import { writeSoonest } from "../../widgets/shelf.js";
import { marked, rank, readied } from "./rank.js";
import { spelled } from "./slips.js";
import "../../core/words-search.js";
import "../../widgets/shop.js";

const MOST = 24;
const ASKED = 50; // SKUs in one question to the shop
const field = part("query");
/** @type {SearchEntry[] | null} */
let entries = null;
/** @type {Promise<void> | null} */
let coming = null;
let composing = false;
/** What the shop has said of the goods that were found, and of which it was asked. @type {NonNullable<Items>} */
const stock = {};
/** @type {Set<string>} */
const asked = new Set();
/** The goods that are shown. @type {{page: SearchPage, item: HTMLElement}[]} */
let goods = [];

/** Fetches once; what failed is tried again with the next search. */
function load() {
  coming = coming || fetchEntries();
  return coming;
}

async function fetchEntries() {
  try {
    /** @type {FileAnswer<SearchRow[]> | {status: 404, data: null}} */
    const { status, data } = await call(`${home}search.json`);
    if (status === 200) entries = readied(data);
    else coming = null;
  } catch (error) {
    coming = null;
    unlessAway(error);
  }
}

/**
 * @param {SearchPage} page
 * @param {string} query
 */
function row(page, query) {
  const item = stamp("found");
  const link = part("title", item);
  link.href = page.path;
  const pieces = marked(page.title, query).map(([text, hit]) => {
    const piece = document.createElement(hit ? "mark" : "span");
    piece.textContent = text;
    return piece;
  });
  link.replaceChildren(...pieces);
  write(part("kind", item), say(`search.kinds.${page.shelf}`));
  write(part("summary", item), page.summary);
  write(part("price", item), page.price ? money(page.price) : "");
  show(part("picture", item), Boolean(page.picture));
  if (page.picture) part("picture", item).src = page.picture;
  return item;
}

/**
 * @param {SearchPage[]} found
 * @param {string} query
 */
function tell(found, query) {
  const shown = found.slice(0, MOST);
  const rows = shown.map((page) => ({ page, item: row(page, query) }));
  part("results").replaceChildren(...rows.map(({ item }) => item));
  goods = rows.filter(({ page }) => page.skus.length);
  tellStock();
  write(part("tally"), query && say(found.length ? "search.count" : "search.none", { count: found.length, query }));
  show(part("goods"), !found.length);
  if (!found.length) import("../../widgets/goods/seen.js").then(({ showSeen }) => showSeen()).catch(() => {});
}

function paintStock() {
  for (const { page, item } of goods) writeSoonest(part("stock", item), stock, page.skus, page.unit);
}

/** Asks by when the goods ship that are shown: each once, all new ones together. */
async function tellStock() {
  paintStock();
  const skus = goods.flatMap(({ page }) => page.skus.filter((sku) => !asked.has(sku))).slice(0, ASKED);
  if (!skus.length) return;
  for (const sku of skus) asked.add(sku);
  const items = await ask(skus);
  if (!items) for (const sku of skus) asked.delete(sku);
  Object.assign(stock, items);
  paintStock(); // what is shown by now
}

async function search() {
  const query = field.value.trim();
  const address = new URL(window.location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  window.history.replaceState(window.history.state, "", address);
  if (!query) return tell([], "");
  await load();
  show(part("away"), !entries);
  if (!entries || field.value.trim() !== query) return;
  const found = rank(entries, query);
  tell(found, query);
  if (found.length || !/[\u3400-\u9fff]/.test(query)) return;
  const likely = await soundingLike(query);
  if (likely.length && field.value.trim() === query) tell(likely, query);
}

/**
 * The pages whose names sound as the query does; none where the shop cannot be asked how that is.
 * @param {string} query
 */
async function soundingLike(query) {
  try {
    /** @type {FileAnswer<Record<string, string>> | {status: 404, data: null}} */
    const { status, data } = await call("/sounds.json");
    return status === 200 && entries ? rank(entries, spelled(query, data)) : [];
  } catch (error) {
    unlessAway(error);
    return [];
  }
}

field.addEventListener("focus", load, { once: true });
field.addEventListener("compositionstart", () => {
  composing = true;
});
field.addEventListener("compositionend", () => {
  composing = false;
  search();
});
field.addEventListener("input", () => {
  if (!composing) search();
});
part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
part("away-again").addEventListener("click", search);
field.value = new URL(window.location.href).searchParams.get("q") || "";
if (field.value) search();
else field.focus();
