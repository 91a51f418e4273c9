/**
 * Finds the region in a text: the longest chain of province, city and district that the table knows, each in the forms in
 * which people write it, old names too. Pure.
 */

/**
 * A name of the table in one of the forms in which people write it, `whole` where that is how the table has it, `old` where
 * the place is called otherwise today; level 0 is a province, 1 a city, 2 a district.
 * @typedef {{
 *   level: number, form: string, whole: boolean, old: boolean, province: string, city: string, district: string
 * }} RegionName
 * @typedef {Map<string, RegionName[]>} Names By their first two characters.
 * @typedef {RegionName & {count: number, score: number, end: number, kept: string}} Chain Names that follow each other, up
 * to `end`; `kept` belongs to the street.
 */

// Between the names of a region, and what follows a name in short form where it means a road or a village instead.
const BETWEEN =
  /^[\s,，、;；/|>-]*(?:(?:市辖区|(?:省|自治区)直辖县(?:级行政区划|级行政单位)?|县(?=[\s,，、;；/]|[\u4e00-\u9fff]{2,12}县))[\s,，、;；/|>-]*)?/;
const NO_REGION =
  /^(?:[区县]|市(?![东南西北中]区)|[东南西北中]?(?:大?[路街道巷镇乡村屯]|大道)|胡同|小区|社区|大厦|新村)/;
const NEW_AREA = /^[^\s\d,，]{2,5}?(?:新区|开发区|高新区|示范区)/;
const COUNTRY = /(?:中国|中华人民共和国)[\s,，]*$/;

const KEEPS_SUFFIX = /^[市城新东南西北中]./; // 市中区 is never written 市中
const ZONE = /(?:开发|[新园高]|管理|示范|[矿林])区$/;
const NATION =
  /^(?:(?:各|满|回|苗|藏|羌|彝|白|傣|壮|侗|瑶|畲|黎|佤|水|土|怒|朝鲜|土家|景颇|傈僳|哈尼|布依|仡佬|拉祜|布朗|纳西|独龙|普米|东乡|撒拉|保安|裕固|锡伯|毛南|仫佬|蒙古|哈萨克|维吾尔|塔吉克|达斡尔|柯尔克孜)族?)*自治[州县旗区]$/;
const CORPS = "新疆维吾尔自治区";
const CORPS_FORMS = ["新疆生产建设兵团", "新疆建设兵团", "新疆兵团", "生产建设兵团", "兵团"];
const DIVISION = /^第(.+)师$/;
const NUMBERS = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四"];

const TRADITIONAL = pairs(
  "萬万業业叢丛東东兩两個个豐丰臨临為为爲为麗丽義义烏乌樂乐習习鄉乡於于雲云亞亚產产僕仆從从侖仑倉仓儀仪們们眾众衆众會会偉伟倫伦體体餘余兒儿兗兖黨党蘭兰關关興兴內内岡冈冊册軍军農农衝冲淨净準准涼凉鳳凤憑凭凱凯劃划則则剛刚別别劍剑勸劝辦办務务動动勢势勻匀區区醫医華华單单盧卢臥卧衛卫衞卫廠厂歷历廂厢廈厦縣县雙双發发敘叙敍叙疊叠臺台葉叶後后呂吕啟启啓启吳吴員员鹹咸響响團团園园圍围國国圖图聖圣場场壇坛壢坜壩坝壘垒墾垦墊垫壯壮壺壶處处復复頭头夾夹婁娄孫孙學学寧宁寶宝實实審审宮宫寬宽賓宾尋寻壽寿將将爾尔堯尧嶼屿崗岗嵐岚島岛巖岩嶺岭嶽岳嶧峄峽峡巒峦峯峰嶗崂崍崃鞏巩師师帶带幹干廣广莊庄慶庆廬庐庫库應应廟庙開开張张彌弥強强歸归當当彥彦徵征懷怀態态恆恒戶户託托揚扬撫抚枴拐鬥斗無无舊旧晉晋暉晖術术樸朴雜杂權权來来楊杨極极樅枞棗枣欄栏樹树棲栖慄栗欒栾橋桥樺桦夢梦稜棱樓楼欖榄橫横畢毕匯汇漢汉湯汤溝沟瀝沥滄沧瀘泸澤泽涇泾窪洼湞浈溮浉濟济瀏浏渾浑濃浓潯浔塗涂湧涌淶涞漣涟渦涡潤润澗涧澱淀淥渌澠渑溫温遊游灣湾漵溆滿满灤滦濱滨灘滩濰潍潛潜瀾澜燈灯靈灵爐炉點点煙烟煩烦熱热愛爱猶犹獨独獅狮獻献瑪玛環环現现琿珲瓊琼瑤瑶甕瓮甌瓯電电疇畴鹽盐監监蓋盖盤盘礦矿碭砀硯砚碩硕礄硚確确鹼碱禮礼祿禄禪禅離离積积稱称競竞簡简類类紅红級级納纳線线細细織织紹绍經经結结絳绛綏绥績绩維维綿绵綜综綠绿縉缙羅罗聶聂聯联肅肃勝胜膠胶腳脚脫脱臘腊騰腾輿舆節节薌芗蕪芜蘆芦蒼苍蘇苏範范荊荆榮荣滎荥蔭荫藥药萊莱蓮莲獲获鶯莺蘿萝營营蕭萧薩萨藍蓝薊蓟鎣蓥藺蔺蘄蕲蘊蕴觀观覺觉讓让訥讷許许詔诏諸诸諾诺調调誼谊謀谋謨谟謝谢謙谦譙谯譜谱貝贝貞贞貢贡賢贤貴贵費费賀贺賈贾資资賚赉賽赛贊赞贛赣趙赵車车輪轮載载輝辉轄辖邊边遼辽達达遷迁邁迈運运進进遠远連连遜逊遙遥鄧邓郵邮鄒邹鄴邺鄰邻鬱郁郟郏鄭郑鄆郓鄖郧鄲郸裡里裏里釣钓鍾钟鋼钢欽钦錢钱鐵铁鉛铅銅铜銀银鋒锋錯错錫锡鑼锣錦锦鎮镇鏡镜鑲镶長长門门間间閔闵閘闸聞闻閩闽閣阁閬阆閶阊閻阎陽阳陰阴陸陆隴陇陳陈陘陉陝陕隨随霧雾靜静韓韩頂顶項项順顺頗颇潁颍額额風风饒饶館馆馬马駐驻驛驿驊骅驗验魚鱼魯鲁鮁鲅鮮鲜鯉鲤鳥鸟鳩鸠雞鸡鳴鸣鴨鸭鶴鹤鷹鹰麥麦黃黄齊齐龍龙龜龟崙仑",
);

/**
 * The region that the text names best: {region, taken}, `taken` being the text with `mark` in its place.
 * @param {string} text
 * @param {Places} places
 * @param {string} mark
 * @returns {{region: string[], taken: string}}
 */
export function findRegion(text, places, mark) {
  const plain = [...text].map((char) => TRADITIONAL.get(char) || char).join("");
  const names = namesOf(places);
  /** @type {(Chain & {at: number}) | null} */
  let best = null;
  for (let at = 0; at < plain.length; at += 1) {
    const fresh = at === 0 || /[\s,，:：;；、。/\ue001]/.test(plain[at - 1]) || COUNTRY.test(plain.slice(0, at));
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
  left = best.kept + left;
  const area = district ? null : NEW_AREA.exec(left);
  const beyond = area && only(readAt(plain, end + area[0].length, names, { ...best, level: 1 }));
  if (beyond) {
    ({ city, district } = beyond);
    left = area[0] + left.slice(area[0].length + beyond.form.length);
  }
  if (!city && places.provinces[province][province]) city = province; // 北京市, 重庆市 and their like
  return {
    region: [province, city, ...(district ? [district] : [])].filter(Boolean),
    taken: text.slice(0, at).replace(COUNTRY, "") + mark + left,
  };
}

/**
 * Every way to read a region that begins at `at`. A name of today is read rather than an old one.
 * @param {string} text
 * @param {number} at
 * @param {Names} names
 * @param {Chain} [before]
 * @returns {Chain[]}
 */
function chainsAt(text, at, names, before) {
  const found = readAt(text, at, names, before);
  const district = only(found.filter(({ level }) => level === 2));
  return [...found.filter(({ level }) => level < 2), ...(district ? [district] : [])].flatMap((name) => {
    const { count, score, kept } = before || { count: 0, score: 0, kept: "" };
    const area = name.level === 1 && /新区$/.test(name.form) ? name.form : ""; // 雄安新区 says where in 保定市
    const worth = name.form.length - (name.old ? 0.5 : 0) + name.level / 10;
    const end = at + name.form.length * (name.level === 1 && text.startsWith(name.form.repeat(2), at) ? 2 : 1); // 东莞市东莞市
    const chain = { ...name, count: count + 1, score: score + worth, end, kept: kept + area };
    return [chain, ...chainsAt(text, skip(text, chain.end), names, chain)];
  });
}

/**
 * The names that stand at `at` and may follow `before`. A district that follows nothing is to be written out; one that
 * follows another city than its own is a county that has changed hands.
 * @param {string} text
 * @param {number} at
 * @param {Names} names
 * @param {RegionName} [before]
 * @returns {RegionName[]}
 */
function readAt(text, at, names, before) {
  const found = (names.get(text.slice(at, at + 2)) || []).filter(
    (name) =>
      text.startsWith(name.form, at) &&
      (!before || (name.province === before.province && follows(name, before))) &&
      (name.whole || ((before || name.level < 2) && !NO_REGION.test(text.slice(at + name.form.length)))),
  );
  const own = found.filter(({ city }) => !before?.city || city === before.city);
  const here = found.some(({ level }) => level === 2) && own.some(({ level }) => level === 2) ? own : found;
  return here.filter(
    (name) => !name.old || !here.some(({ form, level, old }) => !old && form === name.form && level === name.level),
  );
}

/**
 * @param {RegionName} name
 * @param {RegionName} before
 */
function follows(name, before) {
  const { level, whole, old, form, city } = name;
  if (level === 1 && before.level === 1) return /自治州$/.test(before.city) && /地区$/.test(city); // 伊犁州塔城地区
  if (level < before.level || (level === before.level && !(before.old && level === 2))) return false;
  return !before.city || city === before.city || (level === 2 && whole && !old && /[县市]$/.test(form));
}

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

/** @type {WeakMap<Places, Names>} */
const known = new WeakMap();

/**
 * Every name in each form that people write, by its first two characters.
 * @param {Places} places
 * @returns {Names}
 */
function namesOf(places) {
  const before = known.get(places);
  if (before) return before;
  /** @type {Names} */
  const names = new Map();
  for (const name of everyName(places)) {
    const start = name.form.slice(0, 2);
    names.set(start, [...(names.get(start) || []), name]);
  }
  known.set(places, names);
  return names;
}

/**
 * @param {Places} places
 * @returns {Generator<RegionName>}
 */
function* everyName({ provinces, cities: oldCities, districts: oldDistricts }) {
  for (const [province, cities] of Object.entries(provinces)) {
    yield* named(0, formsOf(province), { province });
    for (const [name, city] of Object.entries(oldCities[province] || {}))
      yield* named(1, formsOf(name), { province, city }, true);
    for (const [city, districts] of Object.entries(cities)) {
      if (!/^县$|直辖县/.test(city)) yield* named(1, formsOf(city), { province, city });
      yield* named(1, otherKinds(city, Object.keys(cities), /市$/, ["地区", "盟"]), { province, city }, true);
      yield* districtNames({ province, city }, districts, oldDistricts[province]?.[city] || {});
    }
  }
  yield* named(
    0,
    CORPS_FORMS.map((form) => [form, true]),
    { province: CORPS },
  );
}

/**
 * Names of a city's districts; `was` leads from their old names to those of today.
 * @param {{province: string, city: string}} place
 * @param {string[]} districts
 * @param {Record<string, string>} was
 * @returns {Generator<RegionName>}
 */
function* districtNames(place, districts, was) {
  for (const [name, district] of Object.entries(was)) yield* named(2, oldForms(name), { ...place, district }, true);
  for (const district of districts) {
    yield* named(2, formsOf(district), { ...place, district });
    const rest = district.startsWith(place.city) ? district.slice(place.city.length) : ""; // 张家口市察北管理区
    if (rest && !districts.includes(rest)) yield* named(2, [[rest, false]], { ...place, district });
    const kinds = /街道$/.test(district) ? ["区"] : ["区", "市", "县"];
    const others = ZONE.test(district) ? [] : otherKinds(district, districts, /街道$|[区市县]$/, kinds);
    const unlisted = others.filter(([form]) => !was[form]);
    yield* named(2, unlisted, { ...place, district }, true);
  }
}

/**
 * @param {number} level
 * @param {[string, boolean][]} forms
 * @param {{province: string, city?: string, district?: string}} place
 * @param {boolean} [old]
 * @returns {Generator<RegionName>}
 */
function* named(level, forms, place, old = false) {
  for (const [form, whole] of forms) yield { level, form, whole, old, city: "", district: "", ...place };
}

/**
 * How a name is written, as [form, whole]: 大理白族自治州 also as 大理州 and, not whole, as 大理.
 * @param {string} name
 * @returns {[string, boolean][]}
 */
function formsOf(name) {
  const nations = [...name].findIndex((_, index) => index > 1 && NATION.test(name.slice(index))); // 融水 is no 融 of the 水
  const base = nations < 0 ? name.replace(/特别行政区$/, "") : name.slice(0, nations).replace(/(.族?)族$/, "$1");
  const stem = base === name ? name.replace(/(?:省|地区|[新林矿]区|[市区县旗盟镇]|街道(?:办事处)?)$/, "") : base;
  const kind = /自治区$/.test(name) ? "自治区" : name.slice(-1);
  /** @type {[string, boolean][]} */
  const forms = [[name, true]];
  if (base !== name) forms.push([base + kind, true]);
  if (kind === "盟") forms.push([name[0] + kind, true]); // 锡盟
  if (stem !== name && stem.length > 1 && !(kind === "区" && KEEPS_SUFFIX.test(stem))) forms.push([stem, false]);
  return forms.filter(([form]) => form.length > 1);
}

/**
 * The same name with another kind of place behind it, as it was called before: 吴江市 for 吴江区.
 * @param {string} name
 * @param {string[]} names Those of today beside it.
 * @param {RegExp} kind
 * @param {string[]} kinds
 * @returns {[string, boolean][]}
 */
function otherKinds(name, names, kind, kinds) {
  const stem = name.replace(kind, "");
  if (stem === name || stem.length < 2) return [];
  return kinds
    .map((each) => stem + each)
    .filter((form) => !names.includes(form))
    .map((form) => [form, true]);
}

/**
 * An old name as it is written; of a division of the corps also 八师, 第8师 and 8师.
 * @param {string} name
 * @returns {[string, boolean][]}
 */
function oldForms(name) {
  const number = DIVISION.exec(name)?.[1];
  const digits = number && NUMBERS.indexOf(number);
  return (number ? [name, `${number}师`, `第${digits}师`, `${digits}师`] : [name]).map((form) => [form, true]);
}

/** @param {string} text */
function pairs(text) {
  const chars = [...text];
  return new Map(chars.filter((_, index) => index % 2 === 0).map((char, index) => [char, chars[2 * index + 1]]));
}
