/**
 * The manager's desk. Batches by day: what is made, promised and left of each, and what a change would break, which is
 * shown before it is done. No change is made by one tap: the second button names what follows from it.
 */

import { now } from "../../../core/clock.js";
import { count, day, lang, one, part, say, show, stamp, write } from "../../../core/page.js";
import { callAsStaff, reason } from "../../../core/staff-api.js";
import { tell, trying } from "../../../core/trying.js";
import { open } from "../opening.js";
import { follow } from "./plan-more.js";
import { begin as beginRecall } from "./plan-recall.js";
import "../../../core/words-desk_plan.js";

/** @typedef {Schemas["Plan"]} Plan */
/** @typedef {Plan["goods"][number]} Goods_ */
/** @typedef {Goods_["batches"][number]} Batch_ */
/** @typedef {{sku: string, ship_by: string, units: number | null, seen: number | null}} Change */
/** @typedef {NonNullable<Schemas["PlanChange"]["effects"]>[number]} Effect */

const DAYS = 14;
const AT_ONCE = 100; // changes that one request makes
const weekday = new Intl.DateTimeFormat(lang, { weekday: "short", timeZone: "UTC" });
const MOST_SHOWN = 12; // effects that are listed, those that break something first
/** What is shown. @type {Plan | null} */
let plan = null;
let first = "";
/** The batch that is open in the editor. @type {{sku: string, ship_by: string} | null} */
let chosen = null;
/** What the second button does. @type {Change[]} */
let proposed = [];

/** The village's date. */
const today = () => new Date(now() + 8 * 3_600_000).toISOString().slice(0, 10);

/**
 * @param {string} sku
 * @returns {Goods_ | undefined}
 */
const goodsOf = (sku) => plan?.goods.find((one) => one.sku === sku);
/**
 * @param {string} sku
 * @param {string} ship_by
 */
const batchOf = (sku, ship_by) => goodsOf(sku)?.batches.find((one) => one.ship_by === ship_by);
/**
 * So many units of a SKU, in words.
 * @param {number} units
 * @param {string} sku
 */
const counted = (units, sku) => count(units, goodsOf(sku)?.unit[lang] ?? "");

/** Asks for the plan anew and shows it. */
export async function look() {
  first ||= today();
  /** @type {Answer<"plan"> | null} */
  const answer = await callAsStaff(`/api/staff/plan?from=${first}&days=${DAYS}`);
  if (answer?.status !== 200) return;
  plan = answer.data;
  paint(plan);
  follow(plan, { look, propose });
  if (chosen) paintEditor();
  await paintDangers();
}

/**
 * The first day for which a SKU has a batch: what has none before that cannot be made by then.
 * @param {Goods_} goods
 */
const firstOf = ({ batches }) => batches.find(({ ship_by }) => ship_by >= today())?.ship_by ?? today();

/** @param {Plan} told */
function paint({ days, goods }) {
  part("days").replaceChildren(
    ...days.map(({ day: iso, ships, why, rest }) => {
      const cell = stamp("plan-day");
      write(part("day", cell), `${weekday.format(new Date(iso))} ${day(iso, "short")}`);
      const reasons = why ? why[lang] : rest ? say("desk_plan.rest") : "";
      write(part("why", cell), ships ? "" : say("desk_plan.no_shipping", { why: reasons }));
      cell.toggleAttribute("data-still", !ships);
      cell.toggleAttribute("data-past", iso < today());
      const there = goods.flatMap((one) => {
        const batch = one.batches.find((each) => each.ship_by === iso);
        return batch || (ships && one.product && iso >= firstOf(one)) ? [{ goods: one, batch }] : [];
      });
      part("batches", cell).replaceChildren(...there.map((each) => batchRow(each.goods, each.batch, iso)));
      const sold = there.filter(({ batch }) => batch && !batch.closed);
      const button = part("close-day", cell);
      button.textContent = say("desk_plan.close_day");
      button.setAttribute("aria-label", say("desk_plan.close_day_of", { day: day(iso) }));
      show(button, iso >= today() && sold.length > 0);
      button.addEventListener("click", () =>
        propose(
          sold.map(({ goods: { sku }, batch }) => ({ sku, ship_by: iso, units: null, seen: batch?.made ?? null })),
          button,
        ),
      );
      return cell;
    }),
  );
}

/**
 * @param {Goods_} goods
 * @param {Batch_ | undefined} batch
 * @param {string} iso
 */
function batchRow({ sku, name, off }, batch, iso) {
  const row = stamp("plan-batch");
  write(part("batch-name", row), name[lang]);
  write(part("batch-left", row), batch ? stateOf(batch, sku) : say("desk_plan.no_batch"));
  write(part("batch-facts", row), batch ? factsOf(batch, sku).join(say("desk_plan.and")) : "");
  const button = part("batch-open", row);
  button.dataset.mood =
    batch?.beyond || batch?.recalled ? "bad" : batch?.closed || off ? "off" : batch?.left ? "" : "full";
  button.dataset.batch = `${sku} ${iso}`;
  button.addEventListener("click", () => {
    chosen = { sku, ship_by: iso };
    paintEditor();
    show(part("editor"));
    part("editor-head").focus();
    part("editor").scrollIntoView({ block: "nearest" });
  });
  return row;
}

/**
 * @param {Batch_} batch
 * @param {string} sku
 */
function stateOf({ left, made, closed, recalled, beyond }, sku) {
  if (recalled) return say("desk_plan.recalled");
  if (beyond) return say("desk_plan.beyond", { units: counted(beyond, sku) });
  if (closed) return say("desk_plan.closed");
  return left
    ? say("desk_plan.left", { left, units: counted(made, sku) })
    : say("desk_plan.full", { units: counted(made, sku) });
}

/**
 * @param {Batch_} batch
 * @param {string} sku
 */
function factsOf({ promised, in_drops, kept, invited, unmade }, sku) {
  return Object.entries({ promised, in_drops, kept, invited, unmade }).flatMap(([what, units]) =>
    units ? say(`desk_plan.facts.${what}`, { units: counted(units, sku) }) : [],
  );
}

// ---- A batch ----

function paintEditor() {
  if (!chosen) return;
  const { sku, ship_by } = chosen;
  const goods = goodsOf(sku);
  const batch = batchOf(sku, ship_by);
  write(part("editor-head"), `${goods?.name[lang] ?? sku} · ${day(ship_by)}`);
  const waits = goods?.waiting.people ? [say("desk_plan.wait", goods.waiting)] : [];
  const facts = batch ? [stateOf(batch, sku), ...factsOf(batch, sku), ...waits] : [say("desk_plan.no_batch"), ...waits];
  write(part("editor-facts"), facts.join(say("desk_plan.and")));
  /** @type {HTMLInputElement} */
  const input = one('[name="units"]', part("batch"));
  if (document.activeElement !== input) input.value = String(batch?.made ?? goods?.per_day ?? "");
  show(part("close-batch"), !batch?.closed);
  show(part("reset-batch"), Boolean(batch?.planned) && batch?.made !== batch?.planned);
  beginRecall(sku, ship_by, Boolean(batch?.recalled), look);
}

/**
 * @param {number | null} units
 * @param {HTMLElement} button
 */
function proposeChosen(units, button) {
  if (!chosen) return null;
  return propose([{ ...chosen, units, seen: batchOf(chosen.sku, chosen.ship_by)?.made ?? null }], button);
}

part("batch").addEventListener("submit", (event) => {
  event.preventDefault();
  /** @type {HTMLInputElement} */
  const input = one('[name="units"]', part("batch"));
  if (!/^\d{1,6}$/.test(input.value.trim())) tell(say("desk_plan.wrong"), true);
  else proposeChosen(Number(input.value), input);
});
part("close-batch").addEventListener("click", () => proposeChosen(null, part("close-batch")));
part("reset-batch").addEventListener("click", () => {
  const planned = chosen && batchOf(chosen.sku, chosen.ship_by)?.planned;
  if (planned) proposeChosen(planned, part("reset-batch"));
});
part("leave-batch").addEventListener("click", () => {
  chosen = null;
  show(part("editor"), false);
});

// ---- What would follow, and then it does ----

/**
 * Shows what these changes would do and break, and a button that does them.
 * @param {Change[]} changes
 * @param {HTMLElement} [from] what was tapped
 */
export function propose(changes, from) {
  const some = changes.filter(({ sku, ship_by, units }) => units === null || batchOf(sku, ship_by)?.made !== units);
  if (!some.length) return tell(say("desk_plan.same"));
  return trying(async () => {
    from?.setAttribute("aria-busy", "true");
    /** @type {Effect[]} */
    const effects = [];
    try {
      for (let at = 0; at < some.length; at += AT_ONCE) {
        const told = await ask(some.slice(at, at + AT_ONCE), true);
        if (!told?.effects) return;
        effects.push(...told.effects);
      }
    } finally {
      from?.removeAttribute("aria-busy");
    }
    tell("");
    proposed = some;
    paintEffects(effects);
  });
}

/** @param {Effect[]} effects */
function paintEffects(effects) {
  const ranked = [...effects].sort((some, other) => weight(other) - weight(some));
  const lines = ranked.slice(0, MOST_SHOWN).map(effectInWords);
  if (ranked.length > MOST_SHOWN) lines.push(say("desk_plan.effects_more", { count: ranked.length - MOST_SHOWN }));
  part("effects").replaceChildren(
    ...lines.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }),
  );
  const barred = effects.filter(({ drops, recalled }) => drops.length || recalled).length;
  const beyond = effects.reduce((sum, one) => sum + one.beyond, 0);
  const can = effects.length - barred;
  const words = beyond ? "desk_plan.really_beyond" : effects.length > 1 ? "desk_plan.really_all" : "desk_plan.really";
  const [{ units, sku }] = effects;
  part("really").textContent = say(words, { units: counted(units, sku), count: can, beyond });
  show(part("really"), can > 0);
  show(part("proposal"));
  part("proposal-head").focus();
  part("proposal").scrollIntoView({ block: "nearest" });
}

/** @param {Effect} effect */
const weight = ({ beyond, drops, recalled, changed, promised }) =>
  (drops.length || recalled ? 4e9 : 0) + (changed ? 2e9 : 0) + beyond * 1e3 + promised;

/**
 * One batch's effect in a sentence: what it becomes, and what that would break.
 * @param {Effect} effect
 */
function effectInWords({
  sku,
  ship_by,
  now: was,
  units,
  promised,
  left,
  beyond,
  orders,
  drops,
  recalled,
  served,
  changed,
}) {
  const told = [
    say("desk_plan.effect", {
      name: goodsOf(sku)?.name[lang] ?? sku,
      day: day(ship_by, "short"),
      was: was === null ? say("desk_plan.nothing") : counted(was, sku),
      units: counted(units, sku),
    }),
    say("desk_plan.effect_left", { promised, left }),
  ];
  if (changed) told.push(say("desk_plan.effect_changed"));
  if (recalled) told.push(say("desk_plan.effect_recalled"));
  if (drops.length) told.push(say("desk_plan.effect_drops", { drops: drops.join(", ") }));
  if (beyond) {
    const numbers = orders.map(({ order }) => `…${order.slice(-6)}`).slice(0, 5);
    told.push(
      say("desk_plan.effect_beyond", { units: counted(beyond, sku), count: orders.length, orders: numbers.join(" ") }),
    );
  } else if (units === promised && promised && !left) told.push(say("desk_plan.effect_kept"));
  if (served.people)
    told.push(say("desk_plan.effect_served", { people: served.people, units: counted(served.units, sku) }));
  return told.join(say("desk_plan.and"));
}

part("leave").addEventListener("click", () => show(part("proposal"), false));
part("really").addEventListener("click", () =>
  trying(async () => {
    const wanted = proposed;
    proposed = [];
    show(part("proposal"), false);
    /** @type {NonNullable<Schemas["PlanChange"]["outcomes"]>} */
    const outcomes = [];
    try {
      for (let at = 0; at < wanted.length; at += AT_ONCE) {
        const told = await ask(wanted.slice(at, at + AT_ONCE), false);
        if (!told?.outcomes) return;
        outcomes.push(...told.outcomes);
      }
    } finally {
      await look();
    }
    const failed = outcomes.filter(({ done }) => !done);
    if (failed.length) {
      const why = reason({ data: failed[0].refusal });
      tell(say("desk_plan.failed", { done: outcomes.length - failed.length, failed: failed.length, why }), true);
    } else tell(say("desk_plan.done", { count: outcomes.length }));
  }),
);

/**
 * @param {Change[]} changes
 * @param {boolean} drill
 */
async function ask(changes, drill) {
  /** @type {Answer<"changePlan"> | null} */
  const answer = await callAsStaff("/api/staff/plan", { method: "POST", body: { changes, drill } });
  if (answer?.status === 200) return answer.data;
  if (answer) tell(reason(answer), true);
  return null;
}

// ---- What cannot be kept ----

async function paintDangers() {
  const broken = (plan?.goods ?? []).some(({ batches }) => batches.some(({ beyond, recalled }) => beyond && !recalled));
  show(part("dangers"), broken);
  if (!broken) return;
  const { paint: paintThem } = await import("./plan-dangers.js");
  await paintThem(counted, look);
}

/** @type {HTMLInputElement} */
const from = one('.desk-date [name="from"]');
from.addEventListener("change", () => {
  first = from.value;
  trying(look);
});

open(async () => {
  from.value = today();
  await look();
});
