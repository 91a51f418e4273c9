/** The manager's desk. Batches by day, and what a change of them would break. */

import { open } from "./desk.js";

open(async () => {});
