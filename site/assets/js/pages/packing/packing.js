/** The packing room on one page: from the board to the bench to the door, and fixing what went wrong; a gun is heard everywhere. */

import { Away, unlessAway } from "../../core/api.js";
import { newKey } from "../../core/browser.js";
import { follow, shopClock } from "../../core/follow.js";
import { all, home, one, part, say, show, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { getItem, setItem } from "../../core/storage.js";
import { catalog } from "../../state/catalog.js";
import { villageDay } from "../../state/waves.js";
import { listen } from "../../widgets/gun.js";
import { beep, beepsOn, switchBeeps } from "./beep.js";
import { isLooking, startCamera, stopCamera } from "./camera.js";
import { paintStays, startDoor } from "./door.js";
import { busy, paintBoard, paintCountdown, paintStops } from "./pack-board.js";
import { print } from "./print.js";
import { scan, standAtDoor, startScanning, tellBoard } from "./scanning.js";
import "../../core/words-packing.js";
import "../../widgets/shop.js";

const EVERY = 10000; // milliseconds between two looks at the board
const SILENT = 45; // seconds without an answer after which the board is old
const ALARM = 10; // seconds between two sounds while something must stop
const PAPER = "cunbo.packing-paper";
const clock = shopClock();
/** @type {Map<string, string>} */
const keys = new Map(); // of waves that have no answer yet, so that a repeat prints the same one
/** @type {Shop} */
let shop = { postage: 0, zones: [], packs: new Map(), rooms: new Map() };
/** @type {PackBoard | null} */
let board = null;
/** @type {Set<string>} */
let stops = new Set();
let seconds = 0;

/**
 * @param {string} text
 * @param {boolean} [bad]
 */
function tell(text, bad = false) {
  write(part("said"), text);
  part("said").dataset.mood = bad ? "bad" : "";
}

/**
 * Asks the shop for something, and says where that was refused or could not be reached. Answers null then.
 * @param {string} path
 * @param {{method?: string, body?: object | null, key?: string}} [request]
 * @returns {Promise<unknown>}
 */
async function ask(path, { method = "POST", body = null, key = "" } = {}) {
  try {
    /** @type {AnyAnswer | null} */
    const answer = await callAsStaff(path, { method, body, key });
    if (!answer) return null;
    if (answer.status === 200 || answer.status === 201) return answer.data;
    tell(reason(answer), true);
  } catch (error) {
    unlessAway(error);
    tell(say("packing.away"), true);
    return null;
  }
  return null;
}

const acts = {
  /** @param {string[]} orders */
  async print(orders) {
    const labels = await loaded(() => import("./labels.js")); // before the shop notes that they are printed
    if (!labels) return;
    const wish = orders.join();
    const key = keys.get(wish) ?? newKey();
    keys.set(wish, key);
    const told = /** @type {PackLabels | null} */ (await ask("/api/staff/packing/waves", { body: { orders }, key }));
    if (!told) return;
    keys.delete(wish);
    const others = orders.length - told.labels.length;
    tell(others ? say("packing.printed_fewer", { others }) : "", others > 0);
    if (told.labels.length) labels.printLabels(told);
    following?.look();
  },
  /** @param {string} order */
  async reprint(order) {
    const labels = await loaded(() => import("./labels.js"));
    const told = labels && /** @type {PackLabels | null} */ (await ask(`/api/staff/orders/${order}/label`));
    if (labels && told) labels.printLabels(told);
  },
  /** @param {PackEntry} entry */
  async clear({ order, stage }) {
    if (stage === "stop") await ask(`/api/staff/orders/${order}/label/pull`);
    else await unpack(order);
    following?.look();
  },
};

/**
 * What a part of the page is that comes only when it is needed; null, and said so, where it does not come.
 * @template Part
 * @param {() => Promise<Part>} load
 */
async function loaded(load) {
  try {
    return await load();
  } catch {
    tell(say("packing.away"), true);
    return null;
  }
}

/** Takes apart each parcel of an order that stands here. @param {string} order */
async function unpack(order) {
  const told = /** @type {PackedOrder | null} */ (await ask(`/api/staff/orders/${order}/parcels`, { method: "GET" }));
  for (const { parcel, state } of told?.parcels ?? []) {
    if (state === "packed") await ask(`/api/staff/parcels/${parcel}/unpack`);
  }
}

/** @param {PackBoard} news */
function hear(news) {
  board = news;
  tellBoard(news.orders);
  clock.hear(news.now);
  paint();
}

function paint() {
  if (!board) return;
  const today = villageDay(clock.now());
  paintBoard(board.orders, today, shop, acts);
  paintStays(board.orders, today);
  const found = new Set(paintStops(board.orders, shop, acts));
  if ([...found].some((stop) => !stops.has(stop))) beep("stop");
  stops = found;
  tick();
}

function tick() {
  if (!board) return;
  paintCountdown(board.orders, board.courier, clock.now());
  seconds = stops.size ? seconds + 1 : 0;
  if (seconds && seconds % ALARM === 0) beep("stop");
}

/** @param {string} view */
function open(view) {
  part("room-of-packing").dataset.view = view;
  for (const button of all("[data-open]")) button.setAttribute("aria-pressed", String(button.dataset.open === view));
  for (const section of all("[data-view-of]")) show(section, section.dataset.viewOf?.split(" ").includes(view));
  if (view === "bench" || view === "door") standAtDoor(view === "door");
  if (view === "board" && isLooking()) look();
  waitForGun();
}

/** Takes in a scan from wherever: at the board it is one for the bench. @param {string[]} readings */
async function heard(readings) {
  const { view } = part("room-of-packing").dataset;
  if (view === "board") open("bench");
  if (view !== "fixing") return scan(readings);
  const fixing = await loaded(() => import("./fixing.js"));
  fixing?.find(readings, { orders: board?.orders ?? [], shop, tell, reprint: acts.reprint });
}

/** Phones with a gun tell nobody what is typed but a field that has the focus. */
function waitForGun() {
  if (window.matchMedia("(pointer: coarse)").matches && part("room-of-packing").dataset.view !== "board") {
    part("typed").focus({ preventScroll: true });
  }
}

async function look() {
  const button = part("camera");
  if (isLooking()) {
    stopCamera();
    button.setAttribute("aria-pressed", "false");
    return;
  }
  tell(say("packing.camera_starts"));
  const why = await startCamera(heard);
  tell(why, Boolean(why));
  button.setAttribute("aria-pressed", String(isLooking()));
}

/** Whether keys reach this page at all. */
function paintFocus() {
  show(part("unheard"), !document.hasFocus());
}

/** @type {{look(): Promise<void>} | null} */
let following = null;

async function begin() {
  try {
    shop = await catalog();
  } catch (error) {
    if (!(error instanceof Away)) throw error; // names of goods are missing then, and nothing else
  }
  startScanning(shop);
  startDoor();
  following = follow("/api/staff/packing", {
    every: EVERY,
    seen: true,
    heard: hear,
    refused: (status) => {
      if (status === 401) window.location.assign(`${home}staff/`);
      else if (status === 403) tell(say("packing.forbidden"), true);
    },
    silent: (since) => show(part("silent"), since > SILENT),
  });
}

for (const button of all("[data-open]")) {
  button.addEventListener("click", () => {
    open(button.dataset.open ?? "board");
    button.blur();
  });
}
part("typing").addEventListener("submit", (event) => {
  event.preventDefault();
  const { value } = part("typed");
  part("typed").value = "";
  part("typed").inputMode = "none";
  if (value.trim()) heard([value]);
});
part("keyboard").addEventListener("click", () => {
  part("typed").inputMode = "text";
  part("typed").blur();
  part("typed").focus();
});
part("camera").addEventListener("click", () => busy(part("camera"), look));
part("beeps").addEventListener("click", () => part("beeps").setAttribute("aria-pressed", String(switchBeeps())));
part("beeps").setAttribute("aria-pressed", String(beepsOn()));
part("print-again").addEventListener("click", () => print("labels", part("paper").value));
part("print-picks").addEventListener("click", () => print("picks"));
part("labels-close").addEventListener("click", () => {
  part("heap").replaceChildren(); // names and streets are on the screen no longer than for the print
  show(part("labels"), false);
});
part("paper").value = getItem(PAPER) === "large" ? "large" : "small";
part("paper").addEventListener("change", () => {
  setItem(PAPER, part("paper").value);
  part("paper").blur(); // a gun's letters would choose in it
});
part("hear-again").addEventListener("click", paintFocus);
for (const change of ["focus", "blur"]) window.addEventListener(change, paintFocus);
one("main").addEventListener("click", ({ target }) => {
  if (target instanceof Element && !target.closest("input, select, summary")) waitForGun();
});
listen(heard);
window.setInterval(tick, 1000);
import("./pace.js").catch(() => {}); // the next visit sees how the day goes
begin();
