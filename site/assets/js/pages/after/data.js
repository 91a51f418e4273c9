/** What is kept of a buyer, and having it forgotten. */

/**
 * Shows it for the order.
 * @param {OrderStatus} _order
 * @param {Key} _key
 */
export function paint(_order, _key) {}
