/** What comes after an order: opens it by the key in the address, behind the #, and has each section show itself. */

import { call, unlessAway } from "../../core/api.js";
import { part, show } from "../../core/page.js";
import { fromFragment, orderPage } from "../../state/orders.js";
import "../../widgets/shop.js";
import { paint as paintClaim } from "./claim.js";
import { paint as paintData } from "./data.js";
import { paint as paintInvoice } from "./invoice.js";
import { paint as paintMoney } from "./money.js";
import { paint as paintReview } from "./review.js";

const SECTIONS = [paintClaim, paintReview, paintInvoice, paintMoney, paintData];

async function open() {
  const key = fromFragment();
  show(part("away"), false);
  show(part("wrong"), !key);
  if (!key) return;
  part("back").href = orderPage(key);
  try {
    /** @type {Answer<"order">} */
    const answer = await call(`/api/orders/${key.order}`, { token: key.token });
    show(part("wrong"), answer.status !== 200);
    if (answer.status !== 200) return;
    for (const paint of SECTIONS) paint(answer.data, key);
    show(part("order"));
  } catch (error) {
    unlessAway(error);
    show(part("away"));
  }
}

part("away-again").addEventListener("click", open);
window.addEventListener("hashchange", open);
open();
