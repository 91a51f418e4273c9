/** At the door: what this device has handed over today, the sheet that the courier signs, and what stays behind. */

import { unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { day, hour, part, say, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { getItem, setItem } from "../../core/storage.js";
import { villageDay } from "../../state/waves.js";
import { actRow, shortOf } from "./pack-board.js";
import { print } from "./print.js";
import "../../core/words-packing.js";

const HANDED = "cunbo.packing-handed";

/** What this device has handed over today, the last first. @returns {HandedParcel[]} */
export function handed() {
  const kept = getItem(HANDED);
  return kept?.day === villageDay(now()) ? kept.parcels : [];
}

/** @param {HandedParcel[]} parcels */
function keep(parcels) {
  setItem(HANDED, { day: villageDay(now()), parcels });
  paintDoor();
}

/**
 * Keeps a parcel that has left, with its number where it has one.
 * @param {PackParcel} parcel
 */
export function keepHanded({ parcel, carrier = "", tracking_number: number = "", handed: at = "" }) {
  if (!at) return;
  keep([{ parcel, carrier, number, at: Date.parse(at) }, ...handed().filter((one) => one.parcel !== parcel)]);
}

/** What was handed over to the carrier that is chosen; to all of them where none is. */
function chosen() {
  const carrier = part("carrier").value;
  return handed().filter((one) => !carrier || one.carrier === carrier);
}

/** The name of a carrier, as its list has it. @param {string} id */
const carrierName = (id) => [...part("carrier").options].find(({ value }) => value === id)?.text ?? id;

function paintDoor() {
  const list = part("handed-list");
  const found = chosen();
  write(part("handed-count"), say("packing.handed_count", { count: found.length }));
  if (list.querySelector("[data-asking], [aria-busy]")) return;
  list.replaceChildren(...found.map(handedRow));
}

/** @param {HandedParcel} one */
function handedRow({ parcel, carrier, number, at }) {
  const [order, n] = parcel.split("-");
  const words = [hour(at), `…${shortOf(order)}-${n}`, carrierName(carrier), number || say("packing.no_number")].join(
    " · ",
  );
  return actRow(words, say("packing.take_back"), () => takeBack(parcel), true);
}

/** @param {string} parcel */
async function takeBack(parcel) {
  try {
    /** @type {AnyAnswer | null} */
    const answer = await callAsStaff(`/api/staff/parcels/${parcel}/take-back`, { method: "POST" });
    if (!answer) return;
    const done = answer.status === 200;
    if (done) window.setTimeout(() => keep(handed().filter((one) => one.parcel !== parcel)));
    write(part("said"), done ? say("packing.taken_back") : reason(answer));
    part("said").dataset.mood = done ? "" : "bad";
  } catch (error) {
    unlessAway(error);
    write(part("said"), say("packing.away"));
    part("said").dataset.mood = "bad";
  }
}

/**
 * Says what is packed and still here, of what should leave today.
 * @param {PackEntry[]} orders
 * @param {string} today
 */
export function paintStays(orders, today) {
  const here = orders.filter(({ stage, ship_by }) => stage === "packed" && ship_by <= today);
  write(part("stays"), say(here.length ? "packing.stays" : "packing.stays_none", { count: here.length }));
}

/** Has the browser print what the chosen carrier's courier signs. */
function printSheet() {
  const parcels = chosen().reverse();
  const carrier = part("carrier").value;
  write(
    part("sheet-title"),
    say("packing.sheet.title", { carrier: carrier ? carrierName(carrier) : say("packing.sheet.all") }),
  );
  write(part("sheet-facts"), say("packing.sheet.facts", { day: day(villageDay(now())), count: parcels.length }));
  part("sheet-rows").replaceChildren(
    ...parcels.map(({ parcel, number, at }, place) => {
      const row = document.createElement("li");
      row.textContent = `${place + 1}.  ${hour(at)}  ${parcel}  ${number}`;
      return row;
    }),
  );
  print("sheet");
}

export function startDoor() {
  part("print-sheet").addEventListener("click", printSheet);
  part("carrier").addEventListener("change", paintDoor);
  paintDoor();
}
