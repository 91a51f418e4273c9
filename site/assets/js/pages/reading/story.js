/** A story: passed on by the device's own means, copied, printed. No other site takes part. */

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

part("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(address);
    tell("copied");
  } catch (error) {
    tell("failed");
  }
});

part("print").addEventListener("click", () => window.print());
