/** What the village sells, from /catalog.json, in the page's language. */

import { call } from "./api.js";
import { home, lang } from "./page.js";

/** {postage, packs}: fen for the parcel, and by SKU {sku, name, price, picture, url}. Throws Away without one. */
export async function catalog() {
  const { data } = await call("/catalog.json");
  const packs = new Map();
  for (const product of data.products) {
    for (const pack of product.packs) {
      packs.set(pack.sku, {
        sku: pack.sku,
        name: `${product.name[lang]} ${pack.name[lang]}`,
        price: pack.price,
        picture: product.pictures[0].src,
        url: `${home}products/${product.id}/`,
      });
    }
  }
  return { postage: data.shop.postage, packs };
}
