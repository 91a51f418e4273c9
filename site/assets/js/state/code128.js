/** Draws Code 128, as labels have it: letters in subset B, digits in pairs in subset C. */

/** How wide the bars and gaps of each value are, in modules: 0 to 102 data, 103 to 105 starts, 106 the stop. */
const WIDTHS = (
  "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 " +
  "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 " +
  "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 " +
  "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 " +
  "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 " +
  "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 " +
  "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split(" ");
const [TO_C, TO_B, START_B, START_C, STOP] = [99, 100, 104, 105, 106];
const RUN = 4; // digits from which subset C is shorter

/**
 * The values of a text of printable ASCII, with starts, changes of subset, check and stop.
 * @param {string} text
 * @returns {number[]}
 */
function valuesOf(text) {
  if (!/^[ -~]+$/.test(text)) throw new RangeError(`Code 128 of the subset B has no sign for all of ${text}`);
  let pairs = digitsAt(text, 0) >= RUN;
  const values = [pairs ? START_C : START_B];
  for (let at = 0; at < text.length; ) {
    const digits = digitsAt(text, at);
    if (pairs && digits >= 2) {
      values.push(Number(text.slice(at, at + 2)));
      at += 2;
    } else if (pairs) {
      values.push(TO_B);
      pairs = false;
    } else if (digits >= RUN && digits % 2 === 0) {
      values.push(TO_C);
      pairs = true;
    } else {
      values.push(text.charCodeAt(at) - 32);
      at += 1;
    }
  }
  const check = values.reduce((sum, value, place) => sum + value * Math.max(1, place), 0) % 103;
  return [...values, check, STOP];
}

/**
 * How many digits begin there.
 * @param {string} text
 * @param {number} at
 */
const digitsAt = (text, at) => /^[0-9]*/.exec(text.slice(at))?.[0].length ?? 0;

/**
 * The bars of a text as a path one unit high, and how many modules wide that is, without its quiet zones.
 * @param {string} text
 */
export function barsOf(text) {
  let width = 0;
  let path = "";
  for (const value of valuesOf(text)) {
    [...WIDTHS[value]].forEach((modules, place) => {
      if (place % 2 === 0) path += `M${width} 0h${modules}v1h-${modules}z`;
      width += Number(modules);
    });
  }
  return { width, path };
}
