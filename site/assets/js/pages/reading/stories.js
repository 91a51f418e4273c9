/** All stories: the village's own, and below them those that readers have sent. */

import { inSight, part } from "../../core/page.js";
import "../../widgets/shelf.js";

inSight(part("voices"), () => import("../../widgets/voices/spoken.js"));
