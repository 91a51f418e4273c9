/** What a buyer says of the goods, a line at a time: stars, words, photographs; changed until it was looked at. */

import { call, unlessAway } from "../../core/api.js";
import { day, lang, part, say, show, write } from "../../core/page.js";
import "../../core/words-reviews.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { photoPicker } from "../../widgets/photos/picker.js";

const MOST = 3; // photographs of one review
const STARS = [5, 4, 3, 2, 1];

/** @typedef {{sku: string, name: string, batch: string, review: Schemas["Review"] | null}} Line */

/**
 * Shows it for the order: hidden before something has arrived.
 * @param {OrderStatus} order
 * @param {Key} key
 */
export async function paint(order, key) {
  show(part("review"), false);
  if (!order.history.some(({ event }) => event === "delivered")) return;
  try {
    /** @type {Answer<"reviews">} */
    const { status, data } = await call(`/api/orders/${key.order}/reviews`, { token: key.token });
    if (status !== 200) return;
    part("review-lines").replaceChildren(...data.reviews.map((line) => box(line, key)));
    show(part("review"), data.reviews.length > 0);
  } catch (error) {
    unlessAway(error);
  }
}

/**
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {string} [text]
 * @param {string} [className]
 */
function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** @param {string} text */
function button(text) {
  const element = /** @type {HTMLButtonElement} */ (made("button", text, "button"));
  element.type = "button";
  return element;
}

/**
 * A line of the order with its form, or with what became of its review.
 * @param {Line} line
 * @param {Key} key
 * @returns {HTMLElement}
 */
function box({ sku, name, batch, review }, key) {
  const whole = made("div", "", "reviewing");
  const path = `/api/orders/${key.order}/reviews/${sku}`;
  const said = made("p");
  said.setAttribute("role", "status");
  whole.append(made("h3", `${name} · ${say("reviews.batch", { day: day(batch) })}`));

  /** @param {Schemas["Review"] | null} now @param {string} [news] */
  const again = (now, news = "") => {
    const next = box({ sku, name, batch, review: now }, key);
    whole.replaceWith(next);
    if (news) next.append(made("p", news));
  };

  if (review) {
    const why = review.fault ? say(`reviews.faults.${review.fault}`) : "";
    whole.append(made("p", say(`reviews.${review.state}`, { why }), "small"));
  }
  if (!review || review.state === "waiting") whole.append(form());
  else {
    whole.append(made("p", `${"★".repeat(review.stars)} ${review.words}`));
    if (review.reply) whole.append(made("p", say("reviews.reply", { words: review.reply })));
  }
  if (review) {
    const gone = button(say("reviews.delete"));
    gone.className = "link";
    confirmTwice(
      gone,
      () => say("reviews.sure"),
      () => trying(take),
    );
    whole.append(made("p"));
    whole.lastElementChild?.append(gone);
  }
  whole.append(said);
  return whole;

  /** @param {() => Promise<void>} act */
  async function trying(act) {
    write(said, "");
    try {
      await act();
    } catch (error) {
      unlessAway(error);
      write(said, say("reviews.away"));
    }
  }

  async function take() {
    /** @type {Answer<"takeBackReview">} */
    const { status } = await call(path, { method: "DELETE", token: key.token });
    if (status === 204) again(null, say("reviews.deleted"));
    else write(said, say("reviews.cannot"));
  }

  function form() {
    const fields = made("div");
    const stars = /** @type {HTMLSelectElement} */ (labelled(fields, "select", `stars-${sku}`, say("reviews.stars")));
    for (const many of STARS) stars.append(new Option("★".repeat(many) + "☆".repeat(5 - many), String(many)));
    stars.value = String(review?.stars ?? 5);
    const words = /** @type {HTMLTextAreaElement} */ (
      labelled(fields, "textarea", `words-${sku}`, say("reviews.words"))
    );
    words.value = review?.words ?? "";
    words.rows = 4;
    words.maxLength = 1000;
    const fault = made("p", "", "fault");
    fault.id = `words-${sku}-fault`;
    words.setAttribute("aria-describedby", fault.id);
    const row = made("div", "", "field");
    const photos = photoPicker(row, { most: MOST, ask: (count) => forms(count, key) });
    const how = review ? say("reviews.how", review) : say("reviews.how_new");
    const send = button(say(review ? "reviews.change" : "reviews.send"));
    fields.append(fault, row);
    if (review?.photos.length) fields.append(made("p", say("reviews.photos_kept"), "hint"));
    fields.append(made("p", how, "hint"), made("p", "", "send"));
    fields.lastElementChild?.append(send);
    send.addEventListener("click", () =>
      trying(async () => {
        if (photos.waits()) return write(said, say("reviews.waits"));
        send.disabled = true;
        const names = photos.names();
        const wish = { stars: Number(stars.value), words: words.value, lang, photos: names.length ? names : null };
        /** @type {Answer<"review">} */
        const { status, data } = await call(path, {
          method: "PUT",
          token: key.token,
          body: JSON.stringify(wish),
        }).finally(() => {
          send.disabled = false;
        });
        if (status === 200) return again(data);
        const pointers = (data?.errors ?? []).map(({ pointer }) => pointer);
        const wrong = pointers.includes("/words");
        write(fault, wrong ? say("reviews.fault") : "");
        words.setAttribute("aria-invalid", String(wrong));
        if (wrong) return words.focus();
        const pictures = pointers.some((pointer) => pointer.startsWith("/photos"));
        write(said, say(pictures ? "reviews.photo_fault" : "reviews.cannot"));
      }),
    );
    return fields;
  }
}

/**
 * Adds a field with its label.
 * @param {HTMLElement} to
 * @param {"select" | "textarea"} tag
 * @param {string} id
 * @param {string} text
 */
function labelled(to, tag, id, text) {
  const row = made("div", "", "field");
  const label = /** @type {HTMLLabelElement} */ (made("label", text));
  const field = made(tag);
  label.htmlFor = id;
  field.id = id;
  row.append(label, field);
  to.append(row);
  return field;
}

/**
 * @param {number} count
 * @param {Key} key
 */
async function forms(count, key) {
  const body = JSON.stringify({ purpose: "review", count });
  /** @type {Answer<"askPhotos">} */
  const { status, data } = await call(`/api/orders/${key.order}/photos`, { method: "POST", token: key.token, body });
  if (status !== 201) throw new Error(String(status));
  return data.photos;
}
