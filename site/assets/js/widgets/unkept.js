/** Says that this browser keeps nothing, and what that means for who buys. Loaded once that shows. */

import { one, paragraph, say } from "../core/page.js";
import "../core/words-unkept.js";

const page = document.querySelector(".page");
const notice = paragraph(say("unkept.words"));
notice.className = page ? "notice warn" : "notice warn afloat";
notice.setAttribute("role", "status");
if (page) one("h1", page).after(notice);
else document.body.append(notice);
