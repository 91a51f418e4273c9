/**
 * What was scanned and is not confirmed: kept on the device until the shop has answered, sent in the order of the scans,
 * each with the key that it had at first, so that what is sent again is done once.
 */

import { Away } from "../core/api.js";
import { newKey } from "../core/browser.js";
import { now } from "../core/clock.js";
import { getItem, setItem } from "../core/storage.js";

const QUEUE = "cunbo.packing-queue";
/** @type {Promise<boolean> | null} */
let draining = null;

/** @returns {PackAct[]} */
export const waiting = () => getItem(QUEUE) ?? [];

/**
 * Adds a scan, and answers it.
 * @param {Pick<PackAct, "kind" | "order"> & Partial<PackAct>} wish
 * @returns {PackAct}
 */
export function enqueue(wish) {
  const act = { revision: 0, carrier: "", number: "", parcel: "", after: "", ...wish, key: newKey(), at: now() };
  setItem(QUEUE, [...waiting(), act]);
  return act;
}

/**
 * Keeps which parcel a scan means, so that it means the same one where its answer is lost and it is sent again.
 * @param {string} key
 * @param {string} parcel
 */
export function settle(key, parcel) {
  setItem(
    QUEUE,
    waiting().map((act) => (act.key === key ? { ...act, parcel } : act)),
  );
}

/** @param {PackAct} act */
function leave({ key }) {
  setItem(
    QUEUE,
    waiting().filter((other) => other.key !== key),
  );
}

/**
 * Sends what waits, in order, until nothing does (true) or no answer comes (false). `send` answers what became of an act,
 * null where this device may not ask; `told` is told of each. A number waits for its parcel's name, and goes no further
 * where the parcel was refused.
 * @param {(act: PackAct) => Promise<PackOutcome | null>} send
 * @param {(act: PackAct, outcome: PackOutcome) => void} told
 */
export function drain(send, told) {
  draining =
    draining ||
    run(send, told).finally(() => {
      draining = null;
    });
  return draining;
}

/**
 * @param {(act: PackAct) => Promise<PackOutcome | null>} send
 * @param {(act: PackAct, outcome: PackOutcome) => void} told
 */
async function run(send, told) {
  for (let [act] = waiting(); act; [act] = waiting()) {
    /** @type {PackOutcome | null} */
    let outcome;
    try {
      outcome = await send(act);
    } catch (error) {
      if (error instanceof Away) return false;
      throw error;
    }
    if (!outcome) return false;
    leave(act);
    const { parcel } = outcome;
    const behind = waiting().filter(({ after }) => after === act.key);
    if (parcel) {
      setItem(
        QUEUE,
        waiting().map((other) => (other.after === act.key ? { ...other, parcel: parcel.parcel } : other)),
      );
    } else {
      for (const other of behind) leave(other);
    }
    told(act, outcome);
    if (!parcel) for (const other of behind) told(other, { ...outcome, dropped: true });
  }
  return true;
}
