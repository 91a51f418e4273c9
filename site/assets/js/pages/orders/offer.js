/** Offers to save the address of an order that was made on this device, once; nothing is kept before its buyer says so. */

import { part, say, show, write } from "../../core/page.js";
import { isKept } from "../../core/storage.js";
import { addresses, addressId, saveAddress } from "../../state/addresses.js";
import { orders } from "../../state/orders.js";
import "../../core/words-order.js";

/** @type {OrderStatus | null} */
let offered = null;

/**
 * Shows the offer, where there is reason for it.
 * @param {OrderStatus} order
 */
export function offerToSave(order) {
  if (offered?.order === order.order) return;
  const own = orders().some((one) => one.order === order.order);
  const known = addresses().some((one) => addressId(one) === addressId(order.ship_to));
  offered = own && isKept() && !known ? order : null;
  show(part("offer"), offered !== null);
}

part("offer-yes").addEventListener("click", () => {
  if (!offered) return;
  saveAddress({ ...offered.ship_to, email: offered.email ?? "" });
  write(part("offer-words"), say("order.saved"));
  show(part("offer-acts"), false);
});
