/** "Buy again": puts an order's goods into the cart at today's price, and says which are sold no more. */

import { unlessAway } from "../../core/api.js";
import { home, part, say, write } from "../../core/page.js";
import { set } from "../../state/cart.js";
import { catalog } from "../../state/catalog.js";
import "../../core/words-again.js";
import "../../core/words-goods.js";
import "../../core/words-offline.js";

/**
 * Goes to the cart once all is in it; says what could not come, where that is something.
 * @param {OrderStatus} order
 */
export async function buyAgain({ lines }) {
  try {
    const { packs } = await catalog();
    const gone = lines.filter(({ sku }) => !packs.has(sku)).map(({ sku, name }) => name || sku);
    const here = [...new Set(lines.map(({ sku }) => sku))].flatMap((sku) => packs.get(sku) ?? []);
    const troubles = here.map((pack) => {
      const units = lines.reduce((sum, { sku, quantity }) => sum + (sku === pack.sku ? quantity : 0), 0);
      return set({ ...pack, most: pack.per_order }, units);
    });
    const names = gone.join(say("goods.comma"));
    if (troubles.includes("many")) tell(say("again.full"), true);
    else if (gone.length) tell(say(here.length ? "again.gone" : "again.all_gone", { names }), here.length > 0);
    else window.location.assign(`${home}cart/`);
  } catch (error) {
    unlessAway(error);
    tell(say("offline.shop"), false);
  }
}

/**
 * @param {string} text
 * @param {boolean} filled whether there is something in the cart to go to
 */
function tell(text, filled) {
  const told = part("again-told");
  write(told, text);
  if (!filled) return;
  const link = document.createElement("a");
  link.href = `${home}cart/`;
  link.textContent = say("again.to_cart");
  told.append(" ", link);
}
