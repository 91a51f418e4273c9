/**
 * The codes on our own labels: CB, the order's number, the label's revision, two check digits. The twin of
 * chalicelib/domain/packing/codes.py, where it is explained: both are held to tests/functions/domain/packing/codes.json.
 */

const CODE = /^CB([0-9]{20})([0-9]{2})[0-9]{2}$/;
const MOST_REVISIONS = 100;
/** Half of a label, or more than one: a carrier's number may begin with CB too, and ends with letters then. */
const PIECES = /^(?:CB[0-9]+)(?:CB?[0-9]*)*$|^B?[0-9]{21,}$/;
/** Of a carrier: letters, digits and dashes, at least six of them digits. */
const NUMBER = /^(?=(?:[A-Z-]*[0-9]){6})[0-9A-Z-]{8,32}$/;
/** Barcodes of goods made in China, by the numbers that GS1 gives out there. */
const GOODS = /^69[0-9]{11}$/;

/**
 * The code of a label.
 * @param {string} order
 * @param {number} revision
 */
export function codeOf(order, revision) {
  const digits = `${order}${String(revision % MOST_REVISIONS).padStart(2, "0")}`;
  const check = BigInt(98) - ((BigInt(digits) * BigInt(100)) % BigInt(97));
  return `CB${digits}${String(check).padStart(2, "0")}`;
}

/**
 * What a scan says, in full width, in small letters or with blanks as an input method left it; null for half a scan, two
 * in one, or the code of anything else.
 * @param {string} scanned
 * @returns {{order: string, revision: number} | null}
 */
export function labelIn(scanned) {
  const text = plain(scanned);
  const found = CODE.exec(text);
  if (!found) return null;
  const revision = Number(found[2]);
  return text === codeOf(found[1], revision) ? { order: found[1], revision } : null;
}

/**
 * A scan as it was meant: half width, capital letters, no blanks.
 * @param {string} scanned
 */
export const plain = (scanned) => scanned.normalize("NFKC").replace(/\s+/g, "").toUpperCase();

/** @typedef {{kind: "label", order: string, revision: number} | {kind: "number", number: string} | {kind: "half" | "goods" | "nothing"}} Scan */

/**
 * What was scanned, by the readings of one scan, of which an input method may have spoiled some: one of our labels,
 * before anything that may be a carrier's number; half of a label, or two in one; goods; or nothing that is known.
 * @param {string[]} readings
 * @returns {Scan}
 */
export function scanIn(readings) {
  const texts = readings.map(plain).filter(Boolean);
  for (const text of texts) {
    const label = labelIn(text);
    if (label) return { kind: "label", ...label };
  }
  if (texts.some((text) => PIECES.test(text))) return { kind: "half" };
  if (texts.some((text) => GOODS.test(text))) return { kind: "goods" };
  const number = texts.find((text) => NUMBER.test(text));
  return number ? { kind: "number", number } : { kind: "nothing" };
}
