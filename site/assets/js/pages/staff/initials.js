/** The first letters of what Chinese words sound like, so that 辣白菜 is found by "lbc". */

/**
 * The first character of each letter's part of a Chinese list in the order of its sounds; no syllable begins with i, u or v.
 * @type {[string, string][]}
 */
const FIRST = [
  ["a", "吖"],
  ["b", "八"],
  ["c", "嚓"],
  ["d", "咑"],
  ["e", "妸"],
  ["f", "发"],
  ["g", "旮"],
  ["h", "铪"],
  ["j", "丌"],
  ["k", "咔"],
  ["l", "垃"],
  ["m", "妈"],
  ["n", "拏"],
  ["o", "噢"],
  ["p", "妑"],
  ["q", "七"],
  ["r", "呥"],
  ["s", "仨"],
  ["t", "他"],
  ["w", "屲"],
  ["x", "夕"],
  ["y", "丫"],
  ["z", "帀"],
];
/** How a character sounds in the names of goods, where lists go by another of its sounds: 人参 is rén shēn. */
const READ = new Map([["参", "s"]]);
const HAN = /\p{Script=Han}/u;
const order = new Intl.Collator("zh-u-co-pinyin");
/** Whether this browser knows how Chinese sounds; where it does not, names are found by their characters alone. */
const knows = order.compare("安", "波") < 0 && order.compare("波", "做") < 0;

/**
 * Returns the first letter of each Chinese character's sound, and what is no Chinese as it is, in small letters.
 * @param {string} text
 */
export function initials(text) {
  return [...text].map((sign) => (knows && HAN.test(sign) ? initial(sign) : sign.toLowerCase())).join("");
}

/** @param {string} sign */
function initial(sign) {
  let found = READ.get(sign) ?? "";
  if (found) return found;
  found = "a";
  for (const [letter, first] of FIRST) {
    if (order.compare(sign, first) < 0) break;
    found = letter;
  }
  return found;
}
