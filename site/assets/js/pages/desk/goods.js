/** The manager's desk. What may be changed of a product at once. */

import { open } from "./desk.js";

open(async () => {});
