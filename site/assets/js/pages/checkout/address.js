/**
 * Reads a whole address as people paste it into one box. Pure: a text and the places that the shop knows give what was
 * found, "" or [] for what was not; `says` names what the shopper should hear besides.
 *
 * Of several people's addresses one is taken: the receiver's, else the first. Then the phone goes, since nothing else looks
 * like it; then the region; then the name. Labels and chat are dropped, and what is left is the street.
 */

import { asciiDigits, phone as mobile, tidy, tidyName } from "../../core/text.js";
import { findRegion } from "./places.js";

/**
 * @typedef {{text: string, gap: string}} Piece
 * @typedef {{at: number, end: number, phone: string}} Spot Where a phone stands, and how the form writes it.
 */

export const LONGEST = 1000; // characters: an address with the chat around it

const PHONE =
  /(?:[(（]?\+?(?:00)?86[)）]?[ .·-]{0,3}|0)?1[3-9]\d(?:[ .·•-]{0,3}\d{4}[ .·•-]{0,3}\d{4}|\d[ .·•-]{1,3}\d{3}[ .·•-]{1,3}\d{4}|\d[ .·•-]{1,3}\d{4}[ .·•-]{1,3}\d{3})(?!\d)/g;
const LOOSE =
  /(?:[(（]?\+?(?:00)?86[)）]?[ .·_/-]{0,3}|0)?[(（]?1[ .·•_/()（）-]{0,3}[3-9](?:[ .·•_/()（）-]{0,3}\d){9}(?!\d)/g; // 1 3 8 0 …
const EXTENSION =
  /^(?:[ ,，;_]*[(（[【]?(?:(?:[再后]?[转轉拨按]接?|分机(?:号码?)?|内线|extn?|[xwp#＃*=~→])[ :：.]*)+(\d{1,6})[)）\]】#]?|[-_](\d{3,4})#(?![\d栋楼])|[-_](\d{3,4})(?![\d号室栋幢楼弄巷座#-])|[,，;；]{1,2}(\d{3,4})(?=$|[\s,，;；]))/i;
const BRACKETED = /[[［【(（](\d{3,4})[\]］】)）]/; // 张三[1234], as marketplaces write an extension
const MASKED_PHONE =
  /(?:\+?86[ -]?)?1[3-9]?\d{0,5}(?: ?(?:[*＊×xX•●?？]{3,}|([-_.·#+=~^\p{S}])\1+|…+|[某叉]{2,4}) ?\d{2,4}|[ -]?[*＊×xX•●?？]{3,})(?!\d)/gu;
const MASKED = /[*＊×]{2,}[号室栋幢楼区县镇村路街]*|[xX]{2,}[号室栋幢楼]+/g;
const MASKED_NAME = /(^|[\s,，;；、:：])\p{Script=Han}{0,2}[*＊]+\p{Script=Han}{0,2}(?=$|[\s,，;；、\d])/gu;
const LANDLINE =
  /(^|[^\d-])(?:座机|固话|电话)?[ :：]*(?:0\d{2,3}[ -]?\d{7,8}|[48]00[ -]?\d{3}[ -]?\d{4})(?:[ -]*(?:转|分机)?[ -]*\d{1,5})?(?!\d)/g;
const POSTCODE = /(^|[\s,，;；])(?:邮政编码|邮编)?\d{6}(?=$|[\s,，;；])/g;
const OTHER_NUMBER =
  /(?:取件码|提货码|验证码|身份证号?码?|订单号?|运单号?)[ :：]*[\dA-Za-z-]{3,}|(^|\D)\d{17}[\dXx](?!\d)/g;

const OTHER_CONTACT = /(?:e-?mail|邮箱|微信号?|QQ号?)[ :：]*[\w.@+-]{3,}|[\w.+-]+@[\w.-]+/gi;

const BY =
  /(?:^|[\s,，;；。、\d])(?:(?:([寄发退][货件]?[人方]?|卖家)|收[货件]?[人方]?|买家)(姓名|信息|资料|地址|手机号?码?|电话)?[ \t]*[:：]|(?:([寄发退][货件][人方])|收[货件][人方])[ \t])/g;
const NAME_LABEL =
  /(^|[\s,，;；。、])(?:(?:收[货件]?[人方]?(?:姓名)?|联系人(?:姓名)?|姓名|名字|name)[ \t]*[:：][ \t]*|(?:收[货件]人|收[货件]姓名|联系人|姓名)[ \t]+)([A-Za-z][^\s,，;；:：、]*(?: (?!tel|phone|mob|cell|addr|contact)[A-Za-z][^\s,，;；:：、\d]*)*|[^\s,，;；:：、]+)/i;
const KIND =
  "(?:收[货件]人?|联系|详细|所在|街道|通讯|家庭|我的)?(?:手机号?码?|电话号?码?|方式|地区|地址|省市区|邮政编码|邮编|座机|固话|备注|留言|tel|phone|mobile|address)";
const LABEL = new RegExp(`${KIND}[ \\t]*(?:是|为)?[ \\t]*[:：]|(^|[\\s,，;；。、])${KIND}(?=[ \\t])`, "gi");
const NOTICE = /(^|\n)\s*【[^】\d]{1,12}】/g; // 【菜鸟驿站】
const CHAT =
  /^[(（]?(?:微信|同微信|微信号?同号|同号|(?:电话|手机|微信)(?:\/(?:电话|手机|微信)?)?|备用|[Qq]{2}|[Vv][Xx])[)）]?$|^(?:麻烦|拜托|你好|您好|谢谢|多谢|感谢|辛苦)|^[收寄地]?[货件址]?[人方]?(?:信息|资料)$|^[买卖]家$|^\d{0,2}$|^(?:好的?|嗯+|哦|收到|可以|在吗|亲+)[呢哈呀啊哦的]*$|[寄发送](?:到|给|往)|地址(?:是|如下)?$|(?:包裹|快[递件]).*(?:到|至|在)$/;

const PLACE = /[路街道巷弄号楼栋幢室层座区县市镇乡村屯组园厦场店柜库司厂校院元户]$/;
const GOODS = /^[^\d路街号]{0,8}[\d一二两三四五六七八九十]+(?:份|瓶|坛|盒|包|斤|件|箱|袋|罐)$/; // what was ordered, not where it goes
const PLACED = new RegExp(`\\d|[）)]$|${PLACE.source}|^(?:请|勿|别|不要|放|周末|工作日|尽快)`); // and what a courier is asked
const SURNAMES =
  "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢谌";
const STUCK = /^(.*[\d号室楼层座栋幢院组村屯户元])((?:\p{Script=Han}{2,}·)+\p{Script=Han}+|\p{Script=Han}{2,4})$/u;
const BULLETED = /(\p{Script=Han}) ?[·•・‧･] ?(?=\p{Script=Han})/gu;

const PHONE_WAS = "\ue001"; // what stands where phone and region were taken out
const OTHER_PHONE = "\ue005";
const REGION_WAS = "\ue002";
const NAME_WAS = "\ue004"; // a name with stars

/**
 * @param {string} pasted
 * @param {Places} places
 * @returns {Address}
 */
export function split(pasted, places) {
  /** @type {Set<"masked" | "landline" | "several">} */
  const says = new Set();
  const { text: own, several } = oneAddress(plain(pasted), places);
  if (several) says.add("several");
  const numbered = own.replace(OTHER_NUMBER, "$1 ").replace(NOTICE, "$1");
  const without = numbered.replace(OTHER_CONTACT, " ");
  const shown = phonesIn(without).length ? without : numbered.replace(OTHER_CONTACT, orPhone); // 微信同电话
  const unmasked = shown.replace(MASKED_PHONE, " ").replace(MASKED_NAME, `$1${NAME_WAS}`).replace(MASKED, " ");
  if (unmasked !== shown) says.add("masked");
  const labelled = NAME_LABEL.exec(unmasked);
  const named = labelled && !/\d{5}/.test(labelled[2]) ? labelled : null;
  const { phone, text } = takePhones(
    (named ? unmasked.replace(named[0], "\n") : unmasked).replace(LABEL, "\n"),
    named?.[2],
  );
  const wired = text.replace(LANDLINE, "$1\n");
  if (wired !== text && !phone) says.add("landline");
  const { region, taken } = findRegion(wired.replace(POSTCODE, "$1"), places, REGION_WAS);
  if (!phone && !region.length) return { name: "", phone: "", region, street: "", rest: "", says: [...says] };
  const pieces = piecesOf(taken);
  const hidden = !named && unmasked.includes(NAME_WAS); // nothing else that stands there is the name
  const name = hidden ? "" : tidyName((named ? bare(named[2]) : takeName(pieces)).replace(NAME_WAS, ""));
  const { street: whole, rest: odd } = streetOf(pieces);
  const { street, rest: second } = oneStreet(whole, name, region, places);
  if (second) says.add("several");
  const rest = [odd, second].filter(Boolean).join(" ");
  return { name, phone, region, street, rest, says: [...says] };
}

/**
 * Lines tidied, digits of all scripts plain, no pictures, one kind of dash, one dot between parts of a name.
 * @param {string} text
 */
const plain = (text) =>
  asciiDigits(
    text
      .split(/\r\n?|[\n\v\f\x85\u2028\u2029]/)
      .map(tidy)
      .join("\n"),
  )
    .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}]|[\ufe0f\u20e3]/gu, (picture) =>
      /[*#\d]/.test(picture) ? picture : " ",
    )
    .replace(/[\u2010-\u2015\u2212\uff0d]/g, "-")
    .replace(/\uff0b/g, "+")
    .replace(/[【[]([寄发收][货件]?[人方]?(?:信息|地址)?)[】\]]/g, "\n$1:")
    .replace(BULLETED, "$1·")
    .replace(/(^|[\s,，;；。])[(（]([寄发收])[货件]?[人方]?[)）]/g, "$1\n$2:")
    .replace(/(^|[\s,，;；。])(\p{Script=Han}{2,4})[(（]([寄收])[件人]*[)）]/gu, "$1\n$3:$2")
    .replace(/(^|[\s,，;；。])([寄收]) +(?=\p{Script=Han}{2,4}[ ,，]*(?:\+?86)?[ -]?1[3-9])/gu, "$1\n$2:")
    .replace(/(^|[^\p{L}])(?:from|sender|shipper) *[:：]/giu, "$1\n寄:")
    .replace(/(^|[^\p{L}])(?:(?:ship|deliver)? *to|receiver|recipient|consignee) *[:：]/giu, "$1\n收:");

/** What was taken for another contact, where it is a phone. @param {string} found */
const orPhone = (found) => (phonesIn(found).length ? found.replace(/^\D+(?=\+|\d)/, " ") : " ");

/**
 * The receiver's address of a text that has the sender's too, else the first of several; `several`, whether others differ.
 * @param {string} text
 * @param {Places} places
 * @returns {{text: string, several: boolean}}
 */
function oneAddress(text, places) {
  const marks = [...text.matchAll(BY)].map((found) =>
    Object.assign(found, { at: (found.index ?? 0) + (/^[寄发退卖收买]/.test(found[0]) ? 0 : 1) }),
  );
  const sent = marks.filter(({ 1: sender, 3: bare }) => sender || bare);
  const own = marks.filter((mark) => !sent.includes(mark));
  if (sent.length && own.length) {
    const start = marks[0] === own[0] ? 0 : own[0].at;
    return { text: text.slice(start, sent.find(({ at }) => at > own[0].at)?.at), several: true };
  }
  const people = own.filter(({ 2: what }) => !what || what === "姓名");
  if (people.length > 1) return cut(text, people[1].at);
  const spots = phonesIn(text);
  if (spots.length < 2) return { text, several: false };
  /** @param {string} part */
  const placed = (part) => findRegion(part, places, REGION_WAS).region.length > 1;
  const between = text.slice(spots[0].end, spots[1].at);
  const head = text.slice(0, spots[0].at);
  const named = /[^\s,，;；。、:：]/.test(head) && !placed(head); // a name before each phone
  const ends = [
    /\n\s*\n/,
    ...(named ? [/[\s,，;；。、](?=[^\s,，;；。、]+[\s,，;；:：]*$)/] : []),
    /\n(?=[^\n]*$)/,
    /^/,
  ]
    .map((pattern) => pattern.exec(between))
    .map((found) => (found ? spots[0].end + found.index : -1));
  const end = ends.find((at) => at > 0 && placed(text.slice(0, at)) && placed(text.slice(at)));
  if (!end) return { text, several: false };
  return cut(text, end, /^\s*[(（]?1[.．、)）]/.test(text) ? /[\s,，;；][(（]?\d{1,2}[.．、)）]*\s*$/ : /$/); // 2. 李四
}

/**
 * @param {string} text
 * @param {number} end
 * @param {RegExp} [number] What counts the second one.
 */
function cut(text, end, number = /$/) {
  /** @param {string} part */
  const said = (part) => part.replace(/[^\p{L}\p{N}]/gu, "");
  return { text: text.slice(0, end).replace(number, ""), several: said(text.slice(0, end)) !== said(text.slice(end)) };
}

/**
 * @param {string} text
 * @returns {Spot[]}
 */
function phonesIn(text) {
  /** @type {Spot[]} */
  const found = [];
  const tight = [...text.matchAll(PHONE)];
  for (const { 0: typed, index = 0 } of tight.length ? tight : text.matchAll(LOOSE)) {
    const number = mobile(typed);
    if (!number || (tight.length ? /\d{5}$|\+$/ : /[\d号室栋幢座楼][- ]?$/).test(text.slice(0, index))) continue;
    const more = EXTENSION.exec(text.slice(index + typed.length));
    const extension = more && (more[1] || more[2] || more[3] || more[4]);
    const end = index + typed.length + (more ? more[0].length : 0);
    found.push({ at: index, end, phone: number.slice(3) + (extension ? `-${extension}` : "") });
  }
  return found;
}

/**
 * The first phone, and the text with a mark where it was; further phones go too, with the brackets that speak of them.
 * @param {string} text
 * @param {string} [name] Where its extension may stand too.
 */
function takePhones(text, name = "") {
  const spots = phonesIn(text);
  if (!spots.length) return { phone: "", text };
  const best = spots.find(({ at }) => !/[(（][^()（）]*$/.test(text.slice(0, at))) || spots[0];
  let left = text;
  for (const spot of [...spots].reverse())
    left = left.slice(0, spot.at) + (spot === best ? PHONE_WAS : OTHER_PHONE) + left.slice(spot.end);
  left = left
    .replace(/[(（][^()（）]*([\ue001\ue005])[^()（）]*[)）]/g, "$1")
    .replace(/(?:备用|另)?(?:手机号?码?|电话号?码?|联系方式|tel\.?|[备另]用?)[ :：]*(?=[\ue001\ue005])/gi, "")
    .replace(/[ /或、]*\ue005/g, " ");
  const bracket = BRACKETED.exec(name) || BRACKETED.exec(left);
  const [number, own] = best.phone.split("-");
  const extension = own || bracket?.[1];
  if (bracket && bracket[1] === extension) left = left.split(bracket[0]).join(" ");
  return { phone: extension ? `${number}-${extension}` : number, text: left };
}

/** A name without what stands behind it. @param {string} text */
const bare = (text) =>
  text
    .replace(/^(?:\d{1,2}[.．)）]|收[货件]人|联系人|姓名|[#“"'「『\s])+|[#”"'」』。]+$/g, "")
    .replace(/(?:[(（](?:收|亲?启)[)）]|收|亲启|[[［【(（]\d{3,4}[\]］】)）])+$/, "");

/**
 * What stands between separators, in order: {text, gap}, `gap` being what stood before it.
 * @param {string} text
 * @returns {Piece[]}
 */
function piecesOf(text) {
  const spaced = text
    .replace(/\/*([\ue001\ue002])\/*/g, "$1")
    .replace(/([\p{Script=Latin}.]) +(?=\p{Script=Latin})|(\p{Script=Arabic}) +(?=\p{Script=Arabic})/gu, "$1$2\ue003") // Michael Wang is one name
    .replace(/(^|[\s,，\ue001\ue002])(\p{Script=Han}) +(\p{Script=Han})(?=[\s,，\ue001\ue002]|$)/gu, "$1$2$3"); // 李 四 too
  /** @type {Piece[]} */
  const pieces = [];
  let gap = "";
  for (const piece of spaced.match(/[\ue001\ue002]|[\s,，;；:：、|]+|[^\s,，;；:：、|\ue001\ue002]+/g) || []) {
    if (/^[\s,，;；:：、|\ue002]/.test(piece)) gap += piece;
    else if (!/^(?:收|亲|。)$/.test(piece) && !(CHAT.test(piece) && !/\d/.test(piece))) {
      pieces.push({ text: piece, gap });
      gap = "";
    }
  }
  return pieces;
}

/**
 * Takes the name out of the pieces: the shortest that may be one, rather beside the phone, rather no place.
 * @param {Piece[]} pieces
 */
function takeName(pieces) {
  /** @param {number} index */
  const beside = (index) => [index - 1, index + 1].some((near) => pieces[near] && pieces[near].text === PHONE_WAS);
  let best = { cost: 12, index: -1, name: "", street: "" };
  pieces.forEach(({ text, gap }, index) => {
    const name = bare(text);
    if (!isName(name) || (PLACE.test(name) && gap === REGION_WAS)) return; // 盘山县东郭镇
    const length = /[·.。]|[^\p{Script=Han}]/u.test(name) ? 3 : name.length;
    const strange = length === name.length && !SURNAMES.includes(name[0]) ? 3 : 0;
    const cost =
      length + strange + (beside(index) ? 0 : 4) + (PLACE.test(name) ? 6 : 0) + (/^[请放送到]/.test(name) ? 6 : 0);
    if (cost < best.cost) best = { cost, index, name, street: "" };
  });
  pieces.forEach(({ text }, index) => {
    const stuck = beside(index) && STUCK.exec(text); // 1804室陈思远13800138000
    if (stuck && best.cost > 8 && /\d/.test(stuck[1])) best = { cost: 0, index, name: stuck[2], street: stuck[1] };
  });
  if (best.index < 0) return "";
  pieces[best.index].text = best.street;
  return best.name.replace(/\ue003/g, " ");
}

/** @param {string} text */
const isName = (text) =>
  /^\p{Script=Han}{2,6}(?:[(（][^()（）]{1,8}[)）])?$/u.test(text) ||
  /^\p{Script=Han}+(?:[·∙⋅.．。]\p{Script=Han}+)+$/u.test(text) ||
  /^\p{Script=Latin}[\p{Script=Latin}·.'\ue003-]{1,49}$/u.test(text) ||
  /^\p{Script=Arabic}[\p{Script=Arabic}\ue003]{1,49}$/u.test(text);

/**
 * What is left, on one line (commas stay, all else that stood between becomes a space): the street is what follows the
 * region, or looks like a place; the rest is neither.
 * @param {Piece[]} pieces
 */
function streetOf(pieces) {
  const region = pieces.findIndex(({ gap }) => gap.includes(REGION_WAS));
  let [street, rest, gap] = ["", "", ""];
  let follows = false;
  pieces.forEach((piece, index) => {
    gap += piece.gap;
    follows = index === region || (follows && piece.text !== PHONE_WAS && Boolean(piece.text));
    const alone = /^\p{Script=Han}$/u.test(piece.text) && pieces[index + 1]?.text === PHONE_WAS; // half a name
    const placed = index > region && PLACED.test(piece.text) && (region >= 0 || /\p{Script=Han}/u.test(piece.text));
    if (piece.text === PHONE_WAS) gap += " ";
    else if ((follows || placed) && !alone && !GOODS.test(piece.text)) {
      const comma = /[,，;；]/.exec(gap);
      street += (street && (comma ? comma[0].replace(",", ", ") : /[^\ue002]/.test(gap) ? " " : "")) + piece.text;
      gap = "";
    } else if (!/^(?:\d{0,2}[.．]?|\ue004)$/.test(piece.text)) rest += `${rest && " "}${piece.text}`;
  });
  /** @param {string} text */
  const line = (text) => tidy(text.replace(/[\ue003\ue004]/g, " ").replace(/^[。./-]+|[。./-]+$/g, ""));
  return { street: line(street), rest: line(rest) };
}

/**
 * A street without a second address behind it; `rest`, what that was, "" where it is the first one again.
 * @param {string} street
 * @param {string} name
 * @param {string[]} region
 * @param {Places} places
 */
function oneStreet(street, name, region, places) {
  const { region: second, taken } = findRegion(street, places, REGION_WAS);
  const at = taken.indexOf(REGION_WAS);
  const before = street.slice(0, at).trim();
  const own = name && before.endsWith(name) ? before.slice(0, -name.length) : before;
  const written = second.length > 1 && second.slice(0, 2).every((name) => street.slice(at).includes(name));
  if (at < 1 || !written || !/[\s,，;；\d号室楼层座栋幢院组村屯]$/.test(street.slice(0, at)))
    return { street, rest: "" };
  const same = String(second) === String(region) && taken.slice(at + 1).trim() === own.trim();
  return { street: own.replace(/[\s,，;；]+$/, ""), rest: same ? "" : street.slice(at) };
}
