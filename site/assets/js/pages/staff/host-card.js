/** The card of what is pinned: what to say of it, what not, and what buyers ask; for the host's eyes alone. */

import { unlessAway } from "../../core/api.js";
import { lang, part, show, write } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";

/** @typedef {import("../../../../types/openapi").components["schemas"]["Cards"]["cards"]} Cards */

/** @type {Cards} */
let cards = {};
let painted = "";

/** Fetches the cards; without a network they are asked for again with the next room. */
export async function fetchCards() {
  try {
    /** @type {Answer<"cards"> | null} */
    const answer = await callAsStaff("/api/staff/cards");
    if (answer?.status === 200) ({ cards } = answer.data);
    painted = "";
  } catch (error) {
    unlessAway(error);
  }
}

/** @param {string | null | undefined} product */
export const cardOf = (product) => (product ? (cards[product] ?? null) : null);

/** @param {string | null | undefined} product what is pinned */
export function paintCard(product) {
  const card = cardOf(product);
  show(part("card"), Boolean(card));
  if (!card || painted === product) return;
  painted = product ?? "";
  const { points, wording, answers, warnings } = card;
  fill("card-points", [...warnings.map((one) => one[lang]), ...points], (text) => item(text));
  fill("card-wording", wording, ({ avoid, say }) => item(avoid, say));
  fill("card-answers", answers, ({ question, answer }) => item(question, answer));
  show(part("card-sample"), card.sample);
}

/**
 * Writes a list, and hides it with its heading where it is empty.
 * @template One
 * @param {string} name
 * @param {One[]} entries
 * @param {(entry: One) => HTMLElement} write
 */
function fill(name, entries, write) {
  const list = part(name);
  list.replaceChildren(...entries.map(write));
  const box = list.parentElement;
  if (box) show(box, entries.length > 0);
}

/**
 * @param {string} first
 * @param {string} [second]
 */
function item(first, second) {
  const row = document.createElement("li");
  for (const [text, name] of [
    [first, "b"],
    [second, "span"],
  ]) {
    if (!text) continue;
    const words = document.createElement(second ? String(name) : "span");
    write(words, text);
    row.append(words);
  }
  return row;
}
