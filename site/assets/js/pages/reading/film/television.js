/** The television set: its glass and channels, its knobs, captions, and chapters to begin from; and how its glass looks. */

import { load, part } from "../../../core/page.js";
import "./captions.js";
import "./knobs.js";
import "./moments.js";

load({ rel: "stylesheet", href: part("set").dataset.seldom });
