/** What the checkout shows of a place on the waitlist: what is kept for it until when, of which fewer may be taken. */

import { count, money, one, part, say, show, when, write } from "../../core/page.js";
import { stepper } from "../../widgets/stepper.js";
import { change, lines, placePage } from "./ordering.js";
import "../../core/words-checkout.js";

/**
 * Shows the place as the shop tells it; of one that is no more, only what was sent and not answered.
 * @param {WaitlistPlace} invitation
 */
export function paint({ units, unit, until, unit_price: price }) {
  const [{ quantity }] = lines();
  show(part("change"), false);
  show(part("kept"));
  const kept = { units: count(units ?? 0, unit), time: until ? when(until) : "", price: money(price ?? 0) };
  write(part("kept-words"), until ? say("checkout.kept", kept) : "");
  part("kept-back").href = placePage;
  /** @type {HTMLInputElement} */
  const input = one("input", part("kept"));
  input.max = String(units || quantity);
  stepper(part("kept"), quantity, (wanted) => change(lines()[0], wanted));
}
