/** A story: passed on by the device's own means, copied, printed. No other site takes part. */

import { copy } from "../../core/clipboard.js";
import { part, say, show, write } from "../../core/page.js";
import "../../core/words-share.js";
import "../../widgets/shelf.js";

const tell = (name) => write(part("shared"), say(`share.${name}`));
const address = document.querySelector("link[rel=canonical]").href;

show(part("sharing"));
show(part("share"), "share" in navigator);

// Who closes the sheet again wants nothing said about it.
part("share").addEventListener("click", () => {
  navigator.share({ title: document.title, url: address }).catch(() => {});
});

part("copy").addEventListener("click", async () => tell((await copy(address)) ? "copied" : "failed"));

part("print").addEventListener("click", () => window.print());
