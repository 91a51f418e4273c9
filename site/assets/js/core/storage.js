/**
 * What this device remembers, as JSON in localStorage. Where a browser keeps nothing (private mode, blocked), it lasts as
 * long as the page.
 */

/** @type {Map<string, string>} */
const fallback = new Map();

/**
 * Returns what was kept under `name`, or null; broken or foreign data counts as nothing.
 * @param {string} name
 * @returns {any}
 */
export function getItem(name) {
  try {
    return JSON.parse(fallback.get(name) ?? window.localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function setItem(name, value) {
  const text = JSON.stringify(value);
  try {
    window.localStorage.setItem(name, text);
    fallback.delete(name);
  } catch {
    fallback.set(name, text);
  }
}

/** @param {string} name */
export function removeItem(name) {
  fallback.delete(name);
  try {
    window.localStorage.removeItem(name);
  } catch {
    // Nothing was kept, so nothing is to be forgotten.
  }
}

/**
 * Calls back when another tab has changed what is kept under `name`.
 * @param {string} name
 * @param {() => void} callback
 */
export function onOtherTab(name, callback) {
  window.addEventListener("storage", ({ key }) => {
    if (key === name || key === null) callback();
  });
}
