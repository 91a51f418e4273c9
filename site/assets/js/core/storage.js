/**
 * What this device remembers, as JSON in localStorage. Where a browser keeps nothing (blocked, full), it lasts as long as
 * the page; what buying needs goes on from page to page in the name of the tab, which no server ever sees.
 */

const HOUR = 60 * 60 * 1000; // milliseconds
const DAY = 24 * HOUR;
/** What says who somebody is, or lets a device in: the checkout's draft, orders without an answer, an enrolment. */
const PERSONAL = ["cunbo.draft", "cunbo.attempt", "cunbo.taking", "cunbo.enrolling"];

/** What is needed on more than one page to buy. */
const CARRIED = ["cunbo.cart", "cunbo.orders", "cunbo.room", "cunbo.attempt", "cunbo.taking"];
const MARK = "cunbo:"; // begins the tab's name where it carries something

let denied = !probe();
let tellDenied = () => {};
/** @type {Map<string, string>} */
const fallback = new Map(denied ? carried() : []);

function probe() {
  try {
    window.localStorage.setItem("cunbo.probe", MARK);
    window.localStorage.removeItem("cunbo.probe");
    return true;
  } catch {
    return false;
  }
}

/** @returns {[string, string][]} */
function carried() {
  try {
    return window.name.startsWith(MARK) ? JSON.parse(window.name.slice(MARK.length)) : [];
  } catch {
    return [];
  }
}

function carry() {
  const all = [...fallback].filter(([name]) => CARRIED.includes(name));
  if (all.length || window.name.startsWith(MARK)) window.name = all.length ? MARK + JSON.stringify(all) : "";
}

/** Whether what is kept here outlasts the tab. */
export const isKept = () => !denied;

/**
 * Calls back once something that is needed to buy cannot be kept; at once where that is so already.
 * @param {() => void} callback
 */
export function onDenied(callback) {
  tellDenied = callback;
  if (denied && fallback.size) callback();
}

/** Carries nothing to another's page, which would read it; to be called before one goes there. */
export function carryNothing() {
  if (window.name.startsWith(MARK)) window.name = "";
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
    denied = true;
    fallback.set(name, text);
    if (CARRIED.includes(name)) tellDenied();
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
