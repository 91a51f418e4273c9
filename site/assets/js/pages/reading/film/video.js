/** A film's page: the television set, chapters and captions to begin from, and what the film shows, with its days. */

import { inSight, part } from "../../../core/page.js";
import "../../../widgets/shelf.js";
import "./captions.js";
import "./knobs.js";
import "./moments.js";

inSight(part("talk"), () => import("../../../widgets/voices/comments.js"));
if (part("show-clip")) import("./show-clip.js");
