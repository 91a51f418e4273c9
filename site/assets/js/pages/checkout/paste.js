/** The box that takes a whole address: puts what it recognises into the fields, shows it, and never submits. */

import { call } from "../../core/api.js";
import { one, part, say, write } from "../../core/page.js";
import "../../core/words-offline.js";
import "../../core/words-paste.js";

/** @typedef {"name" | "phone" | "street"} Typed */
/** @type {Typed[]} */
const TYPED = ["name", "phone", "street"];
/** @type {("province" | "city" | "district" | "other")[]} */
const PLACED = ["province", "city", "district", "other"];

/**
 * Brings the box to life; `region` is what regions.js answers, `filled` is called once fields have changed.
 * @param {CheckoutForm} form
 * @param {RegionChoice} region
 * @param {() => void} filled
 */
export function pasteBox(form, region, filled) {
  /** @type {HTMLTextAreaElement} */
  const box = one("#paste");
  const own = typedByHand(form);
  /** @type {Promise<Places> | undefined} */
  let places;
  let soon = 0;
  const reader = () => import("./address.js"); // the page opens sooner without it
  const known = () => {
    places ||= oldNames(box).then((names) => ({ ...names, provinces: region.provinces }));
    return places;
  };

  /** Fills the fields; of what the text says nothing of, only what was typed by hand stays. @param {Address} found */
  function fill(found) {
    for (const name of TYPED) {
      if (found[name] || !own.has(name)) form.elements[name].value = found[name];
      if (found[name]) own.delete(name);
    }
    const [province, city, district] = found.region;
    if (province || !own.has("region")) region.choose({ province, city, district });
    if (province) own.delete("region");
    filled();
  }

  async function read() {
    window.clearTimeout(soon);
    const text = box.value;
    if (!text.trim()) return tell(say("paste.empty"));
    const ready = await Promise.all([reader(), known()]).catch(() => null);
    if (!ready) return tell(say("offline.shop"));
    const [address, table] = ready;
    const count = [...text].length;
    if (count > address.LONGEST) return tell(say("paste.long", { count }));
    const found = address.split(text, table);
    if (!found.phone && !found.region.length) return tell(say("paste.nothing"));
    fill(found);
    return tell(...told(found, form));
  }

  const readSoon = () => {
    window.clearTimeout(soon);
    soon = window.setTimeout(read);
  };
  box.addEventListener("focus", () => Promise.all([reader(), known()]).catch(() => {}), { once: true });
  box.addEventListener("paste", readSoon);
  box.addEventListener("input", (event) => {
    const { inputType = "", data } = /** @type {InputEvent} */ (event);
    if (/^insertFrom(?:Paste|Drop)/.test(inputType) || (data ?? "").length > 14) readSoon(); // some keyboards paste as if typed
  });
  part("read").addEventListener("click", read);
}

/**
 * The names of the fields that the shopper typed into themselves since a text filled them.
 * @param {CheckoutForm} form
 */
function typedByHand(form) {
  /** @type {Set<Typed | "region">} */
  const own = new Set();
  for (const name of TYPED) form.elements[name].addEventListener("input", () => own.add(name));
  for (const name of PLACED) form.elements[name].addEventListener("change", () => own.add("region"));
  return own;
}

/**
 * Old names of places; none where they do not come, for an address can be read without.
 * @param {HTMLElement} box
 * @returns {Promise<Pick<Places, "cities" | "districts">>}
 */
async function oldNames(box) {
  try {
    /** @type {FileAnswer<Pick<Places, "cities" | "districts">>} */
    const { data } = await call(box.dataset.oldNames ?? "");
    return data;
  } catch {
    return { cities: {}, districts: {} };
  }
}

/**
 * What was recognised, as it stands in the fields now, and what is still to do.
 * @param {Address} found
 * @param {CheckoutForm} form
 * @returns {[string, string]}
 */
function told({ name, phone, region, street, rest, says }, form) {
  /** @type {Record<string, string>} */
  const parts = { name, phone, region: region.length > 1 ? region.join(" ") : "", street };
  const names = Object.keys(parts);
  const field = (/** @type {string} */ one) => form.elements[one === "region" ? "city" : /** @type {Typed} */ (one)];
  const missing = names.filter((one) => !parts[one] && !field(one).value.trim()).map((one) => say(`paste.${one}`));
  const shown = names.filter((one) => parts[one]).map((one) => say(`paste.${one}_is`, { value: parts[one] }));
  const todo = [
    ...(missing.length ? [say("paste.missing", { missing: missing.join(say("paste.and")) })] : []),
    ...says.map((one) => say(`paste.${one}`)),
    ...(rest ? [say("paste.rest", { rest })] : []),
  ];
  return [say("paste.found", { found: shown.join(say("paste.then")) }), todo.join("\n")];
}

/**
 * @param {string} text
 * @param {string} [todo]
 */
function tell(text, todo = "") {
  const result = part("read-result");
  write(result, "");
  window.setTimeout(() => {
    // so that the same words are said again
    write(result, text);
    if (todo) result.append(Object.assign(document.createElement("span"), { className: "todo", textContent: todo }));
  });
}
