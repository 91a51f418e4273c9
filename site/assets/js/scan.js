/** Who came by a room's code: the scan is counted, once, and the room remembered for the order. */

import { keep, recall } from "./memory.js";

const ROOM = "cunbo.room";
const LASTS = 30 * 24 * 60 * 60 * 1000;

/** The room whose code was scanned last on this device, "" where that is longer ago than the shop may remember. */
export function cameFrom() {
  const kept = recall(ROOM);
  return kept && typeof kept.room === "string" && Date.now() - kept.at < LASTS ? kept.room : "";
}

const here = new URL(window.location.href);
const room = here.searchParams.get("from") || "";
if (/^[a-z0-9-]{1,40}$/.test(room)) {
  keep(ROOM, { room, at: Date.now() });
  navigator.sendBeacon("/api/scans", new Blob([JSON.stringify({ room })], { type: "application/json" }));
  here.searchParams.delete("from"); // who is sent this address has scanned nothing
  window.history.replaceState(window.history.state, "", here);
}
