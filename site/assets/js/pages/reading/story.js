/** A story: passed on by the device's own means, copied, printed. No other site takes part. */

import { copy } from "../../core/clipboard.js";
import { inSight, one, part, say, show, write } from "../../core/page.js";
import "../../core/words-share.js";
import "./year.js";

/** @param {string} name */
const tell = (name) => write(part("shared"), say(`share.${name}`));
/** @type {HTMLLinkElement} */
const { href: address } = one("link[rel=canonical]");

show(part("sharing"));
show(part("share"), "share" in navigator);

// Who closes the sheet again wants nothing said about it.
part("share").addEventListener("click", () => {
  navigator.share({ title: document.title, url: address }).catch(() => {});
});

part("copy").addEventListener("click", async () => tell((await copy(address)) ? "copied" : "failed"));

part("print").addEventListener("click", () => window.print());

inSight(part("talk"), () => import("../../widgets/voices/comments.js"));
