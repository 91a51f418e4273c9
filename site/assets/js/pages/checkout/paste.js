/** The box that takes a whole address: puts what it recognises into the fields, says so, and never submits. */

import { one, part, say, write } from "../../core/page.js";
import "../../core/words-common.js";
import "../../core/words-paste.js";

/**
 * Brings the box to life; `region` is what regions.js answers, `filled` is called once fields have changed.
 * @param {CheckoutForm} form
 * @param {RegionChoice} region
 * @param {() => void} filled
 */
export function pasteBox(form, region, filled) {
  /** @type {HTMLTextAreaElement} */
  const box = one("#paste");
  const reader = () => import("./address.js"); // the page opens sooner without it
  async function read() {
    if (!box.value.trim()) return tell(say("paste.empty"));
    const address = await reader().catch(() => null);
    if (!address) return tell(say("common.away"));
    const found = address.split(box.value, region.provinces);
    const known = found.phone || found.region.length;
    if (known) {
      const { name, phone, street } = form.elements;
      name.value = found.name || name.value;
      phone.value = found.phone || phone.value;
      street.value = found.street || street.value;
      if (found.region.length) {
        const [province, city, district] = found.region;
        region.choose({ province, city, district });
      }
      filled();
    }
    return tell(known ? told(found) : say("paste.nothing"));
  }
  box.addEventListener("focus", () => reader().catch(() => {}), { once: true });
  box.addEventListener("paste", () => window.setTimeout(read));
  part("read").addEventListener("click", read);
}

/**
 * What was recognised and what is missing, in the order of the fields.
 * @param {Address} found
 */
function told({ name, phone, region, street }) {
  /** @type {Record<string, string>} */
  const parts = { name, phone, region: region.length > 1 ? region.join(" ") : "", street };
  const names = Object.keys(parts);
  /** @param {string[]} some */
  const pick = (some) => some.map((one) => say(`paste.${one}`)).join(say("paste.and"));
  const missing = names.filter((one) => !parts[one]);
  const found = pick(names.filter((one) => parts[one]));
  return missing.length ? say("paste.some", { found, missing: pick(missing) }) : say("paste.all", { found });
}

/** @param {string} text */
function tell(text) {
  const result = part("read-result");
  write(result, "");
  window.setTimeout(() => write(result, text)); // so that the same words are said again
}
