/** The manager's desk. Orders: search, an order's story, and what may be done about it. */

import { open } from "./desk.js";

open(async () => {});
