/**
 * A film's page. Its picture comes first: the television set is fetched once that is there, and until then the browser's own
 * controls lie on the glass.
 */

import { inSight, part } from "../../../core/page.js";
import "../../../widgets/shelf.js";

const begin = () => import("./television.js").catch(() => {});
const poster = new Image();
poster.onload = begin;
poster.src = part("clip").poster;
window.addEventListener("load", begin); // also where no picture comes
inSight(part("talk"), () => import("../../../widgets/voices/comments.js"));
if (part("show-clip")) import("./show-clip.js");
