/**
 * Finds pages by what somebody typed. Chinese is written without blanks, so it is looked for by every two characters that
 * stand side by side: whatever piece of a title is typed, it is found, and a question finds what it has in common with a
 * page. A short form (鲜参 for 鲜人参) is found where its characters follow each other in a title. Words of other scripts
 * are found by their beginnings. Rare pieces tell more than common ones, and goods come before what tells of them.
 */

const HAN = /[\u3400-\u9fff]+/g;
const HAS_HAN = /[\u3400-\u9fff]/;
const WORD = /[\p{L}\p{N}]+/gu;
const SHORT = 4; // characters of a name, at most, that somebody shortens
const GOODS_FIRST = 2;
const MOST = 200; // characters of a query that are looked at

/** @param {string} text */
const fold = (text) => text.normalize("NFKC").toLowerCase();

/**
 * The pieces of a query; a Chinese character by itself is one where it has no neighbour.
 * @param {string} query
 * @returns {string[]}
 */
function piecesOf(query) {
  /** @type {Set<string>} */
  const pieces = new Set();
  const rest = query.replace(HAN, (run) => {
    if (run.length === 1) pieces.add(run);
    for (let at = 0; at < run.length - 1; at += 1) pieces.add(run.slice(at, at + 2));
    return " ";
  });
  for (const word of rest.match(WORD) || []) pieces.add(word.length > 3 ? word.replace(/s$/, "") : word);
  return [...pieces];
}

/**
 * What is looked through, of the file's rows; folded once.
 * @param {SearchRow[]} rows
 * @returns {SearchEntry[]}
 */
export const readied = (rows) =>
  rows.map(([shelf, path, title, summary, words, picture, price]) => ({
    page: { shelf, path, title, summary, picture, price },
    fields: [
      [fold(title), 8],
      [fold(summary), 3],
      [fold(words), 1],
    ],
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
 * @returns {(entry: SearchEntry) => number}
 */
const byPiece =
  (piece) =>
  ({ fields }) =>
    fields.reduce((sum, [text, worth]) => sum + (holds(text, piece) ? worth : 0), 0);

/**
 * How much a short name tells of a page, by its title alone.
 * @param {RegExp} pattern
 * @returns {(entry: SearchEntry) => number}
 */
const byShortName = (pattern) => (entry) => {
  const [title, worth] = entry.fields[0];
  return pattern.test(title) ? worth / 2 : 0;
};

/**
 * The pages that have something in common with the query, the best first.
 * @param {SearchEntry[]} entries
 * @param {string} query
 * @returns {SearchPage[]}
 */
export function rank(entries, query) {
  const asked = fold(query).slice(0, MOST).trim();
  const ways = [...piecesOf(asked).map(byPiece), ...shortened(asked).map(byShortName)];
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
  for (const piece of piecesOf(fold(query).slice(0, MOST))) {
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
