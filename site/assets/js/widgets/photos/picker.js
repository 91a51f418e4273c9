/**
 * Photographs that somebody adds to what they send: made small, sent at once with what has gone out shown, tried again
 * after a lost network, and taken away again one by one.
 */

import { now } from "../../core/clock.js";
import { say, write } from "../../core/page.js";
import "../../core/words-photos.js";
import { shrink, Unreadable } from "./shrink.js";

const PATIENCE = 60_000; // milliseconds that one photograph may take
const AHEAD = 60_000; // milliseconds before its end from which a form is not begun any more

/** @typedef {{name: string, url: string, fields: Record<string, string>, until: string}} PhotoForm */
/** @typedef {{row: HTMLElement, note: HTMLElement, again: HTMLButtonElement, blob: Blob | null, form: PhotoForm | null, state: "working" | "sent" | "failed" | "unreadable"}} Row */

/**
 * Has `root` take up to `most` photographs. `ask` gets forms for so many from the shop, and throws where it cannot;
 * `changed` is told whenever something is added, sent or taken away.
 * @param {HTMLElement} root
 * @param {{most: number, ask: (count: number) => Promise<PhotoForm[]>, changed?: () => void}} how
 */
export function photoPicker(root, { most, ask, changed = () => {} }) {
  /** @type {Row[]} */
  let rows = [];
  const list = document.createElement("ul");
  list.className = "photos";
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept: "image/*", multiple: true, className: "unseen" });
  const label = document.createElement("label");
  label.className = "button quiet add-photo";
  const words = document.createElement("span");
  label.append(input, words);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  root.replaceChildren(list, label, said);

  function paint() {
    const full = rows.length >= most;
    input.disabled = full;
    label.toggleAttribute("data-full", full);
    write(words, say(full ? "photos.full" : "photos.add", { most }));
    changed();
  }

  /** @param {Row} row */
  function drop(row) {
    rows = rows.filter((one) => one !== row);
    row.row.remove();
    input.focus();
    paint();
  }

  /**
   * @param {Row} row
   * @param {Row["state"]} state
   * @param {string} text
   */
  function mark(row, state, text) {
    row.state = state;
    row.row.dataset.state = state;
    row.again.hidden = state !== "failed";
    write(row.note, text);
    paint();
  }

  /** @param {File} file */
  async function add(file) {
    const row = rowOf();
    rows.push(row);
    list.append(row.row);
    mark(row, "working", say("photos.reading"));
    try {
      const { blob, canvas } = await shrink(file);
      row.blob = blob;
      row.row.prepend(thumbnail(canvas));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      mark(row, "unreadable", say("photos.unreadable", { name: file.name }));
      return;
    }
    await send(row);
  }

  /** @param {Row} row */
  async function send(row) {
    if (!row.blob || !rows.includes(row)) return;
    mark(row, "working", say("photos.sending", { part: 0 }));
    try {
      if (!row.form || Date.parse(row.form.until) - now() < AHEAD) [row.form] = await ask(1);
      await post(row.form, row.blob, (part) => write(row.note, say("photos.sending", { part })));
      mark(row, "sent", say("photos.sent"));
    } catch {
      row.form = null;
      mark(row, "failed", say("photos.failed"));
    }
  }

  /** @returns {Row} */
  function rowOf() {
    const row = document.createElement("li");
    const note = document.createElement("span");
    const again = button(say("photos.again"), () => send(found));
    const gone = button(say("photos.remove"), () => drop(found));
    row.append(note, again, gone);
    /** @type {Row} */
    const found = { row, note, again, blob: null, form: null, state: "working" };
    return found;
  }

  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    const room = most - rows.length;
    write(said, files.length > room ? say("photos.too_many", { most }) : "");
    for (const file of files.slice(0, room)) add(file);
    input.value = "";
  });
  window.addEventListener("online", () => {
    for (const row of rows) if (row.state === "failed") send(row);
  });
  paint();

  return {
    /** What the shop calls those that were sent. */
    names: () => rows.flatMap(({ state, form }) => (state === "sent" && form ? [form.name] : [])),
    /** Whether any is still on its way, or did not get there. */
    waits: () => rows.some(({ state }) => state === "working" || state === "failed"),
    clear() {
      rows = [];
      list.replaceChildren();
      paint();
    },
  };
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/** @param {HTMLCanvasElement} canvas */
function thumbnail(canvas) {
  const small = document.createElement("canvas");
  const side = Math.min(canvas.width, canvas.height);
  small.width = small.height = 144;
  const context = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
  context.drawImage(canvas, (canvas.width - side) / 2, (canvas.height - side) / 2, side, side, 0, 0, 144, 144);
  small.setAttribute("role", "img");
  small.setAttribute("aria-label", say("photos.photo"));
  return small;
}

/**
 * Sends one photograph to where the form says; rejects where it is not taken, or does not get there.
 * @param {PhotoForm} form
 * @param {Blob} blob
 * @param {(percent: number) => void} told
 * @returns {Promise<void>}
 */
function post(form, blob, told) {
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  data.append("file", blob, "photo.jpg");
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how much has gone out
    request.open("POST", form.url);
    request.timeout = PATIENCE;
    request.upload.onprogress = ({ loaded, total }) => told(Math.floor((100 * loaded) / Math.max(total, 1)));
    request.onload = () => (request.status === 204 ? resolve() : reject(new Error(String(request.status))));
    request.onerror = request.ontimeout = request.onabort = () => reject(new Error("away"));
    request.send(data);
  });
}
