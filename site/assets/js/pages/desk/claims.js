/** The manager's desk. What buyers say is wrong, and how it is settled. */

import { open } from "./desk.js";

open(async () => {});
