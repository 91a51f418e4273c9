/** Asking for an invoice: title and tax number. */

/**
 * Shows it for the order.
 * @param {OrderStatus} _order
 * @param {Key} _key
 */
export function paint(_order, _key) {}
