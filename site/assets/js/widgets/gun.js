/**
 * A scanning gun, which is a keyboard: it types a code within a moment and ends with Enter, wherever the focus is. An
 * input method may keep its letters to itself or make words of them, so what the keys are is read besides what they type.
 */

const PAUSE = 1000; // milliseconds without a key after which what was typed is a scan that stopped halfway
const LEAST = 4; // signs from which it is a scan, and not a key that a hand has slipped on
const KEYS = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9])|(Minus|NumpadSubtract))$/;

/**
 * Tells `scanned` the readings of each scan, the field's own first where the focus is in one.
 * @param {(readings: string[]) => void} scanned
 */
export function listen(scanned) {
  let typed = "";
  let keys = "";
  let timer = 0;

  /** @param {string[]} also */
  function end(also) {
    window.clearTimeout(timer);
    const readings = [...also, typed, keys].filter(Boolean);
    typed = "";
    keys = "";
    if (readings.length) scanned(readings);
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { key, code, target, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || (target instanceof Element && target.closest("[data-by-hand]"))) return;
    const field = fieldOf(target);
    if (key === "Enter" || code === "Enter" || code === "NumpadEnter") {
      if (keys.length < LEAST && typed.length < LEAST && !(field && field.value.length >= LEAST)) return;
      event.preventDefault(); // of a button that has the focus, and of a form
      window.setTimeout(() => {
        const value = field?.value ?? ""; // by now an input method has let go of it
        if (field) field.value = "";
        end([value]);
      });
      return;
    }
    const found = KEYS.exec(code);
    if (key.length !== 1 && !found) return;
    if (!field) event.preventDefault(); // a letter would choose in a list, a blank would press a button
    if (key.length === 1) typed += key;
    if (found) keys += found[1] ?? found[2] ?? "-";
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!field && keys.length >= LEAST) end([]);
      typed = "";
      keys = "";
    }, PAUSE);
  }

  document.addEventListener("keydown", press, true);
}

/**
 * The field for what is scanned or typed (a form that is filled in by hand, `data-by-hand`, has none), where an event is in it; other fields keep what is typed into them, and a scan
 * besides.
 * @param {EventTarget | null} target
 * @returns {HTMLInputElement | null}
 */
function fieldOf(target) {
  return target instanceof HTMLInputElement && /^(?:text|search)$/.test(target.type) ? target : null;
}
