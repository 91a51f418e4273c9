/** What the village sells, from /packs.json, in the page's language. */

import { call } from "../core/api.js";
import { home, lang, say } from "../core/page.js";
import "../core/words-goods.js";

/**
 * {postage, zones, packs, rooms}: fen for the parcel, where it costs other than that, by SKU {sku, name, price, unit,
 * picture, url, per_order, returns, zones}, and rooms' names. Throws Away without one.
 * @returns {Promise<Shop>}
 */
export async function catalog() {
  /** @type {FileAnswer<PacksFile>} */
  const { data } = await call("/packs.json");
  /** @type {Map<string, Pack>} */
  const packs = new Map();
  for (const [sku, pack] of Object.entries(data.packs)) {
    packs.set(sku, {
      ...pack,
      sku,
      name: pack.name[lang],
      unit: pack.unit[lang],
      url: `${home}products/${pack.product}/`,
    });
  }
  /** @type {Map<string, string>} */
  const rooms = new Map();
  for (const [room, name] of Object.entries(data.rooms || {})) rooms.set(room, name[lang]);
  return { postage: data.postage, zones: data.zones, packs, rooms };
}

/**
 * Has the packs cost, and be limited to, what the shop says now: the desk may have changed it since the site was built.
 * @param {Shop} shop
 * @param {Items} items
 */
export function follow({ packs }, items) {
  for (const [sku, { price, per_order }] of Object.entries(items ?? {})) {
    const pack = packs.get(sku);
    if (pack && price && per_order) Object.assign(pack, { price, per_order });
  }
}

/**
 * A pack's name, or its SKU where the catalogue does not know it.
 * @param {Shop} shop
 * @param {string} sku
 * @returns {string}
 */
export const nameOf = (shop, sku) => shop.packs.get(sku)?.name ?? sku;

/**
 * A room's name, or its ID where the catalogue does not know it.
 * @param {Shop} shop
 * @param {string} room
 * @returns {string}
 */
export const roomOf = (shop, room) => shop.rooms.get(room) ?? room;

/**
 * What is said of a line that is a drop's: in which room it is sold so; "" of every other.
 * @param {Shop} shop
 * @param {{drop: string, room: string}} line
 */
export const dropOf = (shop, { drop, room }) => (drop ? say("goods.drop", { room: roomOf(shop, room) }) : "");
