/**
 * Finds pages by what somebody typed. Chinese is written without blanks, so it is looked for by every two characters that
 * stand side by side: whatever piece of a title is typed, it is found, and a question finds what it has in common with a
 * page. A short form (鲜参 for 鲜人参) is found where its characters follow each other in a title. Words of other scripts
 * are found by their beginnings; they may be pinyin too, whole or by initials. What is found nowhere is looked for as a
 * slip of the keys. Rare pieces tell more than common ones, and goods come before what tells of them.
 */

import { bySlip, bySound } from "./slips.js";

const HAN = /[\u3400-\u9fff]+/g;
const HAS_HAN = /[\u3400-\u9fff]/;
const WORD = /[\p{L}\p{N}]+/gu;
const SHORT = 4; // characters of a name, at most, that somebody shortens
const GOODS_FIRST = 2;
const MOST = 200; // characters of a query that are looked at
/** What questions are made of, and what tells nothing of what is asked for. */
const ASKING =
  /请问|为什么|什么时候|什么|怎么样|怎么办|怎么|多少钱?|哪里|哪儿|有没有|能不能|可不可以|可以|我想买?|[吗呢吧啊]/g;
const COMMON = new Set(
  (
    "a an and any are be buy can could did do does for from get give have how i if in is it its long many me much my of on " +
    "or our please take that the there they this to us want was we what when where which who why will with you your"
  ).split(" "),
);

/** @param {string} text */
const fold = (text) =>
  text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase();

/**
 * A word without its English ending, where enough of it stays: shipping, shipped and ships are ship.
 * @param {string} word
 */
function stem(word) {
  const short = word.replace(/(?:ing|ies|ed|es|s)$/, "");
  return short.length < 3 || short === word ? word : short.replace(/([b-df-hj-np-tv-z])\1$/, "$1");
}

/**
 * What a query asks for: pairs of Chinese characters (one by itself where it has no neighbour), and words.
 * @param {string} query
 * @returns {{pairs: string[], words: string[]}}
 */
function piecesOf(query) {
  /** @type {Set<string>} */
  const pairs = new Set();
  const bare = query.replace(ASKING, " ");
  const rest = (/[\p{L}\p{N}]/u.test(bare) ? bare : query).replace(HAN, (run) => {
    if (run.length === 1) pairs.add(run);
    for (let at = 0; at < run.length - 1; at += 1) pairs.add(run.slice(at, at + 2));
    return " ";
  });
  const words = [...new Set(rest.match(WORD) || [])];
  const telling = words.filter((word) => !COMMON.has(word));
  return { pairs: [...pairs], words: telling.length ? telling : words };
}

/**
 * What is looked through, of the file's rows; folded once.
 * @param {SearchRow[]} rows
 * @returns {SearchEntry[]}
 */
export const readied = (rows) =>
  rows.map(([shelf, path, title, summary, words, picture, price, also, sounds, skus, unit]) => ({
    page: { shelf, path, title, summary, picture, price, skus: skus ? skus.split(" ") : [], unit },
    fields: [
      [fold(title), 8],
      [fold(also), 6],
      [fold(summary), 3],
      [fold(words), 1],
    ],
    sounds: sounds ? sounds.split(",").map((word) => word.split(" ")) : [],
  }));

/**
 * @param {string} text
 * @param {string} piece
 */
const holds = (text, piece) => {
  if (HAS_HAN.test(piece)) return text.includes(piece);
  for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || HAS_HAN.test(text[at - 1])) return true;
  }
  return false;
};

/**
 * The short names that a query may be made of, as patterns.
 * @param {string} query
 */
const shortened = (query) =>
  (query.match(HAN) || [])
    .filter((run) => run.length > 1 && run.length <= SHORT)
    .map((run) => new RegExp([...run].join("[\\u3400-\\u9fff]*")));

/**
 * How much a piece tells of a page, by the fields that hold it.
 * @param {string} piece
 * @returns {Weigh}
 */
const byPiece =
  (piece) =>
  ({ fields }) =>
    fields.reduce((sum, [text, worth]) => sum + (holds(text, piece) ? worth : 0), 0);

/**
 * How much a short name tells of a page, by its title alone.
 * @param {RegExp} pattern
 * @returns {Weigh}
 */
const byShortName = (pattern) => (entry) => {
  const [title, worth] = entry.fields[0];
  return pattern.test(title) ? worth / 2 : 0;
};

/**
 * The ways to look for words that are not Chinese: each by itself and, as pinyin is typed, all of them in one.
 * @param {SearchEntry[]} entries
 * @param {string[]} words
 * @returns {Weigh[]}
 */
function waysOf(entries, words) {
  const whole = words.join("");
  const found = words.map((word) => byPiece(stem(word)));
  const sounding = [bySound(whole), ...(words.length > 1 ? words.map(bySound) : [])];
  const missed = words.filter((_, place) => !entries.some(found[place]));
  const heard = entries.some(sounding[0]);
  if (heard || !missed.length) return [...found, ...sounding];
  return [...found, ...sounding, ...[...new Set([whole, ...missed])].map((word) => bySlip(word, stem(word)))];
}

/**
 * The pages that have something in common with the query, the best first.
 * @param {SearchEntry[]} entries
 * @param {string} query
 * @returns {SearchPage[]}
 */
export function rank(entries, query) {
  const asked = fold(query).slice(0, MOST).trim();
  const { pairs, words } = piecesOf(asked);
  const ways = [...pairs.map(byPiece), ...shortened(asked).map(byShortName), ...waysOf(entries, words)];
  /** @type {Map<SearchEntry, number>} */
  const scores = new Map();
  for (const weigh of ways) {
    const found = entries.map((entry) => ({ entry, weight: weigh(entry) })).filter(({ weight }) => weight);
    const rarity = Math.log(1 + entries.length / (found.length || 1));
    for (const { entry, weight } of found) scores.set(entry, (scores.get(entry) || 0) + weight * rarity);
  }
  const whole = asked.replace(/\s+/g, "");
  for (const [entry, score] of scores) {
    const [title] = entry.fields[0];
    const same = title.replace(/\s+/g, "");
    const bonus = same === whole ? 3 : same.includes(whole) ? 2 : 1;
    scores.set(entry, score * bonus * (entry.page.shelf === "products" ? GOODS_FIRST : 1));
  }
  return [...scores].sort(([, one], [, other]) => other - one).map(([entry]) => entry.page);
}

/**
 * The title in parts, those that were asked for marked: [[text, marked], …].
 * @param {string} title
 * @param {string} query
 * @returns {[string, boolean][]}
 */
export function marked(title, query) {
  const folded = fold(title);
  if (folded.length !== title.length) return [[title, false]];
  /** @type {boolean[]} */
  const on = new Array(title.length).fill(false);
  const { pairs, words } = piecesOf(fold(query).slice(0, MOST));
  for (const piece of [...pairs, ...words.map(stem)]) {
    for (let at = folded.indexOf(piece); at >= 0; at = folded.indexOf(piece, at + 1))
      on.fill(true, at, at + piece.length);
  }
  /** @type {[string, boolean][]} */
  const parts = [];
  [...on.keys()].forEach((at) => {
    if (at && on[at] === on[at - 1]) parts[parts.length - 1][0] += title[at];
    else parts.push([title[at], on[at]]);
  });
  return parts;
}
