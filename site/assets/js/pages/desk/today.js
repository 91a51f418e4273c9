/** The manager's desk. How the day stands, and what needs a person. */

import { open } from "./desk.js";

open(async () => {});
