/** What readers send: one call, what is wrong beside its field, and what has come of it. Nothing typed is lost. */

import { call, unlessAway } from "../../core/api.js";
import { part, say, write } from "../../core/page.js";
import "../../core/words-comments.js";
import { mark } from "../form.js";

/**
 * Sends what a form says; answers whether it was taken. `thanks` is the name of what is said then.
 * @param {HTMLFormElement} form
 * @param {string} path
 * @param {object} said
 * @param {"sent" | "told"} thanks
 */
export async function send(form, path, said, thanks) {
  const button = part("comment-send", form);
  button.disabled = true;
  tell(form, "");
  mark(form, [], "comments");
  try {
    /** @type {Answer<"comment" | "tellStory">} */
    const { status, data, wait } = await call(path, { method: "POST", body: JSON.stringify(said) });
    if (status === 202) {
      tell(form, say(`comments.${thanks}`));
      return true;
    }
    const pointers = (data?.errors ?? []).map(({ pointer }) => pointer);
    const elsewhere = mark(form, pointers, "comments").length;
    if (status === 429) tell(form, say("comments.too_often", { minutes: Math.max(1, Math.ceil(wait / 60)) }));
    else if (status === 409) tell(form, say("comments.full"));
    else if (elsewhere || !pointers.length) tell(form, say("comments.cannot"));
  } catch (error) {
    unlessAway(error);
    tell(form, say("comments.away"));
  } finally {
    button.disabled = false;
  }
  return false;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
const tell = (form, text) => write(part("comment-said", form), text);
