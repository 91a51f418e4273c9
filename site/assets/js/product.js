/** A product's page: choose a pack and how many, see what is left, buy. */

import { add, set } from "./cart.js";
import { money, part, say, show, write } from "./page.js";
import "./shop.js";
import { stepper } from "./stepper.js";
import { stockLine, watch } from "./stock.js";

const form = part("buy");
const stock = part("stock", form);
const skus = [...form.querySelectorAll("[name=sku]")].map((radio) => radio.value);
let items;

const chosen = () => form.querySelector("[name=sku]:checked");
const price = () => Number(chosen().dataset.price);
const about = () => ({ name: chosen().dataset.name, most: quantity.most() });
const quantity = stepper(form, 1, paint);

function paint() {
  const { was, basis } = chosen().dataset;
  write(part("price", form), money(price()));
  write(part("was", form), was ? money(was) : "");
  write(part("basis-words", form), basis || "");
  for (const name of ["was", "basis"]) show(part(name, form), Boolean(was));
  if (items === undefined) return;
  const { text, mood } = stockLine(items, chosen().value, quantity.get());
  write(stock, text);
  stock.dataset.mood = mood;
  for (const name of ["add", "now"]) part(name, form).disabled = mood === "none";
}

function tell(trouble) {
  show(part("added", form), trouble !== "many");
  write(part("trouble", form), trouble ? say(`product.${trouble}`, { most: quantity.most() }) : "");
}

part("add", form).addEventListener("click", () => tell(add(chosen().value, quantity.get(), price(), about())));

// "Buy now" means this many, not so many more: a second tap, or a return to this page, must not buy twice as much.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (set(chosen().value, quantity.get(), price(), about()) === "many") tell("many");
  else window.location.assign(form.action);
});

write(stock, say("stock.wait"));
form.addEventListener("change", paint);
for (const name of ["add", "now"]) part(name, form).disabled = false;
watch(
  () => skus,
  (news) => {
    items = news;
    paint();
  },
);
