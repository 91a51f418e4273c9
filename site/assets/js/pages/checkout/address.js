/**
 * Reads a whole address as people paste it into one box. Pure: a text and the provinces of the district table give
 * {name, phone, region, street}, "" or [] where nothing was found; a region has two or three names.
 *
 * The phone goes first, since nothing else looks like it; then the region, as the longest chain of province, city and
 * district that the table knows; then the name. Labels and chat are dropped, and what is left is the street.
 */

/**
 * A name of the table in one of the forms in which people write it, `whole` where that is how the table has it; level 0 is
 * a province, 1 a city, 2 a district.
 * @typedef {{level: number, form: string, whole: boolean, province: string, city: string, district: string}} RegionName
 * @typedef {Map<string, RegionName[]>} Names By their first two characters.
 * @typedef {{
 *   level: number, province: string, city: string, district: string, count: number, score: number, end: number
 * }} Chain Names that follow each other, up to `end`.
 * @typedef {{text: string, gap: string}} Piece
 */

const PHONE = /1[3-9]\d[ \t-]?\d{4}[ \t-]?\d{4}(?!\d)/;
const COUNTRY = /(^|[^\d+])[(（]?(?:\+|00)?86[)）]?[\s-]*$/;
const LANDLINE = /(?:座机|固话|电话)?[\s:：]*0\d{2,3}[\s-]?\d{7,8}(?!\d)/g;
const POSTCODE = /(^|[\s,，;；])\d{6}(?=$|[\s,，;；])/g;
const NAME_LABEL = /(?:收[货件]人(?:姓名)?|联系人|姓名|名字)\s*[:：]\s*([^\s,，;；:：]+)/;
const LABEL =
  /(?:收[货件]人?|联系|详细|所在|街道|通讯|家庭)?(?:手机号?码?|电话号?码?|方式|地区|地址|省市区|邮政编码|邮编|座机|固话)\s*[:：]/g;
const CHAT = /^(?:麻烦|拜托|你好|您好|谢谢|多谢|感谢|辛苦)|[寄发送](?:到|给|往)|地址(?:是|如下)?$/;

// Between the names of a region, and what follows a name in short form where it means a road or a village instead.
const BETWEEN =
  /^[\s,，、/|>-]*(?:(?:市辖区|(?:省|自治区)直辖县(?:级行政区划|级行政单位)?|县(?=[\s,，、/]))[\s,，、/|>-]*)?/;
const NO_REGION = /^(?:[区县]|[东南西北中]?(?:大?[路街道巷镇乡村屯]|大道)|胡同|小区|社区|大厦|新村)/;
const NEW_AREA = /^[^\s\d,，]{2,5}?(?:新区|开发区|高新区|示范区)/;

const KEEPS_SUFFIX = /^[市城新东南西北中]./; // 市中区 is never written 市中
const NATION =
  /(?:(?:各|满|回|苗|藏|羌|彝|白|傣|壮|侗|瑶|畲|黎|佤|水|土|怒|朝鲜|土家|景颇|傈僳|哈尼|布依|仡佬|拉祜|布朗|纳西|独龙|普米|东乡|撒拉|保安|裕固|锡伯|毛南|仫佬|蒙古|哈萨克|维吾尔|塔吉克|达斡尔|柯尔克孜)族?)*自治[州县旗区]$/;

const PLACE = /[路街道巷弄号楼栋幢室层座区县市镇乡村屯组园厦场店柜库司厂校院元户]$/;
const STUCK = /^(.*[\d号室楼层座栋幢院组村屯户元])(\p{Script=Han}{2,4})$/u;

const TRADITIONAL = pairs(
  "臺台灣湾義义區区縣县鎮镇鄉乡東东龍龙門门園园蘭兰連连蓮莲鳳凤雲云島岛黃黄馬马離离頭头觀观樹树莊庄壽寿國国寶宝滿满將将閣阁岡冈楊杨豐丰濱滨頂顶鹽盐勢势嶼屿廟庙學学興兴寧宁愛爱車车達达線线邊边華华橫横關关濟济瑪玛萬万崙仑復复龜龟綠绿魚鱼榮荣庫库銅铜鶯莺員员烏乌樂乐來来羅罗壇坛後后彌弥腳脚橋桥峽峡鳥鸟圍围霧雾內内貢贡麥麦魯鲁壯壮順顺蘇苏長长聖圣澳澳",
);
const PHONE_WAS = "\ue001"; // what stands where phone and region were taken out
const REGION_WAS = "\ue002";

/**
 * @param {string} pasted
 * @param {Provinces} provinces
 * @returns {Address}
 */
export function split(pasted, provinces) {
  const plain = tidy(pasted);
  const labelled = NAME_LABEL.exec(plain);
  let text = plain.replace(NAME_LABEL, "\n").replace(LABEL, "\n");
  const phone = PHONE.exec(text);
  if (phone) text = withoutPhones(text, phone);
  const { region, taken } = findRegion(text.replace(LANDLINE, "\n").replace(POSTCODE, "$1"), provinces);
  if (!phone && !region.length) return { name: "", phone: "", region, street: "" };
  const pieces = piecesOf(taken);
  return {
    name: labelled ? labelled[1] : takeName(pieces),
    phone: phone ? phone[0].replace(/\D/g, "") : "",
    region,
    street: streetOf(pieces),
  };
}

/**
 * Half-width digits and letters, no pictures, plain dashes.
 * @param {string} text
 */
const tidy = (text) =>
  text
    .replace(/[\uff0b\uff0d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (wide) =>
      String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
    )
    .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\u200b-\u200d\u3000]|\ufe0f/gu, " ")
    .replace(/[\u2010-\u2015]/g, "-");

/**
 * The text with a mark where the phone was; further phones go too, with the brackets that speak of them.
 * @param {string} text
 * @param {RegExpExecArray} phone
 */
function withoutPhones(text, { 0: phone, index }) {
  const more = new RegExp(`[(（][^()（）]*${PHONE.source}[^()（）]*[)）]|${PHONE.source}`, "g");
  return text.slice(0, index).replace(COUNTRY, "$1") + PHONE_WAS + text.slice(index + phone.length).replace(more, " ");
}

/**
 * The region that the text names best: {region, taken}, `taken` being the text with a mark in its place.
 * @param {string} text
 * @param {Provinces} provinces
 * @returns {{region: string[], taken: string}}
 */
function findRegion(text, provinces) {
  const plain = [...text].map((char) => TRADITIONAL.get(char) || char).join("");
  /** @type {Names} */
  const names = namesOf(provinces);
  /** @type {(Chain & {at: number}) | null} */
  let best = null;
  for (let at = 0; at < plain.length; at += 1) {
    const fresh = at === 0 || /[\s,，:：;；、。/\ue001]/.test(plain[at - 1]);
    for (const chain of chainsAt(plain, at, names)) {
      if (chain.score > (best ? best.score : 0) && (fresh || chain.count > 1)) best = { ...chain, at };
    }
  }
  if (!best) return { region: [], taken: text };
  const { at, province } = best;
  let { city, district, end } = best;
  const twice = plain.slice(at, end); // some forms write the region twice
  if (best.count > 1 && plain.startsWith(twice, skip(plain, end))) end = skip(plain, end) + twice.length;
  let left = text.slice(end);
  const area = district ? null : NEW_AREA.exec(left);
  const beyond = area && only(readAt(plain, end + area[0].length, names, { province, city, level: 1 }));
  if (beyond) {
    ({ city, district } = beyond);
    left = area[0] + left.slice(area[0].length + beyond.form.length);
  }
  if (!city && provinces[province][province]) city = province; // 北京市, 重庆市 and their like
  return {
    region: [province, city, ...(district ? [district] : [])].filter(Boolean),
    taken: text.slice(0, at) + REGION_WAS + left,
  };
}

/**
 * Every way to read a region that begins at `at`, as {province, city, district, count, score, end}.
 * @param {string} text
 * @param {number} at
 * @param {Names} names
 * @param {{level: number, count: number, score: number, province?: string, city?: string}} [before]
 * @returns {Chain[]}
 */
function chainsAt(text, at, names, before = { level: -1, count: 0, score: 0 }) {
  const found = readAt(text, at, names, before);
  const district = only(found.filter(({ level }) => level === 2));
  return [...found.filter(({ level }) => level < 2), ...(district ? [district] : [])].flatMap((name) => {
    const { form, ...read } = name;
    const chain = { ...read, count: before.count + 1, score: before.score + form.length, end: at + form.length };
    return [chain, ...chainsAt(text, skip(text, chain.end), names, chain)];
  });
}

/**
 * The names that stand at `at` and may follow `before`. A district that follows nothing is to be written out.
 * @param {string} text
 * @param {number} at
 * @param {Names} names
 * @param {{level: number, province?: string, city?: string}} before
 * @returns {RegionName[]}
 */
const readAt = (text, at, names, before) =>
  (names.get(text.slice(at, at + 2)) || []).filter(
    ({ form, whole, level, province, city }) =>
      level > before.level &&
      (!before.province || province === before.province) &&
      (!before.city || city === before.city) &&
      text.startsWith(form, at) &&
      (whole || ((before.level >= 0 || level < 2) && !NO_REGION.test(text.slice(at + form.length)))),
  );

/**
 * @param {string} text
 * @param {number} end
 */
const skip = (text, end) => text.length - text.slice(end).replace(BETWEEN, "").length;

/**
 * The one of these names that is longest; undefined where two places have it.
 * @param {RegionName[]} names
 */
function only(names) {
  const most = Math.max(...names.map(({ form }) => form.length));
  const longest = names.filter(({ form }) => form.length === most);
  return longest.length === 1 ? longest[0] : undefined;
}

/**
 * Every name in each form that people write, by its first two characters.
 * @param {Provinces} provinces
 * @returns {Names}
 */
function namesOf(provinces) {
  const names = new Map();
  /**
   * @param {number} level
   * @param {string} name
   * @param {{province: string, city?: string, district?: string}} place
   */
  const add = (level, name, place) => {
    for (const [form, whole] of formsOf(name)) {
      const start = form.slice(0, 2);
      names.set(start, [...(names.get(start) || []), { level, form, whole, city: "", district: "", ...place }]);
    }
  };
  for (const province of Object.keys(provinces)) {
    add(0, province, { province });
    for (const [city, districts] of Object.entries(provinces[province])) {
      if (!/^县$|直辖县/.test(city)) add(1, city, { province, city });
      for (const district of districts) add(2, district, { province, city, district });
    }
  }
  return names;
}

/**
 * How a name is written, as [form, whole]: 大理白族自治州 also as 大理州 and, not whole, as 大理.
 * @param {string} name
 * @returns {[string, boolean][]}
 */
function formsOf(name) {
  const [bare, short] = [/(?:自治.|特别行政区)$/, NATION].map((ending) => name.replace(ending, ""));
  const base = short.length > 1 && short !== name ? short : bare; // 西藏 is no 西 of the 藏
  const stem = base === name ? name.replace(/(?:省|地区|[新林矿]区|[市区县旗盟镇])$/, "") : base;
  const kind = /自治区$/.test(name) ? "自治区" : name.slice(-1);
  /** @type {[string, boolean][]} */
  const forms = [[name, true]];
  if (base !== name) forms.push([base + kind, true]);
  if (kind === "盟") forms.push([name[0] + kind, true]); // 锡盟
  if (stem !== name && stem.length > 1 && !(kind === "区" && KEEPS_SUFFIX.test(stem))) forms.push([stem, false]);
  return forms.filter(([form]) => form.length > 1);
}

/**
 * What stands between separators, in order: {text, gap}, `gap` being what stood before it.
 * @param {string} text
 * @returns {Piece[]}
 */
function piecesOf(text) {
  const spaced = text
    .replace(/\/*([\ue001\ue002])\/*/g, "$1")
    .replace(/([A-Za-z.]) +(?=[A-Za-z])/g, "$1\ue003") // Michael Wang is one name
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
  pieces.forEach(({ text }, index) => {
    const name = text.replace(/(?:[(（](?:收|亲?启)[)）]|收|亲启)$/, "");
    if (!isName(name)) return;
    const length = /[·•A-Za-z]/.test(name) ? 3 : name.length;
    const cost = length + (beside(index) ? 0 : 4) + (PLACE.test(name) ? 6 : 0) + (/^[请放送到]/.test(name) ? 6 : 0);
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
  /^\p{Script=Han}+(?:[·•]\p{Script=Han}+)+$/u.test(text) ||
  /^[A-Za-z][A-Za-z.'\ue003-]{1,24}$/.test(text);

/**
 * What is left, on one line: commas stay, all else that stood between becomes a space.
 * @param {Piece[]} pieces
 */
function streetOf(pieces) {
  let street = "";
  let gap = "";
  for (const piece of pieces) {
    gap += piece.gap;
    if (piece.text === PHONE_WAS) gap += " ";
    else if (piece.text) {
      const comma = /[,，;；]/.exec(gap);
      street += (street && (comma ? comma[0].replace(",", ", ") : /[^\ue002]/.test(gap) ? " " : "")) + piece.text;
      gap = "";
    }
  }
  return street.replace(/\ue003/g, " ").replace(/^[。./-]+|[。./-]+$/g, "");
}

/** @param {string} text */
function pairs(text) {
  const chars = [...text];
  return new Map(chars.filter((_, index) => index % 2 === 0).map((char, index) => [char, chars[2 * index + 1]]));
}
