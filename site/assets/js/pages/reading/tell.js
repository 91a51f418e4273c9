/** A reader's own story, sent to the village. */

import { lang, part, show } from "../../core/page.js";
import { send } from "../../widgets/voices/sending.js";
import "../../widgets/shop.js";

const form = part("story");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { headline, words, name, contact, consent } = form.elements;
  const said = {
    title: headline.value,
    words: words.value,
    name: name.value,
    contact: contact.value,
    consent: consent.checked,
    lang,
  };
  if (await send(form, "/api/stories", said, "told")) show(part("fields"), false);
});
