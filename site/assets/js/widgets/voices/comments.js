/** A reader's comment on a story or film: sent, and shown once somebody has looked at it. */

import { lang, part } from "../../core/page.js";
import { send } from "./sending.js";
import "./spoken.js";

const form = part("comment");
part("comment-send").disabled = false; // sent without this module it would only load the page again
const [kind, about] = (part("voices").dataset.about ?? "").split("/");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, words } = form.elements;
  const said = { kind, about, name: name.value, words: words.value, lang };
  send(form, "/api/comments", said, "sent").then((done) => {
    if (done) words.value = "";
  });
});
