/** What the village sells, from /packs.json, in the page's language. */

import { call } from "../core/api.js";
import { home, lang, say } from "../core/page.js";
import "../core/words-common.js";

/**
 * {postage, zones, packs, rooms}: fen for the parcel, where it costs other than that, by SKU {sku, name, price, picture,
 * url, per_order, returns, zones}, and rooms' names. Throws Away without one.
 */
export async function catalog() {
  const { data } = await call("/packs.json");
  const packs = Object.entries(data.packs).map(([sku, pack]) => [
    sku,
    { ...pack, sku, name: pack.name[lang], url: `${home}products/${pack.product}/` },
  ]);
  const rooms = Object.entries(data.rooms || {}).map(([room, name]) => [room, name[lang]]);
  return { postage: data.postage, zones: data.zones, packs: new Map(packs), rooms: new Map(rooms) };
}

/** A pack's name, or its SKU where the catalogue does not know it. */
export const nameOf = (shop, sku) => (shop.packs.has(sku) ? shop.packs.get(sku).name : sku);

/** A room's name, or its ID where the catalogue does not know it. */
export const roomOf = (shop, room) => (shop.rooms.has(room) ? shop.rooms.get(room) : room);

/** What is said of a line that is a drop's: in which room it is sold so; "" of every other. */
export const dropOf = (shop, { drop, room }) => (drop ? say("common.drop", { room: roomOf(shop, room) }) : "");
