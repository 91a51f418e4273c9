/** At the bench and at the door: each scan is answered in green, or in red with its reason; two scans a parcel, no tap. */

import { now } from "../../core/clock.js";
import { count, hour, part, say, show, stamp, when, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { getItem, setItem } from "../../core/storage.js";
import { nameOf } from "../../state/catalog.js";
import { scanIn } from "../../state/label-code.js";
import { drain, enqueue, settle, waiting } from "../../state/packing-queue.js";
import { isToPack } from "../../state/waves.js";
import { beep } from "./beep.js";
import { keepHanded } from "./door.js";
import { shortOf } from "./pack-board.js";
import "../../core/words-goods.js";
import "../../core/words-packing.js";

/** How a scan is shown; "" before there is one. @typedef {"good" | "bad" | "wait" | ""} Mood */

const CARRIER = "cunbo.packing-carrier";
const TWICE = 1500; // milliseconds in which a gun that reads one label twice means it once
const AGAIN = 5000; // milliseconds until what waits is sent again
const AGO = 5000; // milliseconds: what was handed over longer before a scan was not handed over by that
const MOST_SHOWN = 30;
const BACK = new Set(["unpacked", "returned", "resent"]); // states of parcels that are in the village again

/** @type {Shop} */
let shop = { postage: 0, zones: [], packs: new Map(), rooms: new Map() };
let atDoor = false;
let last = "";
let lastAt = 0;
/** Scans that were shown as waiting, so that what becomes of them is told loudly. @type {Set<string>} */
const late = new Set(waiting().map(({ key }) => key));
/** Scans of labels whose carrier's number comes next: several where one box goes to one door. @type {PackAct[]} */
let pending = [];
/** @type {Map<string, PackEntry>} */
let board = new Map();
/** Parcels by the keys of the scans that packed them. @type {Map<string, string>} */
const parcels = new Map();

/** Begins, with what is sold, and sends what a page before this one left waiting. @param {Shop} told */
export function startScanning(told) {
  shop = told;
  const carrier = part("carrier");
  carrier.value = getItem(CARRIER) ?? "";
  if (carrier.selectedIndex < 0) carrier.value = "";
  carrier.addEventListener("change", () => {
    setItem(CARRIER, carrier.value);
    carrier.blur(); // a gun's letters would choose in it
    askNext();
  });
  window.addEventListener("online", send);
  window.setInterval(() => {
    if (waiting().length) send();
  }, AGAIN);
  askNext();
  send();
}

/** What stands in the packing room, so that orders for one door are found together. @param {PackEntry[]} orders */
export function tellBoard(orders) {
  board = new Map(orders.map((entry) => [entry.order, entry]));
}

/** The other orders that go to the door of this one. @param {string} order */
function sameDoor(order) {
  const recipient = board.get(order)?.recipient;
  return recipient ? [...board.values()].filter((one) => one.recipient === recipient && one.order !== order) : [];
}

/** Scans are of parcels that go out, or of those that are packed. @param {boolean} yes */
export function standAtDoor(yes) {
  if (atDoor === yes) return;
  atDoor = yes;
  pending = [];
  const [none] = part("carrier").options;
  none.text = (yes ? none.dataset.door : none.dataset.bench) ?? "";
  verdict("", "", "");
  askNext();
}

/**
 * Takes in a scan, by whatever way it came.
 * @param {string[]} readings
 */
export function scan(readings) {
  const found = scanIn(readings);
  if (found.kind === "label") return label(found.order, found.revision);
  if (found.kind === "number") return number(found.number);
  beep("bad");
  verdict("bad", say("packing.unread"), say(`packing.scan.${found.kind}`));
  return log("bad", say(`packing.scan.${found.kind}`));
}

/**
 * @param {string} order
 * @param {number} revision
 */
function label(order, revision) {
  const carrier = part("carrier").value;
  const kind = atDoor ? "handover" : "pack";
  if (atDoor && !carrier) return refuse(say("packing.scan.carrier"));
  const key = `${order} ${revision} ${atDoor}`;
  const again = key === last && performance.now() - lastAt < TWICE;
  last = key;
  lastAt = performance.now();
  if (again) return;
  if (waiting().some((act) => act.kind === kind && act.order === order && late.has(act.key))) {
    beep("wait");
    return verdict("wait", say("packing.queued"), say("packing.queued_already", { order: shortOf(order) }));
  }
  const together = sameDoor(order).map((one) => one.order);
  const act = enqueue({ kind, order, revision, carrier: atDoor ? carrier : "" });
  pending = [...pending.filter((one) => together.includes(one.order)), act];
  verdict("wait", say("packing.asking"), `…${shortOf(order)}`);
  send();
}

/** @param {string} tracking */
function number(tracking) {
  const carrier = part("carrier").value;
  if (!carrier) return refuse(say("packing.scan.carrier"));
  if (!pending.length) return refuse(say("packing.scan.first", { number: tracking }));
  for (const { key, order } of pending) {
    enqueue({ kind: "number", order, carrier, number: tracking, after: key, parcel: parcels.get(key) ?? "" });
  }
  pending = [];
  verdict("wait", say("packing.asking"), tracking);
  send();
}

/** @param {string} text */
function refuse(text) {
  beep("bad");
  verdict("bad", say("packing.unread"), text);
  log("bad", text);
}

/** Sends what waits; what gets no answer is shown as waiting. */
export async function send() {
  if (await drain(ask, told)) return paintQueue();
  const fresh = waiting().filter(({ key }) => !late.has(key));
  for (const { key } of waiting()) late.add(key);
  paintQueue();
  if (!fresh.length) return;
  beep("wait");
  const { order } = fresh[fresh.length - 1];
  verdict("wait", say("packing.queued"), say("packing.queued_how", { order: shortOf(order) }));
  askNext();
}

function paintQueue() {
  const { length } = waiting();
  show(part("queue"), length > 0);
  write(part("queue"), say("packing.queue", { count: length }));
}

/**
 * Asks the shop for what a scan wants. Throws Away.
 * @param {PackAct} act
 * @returns {Promise<PackOutcome | null>}
 */
async function ask(act) {
  const { kind, order, revision, carrier, number: tracking, parcel, key } = act;
  if (kind === "pack") return outcomeOf(await post(`/api/staff/orders/${order}/parcels`, { revision }, key), "");
  if (kind === "handover") return handOver(act);
  return outcomeOf(
    await post(`/api/staff/parcels/${parcel}/number`, { carrier, tracking_number: tracking }, "", "PUT"),
    parcel,
  );
}

/**
 * @param {string} path
 * @param {object} body
 * @param {string} [key]
 * @param {string} [method]
 * @returns {Promise<AnyAnswer | null>}
 */
const post = (path, body, key = "", method = "POST") => callAsStaff(path, { method, body, key });

/**
 * Gives the order's next parcel that stands here to the carrier: a label says of which order it is, not of which parcel,
 * so that of an order with two each is scanned once. Which one is kept with the scan, which gives
 * no other one away where its answer is lost.
 * @param {PackAct} act
 * @returns {Promise<PackOutcome | null>}
 */
async function handOver({ order, carrier, at, key, parcel }) {
  let name = parcel;
  if (!name) {
    /** @type {AnyAnswer | null} */
    const told = await callAsStaff(`/api/staff/orders/${order}/parcels`);
    if (told?.status !== 200) return outcomeOf(told, "");
    const { parcels: all } = /** @type {PackedOrder} */ (told.data);
    const here = all.find(({ state }) => state === "packed");
    const gone = all.filter(({ handed, state }) => handed && !BACK.has(state)).pop();
    if (!here) return { parcel: gone ?? null, problem: gone ? null : { reason: "no-parcel" }, earlier: true };
    name = here.parcel;
    settle(key, name);
  }
  const found = outcomeOf(await post(`/api/staff/parcels/${name}/handover`, { carrier, tracking_number: "" }), name);
  return found && { ...found, earlier: Date.parse(found.parcel?.handed ?? "") <= at - AGO };
}

/**
 * @param {AnyAnswer | null} answer
 * @param {string} name of the parcel, "" where the answer is of one alone
 * @returns {PackOutcome | null}
 */
function outcomeOf(answer, name) {
  if (!answer) return null;
  if (answer.status !== 200 && answer.status !== 201) {
    return { parcel: null, problem: /** @type {PackProblem} */ (answer.data ?? {}) };
  }
  const told = /** @type {PackParcel & {parcels?: PackParcel[]}} */ (answer.data);
  const parcel = name ? told.parcels?.find((one) => one.parcel === name) : told;
  return parcel ? { parcel, problem: null } : { parcel: null, problem: {} };
}

/**
 * @param {PackAct} act
 * @param {PackOutcome} outcome
 */
function told(act, { parcel, problem, earlier, dropped }) {
  const short = shortOf(act.order);
  const facts = { order: short, number: act.number, at: hour(act.at) };
  if (parcel && !earlier) {
    parcels.set(act.key, parcel.parcel);
    if (atDoor && parcel.tracking_number) pending = pending.filter(({ key }) => key !== act.key);
    if (act.kind !== "pack") keepHanded(parcel);
    beep("good");
    verdict(
      "good",
      say(`packing.done.${act.kind}`, facts),
      [late.has(act.key) ? say("packing.late_scan", facts) : "", act.kind === "pack" ? alsoToDoor(act.order) : ""]
        .filter(Boolean)
        .join(" "),
      parcel,
    );
    log("good", say(`packing.done.${act.kind}`, facts));
  } else {
    pending = pending.filter(({ key }) => key !== act.key);
    const why = dropped ? say("packing.dropped", facts) : earlier && parcel ? gone(parcel) : because(problem);
    beep("bad");
    verdict("bad", say(`packing.not.${act.kind}`, facts), why, null);
    log("bad", `${say(`packing.not.${act.kind}`, facts)}${say("packing.colon")}${why}`);
  }
  late.delete(act.key);
  paintQueue();
  askNext();
}

/** Says what else goes to this order's door and is not packed. @param {string} order */
function alsoToDoor(order) {
  if (pending.length > 1) return say("packing.one_box", { orders: pending.length });
  const more = sameDoor(order).filter((one) => isToPack(one) && !pending.some((act) => act.order === one.order));
  if (!more.length) return "";
  const names = more.map((one) => `…${shortOf(one.order)}`).join(say("goods.comma"));
  return say("packing.same_door", { orders: more.length, names });
}

/** @param {PackParcel} parcel */
const gone = ({ handed: at = "" }) => say("packing.handed_before", { at: when(at) });

/** @param {PackProblem | null} problem */
function because(problem) {
  const words = reason({ data: problem });
  if (!problem?.at) return words;
  const by = problem.by_name ?? (problem.by ?? "").replace(/^device:/, "");
  return say("packing.packed_by", { at: when(problem.at), by });
}

/**
 * Shows what became of a scan.
 * @param {Mood} mood
 * @param {string} text
 * @param {string} why
 * @param {PackParcel | null} [parcel]
 */
function verdict(mood, text, why, parcel = null) {
  part("result").dataset.mood = mood;
  write(part("verdict"), text);
  write(part("because"), why);
  part("contents").replaceChildren(...(parcel?.lines ?? []).map(contentOf));
}

/** @param {PackParcel["lines"][number]} line */
function contentOf({ sku, quantity }) {
  const row = stamp("content");
  const pack = shop.packs.get(sku);
  const picture = part("picture", row);
  if (pack) picture.src = pack.picture;
  show(picture, Boolean(pack));
  write(part("content-name", row), nameOf(shop, sku));
  write(part("content-units", row), count(quantity, pack?.unit ?? ""));
  return row;
}

/** Says what is to be scanned next. */
function askNext() {
  const carrier = part("carrier").value;
  const wants =
    pending.length && carrier ? (atDoor ? "number_or" : "number") : atDoor ? (carrier ? "out" : "carrier") : "label";
  write(part("next-scan"), say(`packing.next.${wants}`));
}

/**
 * @param {Mood} mood
 * @param {string} text
 */
function log(mood, text) {
  const row = document.createElement("li");
  row.dataset.mood = mood;
  row.textContent = `${hour(now())} ${text}`;
  part("scans").prepend(row);
  while (part("scans").children.length > MOST_SHOWN) part("scans").lastElementChild?.remove();
}
