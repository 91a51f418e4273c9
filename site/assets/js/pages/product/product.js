/**
 * A product's page: choose a pack and how many, see what it costs, what is left and by when it ships, buy; or wait, where
 * there is none. While a drop is open its price is the price, and there is no other.
 */

import { all, count, day, inSight, load, money, one, part, say, shipsBy, show, stamp, write } from "../../core/page.js";
import { add, set } from "../../state/cart.js";
import { cameFrom } from "../../state/scan.js";
import { daysOf, offerOf, phase, shipLineBy, stockLine, supply, watch } from "../../state/stock.js";
import { stepper } from "../../widgets/stepper.js";
import "../../core/words-product.js";
import "../../core/words-stock.js";
import "../../widgets/shop.js";

const form = part("buy");
const unit = form.dataset.unit ?? "";
const postage = part("terms").textContent ?? "";
const buyers = [part("add"), part("now")];
/** @type {HTMLInputElement[]} */
const packs = all("[name=sku]", form);
/** @type {Items} */
let items = null;
let asked = false; // whether the shop was asked for them
/** The drop at whose price the chosen pack is shown, and is sold by a tap. @type {Drop | null} */
let open = null;
let openFor = ""; // the pack's SKU
/** @type {Promise<unknown> | null} */
let dressed = null;
/** What says an offer's terms, once there is one; its price is shown without. @type {Terms | null} */
let offers = null;
/** @type {Promise<unknown> | null} */
let said = null;

/** @returns {HTMLInputElement} */
const chosen = () => one("[name=sku]:checked", form);
/** @param {HTMLInputElement} pack */
const ordinary = (pack) => Number(pack.dataset.price);
/** @param {HTMLInputElement} pack */
const offer = (pack) => offerOf(items?.[pack.value], ordinary(pack), cameFrom());
/** @param {Drop | null} drop */
const sells = (drop) => drop !== null && phase(drop) === "open" && drop.left > 0;
const limit = () => (open?.limit ? Math.min(open.limit, quantity.most()) : quantity.most());
/** What is bought, as it is shown. @returns {Goods & {most: number}} */
const goods = () => ({
  sku: chosen().value,
  name: chosen().dataset.name ?? "",
  unit,
  price: open ? open.price : ordinary(chosen()),
  most: limit(),
  ...(open && { drop: open.drop, room: open.room }),
});
const quantity = stepper(form, 1, (units, over) => {
  hint(over ? say("product.limit", { most: count(units, unit) }) : "");
  paint();
});

/**
 * Says something beside the buttons, instead of what was said there of the last tap.
 * @param {string} text
 */
function hint(text) {
  show(part("added"), false);
  write(part("trouble"), text);
}

function paint() {
  const pack = chosen();
  const drop = offer(pack);
  const over = open && openFor === pack.value && drop?.drop !== open.drop;
  open = sells(drop) ? drop : null;
  openFor = pack.value;
  paintPrice(pack, drop);
  const line = { sku: pack.value, quantity: quantity.get(), drop: open?.drop };
  if (asked) paintStock(line);
  if (over && !open && items) hint(offers?.ended(ordinary(pack)) ?? "");
}

/**
 * @param {HTMLInputElement} pack
 * @param {Drop | null} drop
 */
function paintPrice(pack, drop) {
  const { was, basis } = pack.dataset;
  const price = money(open ? open.price : ordinary(pack));
  for (const name of ["price", "bar-price"]) write(part(name), price);
  const higher = open ? ordinary(pack) : Number(was);
  write(part("was"), higher ? money(higher) : "");
  write(part("was-what"), open && !was ? say("product.ordinary") : "");
  show(part("was"), higher > 0);
  if (part("basis")) {
    write(part("basis-words"), open ? say("product.ordinary") : basis || "");
    show(part("basis"), Boolean(was));
  }
  const terms = part("terms");
  write(terms, (drop && offers?.termsOf(drop, unit)) || postage);
  if (drop && !offers) said = said ?? tellOffers();
  terms.toggleAttribute("data-offer", Boolean(drop));
  part("limit").toggleAttribute("data-off", limit() < quantity.most()); // the offer's own stands in its terms
  for (const one of packs) {
    const other = offer(one);
    const its = other && sells(other) ? other.price : ordinary(one);
    write(part("pack-price", one.parentElement ?? form), money(its));
  }
}

async function tellOffers() {
  offers = await import("./terms.js").catch(() => null);
  said = null;
  if (offers) paint();
}

/** @param {{sku: string, quantity: number, drop?: string}} line */
function paintStock(line) {
  const over = line.quantity > limit();
  const { text, mood } = over
    ? /** @type {StockLine} */ ({ text: say("product.fewer", { limit: count(limit(), unit) }), mood: "none" })
    : stockLine(items, line, unit);
  const date = shipLineBy(items, line);
  const soldOut = mood === "none" && !over && !items?.[line.sku]?.off;
  for (const [name, said] of [
    ["stock", text],
    ["bar-date", date && mood !== "none" ? shipsBy(date) : text],
  ]) {
    write(part(name), said);
    part(name).dataset.mood = mood;
  }
  for (const button of buyers) button.disabled = mood === "none";
  show(part("wait"), soldOut);
  show(part("add"), !soldOut);
  paintDays(daysOf(supply(items, line)?.batches ?? [], line.quantity).slice(0, 7));
}

/** A week of them. @param {(Batch & {mine: boolean})[]} days */
function paintDays(days) {
  const row = part("days");
  while (row.children.length > days.length) row.lastElementChild?.remove();
  days.forEach(({ ship_by, left, mine }, place) => {
    if (!row.children[place]) row.append(stamp("day"));
    const cell = row.children[place];
    write(part("day", cell), day(ship_by, "short"));
    write(part("day-left", cell), left > 0 ? count(left, unit) : say("stock.full"));
    write(part("day-mine", cell), mine ? say("stock.mine") : "");
    cell.toggleAttribute("data-mine", mine);
    cell.toggleAttribute("data-full", left <= 0);
  });
}

/** @param {CartTrouble | "away"} trouble */
async function tell(trouble) {
  const away = say("product.away");
  show(part("added"), !["many", "room", "away"].includes(trouble));
  write(part("trouble"), trouble === "away" ? away : "");
  if (!trouble || trouble === "away") return;
  const words = import("./refused.js").then(({ refusal }) => refusal(trouble, count(limit(), unit)));
  write(part("trouble"), await words.catch(() => away));
}

/** Loads the rules of what few shoppers see; done as well where they do not come, since it can be used without them. */
const dress = () =>
  new Promise((done) => load({ rel: "stylesheet", href: form.dataset.seldom, onload: done, onerror: done }));

/** Opens the waitlist's form for what is chosen, with a module and rules that few shoppers need. */
async function wait() {
  const wanted = goods();
  dressed = dressed || dress();
  const [waitlist] = await Promise.all([import("./waitlist.js").catch(() => null), dressed]);
  if (!waitlist) tell("away");
  else waitlist.open(wanted, quantity.get(), { look: lookNow, buy: (units) => buy(wanted, units) });
}

/**
 * @param {Goods} wanted
 * @param {number} units
 */
function buy(wanted, units) {
  const trouble = set(wanted, units);
  tell(trouble);
  (trouble ? chosen() : one("a", part("added"))).focus();
}

part("add").addEventListener("click", () => tell(add(goods(), quantity.get())));
part("wait").addEventListener("click", wait);

// "Buy now" means this many, not so many more: a second tap, or a return to this page, must not buy twice as much.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const trouble = set(goods(), quantity.get());
  if (trouble === "many" || trouble === "room") tell(trouble);
  else window.location.assign(form.action);
});

const named = packs.find(({ value }) => `#${value}` === window.location.hash);
if (named) named.checked = true;
write(part("stock"), say("stock.wait"));
form.addEventListener("change", ({ target }) => {
  if (packs.includes(/** @type {HTMLInputElement} */ (target))) hint("");
  paint();
});
for (const button of buyers) button.disabled = false;
inSight(part("voices"), () => import("../../widgets/voices/spoken.js"));
paint();
const lookNow = watch(
  () => packs.map(({ value }) => value),
  (news) => {
    items = news;
    asked = true;
    if (packs.some(({ value }) => news?.[value]?.left === 0))
      import("./sold-out.js").then(({ tell }) => tell(/** @type {NonNullable<Items>} */ (news))).catch(() => {});
    for (const { dataset, value } of packs) {
      const price = items?.[value]?.price;
      if (price) dataset.price = String(price);
      if (Number(dataset.price) >= Number(dataset.was)) dataset.was = "";
    }
    paint();
  },
);
window.setInterval(() => {
  if (packs.some((pack) => offer(pack)) || open) paint();
}, 1000);
