/** What the village sells, from /packs.json, in the page's language. */

import { call } from "./api.js";
import { home, lang } from "./page.js";

/**
 * {postage, zones, packs}: fen for the parcel, where it costs other than that, and by SKU {sku, name, price, picture,
 * url, per_order, returns, zones}. Throws Away without one.
 */
export async function catalog() {
  const { data } = await call("/packs.json");
  const packs = Object.entries(data.packs).map(([sku, pack]) => [
    sku,
    { ...pack, sku, name: pack.name[lang], url: `${home}products/${pack.product}/` },
  ]);
  return { postage: data.postage, zones: data.zones, packs: new Map(packs) };
}

/** A pack's name, or its SKU where the catalogue does not know it. */
export const nameOf = (shop, sku) => (shop.packs.has(sku) ? shop.packs.get(sku).name : sku);
