/** The manager's desk. Reviews, comments and stories that wait to be shown. */

import { open } from "./desk.js";

open(async () => {});
