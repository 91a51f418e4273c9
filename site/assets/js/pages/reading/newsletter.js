/**
 * The newsletter: asked for here; confirmed, and left, by what a letter's link has in the address behind the #. Nothing is
 * done before a tap, since mail programs open links by themselves.
 */

import { call, unlessAway } from "../../core/api.js";
import { lang, part, say, show, write } from "../../core/page.js";
import "../../core/words-newsletter.js";
import { mark } from "../../widgets/form.js";
import "../../widgets/shop.js";

const form = part("signup");
const CONFIRM = /^#(\d{20})\.([\w-]+)/;
const LEAVE = /^#leave\.([0-9a-f]+\.[0-9a-f]+)/;

/** @param {string} text */
const tell = (text) => write(part("said"), text);

/**
 * Runs what asks the shop while its button can't be tapped again.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<void>} act
 */
async function trying(button, act) {
  button.disabled = true;
  tell("");
  try {
    await act();
  } catch (error) {
    unlessAway(error);
    tell(say("newsletter.away"));
  } finally {
    button.disabled = false;
  }
}

async function ask() {
  mark(form, [], "newsletter");
  const email = form.elements.email.value;
  /** @type {Answer<"askNewsletter">} */
  const { status, data, wait } = await call("/api/newsletter", {
    method: "POST",
    body: JSON.stringify({ email, lang }),
  });
  if (status === 202) {
    show(form, false);
    return tell(say("newsletter.sent", { email: email.trim() }));
  }
  if (status === 422) mark(form, ["/email"], "newsletter");
  else if (status === 429) tell(say("newsletter.too_often", { minutes: Math.max(1, Math.ceil(wait / 60)) }));
  else tell(say(data?.reason === "no-letters" ? "newsletter.no_letters" : "newsletter.cannot"));
}

/**
 * @param {string} signup
 * @param {string} token
 */
async function confirm(signup, token) {
  /** @type {Answer<"confirmNewsletter">} */
  const { status } = await call(`/api/newsletter/${signup}/confirm`, { method: "POST", token });
  done(status === 200 ? "confirmed" : "over", status !== 200);
}

/** @param {string} reader */
async function leave(reader) {
  /** @type {Answer<"leaveNewsletter">} */
  const { status } = await call(`/api/newsletter/leave/${reader}`, { method: "POST" });
  done(status === 204 ? "left" : "over", status !== 204);
}

/**
 * What the link was for is done, or can't be; its secret leaves the address.
 * @param {"confirmed" | "left" | "over"} said
 * @param {boolean} again whether the form is offered
 */
function done(said, again) {
  window.history.replaceState(null, "", window.location.pathname);
  for (const name of ["confirming", "leaving"]) show(part(name), false);
  show(form, again);
  tell(say(`newsletter.${said}`));
}

function open() {
  const confirms = CONFIRM.exec(window.location.hash);
  const leaves = LEAVE.exec(window.location.hash);
  show(part("confirming"), Boolean(confirms));
  show(part("leaving"), Boolean(leaves));
  show(form, !confirms && !leaves);
  if (confirms) part("confirm").onclick = () => trying(part("confirm"), () => confirm(confirms[1], confirms[2]));
  if (leaves) part("leave-letter").onclick = () => trying(part("leave-letter"), () => leave(leaves[1]));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  trying(part("ask"), ask);
});
window.addEventListener("hashchange", open);
open();
