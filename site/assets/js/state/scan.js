/**
 * Who came by a room's code: counts the scan, once, and remembers the room for the order. The address says so by a name
 * that is the shop's alone: chats and networks add from, utm_source and more of their own.
 */

import { call } from "../core/api.js";
import { getItem, setItem } from "../core/storage.js";

const ROOM = "cunbo.room";
const SCANNED = "cunbo-room";
const LASTS = 30 * 86400000;

/**
 * The room whose code was scanned last, "" where that is longer ago than the shop may remember.
 * @returns {string}
 */
export function cameFrom() {
  const kept = getItem(ROOM);
  return kept && typeof kept.room === "string" && Date.now() - kept.at < LASTS ? kept.room : "";
}

async function remember() {
  const here = new URL(window.location.href);
  const room = here.searchParams.get(SCANNED);
  if (room === null) return;
  here.searchParams.delete(SCANNED); // who is sent this address has scanned nothing
  window.history.replaceState(window.history.state, "", here);
  /** @type {FileAnswer<PacksFile>} */
  const { data } = await call("/packs.json");
  if (!Object.keys(data.rooms).includes(room)) return; // the shop refuses an order of what is no room
  setItem(ROOM, { room, at: Date.now() });
  const body = new Blob([JSON.stringify({ room })], { type: "application/json" });
  fetch("/api/scans", { method: "POST", body, keepalive: true }).catch(() => {});
}

remember().catch(() => {}); // without the list of rooms the signed cookie alone says where a shopper came from
