/** The checkout: takes the address, places the order, and does what each answer asks for. */

import { Away } from "./api.js";
import { isPending, place } from "./attempt.js";
import { empty, lines, onChange, reconcile } from "./cart.js";
import { catalog } from "./catalog.js";
import { dropDraft, faults, keepDraft, mark, read, restoreDraft } from "./form.js";
import { remember } from "./orders.js";
import { home, lang, money, paragraph, part, say, show } from "./page.js";
import { refuse, refuseChanged, refuseSoldOut } from "./refusals.js";
import { regions } from "./regions.js";
import "./shop.js";
import { ask, shipAllBy, shipBy, watch } from "./stock.js";
import { paintSummary, total } from "./summary.js";

const form = part("form");
const button = part("order");
let shop = null;
let region = null;
let items;
let busy = false;
let leaving = false;
let agreed = null; // the total and date that the shopper agreed to after they had changed
let askAgain = () => {};

const skus = () => lines().map((line) => line.sku);
const wish = () => ({
  lines: lines().map(({ sku, quantity }) => ({ sku, quantity })),
  ...read(form, region.value()),
});

function paint() {
  if (shop && !busy && !leaving) paintSummary(shop, items);
}

function setBusy(now) {
  busy = now;
  button.disabled = now || leaving;
  button.textContent = say(button.disabled ? "checkout.busy" : isPending(wish()) ? "checkout.again" : "checkout.order");
}

async function submit() {
  if (busy || leaving) return;
  const wanted = wish();
  const wrong = faults(wanted);
  mark(form, wrong);
  refuse(wrong.length ? say("checkout.faults", { count: wrong.length }) : "");
  if (wrong.length) return;
  setBusy(true);
  try {
    const expect = agreed || (await expectation());
    agreed = null;
    if (expect || isPending(wanted)) answered(await place(wanted, { lang, expect }));
  } catch (error) {
    unlessAway(error);
    refuse(say("checkout.unsure"));
  } finally {
    setBusy(false);
    paint();
  }
}

/** The total and date that are shown; null, and said why, where no date can be named. */
async function expectation() {
  if (!shipAllBy(items, lines())) items = await ask(skus());
  const date = shipAllBy(items, lines());
  if (date) return { total: total(shop), ship_by: date };
  const short = items && lines().filter((line) => !shipBy(items[line.sku].batches, line.quantity));
  if (short)
    refuseSoldOut(
      short.map(({ sku }) => ({ sku, left: items[sku].left })),
      shop,
    );
  else refuse(say("checkout.no_date"));
  return null;
}

function answered({ status, data }) {
  const { type, errors = [], detail = status } = data || {};
  if (status === 201) return accepted(data);
  if (type === "/problems/changed") return changed(data);
  if (type === "/problems/sold-out") return soldOut(errors);
  const elsewhere = mark(
    form,
    errors.map((error) => error.pointer),
  );
  if (elsewhere.some((pointer) => pointer.startsWith("/lines"))) refresh().catch(unlessAway);
  const marked = errors.length && !elsewhere.length;
  return refuse(marked ? say("checkout.faults", { count: errors.length }) : say("checkout.refused", { detail }));
}

function accepted(order) {
  leaving = true;
  remember(order);
  empty();
  dropDraft();
  const payable = order.state === "awaiting_payment" && order.payment.action === "redirect";
  window.location.replace(payable ? order.payment.url : `${home}order/#${order.order}.${order.token}`);
}

function changed(problem) {
  refuseChanged(problem, { total: total(shop), ship_by: shipAllBy(items, lines()) }, (expect) => {
    agreed = expect;
    submit();
  });
  refresh().catch(unlessAway);
}

function soldOut(errors) {
  refuseSoldOut(errors, shop);
  askAgain();
}

/** Takes prices and stock anew, and says which prices have changed. */
async function refresh() {
  shop = await catalog();
  const changes = reconcile(shop.packs).map(({ kind, name, old = 0, new: now = 0 }) =>
    paragraph(say(`cart.${kind}`, { name, old: money(old), new: money(now) })),
  );
  if (changes.length) {
    part("changes").replaceChildren(...changes);
    show(part("changes"));
  }
  askAgain();
}

async function begin() {
  show(part("away"), false);
  try {
    [, region] = await Promise.all([refresh(), regions(form, form.dataset.districts)]);
  } catch (error) {
    unlessAway(error);
    show(part("away"));
    return;
  }
  region.choose(restoreDraft(form));
  keepDraft(form);
  setBusy(false);
  if (isPending(wish())) refuse(say("checkout.pending"));
  paint();
  askAgain = watch(skus, (news) => {
    items = news;
    paint();
  });
}

function unlessAway(error) {
  if (!(error instanceof Away)) throw error;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
onChange(() => {
  agreed = null;
  paint();
});
part("away-again").addEventListener("click", begin);
begin();
