/** What a buyer says of the goods, a line at a time. */

/**
 * Shows it for the order.
 * @param {OrderStatus} _order
 * @param {Key} _key
 */
export function paint(_order, _key) {}
