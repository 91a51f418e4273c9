/**
 * Says that this browser keeps nothing, once that matters: there is something in the cart, or an order to be found again.
 * What the tab's name carries instead is nobody else's to read, so it does not leave the shop.
 */

import { one, paragraph, part, say } from "../core/page.js";
import { isKept } from "../core/storage.js";
import { lines, onChange } from "../state/cart.js";
import "../core/words-unkept.js";

const notice = paragraph(say("unkept.words"));
notice.className = "notice warn";
notice.setAttribute("role", "status");

function look() {
  if (isKept() || notice.isConnected || part("till") || !(lines().length || part("keep-link"))) return;
  (part("buy") || one("h1")).after(notice);
}

let left = ""; // by the tab, on its way to another site

/** @param {MouseEvent} click */
function leave({ target, ctrlKey, metaKey, shiftKey }) {
  const link = target instanceof Element ? target.closest("a") : null;
  const abroad = link && /^http/.test(link.protocol) && link.origin !== window.location.origin;
  if (isKept() || !abroad || link.target || ctrlKey || metaKey || shiftKey) return;
  left = window.name;
  window.name = "";
}

onChange(look);
look();
document.addEventListener("click", leave);
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && left) window.name = left;
});
