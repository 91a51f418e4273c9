/**
 * Paying, on the order's page: begins by the method that is chosen, and does what the shop answers: another page, a code to
 * scan, or WeChat's own sheet. What is shown follows from the order, so a reload, the back button and a second tab agree.
 */

import { call, unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { money, one, part, say, show, write } from "../../core/page.js";
import { chosenMethod, methodName, methods, paintMethods } from "../../widgets/methods.js";
import { keepToComeBack } from "./leaving.js";
import "../../core/words-methods.js";
import "../../core/words-offline.js";
import "../../core/words-paying.js";

const PATIENCE = 5000; // milliseconds for WeChat's browser to say that it is there
const ELSEWHERE = ["open_in_wechat", "open_in_browser"];

/** @type {OrderStatus | null} */
let order = null;
/** @type {PayMethod[]} */
let list = [];
/** @type {Promise<void> | null} */
let asking = null;
let busy = false;
/** The method that was begun, as far as it is shown. */
let begun = "";
/** The page looks again, and has the provider asked where its word is "came back". @type {(cameBack: boolean) => void} */
let look = () => {};

/** @param {(cameBack: boolean) => void} lookAgain */
export function onNews(lookAgain) {
  look = lookAgain;
}

/**
 * Whether a payment was begun with somebody whose news may be late.
 * @param {OrderStatus} order
 */
export const isBegun = ({ payment: { action, method } }) => action !== "none" && method !== "sandbox";

/** The provider was asked, and nobody has paid yet. */
export const stillWaiting = () => tell(say("paying.waiting"));

/**
 * Shows how the order can be paid, while it can.
 * @param {OrderStatus} told
 */
export function paintPaying(told) {
  order = told;
  const inTime = now() < Date.parse(order.pay_by) || order.payment.method === "sandbox"; // which takes late payments too
  const payable = order.state === "awaiting_payment" && inTime;
  show(part("pay-row"), payable);
  if (!payable) return;
  show(part("methods"), list.length > 1 || Boolean(list[0]?.why));
  if (!list.length) {
    ask();
    return;
  }
  const { action, method = "", rows = [] } = order.payment;
  if (method && method !== begun && !busy) choose(method); // while busy, another is being begun
  const scans = action === "qr" && chosenMethod() === method;
  const values = { total: money(order.total), method: methodName(method) };
  show(part("qr"), scans);
  if (scans) draw(rows);
  write(part("qr-words"), say("paying.scan", values));
  show(part("pay"), !scans);
  part("pay").disabled = busy;
  write(part("pay"), say(busy ? "paying.busy" : "paying.pay", values));
  show(part("paid"), isBegun(order));
}

const paint = () => order && paintPaying(order);

/** @param {string} method */
function choose(method) {
  begun = method;
  paintMethods(list, method);
}

/** Asks for the methods, once at a time. Where the shop is away, the next look asks again. */
function ask() {
  asking ??= methods()
    .then((found) => {
      list = found;
      paintMethods(list, begun);
      paint();
    })
    .catch(unlessAway)
    .finally(() => {
      asking = null;
    });
  return asking;
}

/**
 * Begins to pay, or goes on with what was begun; `code` is what WeChat gave this browser.
 * @param {Key} key
 * @param {string} method
 * @param {string} [code]
 */
export async function pay(key, method, code = "") {
  if (busy) return;
  begun = method;
  const held = document.activeElement === part("pay");
  setBusy(true);
  tell("");
  let leaving = false;
  try {
    const body = JSON.stringify(code ? { method, code } : { method });
    /** @type {Answer<"pay">} */
    const { status, data } = await call(`/api/orders/${key.order}/pay`, { method: "POST", token: key.token, body });
    if (status === 200) leaving = goOn(data.payment, method, key);
    else if (status === 409 && ELSEWHERE.includes(data.reason ?? "")) await elsewhere(method, data.reason);
    else if (status === 409) look(false);
    else tell(say("paying.refused"));
  } catch (error) {
    unlessAway(error);
    const away = error instanceof Error && error.message === "503";
    tell(away ? say("paying.away", { method: methodName(method) }) : say("offline.shop"));
  } finally {
    setBusy(leaving);
    if (held && !leaving) keepFocus();
  }
}

/** A button that could not be pressed for a moment has lost the focus: it has it again, or the code that came instead. */
function keepFocus() {
  if (document.activeElement === document.body) part(part("qr").hidden ? "pay" : "qr").focus();
}

/**
 * Does what the shop says; answers whether this page is left.
 * @param {OrderStatus["payment"]} payment
 * @param {string} method
 * @param {Key} key
 */
function goOn(payment, method, key) {
  if (payment.action === "redirect") {
    keepToComeBack(key);
    leave(payment.url ?? "", method);
    return true;
  }
  if (payment.action === "wechat") askWechat(payment);
  else if (payment.action === "qr" && order) order.payment = payment;
  else look(false);
  return false;
}

/**
 * Inside WeChat its page only says who pays, and comes back by itself: going back must not lead there.
 * @param {string} url
 * @param {string} method
 */
function leave(url, method) {
  if (new URL(url).origin !== window.location.origin) window.name = ""; // it may hold what this tab keeps
  if (method === "wechat" && /MicroMessenger/i.test(navigator.userAgent)) window.location.replace(url);
  else window.location.assign(url);
}

/**
 * Has WeChat's own browser show its sheet. What that says of money is not believed: the shop is asked.
 * @param {OrderStatus["payment"]} payment
 */
function askWechat({ appId, timeStamp, nonceStr, package: prepaid, signType, paySign }) {
  const wanted = { appId, timeStamp, nonceStr, package: prepaid, signType, paySign };
  const late = window.setTimeout(() => tell(say("paying.failed")), PATIENCE);
  const ask = () => {
    window.clearTimeout(late);
    window.WeixinJSBridge?.invoke("getBrandWCPayRequest", wanted, ({ err_msg: said }) => {
      if (said.endsWith(":ok")) look(true);
      else tell(say(said.endsWith(":cancel") ? "paying.left" : "paying.failed"));
    });
  };
  if (window.WeixinJSBridge) ask();
  else document.addEventListener("WeixinJSBridgeReady", ask, { once: true });
}

/**
 * The method does not work here: says why, and chooses one that does.
 * @param {string} method
 * @param {string | undefined} why
 */
async function elsewhere(method, why) {
  if (!list.length) await ask();
  list = list.map((each) => (each.method === method ? { method, why: /** @type {PayMethod["why"]} */ (why) } : each));
  paintMethods(list);
  const values = { method: methodName(method), why: say(`methods.why.${why}`), next: methodName(chosenMethod()) };
  tell(say(chosenMethod() === method ? "paying.nowhere" : "paying.elsewhere", values));
}

/** @param {boolean} now */
function setBusy(now) {
  busy = now;
  paint();
}

/**
 * Says how paying goes, until there is other news.
 * @param {string} text
 */
function tell(text) {
  write(part("pay-told"), text);
}

/**
 * Draws a code from its modules, dark ones as 1, in a quiet zone of four.
 * @param {string[]} rows
 */
function draw(rows) {
  const dark = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  );
  one("svg", part("qr")).setAttribute("viewBox", `-4 -4 ${rows.length + 8} ${rows.length + 8}`);
  one("path", part("qr")).setAttribute("d", dark.join(""));
}

part("method-list").addEventListener("change", paint);
part("pay").addEventListener("click", () => {
  if (!order) return;
  const { method, url = "" } = order.payment;
  if (method === "sandbox" && chosenMethod() === method) leave(url, method);
  else pay(order, chosenMethod());
});
part("paid").addEventListener("click", () => look(true));
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) setBusy(false);
});
