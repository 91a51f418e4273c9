/** The manager's desk. The days' sums, spreadsheets, reconciliation, invoices. */

import { open } from "./desk.js";

open(async () => {});
