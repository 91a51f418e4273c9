/** What is wrong with an order: which goods, how many, with photographs. */

import { call, unlessAway } from "../../core/api.js";
import { newKey } from "../../core/browser.js";
import { day, money, one, paragraph, part, say, show, stamp, when, write } from "../../core/page.js";
import "../../core/words-claim.js";
import "../../core/words-photos.js";
import { orderPage } from "../../state/orders.js";
import { photoPicker } from "../../widgets/photos/picker.js";

const MOST_PHOTOS = 4;

/** @type {Key} */
let key;
/** The request that was last sent, and its Idempotency-Key: the same again is the same claim. */
let sent = { body: "", key: "" };
/** @type {ReturnType<typeof photoPicker>} */
let photos;

/**
 * Shows it for the order.
 * @param {OrderStatus} _order
 * @param {Key} opened
 */
export async function paint(_order, opened) {
  key = opened;
  photos ??= photoPicker(part("claim-photos"), { most: MOST_PHOTOS, ask: forms });
  try {
    /** @type {Answer<"claims">} */
    const answer = await call(`/api/orders/${key.order}/claims`, { token: key.token });
    if (answer.status === 200) paintClaims(answer.data);
  } catch (error) {
    unlessAway(error);
  }
}

/** @param {Schemas["Claims"]} found */
function paintClaims({ claimable, claims, until }) {
  part("claims").replaceChildren(...claims.map(row).reverse());
  part("claim-lines").replaceChildren(...claimable.map(choice));
  write(part("claim-until"), until ? say("claim.until", { at: when(until) }) : "");
  show(part("claim-form"), claimable.length > 0);
  show(part("claim-over"), claimable.length === 0);
  show(part("claim"));
}

/**
 * A claim that was made, and how it stands.
 * @param {Schemas["Claim"]} claim
 */
function row(claim) {
  const made = document.createElement("li");
  const reason = claim.reason ? say(`claim.reasons.${claim.reason}`) : "";
  const by = claim.ship_by ? day(claim.ship_by) : "";
  const state = { at: when(claim.at), amount: money(claim.amount ?? 0), reason, day: by };
  const head = paragraph(say(`claim.state.${claim.replaced_by ? "replaced" : claim.state}`, state));
  head.dataset.state = claim.state;
  made.append(head);
  for (const { name, sku, quantity, fault } of claim.lines)
    made.append(
      paragraph(say("claim.line", { name: name || sku, count: quantity, fault: say(`claim.faults.${fault}`) })),
    );
  if (claim.replaced_by && claim.token) {
    const link = document.createElement("a");
    link.href = orderPage({ order: claim.replaced_by, token: claim.token });
    link.textContent = say("claim.open_again");
    made.append(link);
  }
  if (claim.words) made.append(paragraph(claim.words));
  if (claim.reply) made.append(paragraph(say("claim.reply", { words: claim.reply })));
  const pictures = document.createElement("p");
  pictures.className = "pictures";
  pictures.append(
    ...claim.photos.map((src) =>
      Object.assign(new Image(144, 144), { src, alt: say("photos.photo"), loading: "lazy" }),
    ),
  );
  if (claim.photos.length) made.append(pictures);
  return made;
}

/**
 * A line of which something may be wrong.
 * @param {Schemas["Claims"]["claimable"][number]} line
 */
function choice({ line, name, sku, quantity }) {
  const made = stamp("claim-line");
  made.dataset.line = String(line);
  write(part("name", made), name || sku);
  const count = part("count", made);
  const units = [...Array(quantity).keys()].map((less) => quantity - less);
  one("select", count).append(...units.map((some) => new Option(say("claim.units", { count: some }), String(some))));
  const fault = /** @type {HTMLSelectElement} */ (one("select", made));
  fault.addEventListener("change", () => show(count, Boolean(fault.value) && quantity > 1));
  return made;
}

/** @param {number} count */
async function forms(count) {
  const body = JSON.stringify({ purpose: "claim", count });
  /** @type {Answer<"askPhotos">} */
  const answer = await call(`/api/orders/${key.order}/photos`, { method: "POST", token: key.token, body });
  if (answer.status !== 201) throw new Error(String(answer.status));
  return answer.data.photos;
}

/** What is chosen, as the shop is told it. */
function chosen() {
  return [...part("claim-lines").children].flatMap((row) => {
    const element = /** @type {HTMLElement} */ (row);
    /** @type {HTMLSelectElement} */
    const fault = one("select", element);
    /** @type {HTMLSelectElement} */
    const count = one('[data-part="count"] select', element);
    return fault.value
      ? [{ line: Number(element.dataset.line), quantity: Number(count.value), fault: fault.value }]
      : [];
  });
}

/** @param {string} name */
const fault = (name) => write(part("claim-fault"), name && say(`claim.${name}`));

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  const lines = chosen();
  /** @type {HTMLTextAreaElement} */
  const words = one("#claim-words");
  if (!lines.length) return fault("pick");
  if (photos.waits()) return fault("wait");
  if (!photos.names().length && lines.some((line) => line.fault !== "missing")) return fault("photo");
  fault("");
  write(part("claim-said"), "");
  const body = JSON.stringify({ lines, photos: photos.names(), words: words.value });
  if (body !== sent.body) sent = { body, key: newKey() };
  /** @type {HTMLButtonElement} */
  const button = one('[data-part="claim-send"]');
  button.disabled = true;
  try {
    const path = `/api/orders/${key.order}/claims`;
    /** @type {Answer<"makeClaim">} */
    const answer = await call(path, { method: "POST", token: key.token, body, key: sent.key });
    if (answer.status === 201) {
      photos.clear();
      words.value = "";
      await paint(/** @type {any} */ (null), key);
      write(part("claim-said"), say("claim.sent"));
    } else fault(answer.status === 429 ? "often" : aboutPhotos(answer.data) ? "bad_photo" : "cannot");
  } catch (error) {
    unlessAway(error);
    fault("away");
  } finally {
    button.disabled = false;
  }
}

/** @param {unknown} problem */
function aboutPhotos(problem) {
  const { errors = [] } = /** @type {Partial<Problem>} */ (problem ?? {});
  return errors.some(({ pointer }) => pointer.startsWith("/photos"));
}

part("claim-form").addEventListener("submit", submit);
