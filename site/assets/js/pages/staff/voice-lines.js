/** What the voice in the host's ear says: from what the shop told before and tells now. It says each fact once. */

import { count, lang, say, shipsBy } from "../../core/page.js";
import "../../core/words-host.js";

/** @typedef {{avoid: string, say: string}} Wording */

const FEW = [50, 20, 10, 5, 3, 2, 1, 0]; // units left at which a host wants to know

/**
 * Returns what is to be said, in order; `said` holds the facts that were, and gets those that are said now.
 * @param {RoomConsole | null} before
 * @param {RoomConsole} after
 * @param {Wording[]} wording of what is pinned
 * @param {Set<string>} said
 */
export function linesOf(before, after, wording, said) {
  const { showing } = after;
  /** @type {[string, string][]} */
  const facts = [];
  if (showing && before) {
    const pin = `${showing.sku} ${showing.since}`;
    const same = before.showing && `${before.showing.sku} ${before.showing.since}` === pin ? before.showing : null;
    const [was, is] = [same && sold(same, before.now), sold(showing, after.now)];
    if (!was) facts.push(...pinned(pin, after, wording));
    else if (was.drop === is.drop) facts.push(...fewer(pin, was, is, showing.unit), ...later(pin, was, is));
  }
  const fresh = facts.filter(([fact]) => !said.has(fact));
  for (const [fact] of fresh) said.add(fact);
  return fresh.map(([, line]) => line);
}

/**
 * What was pinned, what may not be said of it, and what follows.
 * @param {string} pin
 * @param {RoomConsole} told
 * @param {Wording[]} wording
 * @returns {[string, string][]}
 */
function pinned(pin, { showing, stock, next }, wording) {
  const following = next ? stock[next] : null;
  return [
    [`${pin} pinned`, say("host.voice.pinned", { name: showing?.name[lang] })],
    .../** @type {[string, string][]} */ (
      wording.map(({ avoid, say: words }) => [`${pin} ${avoid}`, say("host.voice.avoid", { avoid, words })])
    ),
    .../** @type {[string, string][]} */ (
      following ? [[`${pin} next ${next}`, say("host.voice.next", { name: following.name[lang] })]] : []
    ),
  ];
}

/** What is for sale, in which drop. @typedef {{drop: string, left: number, ship_by: string | null}} Sold */

/**
 * What is for sale: the drop while it is on, else the goods.
 * @param {NonNullable<Showing>} showing
 * @param {string} now
 * @returns {Sold}
 */
function sold({ drop, left, ship_by }, now) {
  return drop && Date.parse(drop.opens) <= Date.parse(now) ? drop : { drop: "", left, ship_by };
}

/**
 * The lowest threshold that was crossed: of a rush only the last is news.
 * @param {string} pin
 * @param {Sold} was
 * @param {Sold} is
 * @param {Both} unit
 * @returns {[string, string][]}
 */
function fewer(pin, was, { drop, left }, unit) {
  const crossed = FEW.filter((few) => was.left > few && left <= few);
  if (!crossed.length) return [];
  const few = crossed[crossed.length - 1];
  const words = left > 0 ? say("host.voice.left", { left: count(left, unit[lang]) }) : say("host.voice.none_left");
  return [[`${pin} ${drop} ${few}`, words]];
}

/**
 * @param {string} pin
 * @param {Sold} was
 * @param {Sold} is
 * @returns {[string, string][]}
 */
function later(pin, was, { ship_by: date }) {
  if (!date || date === was.ship_by) return [];
  return [[`${pin} ${date}`, say("host.voice.date", { when: shipsBy(date) })]];
}
