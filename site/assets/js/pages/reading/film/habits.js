/** How this visitor has the television set, on this device: volume, brightness, captions, or the plain player instead. */

import { getItem, setItem } from "../../../core/storage.js";

const NAME = "cunbo.television";

/**
 * Returns what was kept under `name`; what is missing, or of another type than `usual`, counts as that.
 * @template {string | number | boolean} Value
 * @param {string} name
 * @param {Value} usual
 * @returns {Value}
 */
export function habit(name, usual) {
  const found = getItem(NAME)?.[name];
  return typeof found === typeof usual ? found : usual;
}

/**
 * @param {string} name
 * @param {string | number | boolean} value
 */
export function keep(name, value) {
  setItem(NAME, { ...getItem(NAME), [name]: value });
}
