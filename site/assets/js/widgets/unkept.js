/** Says that this browser keeps nothing, once that matters: there is something in the cart, or an order to be found again. */

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

onChange(look);
look();
