/** What is wrong with an order: which goods, how many, with photographs. */

/**
 * Shows it for the order.
 * @param {OrderStatus} _order
 * @param {Key} _key
 */
export function paint(_order, _key) {}
