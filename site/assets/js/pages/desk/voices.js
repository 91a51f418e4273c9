/** The manager's desk. Reviews, comments and stories that wait to be shown; letters to readers of the newsletter. */

import { newKey } from "../../core/browser.js";
import { all, day, home, lang, one, part, say, show, when, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import "../../core/words-desk_voices.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { open } from "./opening.js";

const FAULTS = ["advertising", "contact", "insult", "off-topic", "claim", "personal", "illegal"];
const PILES = ["review", "comment", "story"];
const SHELVES = { product: "products", story: "stories", video: "videos", shelf: "" };
const SECONDS = 5; // between two looks at a letter that goes out
let kind = "review";
let first = true;
/** Where the page that is shown begins, and the next one. */
let [here, next] = ["", ""];
/** @type {Set<string>} */
const chosen = new Set();
let readers = 0;
/** The key of a letter that has no answer yet, so that a second tap sends no second one. @type {Map<string, string>} */
const keys = new Map();

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 * @param {string} [className]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/**
 * @param {string} text
 * @param {() => unknown} act
 */
function button(text, act) {
  const element = made("button", text, "button plain");
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

/**
 * Asks the shop; says why where it refuses, and answers null then.
 * @template T
 * @param {string} path
 * @param {object} [body]
 * @param {string} [key]
 * @returns {Promise<T | null>}
 */
async function ask(path, body, key = "") {
  const method = body ? "POST" : "GET";
  /** @type {AnyAnswer | null} */
  const answer = await callAsStaff(`/api/staff/${path}`, { method, body: body ?? null, key });
  if (!answer) return null;
  if (answer.status < 300) return /** @type {T} */ (answer.data);
  tell(reason(answer), true);
  return null;
}

async function look() {
  for (const tab of all("[data-kind]")) tab.setAttribute("aria-pressed", String(tab.dataset.kind === kind));
  show(part("pile"), kind !== "letter");
  show(part("letter"), kind === "letter");
  if (kind === "letter") return lookAtLetters();
  const query = `kind=${kind}&after=${encodeURIComponent(here)}`;
  const path = kind === "decided" ? "voices/decided" : `voices?${query}`;
  /** @type {{waiting?: Record<string, number>, voices: DeskVoice[], after: string | null} | null} */
  const told = await ask(path);
  if (!told) return null;
  for (const pile of told.waiting ? PILES : []) {
    const count = told.waiting?.[pile] ?? 0;
    write(part("count", one(`[data-kind="${pile}"]`)), count ? ` ${count}` : "");
  }
  const full = PILES.find((pile) => told.waiting?.[pile]);
  if (first && kind === PILES[0] && !told.voices.length && full) {
    first = false;
    kind = full; // whoever comes is shown what waits
    return look();
  }
  first = false;
  if (!told.voices.length && here) {
    here = "";
    return look();
  }
  next = told.after ?? "";
  chosen.clear();
  part("every").checked = false;
  part("voices").replaceChildren(...told.voices.map(card));
  show(part("nothing"), !told.voices.length);
  show(part("several"), kind !== "decided" && told.voices.length > 1);
  show(part("more"), Boolean(next));
  return null;
}

/** @param {DeskVoice} voice */
function card(voice) {
  const { voice: number, about, state, fault, title, words, stars, city, batch, name, at, times, flags, reply } = voice;
  const item = made("li");
  const shelf = SHELVES[/** @type {keyof SHELVES} */ (about.kind)];
  const what = shelf ? made("a", about.name?.[lang] ?? about.id) : made("span", say("desk_voices.shelf"));
  if (what instanceof HTMLAnchorElement) what.href = `${home}${shelf}/${about.id}/`;
  const head = made("h2");
  head.append(what);
  const facts = [
    name,
    city,
    batch ? say("desk_voices.batch", { day: day(batch) }) : "",
    when(at),
    times > 1 ? say("desk_voices.times", { times }) : "",
    voice.contact,
  ];
  item.append(head, made("p", facts.filter(Boolean).join(" · "), "small"));
  for (const flag of flags) item.append(made("span", say(`desk_voices.flags.${flag}`), "flag"));
  const said = made("blockquote", `${stars ? `${"★".repeat(stars)} ` : ""}${title ? `${title}\n` : ""}${words}`);
  said.lang = voice.lang === "zh" ? "zh-CN" : "en";
  item.append(said);
  for (const src of voice.photos) item.append(Object.assign(made("img"), { src, alt: "", loading: "lazy" }));
  if (reply) item.append(made("p", reply, "shop-reply"));
  if (state !== "waiting")
    item.append(
      made(
        "p",
        fault ? say("desk_voices.refused", { why: say(`desk_voices.faults.${fault}`) }) : say("desk_voices.shown"),
      ),
    );
  const acts = made("div", "", "row");
  const why = made("div", "", "why");
  why.hidden = true;
  if (state === "waiting") acts.append(selecting(number));
  if (state !== "shown") acts.append(button(say("desk_voices.show"), () => judge([number], null)));
  if (state !== "refused") {
    const asks = state === "shown" ? "withdraw" : "refuse";
    acts.append(button(say(`desk_voices.${asks}`), () => whyNot(why, () => [number])));
  }
  const answering = made("div");
  answering.hidden = true;
  acts.append(button(say("desk_voices.reply"), () => answer(answering, voice)));
  item.append(acts, why, answering);
  return item;
}

/** @param {string} number */
function selecting(number) {
  const label = made("label", "", "select");
  const box = Object.assign(made("input"), { type: "checkbox" });
  box.dataset.voice = number;
  box.addEventListener("change", () => (box.checked ? chosen.add(number) : chosen.delete(number)));
  label.append(box, say("desk_voices.select"));
  return label;
}

/**
 * Asks why, each reason being the second tap.
 * @param {HTMLElement} box
 * @param {() => string[]} numbers
 */
function whyNot(box, numbers) {
  show(box, box.hidden);
  box.replaceChildren(
    made("p", say("desk_voices.why")),
    ...FAULTS.map((fault) => button(say(`desk_voices.faults.${fault}`), () => judge(numbers(), fault))),
  );
}

/**
 * @param {string[]} voices
 * @param {string | null} fault
 */
function judge(voices, fault) {
  return trying(async () => {
    if (!voices.length) return tell(say("desk_voices.none_selected"), true);
    /** @type {{judged: {state: string}[]} | null} */
    const told = await ask("voices/judge", { voices, fault });
    if (!told) return null;
    const gone = told.judged.filter(({ state }) => state === "gone").length;
    const count = told.judged.length - gone;
    const done = fault
      ? say("desk_voices.done_refused", { count, why: say(`desk_voices.faults.${fault}`) })
      : say("desk_voices.done_shown", { count });
    tell(gone ? `${done} ${say("desk_voices.gone", { count: gone })}` : done);
    return look();
  });
}

/**
 * Opens what the shop answers below a voice.
 * @param {HTMLElement} box
 * @param {DeskVoice} voice
 */
function answer(box, { voice, reply }) {
  show(box, box.hidden);
  const label = made("label", say("desk_voices.answer"));
  const words = Object.assign(made("textarea"), { id: `reply-${voice}`, rows: 3, maxLength: 300, value: reply });
  label.htmlFor = words.id;
  const save = button(say("desk_voices.save"), () =>
    trying(async () => {
      if (!(await ask(`voices/${voice}/reply`, { words: words.value }))) return null;
      tell(say("desk_voices.replied"));
      return look();
    }),
  );
  box.replaceChildren(label, words, save);
  if (!box.hidden) words.focus();
}

async function lookAtLetters() {
  /** @type {{readers: number} | null} */
  const told = await ask("newsletter");
  readers = told?.readers ?? 0;
  write(part("readers"), say("desk_voices.readers", { count: readers }));
  return null;
}

function written() {
  const { subject_zh, words_zh, subject_en, words_en } = part("letter").elements;
  return {
    subject_zh: subject_zh.value,
    words_zh: words_zh.value,
    subject_en: subject_en.value,
    words_en: words_en.value,
  };
}

/** @param {boolean} test */
function send(test) {
  return trying(async () => {
    const wish = { ...written(), test };
    const said = JSON.stringify(wish);
    const key = keys.get(said) ?? newKey();
    keys.set(said, key);
    /** @type {Schemas["Mailing"] | null} */
    const told = await ask("newsletter", wish, key);
    if (!told) return null;
    if (test) keys.delete(said); // a test may be had again
    if (test) return tell(say("desk_voices.tested"));
    return follow(told);
  });
}

/**
 * Says how far a letter has come until it has gone to all.
 * @param {Schemas["Mailing"]} told
 * @returns {Promise<unknown>}
 */
async function follow({ mailing, sent, ended }) {
  tell(say(ended ? "desk_voices.sent" : "desk_voices.sending", { sent }));
  if (ended) return null;
  await new Promise((done) => window.setTimeout(done, SECONDS * 1000));
  /** @type {Schemas["Mailing"] | null} */
  const now = await ask(`newsletter/${mailing}`);
  return now && follow(now);
}

async function preview() {
  /** @type {Record<string, {subject: string, words: string}> | null} */
  const told = await ask("newsletter/preview", written());
  if (!told) return;
  part("previewed").replaceChildren(
    ...["zh", "en"].map((one) => {
      const page = made("div", "", "previewed");
      page.lang = one === "zh" ? "zh-CN" : "en";
      page.append(made("h3", told[one].subject), made("p", told[one].words));
      return page;
    }),
  );
}

for (const tab of all("[data-kind]"))
  tab.addEventListener("click", () => {
    kind = tab.dataset.kind ?? kind;
    here = "";
    tell("");
    trying(look);
  });
part("every").addEventListener("change", () => {
  for (const box of /** @type {HTMLInputElement[]} */ (all("[data-voice]"))) {
    box.checked = part("every").checked;
    box.dispatchEvent(new Event("change"));
  }
});
part("show-all").addEventListener("click", () => judge([...chosen], null));
part("refuse-all").addEventListener("click", () => whyNot(part("why-all"), () => [...chosen]));
part("more").addEventListener("click", () => {
  here = next;
  trying(look);
});
part("letter").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  trying(preview);
});
part("test").addEventListener("click", () => send(true));
confirmTwice(
  part("send"),
  () => say("desk_voices.sure_all", { count: readers }),
  () => send(false),
);
open(look);
