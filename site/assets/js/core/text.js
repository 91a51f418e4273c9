/**
 * What people type, put into one form: blanks, dots, digits, phones. The twin of chalicelib/domain/text.py, where each rule
 * is explained: both are held to tests/functions/domain/typed.json and phones.json.
 */

const MOST_TYPED = 80;
const NOTHING = /\p{Cf}|\u034f|\u17b4|\u17b5|[\u115f\u1160\u3164\uffa0]/gu;
const BLANKS = /[\t \xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]+/g;
const WIDE = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const ODD = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const LETTER = /[\p{L}\u{20000}-\u{3fffd}]/u;

const HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3fffd}";
const MARKS = "\ufe00-\ufe0f\u{e0100}-\u{e01ef}";
const BULLETS = "\xb7\u0387\u1427\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65";
const DOT_OF_HAN = new RegExp(`([${HAN}][${MARKS}]?) ?[${BULLETS}.\u2024\u3002\ufe52\uff0e\uff61] ?(?=[${HAN}])`, "gu");
const DOT = new RegExp(` ?[${BULLETS}] ?`, "gu");

const LABEL =
  /^(?:我的?|本[人机]|[收寄]货?件?人?|联[系络](?:人|方式)?|移动|手机|电话|号码?|微信|(?:隐私|虚拟)号?|同号?|的|是|为|telephone|tel|phone|ph|mobile|mob|cell|contact|number|no|whatsapp|wechat|[mtv](?=[-.])|[-.~,;、。!?=])+/i;
const REMARK = /(?:收|微信|同号?|号|(?:隐私|虚拟)号?|先生|女士|[-.,;、。!?~#*])+$/;
const SEPARATORS =
  /[ ._/|\\()[\]<>{}【】〔〕《》「」『』"'“”‘’:\xb7\u2022\u2027\u2219\u22c5\u30fb\u2010-\u2015\u2212-]+/g;
const EXTENSION = /(\d)-?(?:(?:[再后]?[转轉拨按]接?|分机(?:号码?)?|内线|extension|extn?|[xw#*,;p~=→、])-?)+(?=\d)/gi;
const MOBILE = /^(?:(?:\+*-?(?:00?-?)?86-?)+\+?)?0?-?(1-?[3-9](?:-?\d){9})(?:-(\d{3,6})|~(\d{1,6}))?$/;

/**
 * Composed, without formats, letters and digits of half width, single blanks, none at its ends.
 * @param {string} text
 */
export const tidy = (text) =>
  text
    .replace(NOTHING, "")
    .replace(WIDE, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .normalize("NFC")
    .replace(BLANKS, " ")
    .replace(/^[ \n\r]+|[ \n\r]+$/g, "");

/**
 * A name tidied, with the one dot between its parts that passports have.
 * @param {string} text
 */
export const tidyName = (text) => tidy(text).replace(DOT_OF_HAN, "$1·").replace(DOT, "·");

/**
 * A note tidied, on one line.
 * @param {string} text
 */
export const tidyNote = (text) => tidy(text.replace(/\s+/g, " "));

/**
 * As a keyboard for letters would have given it.
 * @param {string} text
 */
export const tidyEmail = (text) =>
  tidy(text.normalize("NFKC"))
    .replace(/。/g, ".")
    .replace(/^(?:[ \n\r.,;、<>()[\]"'“”‘’]|(?:mailto|e-?mail|(?:电子)?邮[箱件]):)+|[ \n\r.,;、<>()[\]"'“”‘’]+$/gi, "");

/**
 * Digits of any script as 0 to 9, without blanks, dashes and #.
 * @param {string} text
 */
export const tidyDigits = (text) => plain(text).replace(/[ #\u2010-\u2015\u2212-]/g, "");

/**
 * A mobile number of mainland China as +8613800138000, with an extension as +8618412345678-1234; "" for all else.
 * @param {string} text
 */
export function phone(text) {
  if ([...text].length > MOST_TYPED) return "";
  const number = plain(text).replace(SEPARATORS, "-").replace(LABEL, "").replace(REMARK, "").replace(EXTENSION, "$1~");
  const found = MOBILE.exec(number.replace(/^-+|-+$/g, ""));
  if (!found) return "";
  const extension = found[2] || found[3];
  return `+86${found[1].replace(/-/g, "")}${extension ? `-${extension}` : ""}`;
}

/**
 * Whether it is written as the shop takes e-mail addresses.
 * @param {string} text
 */
export const isEmail = (text) =>
  text.length <= 254 && /^[\w%+-]+(\.[\w%+-]+)*@([0-9A-Za-z-]+\.)+[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]$/.test(text);

/** @param {string} text */
export const isName = (text) => fits(text, 2, 50) && LETTER.test(text);

/** @param {string} text */
export const isStreet = (text) => fits(text, 4, 100);

/** @param {string} text */
export const isNote = (text) => fits(text, 0, 200);

/** @param {string} text */
export const isDistrict = (text) => fits(text, 1, 30);

/**
 * @param {string} text
 * @param {number} least
 * @param {number} most
 */
const fits = (text, least, most) => [...text].length >= least && [...text].length <= most && !ODD.test(text);

/**
 * Compatible forms (NFKC), each digit as 0 to 9, without pictures.
 * @param {string} text
 */
const plain = (text) =>
  tidy(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " "))
    .normalize("NFKC")
    .replace(new RegExp(`[${MARKS}\u20e3]|\\p{So}`, "gu"), "")
    .replace(/\p{Nd}/gu, digit);

/**
 * Digits of any script as 0 to 9.
 * @param {string} text
 */
export const asciiDigits = (text) => text.replace(/\p{Nd}/gu, digit);

/**
 * The value of a digit: scripts have theirs in runs that begin with 0.
 * @param {string} char
 */
function digit(char) {
  const code = char.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}
