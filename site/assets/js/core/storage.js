/**
 * What this device remembers, as JSON in localStorage. Where a browser keeps nothing (private mode, blocked), it lasts as
 * long as the page.
 */

const fallback = new Map();

/** Returns what was kept under `name`, or null; broken or foreign data counts as nothing. */
export function getItem(name) {
  try {
    return JSON.parse(fallback.has(name) ? fallback.get(name) : window.localStorage.getItem(name));
  } catch (error) {
    return null;
  }
}

export function setItem(name, value) {
  const text = JSON.stringify(value);
  try {
    window.localStorage.setItem(name, text);
    fallback.delete(name);
  } catch (error) {
    fallback.set(name, text);
  }
}

export function removeItem(name) {
  fallback.delete(name);
  try {
    window.localStorage.removeItem(name);
  } catch (error) {
    // Nothing was kept, so nothing is to be forgotten.
  }
}

/** Calls back when another tab has changed what is kept under `name`. */
export function onOtherTab(name, callback) {
  window.addEventListener("storage", (event) => (event.key === name || event.key === null) && callback());
}
