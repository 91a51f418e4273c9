/** A product's page: choose a pack and how many, see what is left, buy; in a drop, or wait, where there is reason to. */

import { all, load, money, one, part, say, show, write } from "../../core/page.js";
import { add, set } from "../../state/cart.js";
import { stockLine, watch } from "../../state/stock.js";
import { stepper } from "../../widgets/stepper.js";
import "../../core/words-product.js";
import "../../core/words-stock.js";
import "../../state/scan.js";
import "../../widgets/shop.js";

const form = part("buy");
const stock = part("stock", form);
const buyers = [part("add", form), part("now", form)];
/** @type {HTMLInputElement[]} */
const packs = all("[name=sku]", form);
/** @type {Items} */
let items = null;
let asked = false; // whether the shop was asked for them
/** @type {Promise<unknown> | null} */
let dressed = null;

/** @returns {HTMLInputElement} */
const chosen = () => one("[name=sku]:checked", form);
const price = () => Number(chosen().dataset.price);
const goods = () => ({ sku: chosen().value, price: price(), name: chosen().dataset.name ?? "", most: quantity.most() });
const quantity = stepper(form, 1, paint);

function paint() {
  const { was, basis } = chosen().dataset;
  write(part("price", form), money(price()));
  write(part("was", form), was ? money(Number(was)) : "");
  write(part("basis-words", form), basis || "");
  for (const name of ["was", "basis"]) show(part(name, form), Boolean(was));
  if (!asked) return;
  const { text, mood } = stockLine(items, { sku: chosen().value, quantity: quantity.get() });
  write(stock, text);
  stock.dataset.mood = mood;
  for (const button of buyers) button.disabled = mood === "none";
  show(part("wait", form), mood === "none");
  show(part("add", form), mood !== "none");
}

/** @param {CartTrouble | "away"} trouble */
function tell(trouble) {
  show(part("added", form), !["many", "away"].includes(trouble));
  write(part("trouble", form), trouble ? say(`product.${trouble}`, { most: quantity.most() }) : "");
}

/** Loads the rules of what few shoppers see; done as well where they do not come, since it can be used without them. */
const dress = () =>
  new Promise((done) => load({ rel: "stylesheet", href: form.dataset.seldom, onload: done, onerror: done }));

/**
 * A module that few shoppers need, once the rules of what it shows are there too; null where it does not come.
 * @template T
 * @param {Promise<T>} module
 * @returns {Promise<T | null>}
 */
function seldom(module) {
  dressed = dressed || dress();
  return Promise.all([module, dressed]).then(
    ([loaded]) => loaded,
    () => null,
  );
}

/** Opens the waitlist's form for what is chosen. */
async function wait() {
  const wanted = goods();
  const waitlist = await seldom(import("./waitlist.js"));
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
  (trouble ? chosen() : one("a", part("added", form))).focus();
}

/** The drops of these packs, where there are any; a module that does not come is tried again with the next news. */
async function paintDrops() {
  const drops = packs.flatMap(({ value: sku, dataset }) => {
    const about = { sku, name: dataset.name ?? "", ordinary: Number(dataset.price), most: quantity.most() };
    return (items?.[sku]?.drops ?? []).map((drop) => ({ ...drop, ...about }));
  });
  if (!drops.length && part("drops").hidden) return;
  const module = await seldom(import("./drops.js"));
  if (module) module.paint(drops);
}

part("add", form).addEventListener("click", () => tell(add(goods(), quantity.get())));
part("wait", form).addEventListener("click", wait);

// "Buy now" means this many, not so many more: a second tap, or a return to this page, must not buy twice as much.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const trouble = set(goods(), quantity.get());
  if (trouble === "many") tell(trouble);
  else window.location.assign(form.action);
});

const named = packs.find(({ value }) => `#${value}` === window.location.hash);
if (named) named.checked = true;
write(stock, say("stock.wait"));
form.addEventListener("change", paint);
for (const button of buyers) button.disabled = false;
paint();
const lookNow = watch(
  () => packs.map(({ value }) => value),
  (news) => {
    items = news;
    asked = true;
    paint();
    if (items) paintDrops();
  },
);
