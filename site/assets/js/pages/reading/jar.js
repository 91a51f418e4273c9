/**
 * What the code on a jar opens: asks for the passport of its batch, which the address names after the #, and writes the
 * facts of its label; what there is to read and see of it comes after these.
 */

import { call, unlessAway } from "../../core/api.js";
import { day, home, lang, one, part, say, show, write } from "../../core/page.js";
import "../../core/words-jar.js";

const CODE = /^#([a-z0-9-]{1,64})\/(\d{8})$/;
const TOLD = /** @type {const} */ ([
  "made_of",
  "allergens",
  "storage",
  "shelf_life",
  "date_rule",
  "maker",
  "origin",
  "seller",
  "address",
]);
const KINDS = /** @type {const} */ (["products", "stories", "videos"]);

/**
 * Writes a row of the label; one with nothing to say is not there.
 * @param {string} name
 * @param {string} text
 */
function row(name, text) {
  write(part(name), text);
  show(part(`${name}-row`), Boolean(text));
}

/** @param {Passport} jar */
function paint(jar) {
  const { recall, made, best_before: best, packed } = jar;
  show(part("recall"), recall !== null);
  write(part("why"), recall ? recall.why[lang] : "");
  write(part("recall-contact"), jar.contact);
  write(part("name"), jar.name[lang]);
  write(part("pack"), jar.pack[lang]);
  show(part("today"), packed === null);
  for (const name of TOLD) row(name, jar[name][lang]);
  write(part("grams"), String(jar.grams));
  // As labels have them, with the year: a jar may stand for long
  row("made", made ?? "");
  row("best_before", best ?? "");
  show(part("date_rule-row"), !made);
  show(part("shelf_life-row"), !best);
  row("warnings", jar.warnings.map((warning) => warning[lang]).join(lang === "zh" ? "" : " "));
  row("licence", jar.licence);
  row("batch", say("jar.batch", { code: jar.ship_by.replace(/-/g, ""), day: day(jar.ship_by) }));
  row("packed", packed ?? "");
  row("contact", jar.contact);
  show(part("sample"), jar.sample);
  const links = KINDS.flatMap((kind) => jar.more[kind].map((one) => link(kind, one)));
  part("more-list").replaceChildren(...links);
  show(part("more"), links.length > 0);
  document.title = document.title.replace(/^[^|]*/, `${jar.name[lang]} `);
}

/**
 * @param {"products" | "stories" | "videos"} kind
 * @param {{id: string, title: Both}} told
 */
function link(kind, { id, title }) {
  const item = document.createElement("li");
  const anchor = document.createElement("a");
  const what = document.createElement("small");
  what.textContent = say(`jar.${kind}`);
  anchor.href = `${home}${kind}/${id}/`;
  anchor.append(what, title[lang]);
  item.append(anchor);
  return item;
}

async function look() {
  const { hash } = window.location;
  if (hash === "#main") return;
  /** @type {HTMLAnchorElement} */ (part("other")).hash = hash;
  const code = hash.match(CODE);
  for (const name of ["jar", "unknown", "away", "recall"]) show(part(name), false);
  show(part("wait"), Boolean(code));
  if (!code) return show(part("unknown"));
  try {
    /** @type {Answer<"passport">} */
    const { status, data } = await call(`/api/passports/${code[1]}/${code[2]}`);
    if (hash !== window.location.hash) return;
    show(part("wait"), false);
    if (status !== 200) return show(part("unknown"));
    paint(data);
    show(part("jar"));
  } catch (error) {
    unlessAway(error);
    show(part("wait"), false);
    show(part("away"));
  }
}

one(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the jar after its #, in the place of which #main would come
  one("#main").focus();
});
window.addEventListener("hashchange", look);
look();
