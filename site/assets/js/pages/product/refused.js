/** Why the cart takes no more, for the few whom it tells so. */

import { say } from "../../core/page.js";
import "../../core/words-refused.js";

/**
 * @param {"many" | "most" | "room"} trouble
 * @param {string} most how many an order may have, with their unit
 */
export const refusal = (trouble, most) => say(`refused.${trouble}`, { most });
