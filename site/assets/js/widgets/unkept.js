/** Says that this browser keeps nothing, and what that means for who buys. Loaded once that shows. */

import { one, paragraph, part, say } from "../core/page.js";
import "../core/words-unkept.js";

const notice = paragraph(say("unkept.words"));
notice.className = "notice warn";
notice.setAttribute("role", "status");
if (!part("till")) (part("buy") || one("h1")).after(notice); // the till is not the shop's
