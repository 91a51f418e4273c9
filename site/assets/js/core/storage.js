/**
 * What this device remembers, as JSON in localStorage. Where a browser keeps nothing (private mode, blocked), it lasts as
 * long as the page.
 */

const HOUR = 60 * 60 * 1000; // milliseconds
const DAY = 24 * HOUR;
/** What says who somebody is, or lets a device in: the checkout's draft, orders without an answer, an enrolment. */
const PERSONAL = ["cunbo.draft", "cunbo.attempt", "cunbo.taking", "cunbo.enrolling"];

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
 * Keeps what is personal, for a day; `name` is one of PERSONAL.
 * @param {string} name
 * @param {unknown} value
 */
export const setPersonal = (name, value) => setItem(name, { at: Date.now(), value });

/**
 * Returns what was kept of a person within the last day, or null; all else is forgotten. So is what comes from the future,
 * by more than a clock that was put right may have been wrong.
 * @param {string} name
 * @returns {any}
 */
export function getPersonal(name) {
  const kept = getItem(name);
  const age = Date.now() - kept?.at;
  if (age > -HOUR && age < DAY) return kept.value ?? null;
  removeItem(name);
  return null;
}

for (const name of PERSONAL) getPersonal(name); // whichever page is opened next forgets

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
