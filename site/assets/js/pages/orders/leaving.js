/**
 * The orders that this device has left to pay at a provider, which leads back with an order's number alone: whoever opened
 * its link here has not ordered it here. Kept for a day.
 */

import { getPersonal, setPersonal } from "../../core/storage.js";
import { orders } from "../../state/orders.js";

const NAME = "cunbo.leaving";
const MOST = 5;

/** @returns {Key[]} */
function left() {
  const kept = getPersonal(NAME);
  return Array.isArray(kept) ? kept : [];
}

/** @param {Key} key */
export function keepToComeBack({ order, token }) {
  const others = left().filter((one) => one.order !== order);
  setPersonal(NAME, [{ order, token }, ...others].slice(0, MOST));
}

/**
 * The key of an order that was made or is paid on this device, or null.
 * @param {string | null} number
 * @returns {Key | null}
 */
export const keyFor = (number) => [...orders(), ...left()].find(({ order }) => order === number) ?? null;
