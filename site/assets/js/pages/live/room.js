/**
 * A room's page: what is on now, and what its last shows had. Without an answer the page is whole as it is: its first good
 * stands in the frame where what is pinned, or sold at an offer of the room, takes its place.
 */

import { call, unlessAway } from "../../core/api.js";
import { now } from "../../core/clock.js";
import { all, home, lang, moment, money, one, part, say, show, when, whileVisible, write } from "../../core/page.js";
import { catalog, nameOf } from "../../state/catalog.js";
import { ask, phase, stockLine } from "../../state/stock.js";
import "../../core/words-goods.js";
import "../../core/words-room.js";
import "../../state/scan.js";
import { nextLine, slotsOf } from "../../state/next-show.js";
import "../../widgets/shelf.js";

/** What stands in the frame. @typedef {Pick<NonNullable<Showing>, "sku" | "product" | "price" | "was"> & {name: string, unit: string}} Shown */

const box = part("onair");
const { room = "" } = box.dataset;
/** @param {string} name */
const piece = (name) => part(`onair-${name}`, box);
const frame = piece("good");
const cards = all(".rows .card");
const skus = all("[data-skus]").flatMap((line) => (line.dataset.skus ?? "").split(" "));
const next = part("next");
const hours = next.textContent ?? "";
const slots = slotsOf(next);
const silent = piece("head").textContent ?? "";
const first = frame && {
  sku: frame.dataset.sku ?? "",
  product: frame.dataset.product ?? "",
  price: Number(frame.dataset.price),
  was: null,
  name: piece("name").textContent ?? "",
  unit: frame.dataset.unit ?? "",
  note: piece("note").textContent ?? "",
};

/** @param {string} product */
const pathOf = (product) => `${home}products/${product}/`;
/** @param {HTMLElement} card */
const leadsTo = (card) => /** @type {HTMLAnchorElement} */ (one("a", card)).pathname;

/**
 * The frame has the picture of a good's card, else the one that the catalogue has. The good's own card gives its place
 * to the first good's, so that each is on the page once, and the others stay where they are.
 * @param {Shown} good
 */
async function frameOf({ sku, product }) {
  if (frame.dataset.product === product) return;
  frame.dataset.product = product;
  const place = cards.findIndex((card) => leadsTo(card) === pathOf(product));
  cards.forEach((card, index) => {
    show(card, index !== place);
    card.style.order = String(index);
  });
  if (cards.length) cards[0].style.order = String(place < 0 ? cards.length : place);
  show(
    part("onair-rest"),
    cards.some((card) => !card.hidden),
  );
  if (place >= 0) piece("picture").replaceChildren(one(".frame", cards[place]).cloneNode(true));
  else {
    const picture = (await catalog()).packs.get(sku)?.picture;
    if (picture) one("img", piece("picture")).setAttribute("src", picture);
  }
}

/**
 * The offer of this room that is open, of what the room sells; null where there is none.
 * @param {Items} items
 * @returns {{sku: string, drop: Drop} | null}
 */
function roomOffer(items) {
  for (const sku of skus) {
    const drop = items?.[sku]?.drops?.find((each) => each.room === room && phase(each) === "open");
    if (drop) return { sku, drop };
  }
  return null;
}

/**
 * What the frame shows: what is pinned, else what the room sells at an offer, else its first good.
 * @param {Room} news
 * @param {Items} items
 * @returns {Promise<Shown>}
 */
async function shownNow({ showing }, items) {
  if (showing) return { ...showing, name: showing.name[lang], unit: showing.unit[lang] };
  const offer = roomOffer(items);
  const pack = offer && (await catalog()).packs.get(offer.sku);
  return pack
    ? { sku: pack.sku, product: pack.product, price: pack.price, was: null, name: pack.name, unit: pack.unit }
    : first;
}

/**
 * @param {Shown} good
 * @param {Room} news
 * @param {Items} items
 */
function paintGood(good, { showing }, items) {
  const drops = showing?.drop ? [showing.drop] : (items?.[good.sku]?.drops ?? []).filter((drop) => drop.room === room);
  const drop = drops.find((each) => phase(each) !== "over");
  const open = drop && phase(drop) === "open" ? drop : null;
  write(piece("name"), good.name);
  const everyday = showing?.price ?? items?.[good.sku]?.price ?? good.price;
  write(piece("price"), money(open ? open.price : everyday));
  const cheaper = open && open.price < everyday ? { price: everyday, basis: null } : null;
  const was = open ? cheaper : good.was;
  write(piece("was"), was ? money(was.price) : "");
  if (drop) {
    const time = when(open ? drop.closes : drop.opens);
    write(piece("note"), say(open ? "room.drop" : "room.early", { price: money(drop.price), time }));
  } else if (good.was) write(piece("note"), say("room.was", { basis: good.was.basis?.[lang] ?? "" }));
  else write(piece("note"), good.sku === first.sku ? first.note : "");
  const sold = open ?? showing;
  const off = showing?.off && { off: true };
  const there = sold ? { [good.sku]: { left: sold.left, batches: sold.batches, ...off } } : items;
  const line = { sku: good.sku, quantity: 1 };
  const { text, mood } = there ? stockLine(there, line, good.unit) : { text: "", mood: "" };
  write(piece("stock"), text);
  piece("stock").dataset.mood = mood;
  part("onair-buy", box).href = `${pathOf(good.product)}#${good.sku}`;
}

/**
 * @param {Room} news
 * @param {Items} items
 */
async function paint(news, items) {
  const { show: on, showing } = news;
  sayNext();
  box.toggleAttribute("data-live", Boolean(on));
  if (on) write(piece("head"), say("room.live", { time: when(on.since) }));
  else if (showing) write(piece("head"), say("room.pinned"));
  else write(piece("head"), roomOffer(items) ? say("room.offer") : silent);
  if (!frame) return;
  const good = await shownNow(news, items);
  await frameOf(good);
  paintGood(good, news, items);
}

/** The room's next show by today's date; where none is planned, its hours as the page came with them. */
function sayNext() {
  write(next, nextLine(slots, now()) || hours);
}

async function look() {
  try {
    /** @type {[Answer<"room">, Items]} */
    const [{ status, data }, items] = await Promise.all([call(`/api/rooms/${room}`), ask(skus)]);
    if (status !== 200) return 0;
    await paint(data, items);
    return data.poll;
  } catch (error) {
    unlessAway(error);
    return 15;
  }
}

async function lastShows() {
  try {
    /** @type {Answer<"shows">} */
    const { status, data } = await call(`/api/rooms/${room}/shows`);
    const ended = status === 200 ? data.shows.filter(({ until }) => until) : [];
    if (!ended.length) return;
    const shop = await catalog();
    part("show-list").replaceChildren(
      ...ended.slice(0, 5).map(({ since, skus: had }) => {
        const row = document.createElement("li");
        const names = had.map((sku) => nameOf(shop, sku)).join(say("goods.comma"));
        row.textContent = say(names ? "room.had" : "room.had_none", { time: moment(since), names });
        return row;
      }),
    );
    show(part("shows"));
  } catch (error) {
    unlessAway(error);
  }
}

sayNext();
whileVisible(look);
lastShows();
