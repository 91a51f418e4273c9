/** Orders of this device that wait for payment, as the shop tells of them. */

import { call, unlessAway } from "../core/api.js";
import { openOrders, settle } from "./orders.js";

const MOST = 5;

/**
 * Asks how the device's open orders stand; answers those that wait, the latest first: none where the shop is away.
 * @returns {Promise<OrderStatus[]>}
 */
export async function unpaidOrders() {
  const told = await Promise.all(openOrders().slice(0, MOST).map(ask));
  return told.flatMap((order) => order ?? []);
}

/**
 * @param {Key} key
 * @returns {Promise<OrderStatus | null>}
 */
async function ask({ order, token }) {
  try {
    /** @type {Answer<"order">} */
    const { status, data } = await call(`/api/orders/${order}`, { token });
    if (status === 200 && data.state === "awaiting_payment") return data;
    settle(order);
  } catch (error) {
    unlessAway(error);
  }
  return null;
}
