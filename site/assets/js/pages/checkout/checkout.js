/** The checkout: takes the address, places the order, and does what each answer asks for. */

import { Away, unlessAway } from "../../core/api.js";
import { pending, pendingOf, place } from "../../core/attempt.js";
import { lang, part, say, show } from "../../core/page.js";
import { catalog, follow } from "../../state/catalog.js";
import { openOrders, payPage, remember } from "../../state/orders.js";
import { parcel } from "../../state/postage.js";
import { cameFrom } from "../../state/scan.js";
import { shipAllBy } from "../../state/stock.js";
import { tellChanges } from "../../widgets/changes.js";
import { dropDraft, faults, keepDraft, mark, read, restoreDraft } from "../../widgets/form.js";
import { methods, paintMethods } from "../../widgets/methods.js";
import { showNotice } from "../../widgets/notice.js";
import { consent, paintConsent } from "./consent.js";
import { done, invitation, key, lines, onChange, open, placePage, stock, watchStock, way } from "./ordering.js";
import { pasteBox } from "./paste.js";
import { regions } from "./regions.js";
import * as saved from "./saved.js";
import { paintShipBy, paintSummary, total } from "./summary.js";
import "../../core/words-checkout.js";
import "../../widgets/shop.js";

const form = part("form");
const button = part("order");
/** The form is hidden until begin() has this and the next. @type {Shop} */
let shop;
/** @type {RegionChoice} */
let region;
/** @type {Items} */
let items = null;
let asked = false; // whether the shop was asked for them
let busy = false;
let leaving = false;
/** @type {Expected | null} */
let agreed = null; // the total and date that the shopper agreed to after they had changed
let askAgain = () => {};

const province = () => form.elements.province.value;
/** @returns {Wish} */
const wish = () => ({
  lines: lines().map(({ sku, quantity, drop }) => ({ sku, quantity, ...(drop ? { drop } : {}) })),
  ...read(form, region.value()),
  ...consent(form, shop),
});
/**
 * The room of a drop, which alone sells it; else the one whose code brought the shopper here.
 * @returns {{room?: string}}
 */
function soldBy() {
  const dropped = lines().find(({ drop }) => drop);
  const room = dropped ? dropped.room : cameFrom();
  return room ? { room } : {};
}

function paint() {
  if (!shop || !region || busy || leaving) return; // what is filled in before all is there would be lost
  paintSummary(shop, items, province());
  if (asked) paintShipBy(items);
  paintConsent(form, shop);
}

/** @param {boolean} now */
function setBusy(now) {
  busy = now;
  button.disabled = now || leaving;
  button.textContent = say(
    button.disabled ? "checkout.busy" : pendingOf(wish(), way) ? "checkout.again" : "checkout.order",
  );
}

/**
 * What most shoppers never need comes when it is needed. Throws Away when it does not come.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
const further = (load) =>
  load().catch((error) => {
    throw new Away(String(error));
  });
const refusals = () => further(() => import("./refusals.js"));
const found = () => further(() => import("./found.js"));

/**
 * Returns what refusals.js needs of this page.
 * @returns {CheckoutPage}
 */
const page = () => ({
  form,
  shop,
  items,
  province: province(),
  total: total(shop, province()),
  askAgain,
  showUnpaid,
  submit,
  accepted,
  mark: markFields,
  chooseAddress: () => saved.open("#province"),
  refresh: () => refresh().catch(unlessAway),
  /** @param {Expected} expect */
  agree(expect) {
    agreed = expect;
    submit();
  },
});

async function submit() {
  if (busy || leaving) return;
  const wanted = wish();
  const wrong = faults(wanted);
  markFields(wrong);
  showNotice(wrong.length ? say("checkout.faults", { count: wrong.length }) : "");
  if (wrong.length) return;
  setBusy(true);
  try {
    const others = pending(way).some((one) => one.wish !== JSON.stringify(wanted));
    if (others && (await (await found()).hasFound(wanted, page()))) return;
    const expect = pendingOf(wanted, way) ? {} : await expectation();
    if (expect) await answered(await place(wanted, { lang, expect, ...soldBy() }, way));
  } catch (error) {
    unlessAway(error);
    showNotice(say("checkout.unsure"));
  } finally {
    setBusy(false);
    paint();
  }
}

/**
 * The total and date that are agreed to or shown; null, and said why, where it cannot be ordered so.
 * @returns {Promise<Expected | null>}
 */
async function expectation() {
  const { refused } = parcel(shop, lines(), province());
  if (refused.length) {
    (await refusals()).refuseDelivery(refused, page());
    return null;
  }
  if (!shipAllBy(items, lines())) {
    items = await stock();
    asked = true;
  }
  const date = shipAllBy(items, lines());
  const shown = agreed || (date ? { total: total(shop, province()), ship_by: date } : null);
  agreed = null;
  if (!shown && items) (await refusals()).refuseShort(page());
  else if (!shown) showNotice(say("checkout.no_date"));
  return shown;
}

/** @param {Answer<"checkout" | "take">} answer */
async function answered(answer) {
  if (answer.status === 201) accepted(answer.data);
  else (await refusals()).refused(answer, page());
}

/**
 * Says beside the fields what is wrong with them, wherever they are; answers the pointers without a field.
 * @param {string[]} pointers
 */
function markFields(pointers) {
  if (pointers.some((pointer) => /^\/(?:ship_to|email)/.test(pointer))) saved.open();
  return mark(form, pointers);
}

/** @param {Order} order */
function accepted(order) {
  leaving = true;
  remember(order);
  saved.accepted();
  done();
  dropDraft();
  window.location.replace(payPage(order, form.elements.payment.value));
}

/**
 * Shows this device's unpaid orders, and answers them; most shoppers have none, and load nothing.
 * @returns {Promise<OrderStatus[]>}
 */
async function showUnpaid() {
  if (!openOrders().length) return [];
  try {
    const unpaid = await import("./unpaid.js");
    return await unpaid.showUnpaid();
  } catch {
    return []; // a comfort: the order can be placed without
  }
}

/** Brings prices and the cart up to what the shop has said, once it has, and tells what that has changed. */
function brought() {
  if (!asked || key) return;
  follow(shop, items);
  tellChanges(shop);
}

/** Takes prices and stock anew, and says which prices have changed; answers true. Throws Away. */
async function refresh() {
  shop = await catalog();
  brought();
  paint();
  askAgain();
  return true;
}

/** Fields were filled by the box: what was marked in them is so no more, and what they cost is shown. */
function filled() {
  form.dispatchEvent(new Event("input"));
  changed();
  window.setTimeout(() => part("read-result").scrollIntoView({ block: "nearest" }), 50); // what was recognised is seen
}

/** Another address: what was said of the last one holds no more. */
function changed() {
  mark(form, []);
  showNotice("");
  paint();
}

/** Says that an earlier attempt has no answer yet, and how to get it; also where there is nothing to order any more. */
async function tellPending() {
  const waiting = pending(way);
  show(part("lost"), waiting.length > 0 && !lines().length);
  if (!waiting.length) return;
  showNotice(say(pendingOf(wish(), way) ? "checkout.pending" : "checkout.pending_other"));
  if (!lines().length) (await found()).offer(page());
}

async function begin() {
  show(part("away"), false);
  try {
    const ready = async () => (await open()) && (await refresh());
    const [there, found, ways] = await Promise.all([ready(), regions(form, form.dataset.districts ?? ""), methods()]);
    if (!there) {
      window.location.replace(placePage);
      return;
    }
    region = found;
    paintMethods(ways);
    const invited = invitation();
    if (invited) (await further(() => import("./invited.js"))).paint(invited);
  } catch (error) {
    unlessAway(error);
    show(part("away"));
    return;
  }
  region.choose(restoreDraft(form));
  saved.begin(form, region, changed);
  keepDraft(form, saved.isTyped);
  pasteBox(form, region, filled);
  setBusy(false);
  paint();
  tellPending().catch(unlessAway);
  showUnpaid();
  askAgain = watchStock((news) => {
    items = news;
    asked = true;
    brought();
    paint();
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!part("settle").hidden) submit(); // the key Enter presses a button that is hidden, too
});
form.elements.province.addEventListener("change", paint);
onChange(() => {
  agreed = null;
  paint();
});
part("away-again").addEventListener("click", begin);
window.addEventListener("hashchange", () => window.location.reload()); // another key, another order
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) window.location.reload(); // it may have been ordered meanwhile, by this very page
});
begin();
