/** What buyers and readers say, as the shop tells it now: the latest first, reviews by the batch that they are of. */

import { call, unlessAway } from "../../core/api.js";
import { all, day, one, part, say } from "../../core/page.js";
import "../../core/words-voices.js";

const STARS = 5;
const section = part("voices");
const address = `/api/voices/${section.dataset.about}`;
const nothing = document.createElement("p");
nothing.className = "small";
nothing.textContent = section.dataset.none ?? one(".small", section)?.textContent ?? "";
let batch = "";

/**
 * An element with words in it, which stay words whatever they are.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 * @param {string} [lang] the language that they are written in
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function made(tag, text = "", lang = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (lang) element.lang = lang === "zh" ? "zh-CN" : lang;
  return element;
}

/** @param {Schemas["Voice"]} voice */
function row({ name, city, stars, title, words, lang, reply, photos = [] }) {
  const [box, who, what] = [made("div"), made("dt", name), made("dd")];
  if (city) who.append(made("br"), city);
  if (stars) {
    const drawn = made("span", "★".repeat(stars) + "☆".repeat(STARS - stars));
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", say("voices.stars", { stars }));
    what.append(drawn);
  }
  if (title) what.append(made("h3", title, lang));
  for (const line of words.split("\n")) what.append(made("p", line, lang));
  for (const src of photos) {
    const picture = Object.assign(made("img"), { src, alt: say("voices.photo"), loading: "lazy", width: 144 });
    what.append(picture);
  }
  if (reply) what.append(made("p", say("voices.reply", { words: reply })));
  box.append(who, what);
  return box;
}

/**
 * Puts a page of voices at the end.
 * @param {Schemas["Voice"][]} voices
 */
function append(voices) {
  for (const voice of voices) {
    let list = all("dl", section).pop();
    if (!list || (voice.batch ?? "") !== batch) {
      batch = voice.batch ?? "";
      if (batch) section.append(made("h3", say("voices.batch", { day: day(batch) })));
      list = made("dl");
      section.append(list);
    }
    list.append(row(voice));
  }
}

/** @param {{count: number, stars: number[]}} told */
function sum({ count, stars }) {
  const given = stars.reduce((whole, many) => whole + many, 0);
  if (!given) return;
  const average = stars.reduce((whole, many, place) => whole + many * (place + 1), 0) / given;
  const name = count === 1 ? "voices.sum_one" : "voices.sum";
  section.append(made("p", say(name, { count, average: average.toFixed(1) })));
}

/** @param {string} [after] */
async function look(after = "") {
  /** @type {Answer<"voices">} */
  const { status, data } = await call(`${address}${after && `/${after}`}`);
  if (status !== 200) return;
  if (!after) {
    const heading = one("h2", section);
    section.replaceChildren(heading);
    batch = "";
    sum(data);
    if (!data.count) section.append(nothing);
  }
  append(data.voices);
  const next = data.after;
  if (!next) return;
  const more = Object.assign(made("button", say("voices.more")), { type: "button", className: "button plain" });
  more.addEventListener("click", () => {
    more.remove();
    look(next).catch(unlessAway);
  });
  section.append(more);
}

look().catch(unlessAway);
