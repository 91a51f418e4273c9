/** The manager's desk. What buyers say is wrong, and how it is settled. */

import { day, money, one, paragraph, part, say, show, stamp, when, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import "../../core/words-claim.js";
import "../../core/words-desk_claims.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { open } from "./opening.js";

const PATIENCE = 6000; // milliseconds between the two taps: the question says what it costs
const YUAN = /^\d{1,6}([.。,，]\d{1,2})?$/;

async function look() {
  /** @type {Answer<"deskClaims"> | null} */
  const answer = await callAsStaff("/api/staff/claims");
  if (answer?.status !== 200) return;
  const { claims, latest } = answer.data;
  part("claims").replaceChildren(...claims.map(card));
  part("latest").replaceChildren(...latest.map(card));
  show(part("none"), claims.length === 0);
  show(part("ended"), latest.length > 0);
}

/** @param {Schemas["DeskClaim"]} claim */
function card(claim) {
  const made = stamp("claim");
  write(part("number", made), say("desk_claims.number", { tail: claim.order.slice(-6) }));
  write(part("at", made), when(claim.at));
  const state = part("state", made);
  state.dataset.state = claim.state;
  write(state, say(`desk_claims.state.${howOf(claim)}`, told(claim)));
  part("lines", made).append(...claim.lines.map(line));
  write(part("words", made), claim.words);
  show(part("words", made), Boolean(claim.words));
  part("pictures", made).append(...claim.photos.map(picture));
  const batches = claim.batches.map(({ ship_by, claims }) =>
    say("desk_claims.batch", { day: day(ship_by, "short"), count: claims }),
  );
  const more = claim.number_of_claims > 1 ? [say("desk_claims.again", { count: claim.number_of_claims })] : [];
  write(part("batches", made), [...batches, ...more].join(" "));
  if (claim.state === "open") acts(claim, made);
  return made;
}

/**
 * How a claim stands: one that is settled was paid, or is sent again.
 * @param {Schemas["DeskClaim"]} claim
 */
const howOf = ({ state, replaced_by: again }) => (again ? "replaced" : state);

/** @param {Schemas["DeskClaim"]} claim */
const told = ({ amount = 0, ship_by: by }) => ({ amount: money(amount), day: by ? day(by) : "" });

/** @param {Schemas["DeskClaim"]["lines"][number]} line */
function line({ name, sku, quantity, fault, most }) {
  const made = document.createElement("li");
  const words = { name: name || sku, count: quantity, fault: say(`claim.faults.${fault}`), most: money(most) };
  made.textContent = say("desk_claims.line", words);
  return made;
}

/**
 * @param {string} src
 * @param {number} index
 */
function picture(src, index) {
  const link = Object.assign(document.createElement("a"), { href: src, target: "_blank", rel: "noopener" });
  link.append(Object.assign(new Image(160, 160), { src, alt: say("desk_claims.photo", { n: index + 1 }) }));
  return link;
}

/**
 * What may be done about a claim that is open.
 * @param {Schemas["DeskClaim"]} claim
 * @param {HTMLElement} made
 */
function acts(claim, made) {
  const words = () => /** @type {HTMLTextAreaElement} */ (one('[data-part="reply"]', made)).value;
  const settle = part("settle", made);
  const amount = money(claim.most);
  write(settle, claim.most ? say("desk_claims.settle", { amount }) : say("desk_claims.nothing"));
  /** @type {HTMLButtonElement} */ (settle).disabled = !claim.most;
  confirmTwice(
    settle,
    () => say("desk_claims.sure", { amount }),
    () => end(claim, "settle", { words: words() }),
    PATIENCE,
  );

  const fields = claim.lines.map((one) => amountOf(one));
  part("amounts", made).append(...fields.map(({ label }) => label));
  show(part("part-of", made), claim.most > 0);
  const wanted = () => fields.map(({ line, fen }) => ({ line, amount: fen() }));
  const total = () => wanted().reduce((sum, { amount }) => sum + amount, 0);
  confirmTwice(
    part("settle-part", made),
    () => {
      if (total() > 0) return say("desk_claims.sure", { amount: money(total()) });
      tell(say("desk_claims.bad_amount"), true);
      return null;
    },
    () => end(claim, "settle", { words: words(), lines: wanted() }),
    PATIENCE,
  );
  confirmTwice(
    part("replace", made),
    () => say("desk_claims.sure_again"),
    () => end(claim, "replace", { words: words() }),
    PATIENCE,
  );
  confirmTwice(
    part("decline", made),
    () => say("desk_claims.sure_decline"),
    () => {
      const chosen = /** @type {HTMLSelectElement} */ (one('[data-part="reason"]', made)).value;
      return end(claim, "decline", { words: words(), reason: chosen });
    },
    PATIENCE,
  );
  show(part("acts", made));
}

/**
 * A field for what a line gets; `fen` is NaN where it is no such amount.
 * @param {Schemas["DeskClaim"]["lines"][number]} line
 */
function amountOf({ line, name, sku, most }) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.inputMode = "decimal";
  label.append(paragraph(say("desk_claims.amount", { name: name || sku, most: money(most) })), input);
  return {
    label,
    line,
    fen() {
      const typed = input.value.trim();
      if (!typed) return 0;
      const fen = YUAN.test(typed) ? Math.round(Number(typed.replace(/[。,，]/, ".")) * 100) : Number.NaN;
      return fen <= most ? fen : Number.NaN;
    },
  };
}

/**
 * Ends a claim, and shows how all of them stand then.
 * @param {Schemas["DeskClaim"]} claim
 * @param {"settle" | "replace" | "decline"} how
 * @param {object} body
 */
function end({ order, claim }, how, body) {
  return trying(async () => {
    /** @type {Answer<"settleClaim"> | null} */
    const answer = await callAsStaff(`/api/staff/claims/${order}/${claim}/${how}`, { method: "POST", body });
    if (!answer) return;
    if (answer.status === 200) tell(say(`desk_claims.${howOf(answer.data)}`, told(answer.data)));
    else if (answer.status === 409 && answer.data.type === "/problems/sold-out") tell(say("desk_claims.too_few"), true);
    else if (answer.status === 409) tell(say("desk_claims.first"), true);
    else tell(reason(answer), true);
    await look();
  });
}

open(look);
