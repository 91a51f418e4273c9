/** Who came by a room's code: counts the scan, once, and remembers the room for the order. */

import { getItem, setItem } from "../core/storage.js";

const ROOM = "cunbo.room";
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

const here = new URL(window.location.href);
const room = here.searchParams.get("from") || "";
if (NAMED.test(room)) {
  setItem(ROOM, { room, at: Date.now() });
  const body = new Blob([JSON.stringify({ room })], { type: "application/json" });
  fetch("/api/scans", { method: "POST", body, keepalive: true }).catch(() => {});
  here.searchParams.delete("from"); // who is sent this address has scanned nothing
  window.history.replaceState(window.history.state, "", here);
}
