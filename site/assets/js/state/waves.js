/**
 * What the packing board makes of its orders: by day, what is to be fetched, and waves of which each takes few walks.
 * Pure: what is given decides.
 */

const MOST = 30; // labels of a wave: what fits on a trolley
const FEW = 4; // orders with the same contents up to which they go with others

/** @typedef {{first: string, contents: string, entries: PackEntry[]}} Door what goes to one door */
/** @typedef {"late" | "today" | "tomorrow" | "later"} PackDay */

/** @param {PackEntry} entry */
export const isToPack = ({ stage }) => stage === "to_print" || stage === "printed" || stage === "outdated";
/** @param {PackEntry} entry */
export const isToPrint = ({ stage }) => stage === "to_print" || stage === "outdated";
/** @param {PackEntry} entry */
export const isStopped = ({ stage }) => stage === "stop" || stage === "unpack";

/** The village's day: its clocks are eight hours ahead of UTC all year. @param {number} now in milliseconds */
export const villageDay = (now) => new Date(now + 288e5).toISOString().slice(0, 10);

/**
 * Whether a day is over, today, tomorrow or after that, by the village's day.
 * @param {string} shipBy
 * @param {string} today
 * @returns {PackDay}
 */
export function dayOf(shipBy, today) {
  if (shipBy <= today) return shipBy < today ? "late" : "today";
  return shipBy === new Date(Date.parse(today) + 864e5).toISOString().slice(0, 10) ? "tomorrow" : "later";
}

/**
 * What is to be fetched for these orders: units by SKU, most first, and how many orders want how many of it.
 * @param {PackEntry[]} entries
 * @returns {{sku: string, units: number, orders: [number, number][]}[]} `orders`: of that many units, so many
 */
export function pickList(entries) {
  /** @type {Map<string, Map<number, number>>} */
  const wanted = new Map();
  for (const { lines } of entries) {
    for (const { sku, quantity } of lines) {
      const orders = wanted.get(sku) ?? new Map();
      wanted.set(sku, orders.set(quantity, (orders.get(quantity) ?? 0) + 1));
    }
  }
  return [...wanted]
    .map(([sku, orders]) => ({
      sku,
      units: [...orders].reduce((sum, [quantity, number]) => sum + quantity * number, 0),
      orders: [...orders].sort(([one], [other]) => one - other),
    }))
    .sort((one, other) => other.units - one.units || compare(one.sku, other.sku));
}

/**
 * Waves of these orders: the earliest day first; of a day those with the same contents, of fewest products and most
 * orders first, and last what is mixed, beside one another what has most in common. What goes to one door stays
 * together, in the wave of its earliest day.
 * @param {PackEntry[]} entries
 * @param {(sku: string) => string} productOf
 * @returns {PackWave[]}
 */
export function wavesOf(entries, productOf) {
  /** @type {PackWave[]} */
  const waves = [];
  for (const [day, doors] of sorted(grouped(doorsOf(entries), ({ first }) => first))) {
    const alike = [...grouped(doors, ({ contents }) => contents)];
    const many = alike.filter(([, found]) => sizeOf(found) > FEW);
    const few = alike.filter(([, found]) => sizeOf(found) <= FEW).sort(([one], [other]) => compare(one, other));
    /** @param {Door[]} found */
    const walks = (found) => productsOf(found, productOf).length;
    many.sort(([one, mine], [other, theirs]) => {
      return walks(mine) - walks(theirs) || sizeOf(theirs) - sizeOf(mine) || compare(one, other);
    });
    for (const [contents, found] of many) waves.push(...cut(found).map((part) => wave(day, contents, part, productOf)));
    const mixed = [
      ...grouped(
        few.flatMap(([, found]) => found),
        (door) => productsOf([door], productOf).join("+"),
      ),
    ];
    mixed.sort(([one], [other]) => one.split("+").length - other.split("+").length || compare(one, other));
    const rest = mixed.flatMap(([, found]) => found);
    waves.push(...cut(rest).map((part) => wave(day, "", part, productOf)));
  }
  return waves;
}

/**
 * What of the orders is wanted, as one text: the same for the same contents.
 * @param {PackEntry[]} entries
 */
const contentsOf = (entries) =>
  entries
    .map(({ lines }) =>
      [...lines]
        .sort((one, other) => compare(one.sku, other.sku))
        .map(({ sku, quantity }) => `${quantity}*${sku}`)
        .join("+"),
    )
    .sort()
    .join("|");

/**
 * The orders by door, as they came; an order whose door is unknown is alone.
 * @param {PackEntry[]} entries
 * @returns {Door[]}
 */
function doorsOf(entries) {
  return [...grouped(entries, ({ recipient, order }) => recipient || order).values()].map((found) => ({
    first: found.map(({ ship_by }) => ship_by).sort()[0],
    contents: contentsOf(found),
    entries: found,
  }));
}

/**
 * Parts of at most MOST orders, in which doors are whole, unless one alone is more.
 * @param {Door[]} doors
 * @returns {Door[][]}
 */
function cut(doors) {
  /** @type {Door[][]} */
  const parts = [];
  for (const door of doors) {
    const last = parts[parts.length - 1];
    if (last && sizeOf(last) + door.entries.length <= MOST) last.push(door);
    else parts.push([door]);
  }
  return parts;
}

/**
 * @param {string} day
 * @param {string} contents
 * @param {Door[]} doors
 * @param {(sku: string) => string} productOf
 * @returns {PackWave}
 */
function wave(day, contents, doors, productOf) {
  const entries = doors.flatMap((door) => door.entries);
  const one = new Set(doors.map((door) => door.contents));
  return {
    day,
    contents: contents || (one.size === 1 ? [...one][0] : ""),
    products: productsOf(doors, productOf),
    entries,
  };
}

/** @param {Door[]} doors */
const sizeOf = (doors) => doors.reduce((sum, { entries }) => sum + entries.length, 0);

/**
 * @param {Door[]} doors
 * @param {(sku: string) => string} productOf
 */
const productsOf = (doors, productOf) =>
  [
    ...new Set(doors.flatMap(({ entries }) => entries.flatMap(({ lines }) => lines.map(({ sku }) => productOf(sku))))),
  ].sort();

/**
 * @template Thing
 * @param {Thing[]} things
 * @param {(thing: Thing) => string} keyOf
 */
export function grouped(things, keyOf) {
  /** @type {Map<string, Thing[]>} */
  const groups = new Map();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return groups;
}

/**
 * @template Value
 * @param {Map<string, Value>} map
 */
const sorted = (map) => [...map].sort(([one], [other]) => compare(one, other));

/**
 * @param {string} one
 * @param {string} other
 */
const compare = (one, other) => Number(one > other) - Number(one < other);
