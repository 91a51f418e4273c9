/**
 * The viewer: a picture that was tapped fills the screen, with those beside it a swipe away, to be enlarged and read.
 *
 * It is a page of the browser's history, so that the phone's way back closes it. shop.js loads it at the first tap; its
 * rules come with it.
 */

import { all, load, one, say, show, write } from "../../core/page.js";
import "../../core/words-gallery.js";
import { follow } from "./gestures.js";
import { enlarged, filling, fitted, held, mostOf, moved, WHOLE } from "./zoom.js";

const STEP = 1.5; // times, by a key or a button
const CLOSER = 2.5; // times at least, by a double tap
const SIGNS = { close: "×", previous: "‹", next: "›", out: "−", in: "+" };

/** @typedef {keyof typeof SIGNS} Act */

/** Whether the rules have come; without them nothing is shown, and the link leads to the picture itself. */
const dressed = new Promise((done, fail) => {
  /** @type {HTMLLinkElement} */
  const { href } = one("link[rel=stylesheet]");
  load({ rel: "stylesheet", href: new URL("viewer.css", href).href, onload: done, onerror: fail });
});
let isOpen = false;

/**
 * Shows the picture that a link leads to, among those that stand with it: of its gallery, or of the page's text.
 * @param {HTMLAnchorElement} link
 */
export async function open(link) {
  await dressed;
  if (isOpen) return;
  isOpen = true;
  const gallery = link.closest(".gallery");
  /** @type {HTMLAnchorElement[]} */
  const links = all("a[data-zoom]", gallery ?? one("main"));
  const own = links.filter((other) => other.closest(".gallery") === gallery);
  const viewer = new Viewer(own, own.indexOf(link));
  window.history.pushState(null, "");
  const back = () => {
    window.removeEventListener("popstate", back);
    viewer.take();
    isOpen = false;
    link.focus();
  };
  window.addEventListener("popstate", back);
}

class Viewer {
  /**
   * @param {HTMLAnchorElement[]} links
   * @param {number} at
   */
  constructor(links, at) {
    this.links = links;
    this.at = at;
    this.ahead = at + 1 < links.length ? 1 : -1; // which neighbour is fetched: the one that people go on to
    /** @type {PictureView} */
    this.view = WHOLE;
    this.root = element("div", "viewer");
    this.root.setAttribute("role", "dialog");
    this.root.setAttribute("aria-modal", "true");
    this.root.setAttribute("aria-label", say("gallery.label"));
    this.root.tabIndex = -1;
    this.stage = element("div", "viewer-stage");
    this.row = element("div", "viewer-row");
    this.slides = links.map(() => element("div", "viewer-slide"));
    this.row.append(...this.slides);
    this.stage.append(this.row);
    this.words = element("p", "viewer-words");
    this.words.setAttribute("role", "status");
    const tools = element("div", "viewer-tools");
    this.buttons = {
      previous: this.button("previous", () => this.go(-1)),
      next: this.button("next", () => this.go(1)),
      out: this.button("out", () => this.enlarge(1 / STEP)),
      in: this.button("in", () => this.enlarge(STEP)),
      close: this.button("close", close),
    };
    tools.append(this.buttons.out, this.buttons.in, this.buttons.close);
    this.root.append(this.stage, this.words, this.buttons.previous, this.buttons.next, tools);
    /** Whatever else is on the page is out of reach meanwhile. */
    this.rest = [...document.body.children].filter((other) => !other.hasAttribute("inert"));
    for (const other of this.rest) other.setAttribute("inert", "");
    document.documentElement.classList.add("viewing");
    document.body.append(this.root);
    this.keys = (/** @type {KeyboardEvent} */ event) => this.press(event);
    this.fits = () => this.look(this.view);
    document.addEventListener("keydown", this.keys);
    window.addEventListener("resize", this.fits);
    follow(this.stage, {
      view: () => this.view,
      most: () => mostOf(this.shape(this.at), this.frame()),
      look: (view) => this.look(view),
      drag: (way) => this.drag(way),
      settle: (steps) => this.go(steps),
      enlarge: (times, at) => this.enlarge(times, at),
      toggle: (at) => this.toggle(at),
    });
    this.show();
    this.root.focus();
  }

  /**
   * @param {Act} act
   * @param {() => void} does
   */
  button(act, does) {
    const made = element("button", `viewer-${act}`);
    Object.assign(made, { type: "button", textContent: SIGNS[act], title: say(`gallery.${act}`) });
    made.setAttribute("aria-label", say(`gallery.${act}`));
    made.addEventListener("click", does);
    return /** @type {HTMLButtonElement} */ (made);
  }

  /** Shows the present picture, whole. */
  show() {
    for (const slide of this.slides) slide.setAttribute("aria-hidden", String(slide !== this.slides[this.at]));
    const img = this.fill(this.at);
    this.look(WHOLE);
    this.drag(0, true);
    const said = () => {
      const text = [img.title || img.alt, lost(img) ? say("gallery.lost") : ""];
      if (this.links.length > 1) text.unshift(`${this.at + 1}/${this.links.length}`);
      if (this.slides[this.at].contains(img)) write(this.words, text.filter(Boolean).join("　"));
    };
    said();
    const come = () => {
      said();
      if (!lost(img)) this.fill(this.at + this.ahead);
    };
    if (img.complete) come();
    else for (const event of ["load", "error"]) img.addEventListener(event, come, { once: true });
    const pressed = document.activeElement;
    show(this.buttons.previous, this.at > 0);
    show(this.buttons.next, this.at + 1 < this.links.length);
    if (pressed?.hasAttribute("hidden")) this.root.focus(); // the button that was pressed has gone
  }

  /**
   * Puts a picture into its place, once; answers it.
   * @param {number} place
   * @returns {HTMLImageElement}
   */
  fill(place) {
    const slide = this.slides[place];
    if (slide && !slide.firstChild) {
      const shown = /** @type {HTMLElement} */ (one("picture, img", this.links[place]).cloneNode(true));
      slide.append(shown);
      one("img", slide).removeAttribute("loading");
      this.size(place, 1);
    }
    return slide && one("img", slide);
  }

  /**
   * Says how wide a photograph is shown, so that the browser takes the one with as many pixels.
   * @param {number} place
   * @param {number} scale
   */
  size(place, scale) {
    const wide = Math.ceil(fitted(this.shape(place), this.frame()).width * scale);
    for (const source of /** @type {HTMLSourceElement[]} */ (all("source", this.slides[place]))) {
      if (Number.parseInt(source.dataset.wide ?? "0", 10) >= wide) continue;
      source.dataset.wide = String(wide);
      source.sizes = `${wide}px`;
    }
  }

  /** @param {number} place */
  shape(place) {
    const img = one("img", this.slides[place]);
    return { width: Number(img.getAttribute("width")) || 4, height: Number(img.getAttribute("height")) || 3 };
  }

  frame() {
    return { width: this.stage.clientWidth || 1, height: this.stage.clientHeight || 1 };
  }

  /** @param {PictureView} view */
  look(view) {
    this.view = held(view, this.shape(this.at), this.frame());
    const { scale, x, y } = this.view;
    const shown = /** @type {HTMLElement} */ (this.slides[this.at].firstElementChild);
    shown.style.transform = scale > 1 ? `translate(${x}px, ${y}px) scale(${scale})` : "";
    this.size(this.at, scale);
    this.root.toggleAttribute("data-enlarged", scale > 1);
    this.buttons.out.setAttribute("aria-disabled", String(scale === 1)); // and keeps the focus
  }

  /**
   * @param {number} times 0 for the whole picture
   * @param {PicturePoint} [at]
   */
  enlarge(times, at = { x: 0, y: 0 }) {
    this.look(times ? enlarged(this.view, times, at, mostOf(this.shape(this.at), this.frame())) : WHOLE);
  }

  /**
   * Enlarges the picture, a long one until it fills the screen; or shows all of it again.
   * @param {PicturePoint} at
   */
  toggle(at) {
    const times = Math.max(CLOSER, filling(this.shape(this.at), this.frame()));
    this.enlarge(this.view.scale > 1 ? 0 : times, at);
  }

  /**
   * @param {number} way
   * @param {boolean} [rests]
   */
  drag(way, rests = false) {
    if (!rests) for (const beside of [-1, 1]) this.fill(this.at + beside);
    const ends = !this.links[this.at - Math.sign(way)];
    this.row.toggleAttribute("data-rests", rests);
    this.row.style.transform = `translateX(calc(${-100 * this.at}% + ${ends ? way / 3 : way}px))`;
  }

  /** @param {number} steps */
  go(steps) {
    if (!steps || !this.links[this.at + steps]) {
      this.drag(0, true);
      return;
    }
    this.look(WHOLE);
    this.at += steps;
    this.ahead = Math.sign(steps);
    this.show();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const by = Math.min(this.frame().width, this.frame().height) / 5;
    /** @type {Record<string, () => void>} */
    const keys = {
      Escape: close,
      Tab: () => this.turn(event.shiftKey ? -1 : 1),
      "+": () => this.enlarge(STEP),
      "=": () => this.enlarge(STEP),
      "-": () => this.enlarge(1 / STEP),
      0: () => this.enlarge(0),
      PageUp: () => this.go(-1),
      PageDown: () => this.go(1),
      Home: () => this.go(-this.at),
      End: () => this.go(this.links.length - 1 - this.at),
      ArrowLeft: () => (this.view.scale > 1 ? this.look(moved(this.view, { x: by, y: 0 })) : this.go(-1)),
      ArrowRight: () => (this.view.scale > 1 ? this.look(moved(this.view, { x: -by, y: 0 })) : this.go(1)),
      ArrowUp: () => this.look(moved(this.view, { x: 0, y: by })),
      ArrowDown: () => this.look(moved(this.view, { x: 0, y: -by })),
    };
    if (!keys[key]) return;
    event.preventDefault();
    keys[key]();
  }

  /**
   * Takes the focus to the next button, and round: older browsers do not know what is inert.
   * @param {number} step
   */
  turn(step) {
    /** @type {HTMLButtonElement[]} */
    const buttons = all("button:not([hidden])", this.root);
    const now = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = now < 0 && step < 0 ? -1 : now + step;
    buttons[(next + buttons.length) % buttons.length].focus();
  }

  /** Takes the viewer off the page. */
  take() {
    document.removeEventListener("keydown", this.keys);
    window.removeEventListener("resize", this.fits);
    for (const other of this.rest) other.removeAttribute("inert");
    document.documentElement.classList.remove("viewing");
    this.root.remove();
  }
}

const close = () => window.history.back();
/** @param {HTMLImageElement} img */
const lost = (img) => img.complete && !img.naturalWidth;

/**
 * @param {string} tag
 * @param {string} name
 */
function element(tag, name) {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
