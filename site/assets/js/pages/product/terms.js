/** The terms of a live offer, for those who come while there is one. */

import { now } from "../../core/clock.js";
import { count, hour, money, say, when } from "../../core/page.js";
import { phase } from "../../state/stock.js";
import "../../core/words-offer.js";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/**
 * When an offer ends or begins, and how many one buyer may have at its price.
 * @param {Drop} drop
 * @param {string} unit the word for one and for several
 */
export function termsOf({ opens, closes, limit, left, price }, unit) {
  const each = limit ? say("offer.each", { limit: count(limit, unit) }) : "";
  if (phase({ opens, closes }) === "early")
    return say("offer.early", { time: when(opens), price: money(price) }) + each;
  if (left <= 0) return say("offer.gone");
  const seconds = Math.ceil((Date.parse(closes) - now()) / 1000);
  if (seconds > 3600) return say("offer.offer", { time: when(closes) }) + each;
  // Its hour is enough now, also over midnight
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const ticking = still.matches ? "" : say("offer.countdown", { time });
  return say("offer.offer", { time: hour(closes) }) + ticking + each;
}

/**
 * That an offer is over, and what the goods cost now.
 * @param {number} fen
 */
export const ended = (fen) => say("offer.ended", { price: money(fen) });
