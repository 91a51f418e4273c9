/**
 * Finds a page by how its Chinese sounds (labaicai, la bai cai, lbc, labc for 辣白菜), and by words that differ from its own
 * by a slip of the keys: one letter wrong, missing, too many or changed with its neighbour, two in words of eight letters.
 */

const LATIN = /[a-z]{3,}/g;
const LEAST = 4; // letters of a word in which a slip is looked for
const LONG = 8; // letters of a word that may have two
const BY_SOUND = 6;
const BY_SLIP = 3;

/**
 * How many syllables from `at` on the letters spell, each whole or by its first letter, the last as far as it is typed;
 * 0 where they do not.
 * @param {string} letters
 * @param {string[]} syllables
 * @param {number} at
 * @returns {number}
 */
function spelt(letters, syllables, at) {
  if (!letters) return 0;
  const syllable = syllables[at];
  if (!syllable || letters[0] !== syllable[0]) return 0;
  if (syllable.startsWith(letters)) return 1;
  for (const size of [syllable.length, 1]) {
    if (!letters.startsWith(syllable.slice(0, size))) continue;
    const rest = spelt(letters.slice(size), syllables, at + 1);
    if (rest) return rest + 1;
  }
  return 0;
}

/**
 * How much letters tell of a page, as pinyin: more where they spell a word from its beginning, and most where all of it.
 * @param {string} letters
 * @returns {Weigh}
 */
export const bySound =
  (letters) =>
  ({ sounds }) => {
    if (letters.length < 2 || !/^[a-z]+$/.test(letters)) return 0;
    let best = 0;
    for (const syllables of sounds) {
      for (const at of syllables.keys()) {
        const count = spelt(letters, syllables, at);
        if (count < 2 && letters !== syllables[at]) continue;
        const whole = at === 0 && count === syllables.length;
        best = Math.max(best, BY_SOUND * (whole ? 1 : at === 0 ? 0.7 : 0.5) * (count < 2 ? 0.5 : 1));
      }
    }
    return best;
  };

/**
 * A query with its Chinese as it sounds: 木尔 is muer, as 木耳 is.
 * @param {string} query
 * @param {Record<string, string>} characters those of each syllable
 */
export const spelled = (query, characters) =>
  query.replace(
    /[\u3400-\u9fff]/g,
    (one) => Object.keys(characters).find((key) => characters[key].includes(one)) ?? one,
  );

/**
 * Whether two words differ by at most so many slips.
 * @param {string} one
 * @param {string} other
 * @param {number} most
 */
export function near(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return false;
  /** @type {number[]} */
  let before = [];
  let row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    if (Math.min(...next) > most) return false;
    before = row;
    row = next;
  }
  return row[other.length] <= most;
}

/**
 * How much a word tells of a page that has it only but for a slip, in its names, its summary or how these sound.
 * @param {string} word
 * @param {string} stem the same without its ending
 * @returns {Weigh}
 */
export function bySlip(word, stem) {
  const most = word.length >= LONG ? 2 : 1;
  /** @param {string} other */
  const like = (other) => near(word, other, most) || (stem.length >= LEAST && near(stem, other, 1));
  return ({ fields, sounds }) => {
    if (word.length < LEAST || !/^[a-z]+$/.test(word)) return 0;
    const names = `${fields[0][0]} ${fields[1][0]}`.match(LATIN) || [];
    const spoken = sounds.flatMap((syllables) => syllables.map((_, at) => syllables.slice(at).join("")));
    if ([...names, ...sounds.map((syllables) => syllables.join(""))].some(like)) return BY_SLIP;
    return [...(fields[2][0].match(LATIN) || []), ...spoken].some(like) ? BY_SLIP / 2 : 0;
  };
}
