/** A reader's comment on a story or film: sent, and shown once somebody has looked at it. */

import { lang, part } from "../../core/page.js";
import { send } from "./sending.js";
import "./spoken.js";

const form = part("comment");
const [kind, about] = (part("voices").dataset.about ?? "").split("/");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, words } = form.elements;
  const said = { kind, about, name: name.value, words: words.value, lang };
  send(form, "/api/comments", said, "sent").then((done) => {
    if (done) words.value = "";
  });
});
