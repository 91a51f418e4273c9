/**
 * Who came by a room's code: counts the scan, once, and remembers the room for the order. The address says so by a name
 * that is the shop's alone: chats and networks add from, utm_source and more of their own.
 */

import { call } from "../core/api.js";
import { getItem, setItem } from "../core/storage.js";

const ROOM = "cunbo.room";
const SCANNED = "cunbo-room";
const LASTS = 30 * 86400000;
const NAMED = /^(?!.{41})[a-z0-9]+(-[a-z0-9]+)*$/; // the shop refuses an order of any other

/**
 * The room whose code was scanned last, "" where that is longer ago than the shop may remember.
 * @returns {string}
 */
export function cameFrom() {
  const kept = getItem(ROOM);
  return kept && typeof kept.room === "string" && Date.now() - kept.at < LASTS ? kept.room : "";
}

/**
 * Whether there is a room of that name; where the list of them is away, whether one may be called so.
 * @param {string} room
 */
async function isRoom(room) {
  if (!NAMED.test(room)) return false;
  try {
    /** @type {FileAnswer<PacksFile>} */
    const { data } = await call("/packs.json");
    return Object.keys(data.rooms).includes(room);
  } catch {
    return true;
  }
}

async function remember() {
  const here = new URL(window.location.href);
  const room = here.searchParams.get(SCANNED);
  if (room === null) return;
  here.searchParams.delete(SCANNED); // who is sent this address has scanned nothing
  window.history.replaceState(window.history.state, "", here);
  if (!(await isRoom(room))) return;
  setItem(ROOM, { room, at: Date.now() });
  const body = new Blob([JSON.stringify({ room })], { type: "application/json" });
  fetch("/api/scans", { method: "POST", body, keepalive: true }).catch(() => {});
}

remember();
