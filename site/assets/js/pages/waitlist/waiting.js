/**
 * The page of a place on the waitlist: asks how it stands, gives it up, and leads to the checkout of what was kept for it.
 * Asking for the first time is what puts it in the line. Its key is in the address, after the #.
 */

import { call, unlessAway } from "../../core/api.js";
import { pending, wayOf } from "../../core/attempt.js";
import { count, home, money, part, say, shipsBy, show, when, whileVisible, write } from "../../core/page.js";
import { catalog } from "../../state/catalog.js";
import { fromFragment } from "../../state/orders.js";
import "../../core/words-goods.js";
import "../../core/words-offline.js";
import "../../core/words-waiting.js";
import "../../widgets/shop.js";

const SECONDS = 15;
const OPEN = ["waiting", "invited"];

/** @type {Key | null} */
let key = null;
/** @type {WaitlistPlace | null} */
let place = null;
let product = home;

/** @param {Key} key */
const address = (key) => `/api/waitlist/${key.order}`;

function paint() {
  if (!key || !place) return;
  const { state, sku, name, unit, quantity, fewer, units, ship_by, until, unit_price: price } = place;
  const invited = state === "invited";
  const time = until ? when(until) : "";
  part("card").dataset.state = state;
  write(part("state"), say(`waiting.state.${state}`));
  write(part("meaning"), say(`waiting.meaning.${state}`, invited ? { units: count(units ?? 0, unit), time } : {}));
  write(part("name"), name);
  write(part("quantity"), say("goods.times", { count: invited ? units : quantity }));
  write(part("fewer"), fewer && state === "waiting" ? say("waiting.fewer") : "");
  write(part("unit-price"), price ? money(price) : "");
  show(part("price-row"), Boolean(price) && OPEN.includes(state));
  write(part("ship-by"), invited && ship_by ? shipsBy(ship_by) : "");
  write(part("until"), invited ? time : "");
  for (const row of ["ship-by-row", "until-row", "clock"]) show(part(row), invited);
  // An order whose answer was lost is there already: the checkout, asked again, leads to it.
  show(part("go-row"), invited || pending(wayOf(key)).length > 0);
  write(part("go"), say(invited ? "waiting.go" : "waiting.find"));
  part("go").href = `${home}checkout/#${key.order}.${key.token}`;
  show(part("back-row"), !OPEN.includes(state) && state !== "taken");
  part("back").href = `${product}#${sku}`;
  show(part("taken-row"), state === "taken");
  show(part("leave-block"), OPEN.includes(state));
  write(part("leave-words"), say(invited ? "waiting.leave_invited" : "waiting.leave_waiting"));
  show(part("place"));
}

async function look() {
  if (!key) return 0;
  const asked = key;
  try {
    /** @type {Answer<"place">} */
    const { status, data } = await call(address(key), { token: key.token });
    if (asked !== key) return 0;
    show(part("wait"), false);
    show(part("away"), false);
    show(part("full"), status === 409);
    if (status === 409) return SECONDS;
    if (status !== 200) return wrong();
    place = data;
    paint();
    lead();
    return SECONDS;
  } catch (error) {
    unlessAway(error);
    show(part("wait"), false);
    write(part("away-words"), say(place ? "waiting.stale" : "offline.shop"));
    show(part("away"));
    return SECONDS;
  }
}

/** The key opens nothing: says so, and asks no more. */
function wrong() {
  show(part("wrong"));
  show(part("place"), false);
  return 0;
}

/** Finds the way to the product; where the catalogue is away, the shop's first page will do. */
async function lead() {
  if (product !== home) return;
  try {
    const { packs } = await catalog();
    product = packs.get(place?.sku ?? "")?.url ?? product;
    paint();
  } catch (error) {
    unlessAway(error);
  }
}

/**
 * Asks whether to give it up, or no more.
 * @param {boolean} asking
 */
function ask(asking) {
  show(part("sure"), asking);
  part("leave").setAttribute("aria-expanded", String(asking));
  part(asking ? "sure" : "leave").focus();
}

async function leave() {
  if (!key) return;
  part("really").disabled = true;
  write(part("trouble"), "");
  try {
    /** @type {Answer<"giveUp">} */
    const { status, data } = await call(`${address(key)}/give-up`, { method: "POST", token: key.token });
    if (status === 200) place = data;
    else write(part("trouble"), say("waiting.cannot"));
    ask(false);
    paint();
    lookNow();
    if (status === 200) part("card").focus();
  } catch (error) {
    unlessAway(error);
    write(part("trouble"), say("offline.shop"));
  } finally {
    part("really").disabled = false;
  }
}

/** Begins anew with the key that the address holds now. */
function open() {
  key = fromFragment();
  place = null;
  product = home;
  for (const name of ["place", "wrong", "full", "away", "none", "sure"]) show(part(name), false);
  show(part("wait"), Boolean(key));
  if (key) lookNow();
  else if (window.location.hash) wrong();
  else {
    show(part("none"));
    import("../../widgets/shelf.js").catch(() => {}); // dates on the cards, which can do without
    import("../../widgets/goods/seen.js").then(({ showSeen }) => showSeen()).catch(() => {});
  }
}

part("leave").addEventListener("click", () => ask(part("sure").hidden));
part("keep").addEventListener("click", () => ask(false));
part("really").addEventListener("click", leave);
part("away-again").addEventListener("click", () => lookNow());
window.addEventListener("focus", () => lookNow());
window.addEventListener("hashchange", open);

const lookNow = whileVisible(look);
open();
