/**
 * What an answer that is no order asks for: says why there is none, and what can be done about it. Loaded with the first
 * refusal, which most shoppers never meet. `page` is what the checkout hands over: its form, what it knows and can do.
 */

import { count, day, home, hour, money, paragraph, part, say, show, stamp, when } from "../../core/page.js";
import { idOf } from "../../state/cart.js";
import { dropOf, nameOf } from "../../state/catalog.js";
import { phase, shipAllBy, shipLineBy, supply } from "../../state/stock.js";
import { showNotice } from "../../widgets/notice.js";
import { change, exchange, key, lines, placePage } from "./ordering.js";
import "../../core/words-cart.js";
import "../../core/words-checkout.js";
import "../../core/words-goods.js";

/**
 * Does what this answer of the shop asks for.
 * @param {AnyAnswer} answer
 * @param {CheckoutPage} page
 */
export function refused({ status, data }, page) {
  const problem = /** @type {Partial<Problem>} */ (data ?? {});
  const { type = "", errors = [] } = problem;
  /** @type {Record<string, () => void>} */
  const acts = {
    "/problems/changed": () => refuseChanged(problem, page),
    "/problems/sold-out": () => soldOut(errors, page),
    "/problems/not-delivered": () => closed(errors, page),
    "/problems/unpaid": () => refuseUnpaid("checkout.unpaid", problem.until, page),
    "/problems/network": () => refuseUnpaid("checkout.network", problem.until, page),
    "/problems/drop-early": () =>
      refuseDrop(linesOf(errors)[0].line, "checkout.drop_early", page, when(problem.opens ?? "")),
    "/problems/drop-over": () => refuseDrop(linesOf(errors)[0].line, "checkout.drop_over", page),
    "/problems/limit": () => refuseLimit(linesOf(errors)[0], page),
    "/problems/claim-over": () => refuseOver(problem.until),
  };
  const act = acts[type];
  const settled = errors.find(({ pointer }) => /^\/lines\/\d+\/drop$/.test(pointer)); // over, and known no more
  if (act) act();
  else if (settled) refuseDrop(linesOf([settled])[0].line, "checkout.drop_over", page);
  else invalid(status, errors, page);
}

/**
 * Nothing was sent, since for some of the lines there is no date: says of which, and why.
 * @param {CheckoutPage} page
 */
export function refuseShort(page) {
  const short = lines().filter((line) => !shipLineBy(page.items, line));
  const supplies = short.map((line) => ({ line, there: supply(page.items, line) }));
  const over = supplies.find(({ there }) => there && "opens" in there && phase(there) === "over");
  if (over) refuseDrop(over.line, "checkout.drop_over", page);
  else
    refuseSoldOut(
      supplies.map(({ line, there }) => ({ line, left: there?.left ?? 0, off: Boolean(there && "off" in there) })),
      page,
    );
}

/**
 * Lines of these SKUs do not go to the province: offers to do without them, or to choose another address.
 * @param {string[]} skus
 * @param {CheckoutPage} page
 */
export function refuseDelivery(skus, page) {
  const { province, shop } = page;
  const remedies = lines()
    .filter(({ sku }) => skus.includes(sku))
    .map((line) =>
      remedy(say("checkout.no_delivery_of", { name: titleOf(line, shop), province }), keep(line, 0, shop)),
    );
  const other = press(say("checkout.other_address"), () => {
    showNotice("");
    page.chooseAddress();
  });
  showNotice(say("checkout.sold_out"), ...remedies, other);
}

/**
 * The province was closed meanwhile.
 * @param {ProblemError[]} errors
 * @param {CheckoutPage} page
 */
function closed(errors, page) {
  refuseDelivery(
    errors.flatMap(({ sku }) => sku ?? []),
    page,
  );
  page.refresh();
}

/**
 * The order would now cost or take what `problem` says, instead of what is shown: asks whether that will do.
 * @param {Partial<Problem>} problem
 * @param {CheckoutPage} page
 */
function refuseChanged({ total: newTotal = 0, ship_by: newDay = "" }, { items, total, agree, refresh }) {
  const ship_by = shipAllBy(items, lines());
  const now = { total: money(newTotal), day: day(newDay) };
  const told = [];
  if (newTotal !== total) told.push(say("checkout.changed_total", { old: money(total), new: now.total }));
  if (ship_by && newDay !== ship_by) {
    told.push(say("checkout.changed_day", { old: day(ship_by), new: now.day }));
  }
  if (!told.length) told.push(say("checkout.changed_now", now));
  const expect = { total: newTotal, ship_by: newDay };
  const button = press(say("checkout.agree"), () => agree(expect), "button");
  showNotice(say("checkout.changed"), ...told.map(paragraph), button);
  show(part("settle"), false); // placing it by the other button would be placing what is no longer so
  refresh();
}

/**
 * @param {ProblemError[]} errors
 * @param {CheckoutPage} page
 */
function soldOut(errors, page) {
  refuseSoldOut(linesOf(errors), page);
  page.askAgain();
}

/**
 * Too few are left of these [{line, left, elsewhere}]: offers what is left, what is left `elsewhere` (for a drop's line
 * at the ordinary price, for another in a drop), the waitlist, or to do without.
 * @param {Shortage[]} short
 * @param {CheckoutPage} page
 */
function refuseSoldOut(short, { shop }) {
  showNotice(say("checkout.sold_out"), ...short.flatMap((one) => remediesOf(one, shop)));
}

/**
 * @param {Shortage} shortage
 * @param {Shop} shop
 */
function remediesOf({ line, left, elsewhere = 0, off = false }, shop) {
  const name = titleOf(line, shop);
  const most = Math.min(left, mostOf(shop, line));
  const mayWait = !most && !elsewhere && !line.drop && !key && !off;
  const none = off ? "checkout.line_off" : "checkout.line_none";
  const first = remedy(
    say(most ? "checkout.line_left" : none, { name, left: counted(most, line, shop) }),
    keep(line, most, shop),
    mayWait ? link(pageOf(shop, line), say("checkout.wait")) : "",
  );
  return elsewhere ? [first, line.drop ? ordinarily(line, elsewhere, shop) : inDrop(line, elsewhere, shop)] : [first];
}

/**
 * @param {CartLine} line
 * @param {number} left
 * @param {Shop} shop
 */
const ordinarily = (line, left, shop) =>
  remedy(say("checkout.line_ordinary", { left: counted(left, line, shop) }), atOrdinary(line, left, shop));

/**
 * @param {CartLine} line
 * @param {number} left
 * @param {Shop} shop
 */
const inDrop = (line, left, shop) =>
  remedy(
    say("checkout.line_in_drop", { left: counted(left, line, shop) }),
    link(pageOf(shop, line), say("checkout.see_drop")),
  );

/**
 * The line's drop has not begun, or is over: offers the ordinary price, where there are such units.
 * @param {CartLine} line
 * @param {string} words
 * @param {CheckoutPage} page
 * @param {string} [time]
 */
function refuseDrop(line, words, { items, shop, askAgain }, time = "") {
  const there = supply(items, { sku: line.sku });
  const text = say(words, { name: nameOf(shop, line.sku), time });
  const left = there ? there.left : line.quantity;
  showNotice(say("checkout.sold_out"), remedy(text, atOrdinary(line, left, shop), keep(line, 0, shop)));
  askAgain();
}

/**
 * A buyer may have no more of this than `limit`: offers what an unpaid order of this device leaves of that, where it is
 * any, and to pay or cancel that order.
 * @param {LineError} limited
 * @param {CheckoutPage} page
 */
async function refuseLimit({ line, limit = 0 }, { shop, showUnpaid }) {
  const own = (await showUnpaid()).filter((order) => order.lines.some(({ sku }) => sku === line.sku));
  const same = own.flatMap((order) => order.lines).filter((other) => idOf(other) === idOf(line));
  const most = Math.max(0, limit - same.reduce((sum, { quantity }) => sum + quantity, 0));
  const less = most < line.quantity ? most : 0;
  showNotice(
    say("checkout.sold_out"),
    remedy(
      say("checkout.limit", { name: titleOf(line, shop), limit: counted(limit, line, shop) }),
      keep(line, less, shop),
    ),
    paragraph(say(own.length ? "checkout.limit_unpaid" : "checkout.limit_reached")),
  );
  if (own.length) part("answer").append(part("unpaid"));
}

/**
 * Unpaid orders keep this one away: those of this device are shown beside the button.
 * @param {string} words
 * @param {string | undefined} until
 * @param {CheckoutPage} page
 */
async function refuseUnpaid(words, until, { showUnpaid }) {
  showNotice(say(words, { time: until ? hour(until) : "" }));
  part("answer").append(part("unpaid"));
  if (!(await showUnpaid()).length && words === "checkout.unpaid")
    part("refusal").append(paragraph(say("checkout.unpaid_elsewhere")));
}

/**
 * What was kept for this place on the waitlist is kept no more: leads back to it.
 * @param {string | undefined} until
 */
function refuseOver(until) {
  const text = until ? say("checkout.claim_over", { time: when(until) }) : say("checkout.claim_gone");
  showNotice(text, link(placePage, say("checkout.to_place")));
}

/**
 * Fields are marked; lines are put right with the catalogue, or less of them offered; all else is for the seller.
 * @param {number} status
 * @param {ProblemError[]} errors
 * @param {CheckoutPage} page
 */
function invalid(status, errors, page) {
  const pointers = errors.map(({ pointer }) => pointer);
  const elsewhere = page.mark(pointers);
  const most = errors.filter(({ pointer }) => /^\/lines\/\d+\/quantity$/.test(pointer));
  if (pointers.some((pointer) => /^\/(?:lines|no_return)/.test(pointer))) page.refresh();
  if (errors.length && !elsewhere.length) showNotice(say("checkout.faults", { count: errors.length }));
  else if (most.length) refuseQuantities(new Set(linesOf(most).map(({ line }) => line)), page);
  else if (elsewhere.some((pointer) => pointer.endsWith("/sku"))) showNotice(say("checkout.gone"));
  else showNotice(say("checkout.refused", { status }), link(part("contact").href, say("checkout.contact")));
}

/**
 * One order may have fewer of these lines than are wanted: offers to take the most.
 * @param {Set<CartLine>} many
 * @param {CheckoutPage} page
 */
function refuseQuantities(many, { shop }) {
  const remedies = [...many].map((line) => {
    const most = mostOf(shop, line);
    return remedy(
      say("cart.limit_of", { name: titleOf(line, shop), most: counted(most, line, shop) }),
      keep(line, most, shop),
    );
  });
  showNotice(say("checkout.sold_out"), ...remedies);
}

/**
 * What is said of lines, each with its line.
 * @param {ProblemError[]} errors
 * @returns {LineError[]}
 */
const linesOf = (errors) =>
  errors.flatMap((error) => {
    const named = lines()[Number(error.pointer.split("/")[2])];
    const line = named || lines().find(({ sku }) => sku === error.sku);
    return line ? [{ ...error, left: error.left ?? 0, line }] : [];
  });

/**
 * @param {Shop} shop
 * @param {CartLine} line
 */
const mostOf = (shop, { sku }) => shop.packs.get(sku)?.per_order ?? 0;
/**
 * @param {Shop} shop
 * @param {CartLine} line
 */
function pageOf(shop, { sku }) {
  const pack = shop.packs.get(sku);
  return pack ? `${pack.url}#${sku}` : home;
}
/**
 * @param {CartLine} line
 * @param {Shop} shop
 */
const titleOf = (line, shop) => [nameOf(shop, line.sku), dropOf(shop, line)].filter(Boolean).join(say("goods.comma"));

/**
 * So many units of a line's goods, in words.
 * @param {number} units
 * @param {CartLine} line
 * @param {Shop} shop
 */
const counted = (units, { sku }, shop) => count(units, shop.packs.get(sku)?.unit ?? "");

/**
 * A button that makes a line so many units; of what a place was given, none is the way back to it.
 * @param {CartLine} line
 * @param {number} units
 * @param {Shop} shop
 */
function keep(line, units, shop) {
  if (key && !units) return link(placePage, say("checkout.to_place"));
  const name = nameOf(shop, line.sku);
  const words = say(units ? "checkout.reduce" : "checkout.remove", { name, left: counted(units, line, shop) });
  return solve(words, () => change(line, units));
}

/**
 * A button that takes the line's goods at their ordinary price, as many as there are; "" where that cannot be.
 * @param {CartLine} line
 * @param {number} left
 * @param {Shop} shop
 */
function atOrdinary(line, left, shop) {
  const pack = shop.packs.get(line.sku);
  const units = Math.min(line.quantity, left);
  if (!pack || units < 1) return "";
  const text = say("checkout.at_ordinary", { units: count(units, pack.unit), price: money(pack.price) });
  return solve(text, () => exchange(line, { ...pack, most: pack.per_order }, units));
}

/**
 * A button that solves what its remedy is about; with the last of them the notice goes.
 * @param {string} text
 * @param {() => void} act
 */
const solve = (text, act) =>
  press(text, (button) => {
    act();
    button.closest(".remedy")?.remove();
    if (!part("refusal").querySelector(".remedy button")) showNotice("");
    part("order").focus();
  });

/**
 * @param {string} text
 * @param {...(Node | string)} acts
 */
function remedy(text, ...acts) {
  const element = stamp("remedy");
  part("words", element).textContent = text;
  part("acts", element).append(...acts);
  return element;
}

/**
 * @param {string} text
 * @param {(button: HTMLElement) => void} act
 * @param {string} [look]
 */
function press(text, act, look = "button plain") {
  const button = document.createElement("button");
  button.type = "button";
  button.className = look;
  button.textContent = text;
  button.addEventListener("click", () => act(button));
  return button;
}

/**
 * @param {string} address
 * @param {string} text
 */
function link(address, text) {
  const element = document.createElement("a");
  element.href = address;
  element.textContent = text;
  return element;
}
