/** Fixing: one order, found by its label, and what can be done where something went wrong; each by two taps. */

import { unlessAway } from "../../core/api.js";
import { newKey } from "../../core/browser.js";
import { count, part, say, show, stamp, when, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { nameOf } from "../../state/catalog.js";
import { labelIn, plain } from "../../state/label-code.js";
import { actRow, busy, shortOf } from "./pack-board.js";
import "../../core/words-fixing.js";
import "../../core/words-packing.js";

/**
 * @typedef {{orders: PackEntry[], shop: Shop, tell(text: string, bad?: boolean): void,
 *   reprint(order: string): Promise<void>}} Room
 */

const NUMBER = /^(?:CB)?([0-9]{20})(?:-[0-9]{1,3})?$/;
const DIGITS = /^[0-9]{4,19}$/;
/** What can be done with a parcel, by its state. @type {Record<string, string[]>} */
const ACTS = {
  packed: ["unpack"],
  shipped: ["take-back", "return"],
  underway: ["return"],
  returning: ["return"],
  delivered: ["return"],
  returned: ["resend"],
};
/** Whether this device may give money back and change addresses; null until it is known. @type {boolean | null} */
let manages = null;
/** Keys of refunds that have no answer yet, so that a repeat gives nothing back twice. @type {Map<string, string>} */
const keys = new Map();
let shown = "";

/**
 * Shows the order that was scanned, or of which the number or its last digits were typed.
 * @param {string[]} readings
 * @param {Room} room
 */
export async function find(readings, room) {
  const order = orderIn(readings, room.orders);
  if (!order) return room.tell(say("fixing.unknown"), true);
  if (manages === null) {
    const me = /** @type {StaffMember | null} */ (await ask("/api/staff/me", room, { method: "GET" }));
    if (!me) return;
    manages = me.role === "manager";
  }
  await look(order, room);
}

/**
 * @param {string[]} readings
 * @param {PackEntry[]} orders
 */
function orderIn(readings, orders) {
  for (const text of readings.map(plain)) {
    const label = labelIn(text);
    if (label) return label.order;
    const number = NUMBER.exec(text);
    if (number) return number[1];
    const ends = DIGITS.test(text) ? orders.filter(({ order }) => order.endsWith(text)) : [];
    if (ends.length === 1) return ends[0].order;
  }
  return "";
}

/**
 * @param {string} path
 * @param {Room} room
 * @param {{method?: string, body?: object | null, key?: string}} [request]
 * @returns {Promise<unknown>} null where it was refused, which is then said
 */
async function ask(path, room, { method = "POST", body = null, key = "" } = {}) {
  try {
    /** @type {AnyAnswer | null} */
    const answer = await callAsStaff(path, { method, body, key });
    if (!answer) return null;
    if (answer.status === 200 || answer.status === 201) return answer.data ?? {};
    room.tell(because(answer), true);
  } catch (error) {
    unlessAway(error);
    room.tell(say("packing.away"), true);
  }
  return null;
}

/** @param {AnyAnswer} answer */
function because(answer) {
  const { reason: why = "", type = "", errors = [] } = /** @type {Partial<Problem>} */ (answer.data ?? {});
  const field = errors[0]?.pointer.split("/")[2] ?? "";
  if (why === "dearer") return say("fixing.dearer");
  if (type.endsWith("/not-delivered")) return say("fixing.not_delivered");
  return field in WHERE ? say("fixing.wrong", { field: say(`fixing.fields.${WHERE[field]}`) }) : reason(answer);
}

/** Fields of the form, by the request's. @type {Record<string, string>} */
const WHERE = { name: "name", phone: "phone", region: "region", street: "street" };

/**
 * @param {string} order
 * @param {Room} room
 */
async function look(order, room) {
  const told = /** @type {PackedOrder | null} */ (
    await ask(`/api/staff/orders/${order}/parcels`, room, { method: "GET" })
  );
  if (!told) return;
  room.tell("");
  shown = order;
  write(
    part("fixing-order"),
    say("fixing.order", { order: shortOf(order), state: say(`fixing.states.${told.state}`) }),
  );
  part("fixing-rows").replaceChildren(
    ...told.parcels.flatMap((parcel) => parcelRows(parcel, order, room)),
    ...told.to_pack.flatMap((line) => lineRows(line, order, room)),
    ...(told.to_pack.length && told.state !== "cancelled"
      ? [actRow(say("fixing.label"), say("packing.reprint"), () => room.reprint(order))]
      : []),
  );
  const open = manages && told.to_pack.length > 0 && told.parcels.every(({ state }) => GONE.has(state));
  show(part("fixing-address"), Boolean(open));
  part("fixing-form").onsubmit = (event) => {
    event.preventDefault();
    busy(part("fixing-send"), () => sendElsewhere(order, room));
  };
}

const GONE = new Set(["unpacked", "resent"]);

/**
 * @param {PackParcel} parcel
 * @param {string} order
 * @param {Room} room
 */
function parcelRows({ parcel, state, lines, carrier, tracking_number, packed, by, by_name }, order, room) {
  const words = [
    `${say("fixing.parcel", { n: parcel.split("-")[1] })}${say("packing.colon")}${say(`fixing.states.${state}`)}`,
    lines.map(({ sku, quantity }) => `${quantity} × ${nameOf(room.shop, sku)}`).join(" + "),
    say("fixing.packed", { at: when(packed), by: by_name ?? by.replace(/^device:/, "") }),
    carrier ? `${carrier.toUpperCase()} ${tracking_number}`.trim() : "",
  ];
  const text = words.filter(Boolean).join(" · ");
  const acts = ACTS[state] ?? [];
  if (!acts.length) return [plainRow(text)];
  return acts.map((verb, place) =>
    actRow(
      place ? "" : text,
      say(`fixing.acts.${verb}`),
      async () => {
        if (await ask(`/api/staff/parcels/${parcel}/${verb}`, room)) await look(order, room);
      },
      true,
    ),
  );
}

/** @param {string} text */
function plainRow(text) {
  const row = stamp("pack-row");
  write(part("row-words", row), text);
  part("row-act", row).remove();
  return row;
}

/**
 * What is to be packed of a SKU: where it is missing or broken, a manager gives the money back for one or for all.
 * @param {{sku: string, quantity: number}} line
 * @param {string} order
 * @param {Room} room
 */
function lineRows({ sku, quantity }, order, room) {
  const unit = room.shop.packs.get(sku)?.unit ?? "";
  const text = say("fixing.to_pack", { units: count(quantity, unit), name: nameOf(room.shop, sku) });
  if (!manages) return [plainRow(text)];
  return [...new Set([1, quantity])].map((units, place) =>
    actRow(
      place ? "" : text,
      say(units === quantity && place ? "fixing.short_all" : "fixing.short", { units: count(units, unit) }),
      async () => {
        const wish = `${order} ${sku} ${units} of ${quantity}`;
        const key = keys.get(wish) ?? newKey();
        keys.set(wish, key);
        const body = { sku, quantity: units };
        if (!(await ask(`/api/staff/orders/${order}/short`, room, { body, key }))) return;
        keys.delete(wish);
        await look(order, room);
        room.tell(say("fixing.short_done"));
      },
      true,
    ),
  );
}

/**
 * @param {string} order
 * @param {Room} room
 */
async function sendElsewhere(order, room) {
  const fields = /** @type {const} */ (["to-name", "to-phone", "to-region", "to-street"]);
  const [name, phone, region, street] = fields.map((field) => part(field).value.trim());
  const body = { ship_to: { name, phone, region: region.split(/[\s/，,、]+/).filter(Boolean), street } };
  if (!(await ask(`/api/staff/orders/${order}/address`, room, { body }))) return;
  part("fixing-form").reset();
  if (shown === order) await look(order, room);
  room.tell(say("fixing.address_done"));
}
