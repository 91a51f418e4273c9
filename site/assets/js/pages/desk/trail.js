/** The manager's desk. Who did what, and when. */

import { open } from "./desk.js";

open(async () => {});
