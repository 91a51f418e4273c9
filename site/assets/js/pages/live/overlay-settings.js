/** What an overlay's address may ask for; each wish that cannot be is named, and stays as it is by default. */

/** @type {Record<string, string>} */
const DEFAULTS = {
  source: "plate",
  layout: "",
  position: "bottom-left",
  paper: "fffdf8",
  ink: "2b1e17",
  accent: "a62a1a",
  opacity: "1",
  qr: "6",
  scale: "1",
  margin: "48",
  motion: "on",
  hide: "",
};

const SOURCES = ["plate", "code", "price", "countdown", "goal", "next", "stock", "soon", "break", "seller"];
const PARTS = ["code", "was", "left", "hours", "room", "next"];
/** @type {Record<string, [RegExp, string]>} */
const RULES = {
  source: [new RegExp(`^(${SOURCES.join("|")})$`), `one of ${SOURCES.join(", ")}`],
  layout: [/^(landscape|portrait)?$/, "landscape or portrait"],
  position: [/^(top|bottom)-(left|right)$/, "top-left, top-right, bottom-left or bottom-right"],
  paper: [/^[0-9a-f]{6}$/i, "a colour of six hexadecimal digits, such as fffdf8"],
  ink: [/^[0-9a-f]{6}$/i, "a colour of six hexadecimal digits, such as 2b1e17"],
  accent: [/^[0-9a-f]{6}$/i, "a colour of six hexadecimal digits, such as a62a1a"],
  opacity: [/^(0?\.[3-9][0-9]?|1)$/, "from 0.3 to 1"],
  qr: [/^([6-9]|1[0-9]|20)$/, "pixels a module at 1080p, from 6 to 20"],
  scale: [/^(0?\.[5-9][0-9]?|[12](\.[0-9]{1,2})?|3(\.0{1,2})?)$/, "from 0.5 to 3"],
  margin: [/^(1?[0-9]?[0-9]|200)$/, "pixels at 1080p, from 0 to 200"],
  motion: [/^(on|off)$/, "on or off"],
  hide: [new RegExp(`^((${PARTS.join("|")})(,(?!$)|$))*$`), `some of ${PARTS.join(", ")}, with commas`],
};

/**
 * {settings, debug, wrong}: the settings by name, whether faults are shown on the page too, and these in words.
 * @param {string} search
 * @returns {{settings: Record<string, string>, debug: boolean, wrong: string[]}}
 */
export function settingsOf(search) {
  const settings = { ...DEFAULTS };
  /** @type {string[]} */
  const wrong = [];
  const given = new URLSearchParams(search);
  for (const [name, value] of given) {
    if (name === "debug") continue;
    if (!(name in RULES)) wrong.push(`${name}: there is no such setting; there are ${Object.keys(RULES).join(", ")}`);
    else if (!RULES[name][0].test(value)) wrong.push(`${name}=${value}: write ${RULES[name][1]}`);
    else settings[name] = value;
  }
  return { settings, debug: given.has("debug"), wrong };
}
