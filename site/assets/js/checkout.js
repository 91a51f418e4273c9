/** The checkout: takes the address, places the order, and does what each answer asks for. */

import { unlessAway } from "./api.js";
import { isPending, place } from "./attempt.js";
import { empty, lines, onChange } from "./cart.js";
import { catalog } from "./catalog.js";
import { tellChanges } from "./changes.js";
import { consent, paintConsent } from "./consent.js";
import { dropDraft, faults, keepDraft, mark, read, restoreDraft } from "./form.js";
import { remember, youngOrders } from "./orders.js";
import { hour, home, lang, paragraph, part, say, show } from "./page.js";
import { pasteBox } from "./paste.js";
import { parcel } from "./postage.js";
import { refuse, refuseChanged, refuseDelivery, refuseOddly, refuseQuantities, refuseSoldOut } from "./refusals.js";
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
const province = () => form.elements.province.value;
const wish = () => ({
  lines: lines().map(({ sku, quantity }) => ({ sku, quantity })),
  ...read(form, region.value()),
  ...consent(form, shop),
});

function paint() {
  if (!shop || busy || leaving) return;
  paintSummary(shop, items, province());
  paintConsent(form, shop);
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
  const { refused } = parcel(shop, lines(), province());
  if (refused.length && !isPending(wanted)) return refuseDelivery(refused, shop, province());
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
  if (date) return { total: total(shop, province()), ship_by: date };
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
  const { type, errors = [] } = data || {};
  const act = {
    "/problems/changed": () => changed(data),
    "/problems/sold-out": () => soldOut(errors),
    "/problems/not-delivered": () => notDelivered(errors),
    "/problems/unpaid": () => unpaid(data.until),
  }[type];
  if (status === 201) accepted(data);
  else if (act) act();
  else invalid(status, errors);
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
  refuseChanged(problem, { total: total(shop, province()), ship_by: shipAllBy(items, lines()) }, (expect) => {
    agreed = expect;
    submit();
  });
  refresh().catch(unlessAway);
}

function soldOut(errors) {
  refuseSoldOut(errors, shop);
  askAgain();
}

function notDelivered(errors) {
  refuseDelivery(
    errors.map(({ sku }) => sku),
    shop,
    province(),
  );
  refresh().catch(unlessAway);
}

/** The unpaid orders that keep this one away are shown beside the button. */
async function unpaid(until) {
  refuse(say("checkout.unpaid", { time: until ? hour(until) : "" }));
  part("answer").append(part("unpaid"));
  if (!(await showUnpaid())) part("refusal").append(paragraph(say("checkout.unpaid_elsewhere")));
}

/** Fields are marked; lines are put right with the catalogue, or less of them offered; all else is for the seller. */
function invalid(status, errors) {
  const elsewhere = mark(
    form,
    errors.map(({ pointer }) => pointer),
  );
  const most = errors.filter(({ pointer }) => /^\/lines\/\d+\/quantity$/.test(pointer));
  if (errors.some(({ pointer }) => /^\/(?:lines|no_return)/.test(pointer))) refresh().catch(unlessAway);
  if (errors.length && !elsewhere.length) refuse(say("checkout.faults", { count: errors.length }));
  else if (most.length) refuseQuantities([...new Set(most.map(({ pointer }) => skus()[pointer.split("/")[2]]))], shop);
  else if (elsewhere.some((pointer) => pointer.endsWith("/sku"))) refuse(say("checkout.gone"));
  else refuseOddly(status);
}

/** Shows this device's unpaid orders, and answers how many there are; most shoppers have none, and load nothing. */
async function showUnpaid() {
  if (!youngOrders().length) return 0;
  try {
    const unpaid = await import("./unpaid.js");
    return await unpaid.showUnpaid();
  } catch (error) {
    return 0; // a comfort: the order can be placed without
  }
}

/** Takes prices and stock anew, and says which prices have changed. */
async function refresh() {
  shop = await catalog();
  tellChanges(shop);
  paint();
  askAgain();
}

/** Fields were filled by the box: what was marked in them is so no more, and what they cost is shown. */
function filled() {
  mark(form, []);
  form.dispatchEvent(new Event("input"));
  paint();
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
  pasteBox(form, region, filled);
  setBusy(false);
  if (isPending(wish())) refuse(say("checkout.pending"));
  paint();
  showUnpaid();
  askAgain = watch(skus, (news) => {
    items = news;
    paint();
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
form.elements.province.addEventListener("change", paint);
onChange(() => {
  agreed = null;
  paint();
});
part("away-again").addEventListener("click", begin);
begin();
