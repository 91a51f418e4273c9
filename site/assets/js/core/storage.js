/**
 * What this device remembers, as JSON in localStorage. Where a browser keeps nothing (blocked, full), it lasts as long as
 * the page; what buying needs goes on from page to page in the name of the tab, which no server ever sees.
 */

const HOUR = 60 * 60 * 1000; // milliseconds
const DAY = 24 * HOUR;
/** What says who somebody is, or opens what is theirs: a draft, orders without an answer or left to be paid, an enrolment. */
const PERSONAL = ["cunbo.draft", "cunbo.attempt", "cunbo.taking", "cunbo.leaving", "cunbo.enrolling"];

/** What could not be kept; the tab's name carries it from page to page. @type {Map<string, string>} */
let fallback = new Map();
let kept = true;

try {
  window.localStorage.setItem("cunbo.probe", "");
  window.localStorage.removeItem("cunbo.probe");
} catch {
  kept = false;
  try {
    fallback = new Map(JSON.parse(window.name));
  } catch {
    // The tab has another name, or none.
  }
}

/** Whether what is kept here outlasts the tab. */
export const isKept = () => kept;

function carry() {
  if (!kept) window.name = JSON.stringify([...fallback]);
}

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
    kept = false;
    fallback.set(name, text);
  }
  carry();
}

/** @param {string} name */
export function removeItem(name) {
  fallback.delete(name);
  carry();
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
 * Whether something is of the last day, by this device's own clock: not older, nor from the future by more than a clock
 * that was put right may have been wrong.
 * @param {number | undefined} at
 */
export const isFresh = (at = Number.NaN) => Date.now() - at > -HOUR && Date.now() - at < DAY;

/**
 * Returns what was kept of a person within the last day, or null; all else is forgotten.
 * @param {string} name
 * @returns {any}
 */
export function getPersonal(name) {
  const kept = getItem(name);
  if (isFresh(kept?.at)) return kept.value ?? null;
  removeItem(name);
  return null;
}

for (const name of PERSONAL) getPersonal(name); // whichever page is opened next forgets

/**
 * Calls back when another tab has changed what is kept under `name`, or another page has while this one was put aside.
 * @param {string} name
 * @param {() => void} callback
 */
export function onOtherTab(name, callback) {
  window.addEventListener("storage", ({ key }) => {
    if (key === name || key === null) callback();
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) callback();
  });
}
