/**
 * What the buyer is asked where the village cannot keep its promise: a later day, a part now, or money back. Each choice
 * says what it means before it is made. It is loaded for the few orders of which something is asked.
 */

import { call, unlessAway } from "../../core/api.js";
import { day, money, part, say, show, when, write } from "../../core/page.js";
import "../../core/words-offline.js";
import "../../core/words-question.js";

/** @typedef {NonNullable<OrderStatus["questions"]>[number]} Question */
/** @typedef {"later" | "part" | "money"} QuestionChoice */

let painted = "";
/** @type {QuestionChoice | ""} */
let chosen = "";

/**
 * Shows the first question that is open, else what was chosen last.
 * @param {OrderStatus} order
 * @param {Key} key
 * @param {(order: OrderStatus) => void} hear
 */
export function paintQuestion(order, key, hear) {
  const questions = order.questions ?? [];
  const open = questions.find(({ choice }) => !choice);
  const shown = open ?? questions[questions.length - 1];
  const now = JSON.stringify([shown, order.ship_by]);
  if (now === painted) return; // nothing is taken from under a finger
  painted = now;
  chosen = "";
  const box = part("question");
  show(box, Boolean(shown));
  if (open) ask(box, open, order, key, hear);
  else if (shown?.choice) box.replaceChildren(text("p", answerOf(shown.choice, order)));
}

/**
 * @param {HTMLElement} box
 * @param {Question} question
 * @param {OrderStatus} order
 * @param {Key} key
 * @param {(order: OrderStatus) => void} hear
 */
function ask(box, question, order, key, hear) {
  const until = say("question.until", { until: when(question.until) });
  const words = say(`question.${question.why}`, { day: day(question.ship_by), goods: goodsOf(question, order) });
  const told = text("p", "");
  told.setAttribute("role", "status");
  const count = keepSelect(question);
  const sure = button("", "button");
  const buttons = choices(question).map((choice) => {
    const one = button(say(`question.${choice}`), "button plain answer");
    one.dataset.choice = choice;
    one.append(text("small", meaningOf(choice, question, order)));
    one.addEventListener("click", () => choose(choice));
    return one;
  });
  const confirm = document.createElement("div");
  confirm.tabIndex = -1;
  confirm.append(count.label, sure);
  show(confirm, false);
  box.replaceChildren(
    text("h2", say("question.title")),
    text("p", words),
    ...buttons,
    confirm,
    told,
    text("p", until, "small"),
  );

  /** @param {QuestionChoice} choice */
  function choose(choice) {
    chosen = choice;
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.choice === choice));
    show(count.label, choice === "part" && count.most > 1);
    write(sure, sureOf());
    show(confirm);
    confirm.focus();
  }

  const keep = () => (chosen === "part" ? count.value() : 0);
  const sureOf = () =>
    say(`question.sure_${chosen}`, {
      day: question.later ? day(question.later) : "",
      amount: money(question.money_back?.[keep()] ?? 0),
      count: keep(),
    });
  count.label.addEventListener("change", () => write(sure, sureOf()));
  sure.addEventListener("click", async () => {
    if (!chosen || sure.disabled) return;
    sure.disabled = true;
    write(told, "");
    try {
      const body = JSON.stringify({ question: question.question, choice: chosen, keep: keep() });
      /** @type {Answer<"answerQuestion">} */
      const answer = await call(`/api/orders/${key.order}/answer`, { method: "POST", token: key.token, body });
      if (answer.status === 200) hear(answer.data);
      else write(told, say("question.changed"));
    } catch (error) {
      unlessAway(error);
      write(told, say("offline.shop"));
    } finally {
      sure.disabled = false;
    }
  });
}

/**
 * @param {Question} question
 * @returns {QuestionChoice[]}
 */
function choices({ later, money_back: back = [] }) {
  return [
    ...(later ? [/** @type {const} */ ("later")] : []),
    ...(back.length > 1 ? [/** @type {const} */ ("part")] : []),
    "money",
  ];
}

/**
 * What a choice means in money and days.
 * @param {QuestionChoice} choice
 * @param {Question} question
 * @param {OrderStatus} order
 */
function meaningOf(choice, { later, money_back: back = [], lines, ship_by: then }, order) {
  if (choice === "later") return say("question.later_means", { day: day(later ?? then) });
  if (choice === "part")
    return say("question.part_means", { day: day(then), amount: money(back[back.length - 1] ?? 0) });
  const asked = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const all = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return say(asked < all ? "question.money_means_rest" : "question.money_means", { amount: money(back[0] ?? 0) });
}

/**
 * @param {Question} question
 * @param {OrderStatus} order
 */
function goodsOf({ lines }, order) {
  const names = new Map(order.lines.map(({ sku, name }) => [sku, name || sku]));
  return lines.map(({ sku, quantity }) => `${quantity} × ${names.get(sku) ?? sku}`).join(" · ");
}

/**
 * @param {NonNullable<Question["choice"]>} choice
 * @param {OrderStatus} order
 */
const answerOf = (choice, { ship_by: then }) => say(`question.answered_${choice}`, { day: day(then) });

/**
 * How many units are taken now: as many as may be, unless the buyer wants fewer.
 * @param {Question} question
 */
function keepSelect({ money_back: back = [] }) {
  const most = back.length - 1;
  const label = document.createElement("label");
  const select = document.createElement("select");
  for (let units = most; units >= 1; units -= 1) select.append(new Option(String(units)));
  label.append(`${say("question.keep")} `, select);
  return { label, most, value: () => Number(select.value) };
}

/**
 * @param {string} tag
 * @param {string} words
 * @param {string} [look]
 */
function text(tag, words, look = "") {
  const element = document.createElement(tag);
  element.textContent = words;
  element.className = look;
  return element;
}

/**
 * @param {string} words
 * @param {string} look
 */
function button(words, look) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = look;
  element.textContent = words;
  return element;
}
